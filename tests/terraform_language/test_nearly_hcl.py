"""Texts that are HCL but for a word or a sign: whether they still are is what Terraform says of them."""

from pathlib import Path
from random import Random

import pytest

from escscaffold.terraform.hcl_reader import read_hcl
from escscaffold.terraform.tokens import NotHclError
from tests.terraform.root import require_terraform
from tests.terraform_language.terraform import refused_by_terraform

TEXTS = [
    'a = {\n  b = foo(c)[0].d\n  "e" : [1, 2, "x${y}z"]\n}\n',
    'b "c" {\n  d = e ? f : g\n  h {\n    i = [for x, y in z : x if y]\n  }\n}\n',
    "a = <<-E\n    x ${y} z\n    %{ if b ~}\n    c\n    %{ endif }\n  E\n",
    'a = "x %{ for k, v in m }${k}=${v ~} %{ endfor }"\n',
    "a = {for k, v in x : k => v...}\n",
    'a = x.0.y[*].z["k"] + -b * !c\n',
]
PIECES = [
    *["a", "for", "in", "if", "true", "1", "2.5", "e5", "1.", '"x"', "é", "\n", "\r\n", " ", "# c\n", "/* x */"],
    *["[", "]", "(", ")", "{", "}", ",", ":", "=", "==", "=>", "...", ".", ".*", "[*]", "?", "-", "!", "&&", "::"],
    *['"', "${", "%{ if x }", "%{ else }", "%{ endif }", "%{endfor}", "~}", "$${", "$", "%", "\\n", "\\"],
    *["<<E\n", "\nE\n", "<<-E\n  ", "a {", "}\n", "a = ", "a = {", "f(", 'b "c" {'],
]


def nearly(random: Random) -> str:
    text = random.choice(TEXTS)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        rest = text[at:] if random.random() < 0.5 else text[at + random.randint(1, 3) :]
        text = text[:at] + (random.choice(PIECES) if random.random() < 0.6 else "") + rest
    return text


@pytest.mark.parametrize("seed", range(2))
def test_terraform_says_the_same(tmp_path: Path, seed: int) -> None:
    require_terraform()
    random = Random(seed)
    texts = [nearly(random) for _ in range(1000)]

    refused = refused_by_terraform([text.encode() for text in texts], tmp_path)

    assert {text for number, text in enumerate(texts) if number in refused} == set(filter(is_refused, texts))
    assert 100 < len(refused) < 950


def is_refused(text: str) -> bool:
    try:
        read_hcl(text)
    except NotHclError:
        return True
    return False
