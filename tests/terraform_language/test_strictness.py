"""What is HCL and what is not: our verdict, with line and column, and Terraform's on the same texts."""

from pathlib import Path

import pytest

from escscaffold.terraform.hcl_reader import read_hcl
from escscaffold.terraform.tokens import NotHclError
from tests.terraform.root import require_terraform
from tests.terraform_language.terraform import refused_by_terraform

HCL = [
    "",
    "\n",
    "#",
    "a = 1",
    "\ufeffa = 1\n",
    "a = 1\r\nb {\r\n  c = 2 # x\r\n}\r\n",
    "/* a */ a = 1 // b\n# c\n/* d\n*/ b = /* e */ 2 /* f\n*/\n",
    "_a = 1\né-b = é\n",
    "true = 1\nfor = null\n",
    "a {}\na {}\n",
    'a "b" c "d" {}\n',
    'a "x$${y}" "\\"" {}\n',
    "a { b = 1 }\n",
    "a {\n  b {\n    c = 1\n  }\n  b = 2\n}\n",
    "a = {\n  b = foo\n  (c) = 2\n}\n",
    "a = {\n  b = c\n  -1 = 2\n}\n",
    "a = {\n  b = c\n  [0][0] = 2\n}\n",
    "a = { b = 1, c : 2\n\n d = 3, }\n",
    "a = { b = [\n1,\n2\n] }\n",
    "a = { null = 1, true = 2, for-x = 3 }\n",
    "a = {\nfor x in y : x => 1\n}\n",
    "a = {for k, v in x: k => v... if k}\n",
    "a = [\n  for x in y :\n  x\n  if x\n]\n",
    "a = [1, 2,]\n",
    "a = f(1,)\n",
    "a = f (\n1\n,\n2...\n)\n",
    "a = provider::b::c(1)\n",
    "a = b ::c(1)\n",
    "a = (x\n? y\n: z)\n",
    "a = x ? y : z ? 1 : 2\n",
    "a = (b\n.c\n[0])\n",
    "a = b [0] . c\n",
    "a = b[\n0\n]\n",
    "a = b.0.c\n",
    "a = b.1e3\n",
    "a = b.*.c.0\n",
    "a = b[*].c[*].d[0]\n",
    "a = {b = 1}.b\n",
    'a = "x".y\n',
    "a = - - 1\n",
    "a = !!b\n",
    "a = -b.c\n",
    "a = 1 == 2 == 3\n",
    "a = for\n",
    "a = 1e3\nb = 1.5E-3\nc = 007\n",
    f"a = {'9' * 5000}\nb = 1e99\n",
    'a = "$${" \n',
    'a = "$$$${b} $ % %%{ if }"\n',
    'a = "${\n b\n}"\n',
    'a = "${"${b}"}"\n',
    'a = "${ { x = "}" }.x }"\n',
    'a = "%{~ if x ~}a%{~ else ~}b%{~ endif ~}"\n',
    'a = "%{ for k, v in x }${k}%{ if v }x%{ endif }%{ endfor }"\n',
    'a = "\\n\\r\\t\\"\\\\\\u00e9\\U0001F600"\n',
    'a = "\x00\u2028"\n',
    "a = <<EOF\nx\n\t EOF\t\nb = 1\n",
    "a = <<E-F\n\\q ${b} %{ if c }\n%{ endif }\nE-F\n",
    "a = [<<-É\n x\n É\n]\n",
    "a = f(<<A\n${<<B\nx\nB\n}\nA\n, 1)\n",
    "a = <<EOF\r\nx\r\nEOF\r\n",
    b"# caf\xe9\na = 1\n",
]

NOT_HCL = [
    ("a = 0x10\n", 1, 6),
    ("a = .5\n", 1, 5),
    ("a = 1.\n", 1, 7),
    ("a = 1e\n", 1, 6),
    ("a = 1.0.0\n", 1, 5),
    ("a = 1..2\n", 1, 5),
    ("a = 1 b = 2\n", 1, 7),
    ("a = 1\n+ 2\n", 2, 1),
    ("a = b\n[0]\n", 2, 1),
    ("a = b\n.c\n", 2, 1),
    ("a = x\n? y : z\n", 2, 1),
    ("a =\n1\n", 1, 4),
    ("a\n= 1\n", 1, 2),
    ("a = -\n1\n", 1, 6),
    ("a = b.\nc\n", 1, 7),
    ("a = 1\rb = 2\n", 1, 6),
    ("a = 1;\n", 1, 6),
    ("a = 1\u00a0\n", 1, 6),
    ("a = x²\n", 1, 6),
    ("a = 'x'\n", 1, 5),
    ("a = b & c\n", 1, 7),
    ("1a = 1\n", 1, 1),
    ('"a" = 1\n', 1, 1),
    ("a.b = 1\n", 1, 2),
    ("a = 1\nb = 2\na = 3\n", 3, 1),
    ("b {\n  a = 1\n  a = 1\n}\n", 3, 3),
    ("}\n", 1, 1),
    ("a {\n}}\n", 2, 2),
    ("a {\n", 1, 3),
    ("a {} b {}\n", 1, 6),
    ('a "b"\n{\n}\n', 1, 6),
    ("a { b = 1, c = 2 }\n", 1, 10),
    ("a { b = 1\n}\n", 1, 10),
    ("a { b {} }\n", 1, 7),
    ('b "x${y}" {}\n', 1, 5),
    ('b "x\n', 1, 5),
    ("a = {\n", 2, 1),
    ("a = (1\n", 2, 1),
    ("a = [1\n", 2, 1),
    ("a = [\n1\n2\n]\n", 3, 1),
    ("a = [,]\n", 1, 6),
    ("a = {,}\n", 1, 6),
    ("a = { b = 1,, }\n", 1, 13),
    ("a = { b = 1\n, c = 2 }\n", 2, 1),
    ("a = { b = 1 c = 2 }\n", 1, 13),
    ("a = { b\n= 1 }\n", 1, 8),
    ("a = { b = x ?\ny : z }\n", 1, 14),
    ("a = { for = 1 }\n", 1, 11),
    ("a = {for x in y : x}\n", 1, 20),
    ("a = [for x in y : x => z]\n", 1, 21),
    ("a = [for x in y: x...]\n", 1, 19),
    ("a = {for x in y: x => y if z...}\n", 1, 29),
    ("a = [for x, in y: x]\n", 1, 16),
    ("a = b...\n", 1, 6),
    ("a = f(x..., y)\n", 1, 11),
    ("a = f(1...,)\n", 1, 11),
    ("a = f(1 2)\n", 1, 9),
    ("a = b::c\n", 1, 9),
    ("a = b[]\n", 1, 7),
    ("a = b[\n*\n]\n", 2, 1),
    ("a = b.0.1\n", 1, 7),
    ("a = b.*.c.*.d\n", 1, 11),
    ("a = x ? y\n", 1, 10),
    ("a = x ?: y\n", 1, 8),
    ("a = 1 + + 1\n", 1, 9),
    ("a = 1 = 2\n", 1, 7),
    ('a = "a" "b"\n', 1, 9),
    ("a = ~b\n", 1, 5),
    ("/* a\n", 1, 1),
    ("a = 1 /* \n */ b = 2\n", 2, 5),
    ('a = "x\ny"\n', 1, 5),
    ('a = "\\"\n', 1, 5),
    ('a = "\\q"\n', 1, 6),
    ('a = "\\$"\n', 1, 6),
    ('a = "\\u12"\n', 1, 6),
    ('a = "x\\ud800"\n', 1, 7),
    ('a = "\\U00110000"\n', 1, 6),
    (b'a = "caf\xe9"\n', 1, 9),
    (b"\xff = 1\n", 1, 1),
    ("\x00a = 1\n", 1, 1),
    ('a = "${}"\n', 1, 8),
    ('a = "${a b}"\n', 1, 10),
    ('a = "${b ~ }"\n', 1, 10),
    ('a = "%{foo}"\n', 1, 8),
    ('a = "%{if x}"\n', 1, 6),
    ('a = "%{ endif }"\n', 1, 6),
    ('a = "%{ for x in y }${x}%{ endif }"\n', 1, 25),
    ('a = "%{ if a }x%{ else }y%{ else }z%{ endif }"\n', 1, 26),
    ("a = <<EOF \nx\nEOF\n", 1, 5),
    ("a = <<\nx\n", 1, 5),
    ("a = <<EOF\nx\n", 1, 5),
    ("a = <<EOF\nx\nEOF", 1, 5),
    ("a = <<EOF\nx\nEOF # c\n", 1, 5),
    ("a = [<<EOF\nx\nEOF]\n", 1, 6),
    ("a = <<EOF\n${\nEOF\n", 4, 1),
    ("a = <<E\n%{if x}\nE\n", 2, 1),
    ("a = <<E\nx\ry\nE\n", 2, 2),
    ('{ "a": 1 }\n', 1, 1),
]


def decoded(text: str | bytes) -> str:
    return text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text


def encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize("text", HCL, ids=lambda text: repr(text)[:50])
def test_hcl_is_read(text: str | bytes) -> None:
    read_hcl(decoded(text))


@pytest.mark.parametrize("text, line, column", NOT_HCL, ids=lambda value: repr(value)[:50])
def test_what_is_not_hcl_is_refused_at_its_place(text: str | bytes, line: int, column: int) -> None:
    with pytest.raises(NotHclError) as refused:
        read_hcl(decoded(text))

    assert (refused.value.line, refused.value.column) == (line, column)
    # A word of the parser's is no help.
    assert "token" not in refused.value.message.lower()


def test_terraform_says_the_same(tmp_path: Path) -> None:
    require_terraform()
    texts = [*HCL, *(text for text, _, _ in NOT_HCL)]

    refused = refused_by_terraform([encoded(text) for text in texts], tmp_path)

    assert set(refused) == set(range(len(HCL), len(texts)))
