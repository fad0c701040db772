"""What a changed configuration of a provider leaves open: the first argument that decides, and why. Pure."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from escscaffold.clouds.configuration_facts import ConfigurationArgument, configuration_arguments
from escscaffold.reviewing.secrets import sides_of
from escscaffold.reviewing.sentences import Quoted, Sentence
from escscaffold.terraform.configured import Configured
from escscaffold.terraform.hcl_values import Value, is_known
from escscaffold.terraform.instances import UnreadCall
from escscaffold.terraform.value_changes import Leaf

_ELSEWHERE = "Terraform may look for all resources of this provider in another place."


class OpenArgument(Struct, frozen=True, kw_only=True):
    """An argument whose change may concern all that the provider manages."""

    leaf: Leaf | None
    reason: Sentence


def open_arguments(
    configured: Configured, old: Mapping[str, UnreadCall], new: Mapping[str, UnreadCall]
) -> list[OpenArgument]:
    """Return what is not known of the change of one provider; nothing where all of it is known to be in place.

    `old` and `new` are the configurations of both sides by their addresses.
    """
    name = configured.address.removeprefix("provider.").partition(".")[0]
    known = configuration_arguments().get(name, {})
    sides = [side[configured.address].attributes if configured.address in side else {} for side in (old, new)]
    leaves = [inner for leaf in configured.leaves for inner in _arguments(leaf)]
    left = [leaf for leaf in leaves if not _is_in_place(leaf, known.get(leaf.path), sides)]
    if not configured.leaves:
        return [OpenArgument(leaf=None, reason=(_ELSEWHERE,))]
    # One that nothing is known of decides for all of them.
    left.sort(key=lambda leaf: bool(leaf.path in known and known[leaf.path].reason))
    return [OpenArgument(leaf=left[0], reason=_reason(left[0], known.get(left[0].path)))] if left else []


def _arguments(leaf: Leaf) -> Iterator[Leaf]:
    """Yield the arguments of a block that is on one side only; anything else as it is."""
    sides = [side[0] if isinstance(side, list) and len(side) == 1 else side for side in (leaf.old, leaf.new)]
    blocks = [side if isinstance(side, dict) else {} for side in sides]
    if any(side and not isinstance(side, dict) for side in sides) or not any(blocks):
        yield leaf
        return
    for name in sorted(blocks[0].keys() | blocks[1].keys()):
        old, new = (block.get(name) for block in blocks)
        yield Leaf(path=f"{leaf.path}.{name}", shown=f"{leaf.shown}.{name}", old=old, new=new)


def _is_in_place(leaf: Leaf, facts: ConfigurationArgument | None, sides: list[Mapping[str, Value]]) -> bool:
    if facts is None or facts.answer != "in place":
        return False
    before, after = sides
    return all(
        is_known(before.get(name)) and before.get(name) and before.get(name) == after.get(name)
        for name in facts.unchanged
    )


def _reason(leaf: Leaf, facts: ConfigurationArgument | None) -> Sentence:
    if facts is None or not facts.reason or not leaf.is_known or leaf.new is None:
        return (_ELSEWHERE,)
    before, _, after = facts.reason.partition("{new}")
    return (before, Quoted(sides_of(leaf)[1]), after)
