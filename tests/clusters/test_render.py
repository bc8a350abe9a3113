"""What is generated: committed as it is, valid for Kubernetes, and shown in numbers by the verbs."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.testing import CliRunner

from podzol.cli import app
from podzol.cli import cluster as verbs
from podzol.clusters import ClusterSpec, bundled, folder, load_spec, parse_spec
from podzol.clusters.render import PROVIDERS, render
from podzol.clusters.schema import FILE, schema_text
from podzol.clusters.spec import Provider
from podzol.faults import Failure, UserError

ROOT = Path(__file__).parents[2]
CASES = [(name, provider) for name in bundled() for provider in PROVIDERS]


def documents(text: str) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(text) if each]


@pytest.fixture
def karpenter(soil: dict[str, Any]) -> ClusterSpec:
    return parse_spec({**soil, "nodeAutoscaler": "karpenter"})


@pytest.mark.parametrize(("name", "provider"), CASES)
def test_what_is_committed_is_what_would_be_generated(name: str, provider: Provider) -> None:
    assert folder.differences(ROOT / "clusters" / name / provider, render(load_spec(name), provider)) == []


def test_the_committed_schema_is_the_models() -> None:
    assert (ROOT / "clusters" / FILE).read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize(("name", "provider"), CASES)
def test_every_object_is_valid_for_its_kubernetes(name: str, provider: Provider) -> None:
    spec = load_spec(name)
    for file, text in render(spec, provider).items():
        if file.endswith(".yaml") and file not in ("crds.yaml", "cluster.yaml", "cluster-autoscaler-values.yaml"):
            for each in documents(text):
                if "karpenter" not in each["apiVersion"]:
                    kubernetes_validate.validate(each, spec.kubernetes_version, strict=True)


def test_refuses_a_provider_that_the_spec_lacks(soil: dict[str, Any]) -> None:
    del soil["gke"]
    with pytest.raises(UserError) as error:
        render(parse_spec(soil), "gke")
    assert str(error.value) == "gke: must be given to generate for it; name its region and zones in the spec"


def test_pools_with_one_machine_keep_their_own_shape_locally(soil: dict[str, Any]) -> None:
    soil["pools"].append({**soil["pools"][0], "name": "big-disk", "diskGib": 500})
    text = render(parse_spec(soil), "local")["instance-types.json"]
    assert '"m7i.xlarge.cpu-pool"' in text
    assert '"m7i.xlarge.big-disk"' in text
    assert '"g6.2xlarge"' in text


def test_network_access_to_the_api_server_is_narrowed_on_both_clouds(soil: dict[str, Any]) -> None:
    spec = parse_spec({**soil, "apiAccessCidrs": ["203.0.113.0/24"]})
    (config,) = documents(render(spec, "eks")["cluster.yaml"])
    assert config["vpc"]["publicAccessCIDRs"] == ["203.0.113.0/24"]
    assert (
        "--enable-master-authorized-networks --master-authorized-networks=203.0.113.0/24"
        in render(spec, "gke")["create.sh"]
    )


def test_a_bucket_gives_a_namespace_or_one_service_account_its_role(soil: dict[str, Any]) -> None:
    soil["buckets"] = [{"name": "datasets", "readers": ["soil/data-api"], "writers": ["lab"]}]
    script = render(parse_spec(soil), "gke")["create.sh"]
    whose = "iam.googleapis.com/$POOL_OF_IDENTITIES"
    assert f'grant "$BUCKET" roles/storage.objectViewer "principal://{whose}/subject/ns/soil/sa/data-api"' in script
    assert f'grant "$BUCKET" roles/storage.objectUser "principalSet://{whose}/namespace/lab"' in script


def test_karpenter_gets_node_pools_instead_of_managed_groups(karpenter: ClusterSpec) -> None:
    files = render(karpenter, "eks")
    (config,) = documents(files["cluster.yaml"])
    assert [group["name"] for group in config["managedNodeGroups"]] == ["system"]
    assert [each["metadata"]["name"] for each in documents(files["node-pools.yaml"]) if each["kind"] == "NodePool"] == [
        "cpu-pool",
        "gpu-pool",
    ]
    assert "cluster-autoscaler-values.yaml" not in files


def test_what_karpenter_may_change_on_aws_is_the_clusters_own(karpenter: ClusterSpec) -> None:
    """Every change is bound to a tag, an ARN or the launch of what carries one; only reads are open."""
    (stack,) = documents(render(karpenter, "eks")["karpenter-stack.yaml"])
    for statement in stack["Resources"]["ControllerPolicy"]["Properties"]["PolicyDocument"]["Statement"]:
        reads = all(action.split(":")[1].startswith(("Describe", "Get", "List")) for action in statement["Action"])
        bound = "Condition" in statement or statement["Sid"] in ("Launch", "ReadInterruptions")
        assert reads or bound, statement["Sid"]
        assert "*" not in statement["Resource"] or reads, statement["Sid"]


def test_writing_leaves_no_file_of_an_earlier_spec_and_touches_no_other(tmp_path: Path, soil: dict[str, Any]) -> None:
    (tmp_path / "notes.md").write_text("mine")
    folder.write(tmp_path, render(parse_spec({**soil, "nodeAutoscaler": "karpenter"}), "eks"))
    folder.write(tmp_path, render(parse_spec(soil), "eks"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cluster-autoscaler-values.yaml",
        "cluster.yaml",
        "create.sh",
        "delete.sh",
        "notes.md",
        "nvidia-device-plugin.yaml",
        "storage-classes.yaml",
    ]
    assert (tmp_path / "create.sh").stat().st_mode & 0o111


def test_checking_names_every_difference(tmp_path: Path, soil: dict[str, Any]) -> None:
    files = render(parse_spec(soil), "gke")
    folder.write(tmp_path, files)
    (tmp_path / "delete.sh").write_bytes(b"\xff")
    (tmp_path / "storage-classes.yaml").unlink()
    (tmp_path / "old.yaml").write_text("# Generated by `podzol cluster render soil --provider gke`.")
    (tmp_path / "create.sh").chmod(0o644)
    with pytest.raises(Failure) as error:
        folder.check({tmp_path: files})
    assert str(error.value) == "\n".join(
        [
            f"{tmp_path}/create.sh can't be run",
            f"{tmp_path}/delete.sh differs",
            f"{tmp_path}/storage-classes.yaml is missing",
            f"{tmp_path}/old.yaml is no longer generated",
            "write it again without --check, and look at the difference",
        ]
    )


@pytest.fixture(scope="session")
def podzol() -> CliRunner:
    if not any(group.name == "cluster" for group in app.registered_groups):
        verbs.register(app)
    return CliRunner()


def test_the_verb_writes_and_then_finds_no_difference(podzol: CliRunner, tmp_path: Path) -> None:
    words = ["cluster", "render", "soil", "--provider", "gke", "--out", str(tmp_path)]
    written = podzol.invoke(app, words)
    assert written.output == f"{tmp_path}/soil/gke: create.sh, delete.sh, storage-classes.yaml\n"
    checked = podzol.invoke(app, [*words, "--check"])
    assert checked.output == f"{tmp_path} is what the specs make: 1 folders\n"


def test_the_verb_shows_what_the_bundled_specs_cost(podzol: CliRunner) -> None:
    lines = podzol.invoke(app, ["cluster", "list"]).output.splitlines()
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "soil cpu-pool 1..6, gpu-pool 0..4 0.17 to 4.58 0.18 to 4.00",
        "soil-small cpu-pool 1..3, gpu-pool 0..1 0.13 to 0.73 0.14 to 0.76",
    ]


def test_the_verb_shows_pools_and_their_price(podzol: CliRunner) -> None:
    output = podzol.invoke(app, ["cluster", "show", "soil", "--provider", "gke"]).output
    assert "soil on GKE, us-central1" in output
    assert "0.18 to 4.00 USD an hour with the control plane (0.10)" in output


def test_the_verb_refuses_another_provider(podzol: CliRunner) -> None:
    result = podzol.invoke(app, ["cluster", "render", "soil", "--provider", "aks"])
    assert str(result.exception) == '--provider: must be one of eks, gke, local, got "aks"'


def test_the_verb_lists_machines_with_gpus(podzol: CliRunner) -> None:
    output = podzol.invoke(app, ["cluster", "machines", "gke", "--gpu"]).output
    assert "g2-standard-8" in output
    assert "e2-standard-4" not in output
