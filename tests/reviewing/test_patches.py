"""A patch on standard input counts in each form in which people have one, and one that git refuses says why."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.git import git

VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
WIDER = VPC.replace("/16", "/15")
NEW = 'variable "new" {}\n'
OTHER = 'variable "other" {}\n'


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with Terraform at its top and in a folder with a blank in its name."""
    folder = tmp_path / "clone"
    (folder / "my net").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "core.autocrlf", "false")
    (folder / "main.tf").write_text(OTHER)
    (folder / "my net/main.tf").write_text(VPC)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    return folder


def changed(clone: Path, *settings: str, options: tuple[str, ...] = (), at: str = "") -> bytes:
    """Widen the block in `my net` and add a file there; return git's patch of that, with the change taken back."""
    (clone / "my net/main.tf").write_text(WIDER)
    (clone / "my net/new.tf").write_text(NEW)
    git(clone, "add", "--intent-to-add", "my net/new.tf")
    patch = git(clone / at, *settings, "diff", *options) + "\n"
    git(clone, "rm", "-q", "--cached", "my net/new.tf")
    (clone / "my net/new.tf").unlink()
    git(clone, "checkout", "-q", ".")
    return patch.encode()


def told(run: Run, folder: Path, patch: bytes) -> str:
    result = run("review", "-", "-C", folder, input=patch)
    assert result.exit_code == 5, result.output
    output: str = result.output
    return output


@pytest.mark.parametrize(
    "settings",
    [
        (),
        ("-c", "diff.noprefix=true"),
        ("-c", "diff.mnemonicPrefix=true"),
        ("-c", "diff.srcPrefix=old/", "-c", "diff.dstPrefix=new/"),
        ("-c", "core.quotePath=false"),
    ],
    ids=lambda settings: " ".join(settings) or "plain",
)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_prefixes_and_line_ends_of_a_patch_make_no_difference(
    settings: tuple[str, ...], ends: bytes, clone: Path, run: Run
) -> None:
    output = told(run, clone, changed(clone, *settings).replace(b"\n", ends))

    assert "my net/main.tf:1" in output
    assert "var.new" in output
    assert "\\r" not in output
    assert "var.other" not in output


def test_a_patch_without_prefix_changes_no_file_of_the_same_name_elsewhere(clone: Path, run: Run) -> None:
    """Read with a prefix, net/main.tf would be main.tf at the top."""
    (clone / "main.tf").write_text(VPC)
    git(clone, "commit", "-qam", "same")

    output = told(run, clone, changed(clone, "-c", "diff.noprefix=true"))

    assert "my net/main.tf:1" in output
    assert " main.tf:1" not in output


def test_a_patch_that_was_made_in_a_folder_is_for_that_folder(clone: Path, run: Run) -> None:
    (clone / "main.tf").write_text(VPC)
    git(clone, "commit", "-qam", "same")
    patch = changed(clone, options=("--relative",), at="my net")
    assert b"my net" not in patch

    output = told(run, clone / "my net", patch)

    assert "aws_vpc.main" in output
    assert "var.new" in output
    assert "aws_vpc.main" in told(run, clone / "my net", changed(clone))


def test_patches_by_mail_are_read(clone: Path, run: Run) -> None:
    (clone / "my net/main.tf").write_text(WIDER + "# \u00fcber\n")
    git(clone, "commit", "-qam", "Widen \u00fcber all")
    (clone / "my net/new.tf").write_text(NEW)
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "Add")
    mails = (git(clone, "format-patch", "--stdout", "HEAD~2") + "\n").encode()
    git(clone, "reset", "-q", "--hard", "HEAD~2")

    for patch in (mails, mails.replace(b"\n", b"\r\n"), quoted_printable(mails)):
        output = told(run, clone, patch)
        assert "aws_vpc.main" in output
        assert "var.new" in output


def quoted_printable(mails: bytes) -> bytes:
    """Encode each mail's body as a mail program does that has to keep it to seven bits."""
    from quopri import encodestring

    encoded = []
    for mail in mails.split(b"From ")[1:]:
        head, _, body = mail.partition(b"\n\n")
        kept = [line for line in head.split(b"\n") if b"Transfer-Encoding" not in line]
        head = b"\n".join([*kept, b"Content-Transfer-Encoding: quoted-printable"])
        encoded.append(b"From " + head + b"\n\n" + encodestring(body))
    return b"".join(encoded)


def test_a_patch_that_powershell_saved_is_read(clone: Path, run: Run) -> None:
    text = changed(clone).decode().replace("\n", "\r\n")

    assert "var.new" in told(run, clone, b"\xff\xfe" + text.encode("utf-16-le"))


def test_files_with_crlf_in_git_are_patched(clone: Path, run: Run) -> None:
    (clone / "my net/main.tf").write_bytes(VPC.encode().replace(b"\n", b"\r\n"))
    git(clone, "commit", "-qam", "crlf")
    (clone / "my net/main.tf").write_bytes(WIDER.encode().replace(b"\n", b"\r\n"))
    patch = clone.parent / "patch"
    git(clone, "diff", f"--output={patch}")
    git(clone, "checkout", "-q", ".")
    plain = patch.read_bytes()
    assert b"\r\n" in plain

    assert "aws_vpc.main" in told(run, clone, plain)
    headers = b"".join(line + b"\r\n" for line in plain.replace(b"\r\n", b"\n").split(b"\n")[:-1])
    assert "aws_vpc.main" in told(run, clone, headers)


def test_a_difference_of_two_folders_is_a_patch(clone: Path, tmp_path: Path, run: Run) -> None:
    for name, text in (("old", VPC), ("new", WIDER)):
        (tmp_path / name / "my net").mkdir(parents=True)
        (tmp_path / name / "my net/main.tf").write_text(text)
    patch = git(tmp_path, "diff", "--no-index", "old", "new", expect=1) + "\n"
    traditional = "\n".join(
        line if not line.startswith(("---", "+++")) else line.replace(" a/", " ").replace(" b/", " ")
        for line in patch.splitlines()
        if not line.startswith(("diff", "index"))
    )

    assert "my net/main.tf:1" in told(run, clone, patch.encode())
    assert "my net/main.tf:1" in told(run, clone, f"{traditional}\n".encode())


def test_renames_and_binary_files_are_patched(clone: Path, run: Run) -> None:
    (clone / "logo.bin").write_bytes(bytes(range(256)))
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "logo")
    git(clone, "mv", "my net/main.tf", "my net/vpc.tf")
    (clone / "logo.bin").write_bytes(bytes(range(255)))
    patches = [
        git(clone, *settings, "diff", "--binary", "-M", "HEAD") + "\n"
        for settings in ((), ("-c", "diff.noprefix=true"))
    ]
    without = git(clone, "diff", "HEAD") + "\n"
    git(clone, "reset", "-q", "--hard")

    for patch in patches:
        result = run("review", "-", "-C", clone, input=patch)
        assert result.exit_code == 0, result.output
        assert "logo.bin" in result.output
        assert "aws_vpc" not in result.output
    result = run("review", "-", "-C", clone, input=without)
    assert result.exit_code == 1
    assert "lists logo.bin as binary without its content" in words(result.output)
    assert "git diff --binary" in result.output


def test_a_patch_that_does_not_apply_says_where_and_why(clone: Path, run: Run) -> None:
    patch = changed(clone).decode()

    def refused(text: str) -> str:
        before = git(clone, "status", "--porcelain")
        result = run("review", "-", "-C", clone, input=text)
        assert result.exit_code == 1, result.output
        assert git(clone, "status", "--porcelain") == before
        return words(result.output)

    assert "Standard input is empty: no patch." in refused("")
    assert "Standard input is empty: no patch." in refused(" \n")
    assert "Standard input contains no patch." in refused("hello\n")
    assert "The hunk at my net/main.tf:1 does not match" in refused(patch.replace("10.0.0.0/16", "10.9.0.0/16"))
    assert "changes my net/gone.tf, which HEAD does not have" in refused(
        patch.replace("my net/main.tf", "my net/gone.tf")
    )
    assert "The patch is truncated or edited: line" in refused("\n".join(patch.splitlines()[:7]) + "\n")
    assert "The patch combines patches with different path prefixes." in refused(
        patch + changed(clone, "-c", "diff.noprefix=true").decode()
    )
    assert "invalid path .git/new.tf" in refused(patch.replace("my net/new.tf", ".git/new.tf"))

    (clone / "my net/main.tf").write_text(WIDER)
    (clone / "my net/new.tf").write_text(NEW)
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "same")
    assert "HEAD already contains the changes of the patch." in refused(patch)


def test_a_repository_with_a_colon_in_its_path_is_patched(clone: Path, run: Run) -> None:
    patch = changed(clone)
    other = clone.rename(clone.parent / 'a:b "c"')

    assert "my net/main.tf:1" in told(run, other, patch)


def test_lines_that_look_like_headers_are_none(clone: Path, run: Run) -> None:
    (clone / "my net/main.tf").write_text(f"-- a/b\n++ c\n{VPC}")
    git(clone, "commit", "-qam", "odd")
    (clone / "my net/main.tf").write_text(WIDER.replace("  cidr", "++ d/e/f\n  cidr"))
    patch = git(clone, "diff") + "\n"
    git(clone, "checkout", "-q", ".")
    assert "--- a/b" in patch

    result = run("review", "-", "-C", clone, input=patch)

    assert "my net/main.tf" in result.output
    assert "does not apply" not in result.output


@pytest.mark.parametrize(
    "patch",
    [
        "diff --git " + "a " * 200_000 + "\n@@ -1 +1 @@\n",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" * 3_000,
        "diff --git a/x b/x\n@@ -1,99999999999999999999 +1 @@\n",
    ],
    ids=["words", "mails", "numbers"],
)
def test_a_hostile_patch_is_refused(patch: str, clone: Path, run: Run) -> None:
    result = run("review", "-", "-C", clone, input=patch)

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
