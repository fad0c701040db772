"""Texts that are made to hurt: each ends in time and memory, whatever it says."""

import json
import subprocess
import sys

import pytest

from tests.properties import tries_more

MIB = 2**20

HOSTILE = {
    "brackets": "'a = ' + '[' * 100_000 + ']' * 100_000",
    "open brackets": "'a = ' + '[' * MIB",
    "parentheses": "'a = ' + '(' * 100_000 + '1' + ')' * 100_000",
    "interpolations": "'a = \"' + '${\"' * (MIB // 3)",
    "calls": "'a = ' + 'f(' * (MIB // 2)",
    "blocks in blocks": "'a {\\n' * (MIB // 4)",
    "signs of every power": "'a = ' + '1||1&&1==1<1+1*-[' * 95 + '1' + ']' * 95",
    "conditions": "'a = ' + 'a ? b : ' * (MIB // 8) + 'c'",
    "directives": "'a = \"' + '%{if a}' * (MIB // 7) + '\"'",
    "sums": "'a = ' + '1+' * (MIB // 2) + '1'",
    "minus": "'a = ' + '-' * MIB + '1'",
    "keys": "'a = b' + '.c' * (MIB // 2)",
    "splats": "'a = b' + '[*]' * (MIB // 3)",
    "lists in sums in lists": "'a = ' + ('[' + '1+' * 240) * 90 + '1' + ']' * 90",
    "numbers": "'a = [' + '1,' * (MIB // 2) + ']'",
    "references": "'a = [' + 'b.c,' * (MIB // 4) + ']'",
    "chains": "'a = [' + ('b' + '.c' * 240 + ',') * (MIB // 482) + ']'",
    "pairs": "'a = {' + 'a=b,' * (MIB // 4) + '}'",
    "strings": "'a = [' + '\"\",' * (MIB // 3) + ']'",
    "parts": "'a = \"' + '${a}' * (MIB // 4) + '\"'",
    "attributes": "''.join(f'a{n}=1\\n' for n in range(MIB // 9))",
    "empty blocks": "'a{}\\n' * (MIB // 4)",
    "labels": "'a ' + 'b ' * (MIB // 2) + '{}\\n'",
    "quotes": "'a = ' + '\"' * MIB",
    "escapes": "'a = \"' + '\\\\n' * (MIB // 2) + '\"'",
    "dollars": "'a = \"' + '$' * MIB + '\"'",
    "heredocs that do not end": "'a = <<EOF\\n' * (MIB // 10)",
    "heredocs": "''.join(f'a{n}=<<E\\nE\\n' for n in range(MIB // 13))",
    "empty lines in a heredoc": "'a = <<-E\\n' + '\\n' * MIB + 'E\\n'",
    "spaces in a heredoc": "'a = <<-E\\n' + ' ' * MIB + '\\nE\\n'",
    "parts of a heredoc": "'a = <<E\\n' + '${a}\\n' * (MIB // 5) + 'E\\n'",
    "markers": "'a = <<E\\n' + 'E' * MIB + '\\nE\\n'",
    "digits": "'a = ' + '1' * MIB",
    "zeros": "'a = 0.' + '0' * MIB + '1'",
    "a power": "'a = 1e' + '9' * MIB",
    "powers": "'a = [' + '1e99,' * (MIB // 5) + ']'",
    "blank lines": "'\\n' * 50_000 + 'a = 1'",
    "comments": "'/**/' * (MIB // 4)",
    "open comments": "'/*' * (MIB // 2)",
    "line comments": "'#\\n' * (MIB // 2)",
    "a name": "'a' * 40_000 + ' = 1'",
    "a name beyond ASCII": "'\\xe9' * (MIB // 2) + ' = 1'",
    "garbage": "'@#$%^&' * (MIB // 6)",
    "no bytes of UTF-8": "'a = \"' + '\\udc80' * MIB",
    "carriage returns": "'\\r' * MIB",
    "zero bytes": "'\\0' * MIB",
}

# Each text is read by a process of its own, forked where Python and the parser are loaded. The text itself, and what
# Python needs, are not what is measured.
READ = """
import json, os, resource, sys, time
from escscaffold.terraform.hcl_reader import NotHclError, read_hcl
MIB = int(sys.argv[1])

def used():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20

def read(text):
    before, begun = used(), time.process_time()
    try:
        read_hcl(text)
    except NotHclError as error:
        assert error.message and error.line and error.column or "nested too deeply" in error.message, error
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.process_time() - begun, most - before

for name, text in json.loads(sys.argv[2]).items():
    read_end, write_end = os.pipe()
    if not os.fork():
        os.write(write_end, json.dumps(read(eval(text))).encode())
        os._exit(0)
    os.close(write_end)
    with open(read_end) as told:
        taken = told.read()
    assert os.wait()[1] == 0, name
    print(json.dumps([name, *json.loads(taken)]), flush=True)
"""
TOGETHER = 12
"""Texts that one test reads."""


@pytest.mark.parametrize("first", range(0, len(HOSTILE), TOGETHER))
def test_a_text_ends_in_time_and_memory(first: int) -> None:
    texts = dict(list(HOSTILE.items())[first : first + TOGETHER])
    # A quarter of each text: what grows with the square of it is seen where the whole would take twenty seconds.
    size, seconds, mebibytes = (MIB, 5.0, 150) if tries_more() else (MIB // 4, 1.25, 40)

    arguments = [sys.executable, "-c", READ, str(size), json.dumps(texts)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    taken = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, *_ in taken] == list(texts)
    assert [one for one in taken if one[1] > seconds or one[2] > mebibytes] == []
