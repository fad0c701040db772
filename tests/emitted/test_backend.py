"""Where Terraform keeps the state: what is asked for, what is refused, and the real terraform with each."""

from pathlib import Path

import pytest

from tests.conftest import Run, Terraform, terraform_in
from tests.emitted.guide import init_flags, sets
from tests.emitted.judging import judge
from tests.properties import in_full
from tests.terraform.attached import reattaching, schema_providers
from tests.terraform.emulated_aws import emulated_aws
from tests.terraform.root import require
from tests.terraform.schema import schema_folder
from tests.terraform.store import Store

S3 = ["backend.type=s3", "backend.bucket=acme-terraform-state", "backend.region=eu-central-1"]
GCS = ["backend.type=gcs", "backend.bucket=acme-terraform-state", "backend.prefix=shared/kurrent"]
AZURE = ["backend.type=azurerm", "backend.storage_account_name=acmestate", "backend.container_name=tfstate"]


def flags(*settings: str) -> list[str]:
    return [*init_flags("gcp-existing"), *sets(settings)]


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        (S3, ['backend "s3" {', 'key          = "kurrent/prod/terraform.tfstate"', "use_lockfile = true"]),
        (S3, ["encrypt      = true", 'bucket       = "acme-terraform-state"']),
        (GCS, ['backend "gcs" {', 'prefix = "shared/kurrent/prod"']),
        (
            AZURE,
            ['backend "azurerm" {', 'key                  = "kurrent/prod.tfstate"', "use_azuread_auth     = true"],
        ),
    ],
)
def test_each_environment_has_a_state_of_its_own(
    settings: list[str], lines: list[str], tmp_path: Path, run: Run
) -> None:
    assert run("init", tmp_path / "net", *flags(*settings)).exit_code == 0
    text = (tmp_path / "net/environments/prod/backend.tf").read_text()

    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["backend.bucket=acme"], "The backend type is missing"),
        (["backend.type=s4"], "'s4' is not a supported backend"),
        (["backend.type=s3", "backend.region=eu-central-1"], "bucket is missing (name of the existing bucket)"),
        ([*S3, "backend.prefix=../other"], "Invalid prefix '../other'"),
        ([*S3, "backend.key=other"], "Unknown key 'key'"),
        ([*S3, "backend.secret_key=x"], "secret_key is a credential"),
        ([*AZURE, "backend.access_key=x"], "Terraform reads ARM_ACCESS_KEY from the environment"),
        ([*AZURE, "backend.container_name=a--b"], "container_name"),
    ],
)
def test_what_no_backend_takes_is_refused(settings: list[str], words: str, tmp_path: Path, run: Run) -> None:
    done = run("init", tmp_path / "net", *flags(*settings))

    assert done.exit_code == 2
    assert words in " ".join(done.output.split())


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(S3, id="s3"),
        pytest.param(GCS, id="gcs", marks=in_full),
        pytest.param(AZURE, id="azurerm", marks=in_full),
    ],
)
def test_terraform_takes_it(settings: list[str], tmp_path: Path, run: Run, terraform: Terraform) -> None:
    assert run("init", tmp_path / "net", *flags(*settings)).exit_code == 0

    assert "Success!" in judge(terraform, tmp_path / "net", "prod", "connection_string")
    readme = (tmp_path / "net/README.md").read_text()
    assert "terraform -chdir=environments/prod init -migrate-state" in readme


def test_the_state_moves_to_a_bucket_and_is_locked_there(
    tmp_path: Path, run: Run, terraform_environment: dict[str, str]
) -> None:
    require(schema_folder().is_dir(), "the stand-in for Kurrent Cloud is made of the providers' schemas")
    repository, key = tmp_path / "net", "kurrent/prod/terraform.tfstate"
    root = repository / "environments/prod"
    assert run("init", repository, *flags()).exit_code == 0
    with emulated_aws() as aws, schema_providers(schema_folder(), Store(tmp_path / "store")) as servers:
        terraform = terraform_in(terraform_environment | reattaching(servers) | aws.environment)
        bucket = aws.client("s3", "eu-central-1")
        bucket.create_bucket(
            Bucket="acme-terraform-state", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        made = ["-auto-approve", "-input=false", "-target=module.kurrent_network"]
        terraform(root, "init")
        terraform(root, "apply", *made)

        spec = repository / "escscaffold.toml"
        table = "".join(
            f'{name.removeprefix("backend.")} = "{value}"\n' for name, _, value in (s.partition("=") for s in S3)
        )
        spec.write_text(spec.read_text().replace("version = 1\n", f"version = 1\n\n[backend]\n{table}"))
        assert run("generate", "-C", repository).exit_code == 0
        # The emulator has no name for each bucket.
        terraform(root, "init", "-migrate-state", "-force-copy", "-backend-config=use_path_style=true")

        assert "kurrentcloud_network.this" in terraform(root, "state", "list").stdout
        assert bucket.head_object(Bucket="acme-terraform-state", Key=key)["ServerSideEncryption"] == "AES256"
        bucket.put_object(Bucket="acme-terraform-state", Key=f"{key}.tflock", Body=b'{"ID": "1", "Who": "somebody"}')
        told = terraform(root, "apply", *made, "-no-color", expect=1)
        assert "Error acquiring the state lock" in told.stderr
        assert "somebody" in told.stderr
