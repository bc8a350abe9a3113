"""Podzol's constructs and those of cdk8s-plus take each other."""

import podzol

# isort: split
import cdk8s
import cdk8s_plus_28 as kplus
from cdk8s import Chart, Size

VALUES = {"image": {"repository": "ghcr.io/soil/api", "tag": "1.0"}}


def of_kind(chart: Chart, kind: str) -> list[dict]:
    return [manifest for manifest in cdk8s.Testing.synth(chart) if manifest["kind"] == kind]


def test_a_deployment_of_cdk8s_plus_mounts_a_dataset(chart: Chart) -> None:
    spectra = podzol.DatasetVolume(chart, "spectra", {"size": "20Gi"})
    volume = kplus.Volume.from_persistent_volume_claim(chart, "volume", spectra, read_only=True)
    deployment = kplus.Deployment(chart, "notebook", replicas=1)
    container = deployment.add_container(image="ghcr.io/soil/notebook:1.0")
    container.mount("/data", volume)
    [manifest] = of_kind(chart, "Deployment")
    pod = manifest["spec"]["template"]["spec"]
    [claim] = [volume["persistentVolumeClaim"] for volume in pod["volumes"]]
    assert claim == {"claimName": "spectra-dataset-volume", "readOnly": True}
    assert [mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]] == ["/data"]


def test_a_workload_mounts_a_dataset_by_the_construct_itself(chart: Chart) -> None:
    spectra = podzol.DatasetVolume(chart, "spectra", {"size": "20Gi"})
    podzol.CpuAutoscaledService(chart, "api", {**VALUES, "datasets": [{"claim": spectra, "path": "/data"}]})
    [deployment] = of_kind(chart, "Deployment")
    volumes = deployment["spec"]["template"]["spec"]["volumes"]
    assert {"claimName": "spectra-dataset-volume"} in [volume.get("persistentVolumeClaim") for volume in volumes]


def test_a_workload_mounts_a_claim_of_cdk8s_plus(chart: Chart) -> None:
    claim = kplus.PersistentVolumeClaim(
        chart,
        "scratch",
        access_modes=[kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
        storage=Size.gibibytes(1),
    )
    podzol.CpuBatchJob(chart, "assembly", {"datasets": [{"claim": claim, "path": "/data"}]})
    [job] = of_kind(chart, "Job")
    volumes = job["spec"]["template"]["spec"]["volumes"]
    assert {"claimName": claim.name} in [volume.get("persistentVolumeClaim") for volume in volumes]


def test_a_service_takes_a_secret_a_config_map_and_a_service_account_of_cdk8s_plus(chart: Chart) -> None:
    secret = kplus.Secret(chart, "database", string_data={"password": "unsaid"})
    config = kplus.ConfigMap(chart, "endpoints", data={"URL": "http://soil"})
    account = kplus.ServiceAccount(chart, "reader")
    podzol.CpuAutoscaledService(
        chart,
        "api",
        {
            **VALUES,
            "secretEnv": {"PASSWORD": {"secret": secret, "key": "password"}},
            "envFromConfigMaps": [config],
            "serviceAccount": {"create": False, "name": account},
        },
    )
    [deployment] = of_kind(chart, "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    [container] = pod["containers"]
    [password] = container["env"]
    assert password["valueFrom"]["secretKeyRef"] == {"name": secret.name, "key": "password"}
    assert container["envFrom"] == [{"configMapRef": {"name": config.name}}]
    assert pod["serviceAccountName"] == account.name


def test_dependencies_hold_between_the_two(chart: Chart) -> None:
    job = podzol.CpuBatchJob(chart, "assembly")
    secret = kplus.Secret(chart, "database", string_data={"password": "unsaid"})
    ingest = kplus.Deployment(chart, "ingest", containers=[kplus.ContainerProps(image="ghcr.io/soil/ingest:1.0")])
    job.node.add_dependency(secret)
    ingest.node.add_dependency(job)
    kinds = [manifest["kind"] for manifest in cdk8s.Testing.synth(chart)]
    assert kinds.index("Secret") < kinds.index("Job") < kinds.index("Deployment")
