"""Texts that are made to hurt: each ends in time and memory, whatever it says."""

import subprocess
import sys

import pytest

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

# The text itself, and what Python needs, are not what is measured.
READ = """
import resource, sys, time
from escscaffold.terraform.hcl_reader import NotHclError, read_hcl
MIB = 2**20
text = eval(sys.argv[1])
before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    read_hcl(text)
except NotHclError as error:
    assert error.message and error.line and error.column or "nested too deeply" in error.message, error
print(time.process_time() - begun, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_ends_in_time_and_memory(text: str) -> None:
    done = subprocess.run([sys.executable, "-c", READ, text], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    seconds, mebibytes = map(float, done.stdout.split())
    assert seconds < 5
    assert mebibytes < 150
