"""Asks one provider which changes replace a resource, and writes its file.

`python -m tools.provider_facts BINARY_OR_MIRROR --source hashicorp/aws --out templates/providers/hashicorp/aws.json`
"""

import argparse
import re
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tools.provider_facts.asking import Answers, ask_type
from tools.provider_facts.connection import ClosedPort, Provider, StartError
from tools.provider_facts.document import Heading, added_to, read_answers, resource_of, text_of
from tools.provider_facts.offline import offline_configuration, offline_environment
from tools.provider_facts.schema import Block, block_of

_VERSION = re.compile(r"_v(\d+\.\d+\.\d+[\w.-]*?)(?:_x\d+)?$")
_REGISTRY = "registry.terraform.io"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.add and not options.out:
        parser.error("--add needs --out FILE")
    source = options.source.lower()
    binary = find_binary(options.provider, source, options.version)
    found = _VERSION.search(binary.name)
    version = options.version or (found.group(1) if found else "")
    if not version:
        raise SystemExit(f"{binary.name} has no version in its name; give --version")
    if options.add:
        _answers_in(options.out, source, version)  # refused before the provider is asked, which takes hours
    try:
        asked = ask(
            binary,
            options.types,
            seconds=options.seconds,
            jobs=options.jobs,
            every_argument=options.every_argument,
            configured=not options.unconfigured,
            told=_print_progress,
        )
    except StartError as error:
        raise SystemExit(str(error)) from error
    resources: Mapping[str, Mapping[str, Any]] = {
        name: resource_of(block, answers) for name, (block, answers) in asked.answers.items()
    }
    heading = Heading(
        source=source, version=version, asked=options.asked, protocol=asked.protocol, notes=tuple(options.note)
    )
    questions = sum(answers.questions for _, answers in asked.answers.values())
    # Another run may have added types since.
    if options.add and (before := _answers_in(options.out, source, version)):
        heading, resources, questions = added_to(before, heading, resources, questions)
    text = text_of(heading, resources, questions)
    if options.why:
        options.why.write_text(_reasons(asked.answers), encoding="utf-8")
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


class Asked:
    """The answers of one provider about its resource types."""

    def __init__(self, protocol: int, answers: dict[str, tuple[Block, Answers]]) -> None:
        self.protocol = protocol
        self.answers = answers


def ask(
    binary: Path,
    types: Sequence[str] = (),
    *,
    seconds: float = 10.0,
    jobs: int = 1,
    every_argument: bool = False,
    configured: bool = True,
    told: Callable[[str, int], None] = lambda name, left: None,
) -> Asked:
    """Ask a provider's binary about these resource types, or about all; `told` hears of each type that is done.

    `configured` is whether the provider is configured first, with fake credentials.

    Raises StartError where it does not start or has no such type.
    """
    with ExitStack() as stack:
        closed = ClosedPort()
        stack.callback(closed.close)
        providers: SimpleQueue[Provider] = SimpleQueue()
        started = [
            stack.enter_context(Provider(binary, seconds=seconds, environment=offline_environment(closed.url)))
            for _ in range(jobs)
        ]
        schema = started[0].schema()
        blocks = {name: block_of(schema.resource_schemas[name].block) for name in _wanted(schema, types)}
        for provider in started:
            if configured:
                provider.configuration = offline_configuration(
                    block_of(schema.provider.block), closed.url, provider.home
                )
            providers.put(provider)

        def ask_one(name: str) -> Answers:
            provider = providers.get()
            try:
                return ask_type(provider, name, blocks[name], every_argument=every_argument)
            finally:
                providers.put(provider)

        answers: dict[str, tuple[Block, Answers]] = {}
        pool = ThreadPoolExecutor(jobs)
        # It does not wait for a type that is being asked: the providers end, and with them its questions.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        for name, answer in zip(blocks, pool.map(ask_one, blocks), strict=True):
            answers[name] = (blocks[name], answer)
            told(name, len(blocks) - len(answers))
        return Asked(started[0].protocol, answers)


def find_binary(given: Path, source: str, version: str | None) -> Path:
    """Return the provider's binary: the file that was given, or the newest one of a filesystem mirror."""
    if given.is_file():
        return given
    folders = sorted(given.glob(f"{_REGISTRY}/{source}/{version or '*'}"), key=_numbers) or [given]
    found = sorted(file for file in folders[-1].rglob("terraform-provider-*") if file.is_file())
    if not found:
        wanted = f"{source} {version}" if version else source
        raise SystemExit(f"No provider {wanted} in {given}: a filesystem mirror has it below {_REGISTRY}/")
    return found[0]


def _answers_in(file: Path, source: str, version: str) -> Mapping[str, Any] | None:
    """Return what a file has, or None where there is no file."""
    if not file.is_file():
        return None
    try:
        return read_answers(file.read_text(encoding="utf-8"), source, version)
    except ValueError as error:
        raise SystemExit(f"{file}: {error}") from error


def _numbers(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder.name)]


def _wanted(schema: Any, types: Sequence[str]) -> list[str]:
    if missing := set(types) - set(schema.resource_schemas):
        raise StartError(f"The provider has no resource type {', '.join(sorted(missing))}")
    return sorted(types or schema.resource_schemas)


def _print_progress(name: str, left: int) -> None:
    print(f"{name}: {left} left", file=sys.stderr, flush=True)


def _reasons(answers: dict[str, tuple[Block, Answers]]) -> str:
    lines: Iterable[str] = (
        f"{name}\t{'.'.join(place)}\t{letter}\t{' '.join(why.split())[:300]}\n"
        for name, (_, found) in answers.items()
        for (place, letter), why in sorted(found.why.items())
        if letter in found.unknown.get(place, "")
    )
    return "".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.provider_facts",
        description="Ask a Terraform provider which changes of an argument replace a resource.",
    )
    parser.add_argument("provider", type=Path, help="the provider's binary, or a filesystem mirror that has it")
    parser.add_argument("--source", required=True, help="the provider's address, as hashicorp/aws")
    parser.add_argument("--version", help="the version to take from the mirror; default: the newest")
    parser.add_argument("--types", nargs="+", default=(), metavar="TYPE", help="ask about these resource types only")
    parser.add_argument(
        "--every-argument", action="store_true", help="ask about all arguments of types that have thousands, too"
    )
    parser.add_argument(
        "--unconfigured", action="store_true", help="ask a provider that logs in when it is configured, such as azurerm"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the file to write; default: standard output")
    parser.add_argument("--add", action="store_true", help="keep the other types of FILE, which has the same version")
    parser.add_argument("--why", type=Path, metavar="FILE", help="write why each question has no answer, one a line")
    parser.add_argument("--seconds", type=float, default=10.0, help="the longest time for one answer; default: 10")
    parser.add_argument("--jobs", type=int, default=1, help="processes of the provider; default: 1")
    parser.add_argument("--note", action="append", default=[], help="what a reader must know, with its source")
    today = datetime.now(UTC).date().isoformat()
    parser.add_argument("--asked", default=today, metavar="DAY", help="the day to write, ISO 8601; default: today")
    return parser


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    # Without it a provider's process would outlive this one.
    signal.signal(signal.SIGTERM, _end)
    raise SystemExit(main())
