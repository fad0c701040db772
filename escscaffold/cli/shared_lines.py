"""Who creates what all environments on a cloud share: decided by a default, and shown with the other choices."""

from collections.abc import Iterator

from escscaffold.planning.address_plan import AddressPlan


def shared_lines(plan: AddressPlan, name: str) -> Iterator[str]:
    """Yield what the first environment on a cloud decides for the others; nothing where nothing is shared."""
    try:
        spec = plan.environment(name).spec
    except KeyError:
        return
    option = spec.mode.options.get(spec.cloud.shared)
    others = [e for e in plan.environments if e.name != name and e.spec.cloud.name == spec.cloud.name]
    if option is None or others:
        return
    chosen = str(spec.options.get(spec.cloud.shared, option.default))
    ways = ", ".join(f"options.{spec.cloud.shared}={word}" for word in option.choices if word != chosen)
    meaning = f" ({option.words[chosen].rstrip('.')})" if chosen in option.words else ""
    yield f"{option.purpose}: {chosen}{meaning}. Other choices: {ways}."
