"""Every mode with the numbers of the vendor's guide, as the flags that ask for them."""

from collections.abc import Iterable
from pathlib import Path

from escscaffold.clouds.fact_files import load_cloud, mode_names
from tests.conftest import Run

GCP = ["--cloud", "gcp", "--region", "europe-west2"]
GKE_RANGES = ["--range", "kurrent=172.22.110.0/24", "--range", "nodes=172.30.0.0/16", "--range", "pods=172.31.128.0/17"]
AZURE = ["--cloud", "azure", "--region", "westeurope", "--range", "kurrent=172.22.110.0/24"]
VNET_RANGES = ["--range", "network=172.16.0.0/15", "--range", "nodes=172.16.0.0/16"]
# The guide's node subnet, in two halves: one for nodes, one for pods.
POD_SUBNET_RANGES = [*VNET_RANGES[:2], "--range", "nodes=172.16.0.0/17", "--range", "pods=172.16.128.0/17"]

EKS_RANGES = ["--range", "kurrent=172.29.98.0/24", "--range", "network=172.16.0.0/16"]
EKS_RANGES += ["--range", "nodes-1=172.16.0.0/18", "--range", "nodes-2=172.16.64.0/18"]
EKS = ["--cloud", "aws", "--region", "eu-central-1", *EKS_RANGES]
POD_RANGES = ["--range", "pods-1=100.64.0.0/17", "--range", "pods-2=100.64.128.0/17"]

KURRENT_PROVIDERS = ("kurrentcloud", "eventstorecloud")
GUIDE_VPC = "vpc-0a1b2c3d4e5f60718"

GUIDE = {
    "eks": EKS,
    "eks-auto": EKS,
    "eks-custom": [*EKS, *POD_RANGES],
    "gke-standard": [*GCP, *GKE_RANGES],
    "gke-autopilot": [*GCP, *GKE_RANGES],
    "gke-routes": [*GCP, *GKE_RANGES],
    "aks-cni": [*AZURE, *VNET_RANGES],
    "aks-kubenet": AZURE,
    "aks-kubenet-vnet": [*AZURE, *VNET_RANGES],
    "aks-overlay": [*AZURE, *VNET_RANGES],
    "aks-podsubnet": [*AZURE, *POD_SUBNET_RANGES],
    "aws-existing": [
        *["--cloud", "aws", "--region", "eu-central-1", "--range", "kurrent=172.29.98.0/24"],
        *["--range", "vpc=172.16.0.0/16", "--set", f"existing.network={GUIDE_VPC}"],
    ],
    "gcp-existing": [*GCP, *GKE_RANGES, "--set", "existing.network=vpc-esc"],
    "azure-existing": [
        *[*AZURE, "--range", "vnet=172.16.0.0/15", "--set", "existing.network=vnet-esc"],
        *["--set", "existing.network_resource_group=rg-esc"],
    ],
}

REMOTE = {
    "eks": ["172.16.0.0/16"],
    "eks-auto": ["172.16.0.0/16"],
    "eks-custom": ["172.16.0.0/16"],
    "gke-standard": ["172.30.0.0/15"],
    "gke-autopilot": ["172.30.0.0/15"],
    "gke-routes": ["172.30.0.0/15"],
    "aks-cni": ["172.16.0.0/15"],
    "aks-kubenet": ["10.224.0.0/12"],
    "aks-kubenet-vnet": ["172.16.0.0/15"],
    "aks-overlay": ["172.16.0.0/15"],
    "aks-podsubnet": ["172.16.0.0/15"],
    "aws-existing": ["172.16.0.0/16"],
    "gcp-existing": ["172.30.0.0/15"],
    "azure-existing": ["172.16.0.0/15"],
}


def usual_flags(mode: str) -> list[str]:
    """Return the flags of a mode of which the guide has no numbers: its cloud's region, and the facts' examples."""
    cloud = load_cloud(mode_names()[mode])
    facts = cloud.modes[mode]
    parts = {name: choices[0] for name, choices in facts.parts.items()}
    named = [name for name in facts.existing if parts.get(name.partition("_")[0]) == "existing"]
    examples = sets(f"existing.{name}={facts.existing[name].example}" for name in named)
    return ["--cloud", cloud.name, "--region", cloud.default_region, *examples]


def init_flags(mode: str, environment: str = "prod") -> list[str]:
    """Return the arguments of `init`, after the folder, for a mode with the guide's numbers."""
    return ["--environment", environment, "--mode", mode, *GUIDE[mode], "--yes"]


def sets(settings: Iterable[str]) -> list[str]:
    """Return the flags that ask for these settings."""
    return [word for setting in settings for word in ("--set", setting)]


def write(run: Run, folder: Path, mode: str, settings: Iterable[str] = (), *flags: str) -> Path:
    """Write a repository with these choices, and return its root module."""
    done = run("init", folder, *init_flags(mode), *flags, *sets(settings))
    assert done.exit_code == 0, done.output
    return folder / "environments/prod"


# A new mode is judged by the real terraform before anybody gives it numbers here.
GUIDE |= {mode: usual_flags(mode) for mode in mode_names() if mode not in GUIDE}
