"""What texts, templates and expressions come to: what `terraform console` computes for each of them."""

from pathlib import Path

import pytest

from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.hcl_reader import read_hcl, read_template
from tests.terraform.root import require_terraform
from tests.terraform_language.terraform import values_in_terraform

VALUES: list[tuple[str, object]] = [
    ("[{a=[1,2]},{a=[3,4]}].*.a[0]", [1, 2]),
    ("[{a=[{b=1},{b=2}]},{a=[]}][*].a.*.b", [[1, 2], []]),
    ("[[1,2],[3]][*][0]", [1, 3]),
    ('"a" == "b" || null == null', True),
    ("[1,2][*]", [1, 2]),
    ("5[*]", [5]),
    ('"$${b}"', "${b}"),
    ('"$$${1}"', "$${1}"),
    ('"$$$${1}"', "$$${1}"),
    ('"$$"', "$$"),
    ('"$$$"', "$$$"),
    ('"%%{ if }"', "%{ if }"),
    ('"%%%{ if true }x"', "%%{ if true }x"),
    ('"a$${"', "a${"),
    ('"\\u00e9\\U0001F600\\n\\t\\r\\"\\\\"', 'é😀\n\t\r"\\'),
    ('"e\\u0301"', "é"),
    ('"é"', "é"),
    ("1e3", 1000),
    ("1.50", 1.5),
    ("0.1", 0.1),
    ("100000000000000000000000", 100000000000000000000000),
    ("1.5e-3", 0.0015),
    ("01", 1),
    ("007.5", 7.5),
    ("<<E\n  a\n    b\nE\n", "  a\n    b\n"),
    ("<<-E\n    a\n      b\n\n     c\n    E\n", "a\n  b\n\n c\n"),
    ("<<-E\n  \n      a\n   \t\n    b\n  E\n", "  \n  a\n   \t\nb\n"),
    ('<<E\n\\n $${x} %%{y} $ % "q"\nE\n', '\\n ${x} %{y} $ % "q"\n'),
    ("<<E\nE\n", ""),
    ("<<-E\nE\n", ""),
    ("<<-E\n    ${1}\n      b\n  E\n", "1\n  b\n"),
    ("<<-E\n   a${1}\n ${2}b\n  E\n", "  a1\n2b\n"),
    ('<<E\n%{ for x in ["a","b"] }\n${x}\n%{ endfor }\nE\n', "\na\n\nb\n\n"),
    ('<<E\n%{ for x in ["a","b"] ~}\n${x}\n%{ endfor ~}\nE\n', "a\nb\n"),
    ('<<-E\n    %{ for x in ["a","b"] ~}\n    ${x}\n    %{ endfor ~}\n    z\n    E\n', "    a\n    b\n    z\n"),
    ('<<-E\n    %{~ for x in ["a","b"] ~}\n    ${x}\n    %{~ endfor ~}\n    z\n    E\n', "    a\n    b\n    z\n"),
    ("<<E\n%{ if true ~}\n  y\n\n%{ else ~}\n n\n%{ endif ~}\n  tail\nE\n", "  y\n\n  tail\n"),
    ('"  ${~ 1 ~}  x"', "1x"),
    ('"a\\n ${~ 1 ~} \\n b"', "a1b"),
    ('"${"x"}"', "x"),
    ('"${1}"', 1),
    ('"${1}${2}"', "12"),
    ('"%{ if true }${1}%{ endif }"', "1"),
    ('"%{ for k, v in {a = 1} }${k}${v}%{ endfor }"', "a1"),
    ("<<-E\n\ta\n\t  b\n\tE\n", "a\n  b\n"),
    ("<<-E\n  a\n\xa0\xa0\xa0b\n  E\n", "a\n\xa0b\n"),
    ("-2", -2),
    ("- -2", 2),
    ("1 + 2 * 3 - 4", 3),
    ("10 - 2 - 3", 5),
    ("1 == 1 == true", True),
    ("!true == false", True),
    ("true || false && false", True),
    ("1 < 2 == true", True),
    ("-{a=1}.a", -1),
    ("[1,2,3].1", 2),
    ("[{a=[1,2]},{a=[3]}][*].a[0]", [1, 3]),
    ("[{a=1},{a=2}].*.a", [1, 2]),
    ("[{a=[{b=1},{b=2}]}][*].a[*].b", [[1, 2]]),
    (
        '{a=1,"b"=2,(upper("c"))=3,true=4,null=5,1=6,d:7}',
        {"1": 6, "C": 3, "a": 1, "b": 2, "d": 7, "null": 5, "true": 4},
    ),
    ("{ a = 1\n b = 2, c = 3\n\n d = 4 }", {"a": 1, "b": 2, "c": 3, "d": 4}),
    ('[for i, x in ["a"] : "${i}${x}"]', ["0a"]),
    ('{for x in ["a","b","a"] : x => 1...}', {"a": [1, 1], "b": [1]}),
    ("{for k, v in {a=1,b=2} : k => v if v > 1}", {"b": 2}),
    ("max([1,2]...)", 2),
    ("true ? 1 : false ? 2 : 3", 1),
    ("5 % 3", 2),
    ("7 / 2", 3.5),
    ('"a" == "b" ? "c" : "d"', "d"),
    ("<<E\nx\n\n   E  \n", "x\n\n"),
    ('"${<<E\nx\nE\n}"', "x\n"),
    ('"a${"b"}c"', "abc"),
    ("[\n1,\n2,\n]", [1, 2]),
    ("(\n1\n+\n2\n)", 3),
    ("{\n  a = [for x in [1] :\n x\n]\n}", {"a": [1]}),
    ('"%{ if false }x%{ endif }"', ""),
    ('"x %{~ if true ~} y %{~ endif ~} z"', "xyz"),
    ('"~}${"}"}"', "~}}"),
    ('<<E\na ${ {x = "}"}.x } b\nE\n', "a } b\n"),
    ("<<-E\n  a\n b ${~ 1 ~} \n\n   c\n  E\n", " a\nb1\n  c\n"),
    ("<<-E\n    %{ if true }\n    x\n    %{ endif }\n  E\n", "\nx\n\n"),
    ("1e-2", 0.01),
    ("12E2", 1200),
    ("1.0", 1),
    ("9007199254740993", 9007199254740993),
    ("<<E\n  ${1}\nE\n", "  1\n"),
    ('"%{ if true }%{ if false }a%{ else }b%{ endif }%{ endif }"', "b"),
    ('"\\"${"a"}\\""', '"a"'),
    ("1 != 2 && !(3 > 4) || false", True),
    ("2 * (3 + 4) % 5", 4),
    ('"${true ? "a" : "b"}-${upper("c")}"', "a-C"),
    ('[for k, v in {b = 2, a = 1} : "${k}=${v}"]', ["a=1", "b=2"]),
    ("[[1, 2], [3]][0][1]", 2),
    ("[{a = {b = 1}}][*].a.b", [1]),
    ('{"a.b" = 1}["a.b"]', 1),
    ("<<-E\n      a\n    %{ if true ~}\n      b\n    %{ endif ~}\n  E\n", "  a\n      b\n"),
    ('"a%{ if false ~} b %{~ endif }c"', "ac"),
    ('join(",", [for x in ["a", "b"] : x if x != "a"])', "b"),
    ('[for x in ["a"] : { "${x}" = x, "${true}" = 1, x = 2 }]', [{"a": "a", "true": 1, "x": 2}]),
    ("[1,2,3].1e0", 2),
    ("1.e2", 100),
    ('{for k, v in toset(["b", "a"]) : k => v}', {"a": "a", "b": "b"}),
    ('[for k, v in setunion(["b"], ["a"]) : "${k}${v}"]', ["aa", "bb"]),
    ('[for k, v in tolist(["b", "a"]) : "${k}${v}"]', ["0b", "1a"]),
    ("[1] == tolist([1])", False),
    ("tolist([]) == []", False),
    ("toset([1]) != tolist([1])", True),
    ("tomap({a = 1}) == {a = 1}", False),
    ("{a = 1} == {a = 1}", True),
    ('sort(["b", "a"]) == tolist(["a", "b"])', True),
    ('split(",", "a") == ["a"]', False),
    ("merge(tomap({a = 1}), tomap({b = 2})) == tomap({a = 1, b = 2})", True),
    ('keys({a = 1}) == ["a"]', True),
    ('keys(tomap({a = 1})) == ["a"]', False),
    ('tolist([1, "a"])', ["1", "a"]),
    ('distinct([1, "1"])', ["1"]),
    ("toset([true, false])", [False, True]),
    ('setsubtract([1, 2], ["1"])', ["2"]),
    ('setintersection(["2", "1"], [1])', ["1"]),
    ('split("", "abc")', ["a", "b", "c"]),
    ('tobool("1")', True),
    ('can(tonumber(" 1"))', False),
    ('can(tonumber("1_0"))', False),
    ("try(sum([]), 5)", 5),
    ("pow(2, -1)", 0.5),
    ('upper("ß")', "ß"),
    ('title("it\'s")', "It'S"),
]
TEMPLATES = [
    ("a ${1}\r\n", "a 1\r\n"),
    ("\ufeffa ${1}", "a 1"),
    ("a ${1}\rb ${2} $${c}", "a 1\rb ${2} ${c}"),
]


@pytest.mark.parametrize("text, value", VALUES, ids=[repr(text)[:60] for text, _ in VALUES])
def test_a_text_comes_to_its_value(text: str, value: object) -> None:
    (attribute,) = read_hcl(f"a = {text}\n").attributes

    assert Evaluator().evaluate(attribute.value, {}) == value


@pytest.mark.parametrize("text, value", TEMPLATES, ids=[repr(text) for text, _ in TEMPLATES])
def test_a_template_comes_to_its_text(text: str, value: str) -> None:
    assert Evaluator().evaluate(read_template(text), {}) == value


def test_terraform_computes_the_same(tmp_path: Path) -> None:
    require_terraform()
    rendered = [f'templatefile("${{path.module}}/{number}.tpl", {{}})' for number in range(len(TEMPLATES))]
    for number, (text, _) in enumerate(TEMPLATES):
        (tmp_path / f"{number}.tpl").write_text(text, encoding="utf-8", newline="")

    values = values_in_terraform([text for text, _ in VALUES] + rendered, tmp_path)

    assert values == [value for _, value in [*VALUES, *TEMPLATES]]
