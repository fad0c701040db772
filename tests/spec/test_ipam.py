"""What can stand in [ipam], and what is refused there."""

import pytest

from escscaffold import SpecError, read_spec

GOOD = {"kind": '"netbox"', "url": '"https://netbox.example.com/"', "vrf": '"production"', "tenant": '"Platform"'}


def spec(**keys: str) -> str:
    return "version = 1\n[ipam]\n" + "".join(f"{key} = {value}\n" for key, value in (GOOD | keys).items() if value)


def test_everything_is_read() -> None:
    ipam = read_spec(spec(claim_from='["10.64.0.0/10", "172.16.0.0/16"]', repository='"platform/network"')).ipam

    assert ipam is not None
    assert (ipam.url, ipam.vrf, ipam.tenant, ipam.role, ipam.tags) == (
        "https://netbox.example.com",
        "production",
        "Platform",
        "",
        ("escscaffold",),
    )
    assert [str(block) for block in ipam.claim_from] == ["10.64.0.0/10", "172.16.0.0/16"]


def test_a_spec_without_it_names_none() -> None:
    assert read_spec("version = 1\n").ipam is None


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("kind", '"infoblox"', "ESC004"),
        ("kind", "", "ESC008"),
        ("url", "", "ESC008"),
        ("url", '"netbox.example.com"', "ESC004"),
        ("url", '"https://user:hunter2@netbox.example.com"', "ESC004"),
        ("url", '"https://netbox.example.com/?token=1"', "ESC004"),
        ("url", '"https://netbox.example.com:port"', "ESC004"),
        ("url", '"file:///etc/passwd"', "ESC004"),
        ("token", '"0123456789abcdef"', "ESC013"),
        ("claim_from", '"10.64.0.0/10"', "ESC003"),
        ("claim_from", '["10.64.0.0/10", "10.65.0.0/16"]', "ESC007"),
        ("claim_from", '["8.8.8.0/24"]', "ESC003"),
        ("repository", '"two words"', "ESC005"),
        ("repository", '"a: b"', "ESC005"),
        ("tags", '"escscaffold"', "ESC004"),
        ("tags", "[]", "ESC004"),
        ("vrf", '"two\\nlines"', "ESC004"),
        ("vfr", '"production"', "ESC002"),
    ],
)
def test_what_cannot_be_used_is_refused(key: str, value: str, code: str) -> None:
    with pytest.raises(SpecError) as refused:
        read_spec(spec(**{key: value}))

    assert [problem.code for problem in refused.value.problems] == [code]
    assert refused.value.problems[0].fix
    assert "hunter2" not in str(refused.value) and "0123456789abcdef" not in str(refused.value)


def test_credentials_are_reported_in_the_order_of_the_file() -> None:
    given = ("token", "password", "api_token", "secret", "key")

    with pytest.raises(SpecError) as caught:
        read_spec(spec(**dict.fromkeys(given, '"0123456789abcdef"')))

    assert tuple(problem.path[-1] for problem in caught.value.problems) == given
