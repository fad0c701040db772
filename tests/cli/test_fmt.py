"""`escscaffold fmt` as a person, CI and a hook call it."""

from pathlib import Path

from tests.cli.conftest import EKS, GKE, said
from tests.conftest import Run

UGLY = "version=1\n[reserved]\noffice =  '10.8.0.0/16' # ours\n"
NEAT = 'version = 1\n\n[reserved]\noffice = "10.8.0.0/16"  # ours\n'


def spec_in(folder: Path, text: str = UGLY) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    spec = folder / "escscaffold.toml"
    spec.write_bytes(text.encode())
    return spec


def test_the_spec_is_laid_out(tmp_path: Path, run: Run) -> None:
    spec = spec_in(tmp_path)

    result = run("fmt", "-C", tmp_path)

    assert result.exit_code == 0
    assert result.output == "formatted escscaffold.toml\n"
    assert spec.read_text() == NEAT
    again = run("fmt", "-C", tmp_path)
    assert (again.exit_code, again.output) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["escscaffold.toml"]


def test_check_and_diff_write_nothing(tmp_path: Path, run: Run) -> None:
    spec = spec_in(tmp_path)

    check, diff = run("fmt", "-C", tmp_path, "--check"), run("fmt", "-C", tmp_path, "--diff", "--quiet")

    assert (check.exit_code, check.output) == (3, "would format escscaffold.toml\n")
    assert diff.exit_code == 3
    assert "-version=1\n+version = 1\n" in diff.output
    assert spec.read_text() == UGLY
    spec.write_text(NEAT)
    assert run("fmt", "-C", tmp_path, "--check").exit_code == 0
    assert run("fmt", "-C", tmp_path, "--diff").exit_code == 0


def test_several_files_are_named(tmp_path: Path, run: Run) -> None:
    one, other = spec_in(tmp_path / "one"), spec_in(tmp_path / "other", NEAT)

    result = run("fmt", "one/escscaffold.toml", "other/escscaffold.toml", "-C", tmp_path)

    assert result.output.split() == ["formatted", "one/escscaffold.toml"]
    assert one.read_text() == other.read_text() == NEAT


def test_what_cannot_be_read_is_told_and_left(tmp_path: Path, run: Run) -> None:
    spec = spec_in(tmp_path, "version = = 1\n")

    broken = run("fmt", "-C", tmp_path)

    assert broken.exit_code == 1
    assert "ESC001 escscaffold.toml:1:11:" in said(broken)
    assert spec.read_text() == "version = = 1\n"
    assert run("fmt", "-C", tmp_path / "nowhere").exit_code == 1


def test_a_file_that_cannot_be_read_leaves_the_others_as_they_are(tmp_path: Path, run: Run) -> None:
    one, broken = spec_in(tmp_path / "one"), spec_in(tmp_path / "other", "version = = 1\n")

    result = run("fmt", one, broken)

    assert result.exit_code == 1
    assert "ESC001" in said(result)
    assert one.read_text() == UGLY


def test_a_link_is_not_written_through(tmp_path: Path, run: Run) -> None:
    elsewhere = spec_in(tmp_path / "elsewhere")
    (tmp_path / "here").mkdir()
    (tmp_path / "here/escscaffold.toml").symlink_to(elsewhere)

    result = run("fmt", "-C", tmp_path / "here")

    assert result.exit_code == 1
    assert "is a symbolic link" in said(result)
    assert elsewhere.read_text() == UGLY
    look = run("fmt", "-C", tmp_path / "here", "--diff")
    assert look.exit_code == 1
    assert "10.8.0.0" not in said(look)


def test_what_escscaffold_writes_is_laid_out_already(tmp_path: Path, run: Run) -> None:
    net = tmp_path / "net"
    (tmp_path / "offices.txt").write_text("10.8.0.0/16\n")
    need = "pods={nodes=10,pods_per_node=30}"
    run("init", net, *GKE, "--yes", "--range", need, "--ci", "github,gitlab", "--pool", "corp=10.64.0.0/12")
    run("add", "dev", "-C", net, *EKS, "--yes")
    run("set", "-C", net, 'dev.kubernetes.endpoint_access_ranges=["198.51.100.0/24"]', "dev.tags.team=a")
    run("scan", "-C", net, tmp_path / "offices.txt", "--reserve")

    text = (net / "escscaffold.toml").read_text()

    assert run("fmt", "-C", net, "--diff").output == ""
    assert "team" in text
    assert "10.8.0.0/16" in text
