"""How gunicorn runs the NetBox of the tests: in a third of the time, with the same answers.

NetBox's own Python reads this file. It decides what NetBox does once and not in each process or request.
"""

import gc
import os
from functools import cache
from typing import Any

# Imported once, before the workers are forked; there is no garbage among what that makes.
preload_app = True
timeout = 120
control_socket_disable = True
gc.disable()


def when_ready(_: object) -> None:
    """Add the user of the tests, and make requests cheaper, before the workers are forked."""
    from django.db import connections  # type: ignore[import-not-found]
    from users.models import Token, User  # type: ignore[import-not-found]

    admin, _created = User.objects.get_or_create(username="test", defaults={"is_superuser": True})
    admin.set_password(os.environ["NETBOX_TESTS_PASSWORD"])
    admin.save()
    Token.objects.filter(user=admin).exists() or Token(
        user=admin, version=1, token=os.environ["NETBOX_TESTS_TOKEN"]
    ).save()
    connections.close_all()
    _make_asked_filters_only()
    gc.freeze()
    # A fifth of a request's time was a search for garbage.
    gc.set_threshold(100_000, 20, 100)
    gc.enable()


def _make_asked_filters_only() -> None:
    """Have each request make the filters that it names: all hundred of a list took two thirds of its time."""
    from django_filters.filterset import BaseFilterSet  # type: ignore[import-not-found]
    from netbox import filtersets  # type: ignore[import-not-found]

    filtersets.BaseFilterSet.get_filters = classmethod(cache(filtersets.BaseFilterSet.get_filters.__func__))
    make = BaseFilterSet.__init__

    def make_asked(self: Any, data: Any = None, *arguments: Any, **options: Any) -> None:
        self.base_filters = {name: known for name, known in self.base_filters.items() if name in (data or {})}
        make(self, data, *arguments, **options)

    BaseFilterSet.__init__ = make_asked
