"""Pods that really run on a real control plane: what Kubernetes says of them, what kubectl gets out of them, and the
labs of the docs, which go on meanwhile on the same cluster."""

import os
import pty
import signal
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import labs
import pytest

from podzol.kubelet.usage import processes, tree
from podzol.local import programs
from podzol.local.cluster import Cluster
from podzol.local.processes import commands, ids_under
from podzol.local.services import address_of
from podzol.local.toolchain import require

pytestmark = pytest.mark.cluster
Object = dict[str, Any]


@pytest.fixture(scope="module")
def pages(
    real: Cluster,
    shell: Callable[[str, Path], labs.Done],
    blocks: Callable[[Path], list[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[labs.Pages]:
    """Every page, being done."""
    with ThreadPoolExecutor(labs.AT_ONCE) as pool:
        yield labs.begin(pool, lambda name, script: shell(script, tmp_path_factory.mktemp(name)), blocks)


@pytest.fixture(scope="module")
def pods(real: Cluster, pages: labs.Pages) -> Cluster:
    """The cluster with the pods of behaviour.yaml."""
    real.kubectl.run("apply", "-f", str(Path(__file__).with_name("behaviour.yaml")))
    return real


def wait(cluster: Cluster, name: str, path: str, value: str) -> Object:
    """The pod, once a field of it has a value."""
    cluster.kubectl.run("wait", name, f"--for=jsonpath={{{path}}}={value}", "--timeout=60s")
    return cluster.kubectl.get(*name.split("/"))


def main(pod: Object) -> Object:
    """The status of its main container."""
    return pod["status"]["containerStatuses"][0]


def test_a_pod_runs_its_containers_in_order_with_their_files_and_environment(pods: Cluster) -> None:
    pod = wait(pods, "pod/whole", ".status.phase", "Succeeded")
    assert pods.kubectl.run("logs", "whole", "-c", "main").splitlines() == [
        "from before",
        "depth: 30",
        "E s3cret cpu-pool-0 65532 64",
        "the image is not written",
    ]
    assert main(pod)["state"]["terminated"]["reason"] == "Completed"
    assert [each["state"]["terminated"]["exitCode"] for each in pod["status"]["initContainerStatuses"]] == [0, 0]


def test_a_failure_keeps_its_code_and_its_last_words(pods: Cluster) -> None:
    ended = main(wait(pods, "pod/fails", ".status.phase", "Failed"))["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"], ended["message"]) == (42, "Error", "no reads\n")


def test_a_container_over_its_memory_limit_is_killed_for_it(pods: Cluster) -> None:
    ended = main(wait(pods, "pod/greedy", ".status.phase", "Failed"))["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "OOMKilled")


PULL = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}
CONFIG = {"CreateContainerConfigError": "CreateContainerConfigError"}
CREATE = {"CreateContainerError": "CreateContainerError"}


@pytest.mark.parametrize(
    ("name", "reasons", "said"),
    [
        ("unknown", PULL, "no program of this machine stands for image"),
        ("misconfigured", CONFIG, 'configmap "gone" not found'),
        ("unstartable", CREATE, "embedded null byte"),
    ],
)
def test_what_can_not_start_waits_with_a_reason_and_an_event(
    pods: Cluster, name: str, reasons: dict[str, str], said: str
) -> None:
    path = "jsonpath={.status.containerStatuses[0].state.waiting.message}"
    pods.kubectl.run("wait", f"pod/{name}", f"--for={path}", "--timeout=60s")
    pod = pods.kubectl.get("pod", name)
    waiting = main(pod)["state"]["waiting"]
    assert pod["status"]["phase"] == "Pending"
    assert waiting["reason"] in reasons
    assert said in waiting["message"]
    assert said in pods.kubectl.run("events", "--for", f"pod/{name}", "--types=Warning")
    log = kubectl(pods, "logs", name)
    start = f'Error from server (BadRequest): container "main" in pod "{name}" is waiting to start: '
    assert log.stderr.removeprefix(start).rstrip() in reasons.values()


def test_a_pod_that_takes_too_long_has_failed(pods: Cluster) -> None:
    pod = wait(pods, "pod/late", ".status.phase", "Failed")
    assert pod["status"]["reason"] == "DeadlineExceeded"


def test_a_container_that_is_not_alive_is_stopped_by_its_hook_and_started_again(pods: Cluster) -> None:
    pod = wait(pods, "pod/sick", ".status.containerStatuses[0].restartCount", "1")
    assert main(pod)["lastState"]["terminated"]["exitCode"] == 143
    assert "failed liveness probe, will be restarted" in pods.kubectl.run("events", "--for", "pod/sick")
    wait(pods, "pod/sick", ".status.containerStatuses[0].ready", "true")


@pytest.fixture(scope="module")
def twins(pods: Cluster) -> list[str]:
    """Names of two pods that listen on the same port."""
    pods.kubectl.run("rollout", "status", "deployment/twins", "--timeout=60s")
    return [pod["metadata"]["name"] for pod in pods.kubectl.items("pods", "-l", "app=twins")]


def test_a_service_is_at_a_port_of_this_machine_and_gives_each_pod_its_share(pods: Cluster, twins: list[str]) -> None:
    url = f"http://{address_of(pods, 'default', 'twins', '80')}"
    answers = [urllib.request.urlopen(url, timeout=10).read().decode() for _ in range(6)]
    assert sorted(answers) == sorted(3 * twins)


def test_pods_find_services_by_their_names(pods: Cluster, twins: list[str]) -> None:
    url = "http://twins.default.svc.cluster.local"
    program = f"import urllib.request; print(urllib.request.urlopen('{url}').read().decode())"
    assert pods.kubectl.run("exec", twins[0], "--", "python3", "-c", program).strip() in twins


def test_a_command_runs_in_a_pod_with_its_input_and_gives_its_exit_code(pods: Cluster, twins: list[str]) -> None:
    assert pods.kubectl.run("exec", "-i", twins[0], "--", "tr", "a-z", "A-Z", stdin="podzol\n") == "PODZOL\n"
    failed = kubectl(pods, "exec", twins[0], "--", "sh", "-c", "echo worse >&2; exit 3")
    assert (failed.returncode, failed.stderr) == (3, "worse\ncommand terminated with exit code 3\n")


def test_a_command_has_a_terminal_when_it_asks_for_one(pods: Cluster, twins: list[str]) -> None:
    ours, theirs = pty.openpty()
    command = [
        str(require("kubectl")),
        "exec",
        "-it",
        twins[0],
        "--",
        "sh",
        "-c",
        "test -t 0 && echo on $(tty); exit 5",
    ]
    environment = os.environ | {"KUBECONFIG": str(pods.kubeconfig)}
    process = subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        said = terminal.read(100)
        assert process.wait(20) == 5
    assert said.startswith(b"on /dev/pts/")


def test_what_is_typed_reaches_a_container_that_reads_it(pods: Cluster) -> None:
    how = ("run", "typed", "--image=busybox", "--restart=Never", "--stdin", "--rm", "--quiet", "--command")
    assert pods.kubectl.run(*how, "--", "tr", "a-z", "A-Z", stdin="podzol\n").startswith("PODZOL\n")


def test_files_are_copied_into_a_pod_and_out_of_it(pods: Cluster, twins: list[str], tmp_path: Path) -> None:
    (tmp_path / "there").write_text("30 cm\n")
    pods.kubectl.run("cp", str(tmp_path / "there"), f"{twins[0]}:/tmp/depth")
    pods.kubectl.run("cp", f"{twins[0]}:/tmp/depth", str(tmp_path / "back"))
    assert (tmp_path / "back").read_text() == "30 cm\n"


def test_the_log_of_the_run_before_can_be_read(pods: Cluster) -> None:
    wait(pods, "pod/sick", ".status.containerStatuses[0].restartCount", "1")
    assert pods.kubectl.run("logs", "sick", "--previous") == "run\n"


def kubectl(cluster: Cluster, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The finished command, whatever its exit code."""
    environment = os.environ | {"KUBECONFIG": str(cluster.kubeconfig)}
    command = [str(require("kubectl")), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def forwarded(pods: Cluster, twins: list[str]) -> Iterator[str]:
    """URL of a port that is forwarded to a pod."""
    environment = os.environ | {"KUBECONFIG": str(pods.kubeconfig)}
    command = [str(require("kubectl")), "port-forward", twins[1], ":80"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield "http://" + process.stdout.readline().split()[2]
    process.terminate()
    process.wait(10)


def test_a_port_of_a_pod_is_forwarded(forwarded: str, twins: list[str]) -> None:
    answers = [urllib.request.urlopen(forwarded, timeout=10).read().decode() for _ in range(3)]
    assert answers == 3 * [twins[1]]


def test_the_figures_of_a_container_are_measured(pods: Cluster, twins: list[str]) -> None:
    node = pods.kubectl.get("pod", twins[0])["spec"]["nodeName"]
    line = next(line for line in figures(pods, node) if line.startswith(f"{METRIC}{{") and twins[0] in line)
    assert 5_000_000 < int(line.split()[-2]) < 100_000_000


METRIC = "container_memory_working_set_bytes"


def figures(cluster: Cluster, node: str, certificate: str = "admin") -> list[str]:
    """What metrics-server reads of a node."""
    context = ssl.create_default_context(cafile=str(cluster.home / "pki/ca.crt"))
    if certificate:
        context.load_cert_chain(cluster.home / f"pki/{certificate}.crt", cluster.home / f"pki/{certificate}.key")
    url = f"https://127.0.0.1:{cluster.facts['ports']['kubeletPort']}/metrics/nodes/{node}/metrics/resource"
    return urllib.request.urlopen(url, context=context, timeout=10).read().decode().splitlines()


def test_nobody_gets_in_without_a_certificate_of_the_cluster(pods: Cluster) -> None:
    with pytest.raises(OSError):  # the handshake fails, or what was asked is never answered  # noqa: PT011
        figures(pods, "cpu-pool-0", certificate="")


def test_a_pod_that_writes_more_than_its_volume_may_hold_is_evicted(pods: Cluster) -> None:
    pod = wait(pods, "pod/hoarder", ".status.phase", "Failed")
    assert pod["status"]["reason"] == "Evicted"
    assert pod["status"]["message"] == 'Usage of EmptyDir volume "scratch" exceeds the limit "1Mi". '
    assert main(pod)["state"]["terminated"]["exitCode"] == 137  # sleep, as a container's first process, hears nothing


@pytest.mark.parametrize("name", labs.PAGES)
def test_a_page_does_what_it_says(name: str, pages: labs.Pages) -> None:
    done = pages[name].result()
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_agent_that_was_killed_takes_its_pods_with_it_and_a_new_one_starts_them(
    pods: Cluster, twins: list[str]
) -> None:
    agent = ids_under(pods.folder)["kubelet"]
    pages = running(agent, "http.server.HTTPServer")
    assert len(pages) == 2
    os.kill(agent, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{page}").exists() for page in pages):
        assert time.monotonic() < deadline, "the pods outlive their agent"
    assert programs.revive(pods) == ["kubelet"]
    for name in twins:
        pod = wait(pods, f"pod/{name}", ".status.containerStatuses[0].restartCount", "1")
        assert main(pod)["lastState"]["terminated"]["reason"] == "ContainerStatusUnknown"
    pods.kubectl.run("rollout", "status", "deployment/twins", "--timeout=60s")


def running(agent: int, mark: str) -> list[int]:
    """Ids of the programs of an agent's pods that have a word in their command line."""
    own = tree(agent, processes())
    words = {pid: " ".join(line) for pid, line in commands() if pid in own}
    return [pid for pid, line in words.items() if mark in line and "launch.py" not in line]
