"""Facts of the CI that applies: what can be set of it, and what it needs to sign in at a cloud without a key."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from escscaffold.clouds.choices import Setting
from escscaffold.clouds.fact_files import as_object, named, read_table, tables_by_folder, template_root


class CloudSignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How CI signs in at one cloud by the tokens of its service (OIDC)."""

    variables: Mapping[str, str]
    """The variables of CI that name the identity, each with its purpose."""


@cache
def pipeline_settings() -> Mapping[str, Setting]:
    """Read what can be set in `[pipeline]`."""
    tables = named(read_table(template_root().joinpath("repository", "_pipeline.toml")))
    return {name: as_object(Setting, facts) for name, facts in tables.items()}


@cache
def cloud_sign_ins() -> Mapping[str, CloudSignIn]:
    """Read how CI signs in, by the cloud."""
    return {folder: as_object(CloudSignIn, table) for folder, table in tables_by_folder("deploy.toml").items()}
