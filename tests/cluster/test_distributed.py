"""Several pods that train as one, with the real controllers: of Jobs, of JobSets, and Kubeflow Trainer."""

import base64
import ipaddress
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from podzol.local.cluster import Cluster
from podzol.local.helm import Helm, Release, load
from podzol.local.ports import choose, is_free
from podzol.local.toolchain import require

CHART = Path(__file__).parents[2] / "charts" / "gpu-batch-job"
DEADLINE_SECONDS = 60
NEVER_ENDS = {"podAnnotations": {"podzol.dev/simulated-duration": "1h"}}

Values = dict[str, Any]
Install = Callable[[Values], list[dict[str, Any]]]


def ranks(kind: str, **more: Any) -> Values:
    distributed = {"enabled": True, "kind": kind, "nodes": 4, "startTogether": {"enabled": True}}
    return {"distributed": distributed, "resources": {"requests": {"cpu": 1}}, **more}


@pytest.fixture
def install(helm_of: Helm, namespace: str, values_file: Callable[[Values], Path]) -> Install:
    """Installs the Helm chart as `train`, without waiting; gives what is in the cluster then."""

    def go(values: Values) -> list[dict[str, Any]]:
        release = Release("train", namespace, CHART, values_file(values))
        helm_of.run("install", "train", str(CHART), "--namespace", namespace, *release.values_arguments)
        return helm_of.objects(release)

    return go


@pytest.fixture
def pods(cluster: Cluster, namespace: str) -> Callable[[int], list[dict[str, Any]]]:
    """Waits for so many running pods of `train`, none of them ending; gives them by rank."""

    def running(count: int) -> list[dict[str, Any]]:
        def found() -> list[dict[str, Any]] | None:
            every = cluster.kubectl.items("pods", "-n", namespace, "-l", "app.kubernetes.io/instance=train")
            there = [pod for pod in every if pod["status"].get("phase") == "Running" and not ending(pod)]
            return sorted(there, key=rank) if len(there) == count else None

        return wait_for(found, f"{count} running pods")

    return running


def ending(pod: dict[str, Any]) -> bool:
    return "deletionTimestamp" in pod["metadata"]


def rank(pod: dict[str, Any]) -> int:
    return int(pod["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"])


def wait_for(found: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
        time.sleep(0.1)
    raise AssertionError(f"there were never {what}")


def end(cluster: Cluster, pod: dict[str, Any], exit_code: int, *, disrupted: bool = False) -> None:
    """Play the kubelet: the pod has ended so."""
    lost = [{"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"}] if disrupted else []
    state = {"terminated": {"exitCode": exit_code, "reason": "Error" if exit_code else "Completed"}}
    name, phase = pod["spec"]["containers"][0]["name"], "Failed" if exit_code else "Succeeded"
    container = {"name": name, "image": name, "imageID": "", "ready": False, "restartCount": 0, "state": state}
    status = {"phase": phase, "conditions": lost, "containerStatuses": [container]}
    about = pod["metadata"]
    patch = json.dumps({"status": status})
    where = ("-n", about["namespace"], "--subresource=status", "--type=merge")
    cluster.kubectl.run("patch", "pod", about["name"], *where, "-p", patch)


def host_names(pods: list[dict[str, Any]]) -> list[str]:
    return [f"{pod['spec']['hostname']}.{pod['spec']['subdomain']}" for pod in pods]


def test_the_pods_of_a_plain_job_find_each_other_by_name_and_a_lost_one_comes_back(
    cluster: Cluster, namespace: str, install: Install, pods: Any
) -> None:
    objects = {each["kind"]: each for each in install(ranks("job") | NEVER_ENDS)}
    name, service = objects["Job"]["metadata"]["name"], objects["Service"]["metadata"]["name"]
    found = pods(4)
    assert host_names(found) == [f"{name}-{number}.{service}" for number in range(4)]
    told = {each["name"]: each.get("value", "") for each in found[0]["spec"]["containers"][0]["env"]}
    assert told["MASTER_ADDR"].replace("$(PODZOL_JOB_NAME)", name) == host_names(found)[0]

    def known() -> bool | None:
        label = f"kubernetes.io/service-name={service}"
        slices = cluster.kubectl.items("endpointslices", "-n", namespace, "-l", label)
        hosts = {each.get("hostname") for part in slices for each in part.get("endpoints") or []}
        return hosts == {f"{name}-{number}" for number in range(4)} or None

    wait_for(known, "four ranks behind the Service")
    end(cluster, found[2], 1)
    again = pods(4)
    assert host_names(again) == host_names(found)
    assert again[2]["metadata"]["name"] != found[2]["metadata"]["name"]


def certificate(folder: Path) -> str:
    """A self-signed certificate for 127.0.0.1, where controller-runtime looks for one; gives it in base64."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jobset")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = made.add_extension(loopback, critical=False).sign(key, hashes.SHA256())
    place = folder / "k8s-webhook-server" / "serving-certs"
    place.mkdir(parents=True)
    pem = signed.public_bytes(serialization.Encoding.PEM)
    (place / "tls.crt").write_bytes(pem)
    form, clear = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (place / "tls.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, clear))
    return base64.b64encode(pem).decode()


def settings_of(group: str, webhook: int, certificates: str) -> dict[str, Any]:
    """The configuration file of a controller, which JobSet's and Trainer's read alike but for two words."""
    return {
        "apiVersion": f"config.{group}/v1alpha1",
        "kind": "Configuration",
        "leaderElection": {"leaderElect": False},
        certificates: {"enable": False},
        "webhook": {"port": webhook, "host": "127.0.0.1"},
        "metrics": {"bindAddress": "0"},
        "health": {"healthProbeBindAddress": "0"},
    }


@contextmanager
def controller(cluster: Cluster, name: str, group: str, certificates: str, folder: Path) -> Iterator[None]:
    """A real controller as a process, its kinds, and its webhooks for them."""
    documents = require(f"{name}-manifests").read_text().split("\n---\n")
    kinds = [each for each in documents if "\nkind: CustomResourceDefinition\n" in each]  # too long to read them here
    webhooks = load("\n---\n".join(each for each in documents if each not in kinds))
    cluster.kubectl.add_kinds("\n---\n".join(kinds))
    (port,) = choose(1, ())
    authority = certificate(folder)
    for configuration in webhooks:
        configuration["metadata"]["name"] = f"{name}-{configuration['kind'].lower()}"
        configuration["webhooks"] = [each for each in configuration["webhooks"] if name in each["name"]]
        for each in configuration["webhooks"]:
            path = each["clientConfig"]["service"]["path"]
            each["clientConfig"] = {"url": f"https://127.0.0.1:{port}{path}", "caBundle": authority}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings_of(group, port, certificates)))
    environment = os.environ | {"KUBECONFIG": str(cluster.kubeconfig), "TMPDIR": str(folder)}
    with (folder / "log").open("w") as log:
        command = [require(name), "--config", folder / "config.yaml"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(lambda: None if is_free(port) else True, f"an answer of {name}")
            cluster.kubectl.apply(yaml.safe_dump_all(webhooks))
            yield
        finally:
            for configuration in webhooks:
                kind, called = configuration["kind"], configuration["metadata"]["name"]
                cluster.kubectl.run("delete", kind, called, "--ignore-not-found")
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def job_set_controller(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The real JobSet controller."""
    folder = tmp_path_factory.mktemp("jobset")
    with controller(cluster, "jobset", "jobset.x-k8s.io", "internalCertManagement", folder):
        yield


@pytest.fixture(scope="module")
def trainer(job_set_controller: None, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The real Kubeflow Trainer, which makes JobSets."""
    folder = tmp_path_factory.mktemp("trainer")
    with controller(cluster, "trainer", "trainer.kubeflow.org", "certManagement", folder):
        yield


def test_a_job_set_starts_all_again_when_a_machine_is_lost_and_ends_on_a_fatal_exit_code(
    job_set_controller: None, cluster: Cluster, namespace: str, install: Install, pods: Any
) -> None:
    (job_set,) = (each for each in install(ranks("jobset") | NEVER_ENDS) if each["kind"] == "JobSet")
    name = job_set["metadata"]["name"]
    first = pods(4)
    assert host_names(first) == [f"{name}-node-0-{number}.train-gpu-batch-job-ranks" for number in range(4)]
    end(cluster, first[1], 137, disrupted=True)
    gone = {pod["metadata"]["uid"] for pod in first}

    def new_ones() -> list[dict[str, Any]] | None:
        found = pods(4)
        return None if gone & {pod["metadata"]["uid"] for pod in found} else found

    second = wait_for(new_ones, "four new pods")
    status = cluster.kubectl.get("jobset", name, "-n", namespace)["status"]
    assert (status["restarts"], status.get("restartsCountTowardsMax", 0)) == (1, 0)
    assert host_names(second) == host_names(first)
    end(cluster, second[3], 42)
    cluster.kubectl.run("wait", "--for=condition=Failed", f"jobset/{name}", "-n", namespace, "--timeout=30s")


def test_trainer_makes_the_ranks_of_a_train_job_and_the_train_job_ends_with_them(
    trainer: None, cluster: Cluster, namespace: str, install: Install, pods: Any
) -> None:
    objects = {each["kind"]: each for each in install(ranks("trainjob") | NEVER_ENDS)}
    name = objects["TrainJob"]["metadata"]["name"]
    assert objects["TrainingRuntime"]["metadata"]["name"] == name
    found = pods(4)
    assert host_names(found) == [f"{name}-node-0-{number}.train-gpu-batch-job-ranks" for number in range(4)]
    told = {each["name"]: each.get("value", "") for each in found[0]["spec"]["containers"][0]["env"]}
    job_name = found[0]["metadata"]["labels"]["batch.kubernetes.io/job-name"]
    assert told["MASTER_ADDR"].replace("$(PODZOL_JOB_NAME)", job_name) == host_names(found)[0]
    for pod in found:
        end(cluster, pod, 0)
    cluster.kubectl.run("wait", "--for=condition=Complete", f"trainjob/{name}", "-n", namespace, "--timeout=30s")
