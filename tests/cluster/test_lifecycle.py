"""`podzol local up` and `down` when things go wrong: killed, interrupted, side by side, on a busy port."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from podzol.faults import Failure, UserError
from podzol.local.cluster import PROGRAMS, Cluster
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS, Pool
from podzol.local.ports import is_free
from podzol.local.processes import ids_under, running_under
from podzol.local.status import summary
from podzol.local.steps import Steps
from podzol.local.waiting import wait

QUIET = Steps(quiet=True)
ONE_NODE = (Pool("cpu-pool", count=1, cpu=4, memory_gib=16),)
PODZOL = [sys.executable, "-c", "from podzol.cli import main; main()"]


@pytest.fixture
def other(own_state: None) -> Iterator[Cluster]:
    """A second cluster, not made yet; gone afterwards."""
    cluster = Cluster("other")
    yield cluster
    down(cluster, QUIET)


def listen_to_interrupts() -> None:
    """As a command in the foreground does; tests that run in the background would hand their deaf ear on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start_until(cluster: Cluster, reached: Callable[[], bool]) -> subprocess.Popen[bytes]:
    """`podzol local up` in a process of its own, which has reached a point."""
    command = [*PODZOL, "local", "up", "--name", cluster.name, "--nodes", "1"]
    process = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=listen_to_interrupts
    )
    while not reached():
        assert process.poll() is None, "up ended before the point was reached"
    return process


def test_a_cluster_is_up_once_and_only_once(cluster: Cluster) -> None:
    programs = running_under(cluster.folder)
    assert cluster.state == "running"
    assert len(programs) == len(PROGRAMS)
    assert not up(cluster, DEFAULT_POOLS, QUIET)
    with pytest.raises(UserError) as refused:
        up(cluster, ONE_NODE, QUIET)
    end = f"`podzol local down --name {cluster.name}` first"
    assert str(refused.value) == f"--nodes: must be those of the running cluster; {end}"
    assert running_under(cluster.folder) == programs


def test_an_up_starts_again_what_has_died_of_a_cluster(cluster: Cluster) -> None:
    os.kill(ids_under(cluster.folder)["metrics-server"], signal.SIGKILL)
    while "metrics-server" in ids_under(cluster.folder):
        pass
    assert cluster.state == "stopped"
    with pytest.raises(Failure) as refused:
        cluster.require_running()
    again = f"start it again with `podzol local up --name {cluster.name}`"
    assert str(refused.value) == f"metrics-server of cluster {cluster.name} died; {again}"
    assert not up(cluster, DEFAULT_POOLS, QUIET)
    assert cluster.state == "running"
    assert len(cluster.kubectl.items("nodes")) == 3
    wait(lambda: not is_free(cluster.facts["ports"]["metricsServerPort"]), "metrics-server to serve")


def test_its_files_are_for_the_user_alone(cluster: Cluster) -> None:
    paths = [cluster.folder, *(path for path in cluster.folder.rglob("*") if not path.is_symlink())]
    open_to_others = [path for path in paths if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    assert open_to_others == []
    assert cluster.kubeconfig.stat().st_mode & 0o777 == 0o600


def test_its_kubeconfig_works_wherever_it_is_copied(cluster: Cluster, tmp_path: Path) -> None:
    copy = shutil.copy(cluster.kubeconfig, tmp_path / "copy")
    text = Path(copy).read_text()
    assert str(cluster.folder) not in text
    context = yaml.safe_load(text)["current-context"]
    assert context == f"podzol-{cluster.name}"


def test_it_listens_on_this_machine_only(cluster: Cluster) -> None:
    ports = set(cluster.facts["ports"].values())
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if line.split()[3] == "0A"]
    listening6 = [
        line.split()[1] for line in Path("/proc/net/tcp6").read_text().splitlines() if line.split()[3] == "0A"
    ]
    addresses = {int(port, 16): address for address, port in (each.split(":") for each in listening + listening6)}
    assert {port: addresses.get(port) for port in ports} == dict.fromkeys(ports, "0100007F")


def test_two_clusters_live_side_by_side_and_one_ends_alone(cluster: Cluster, other: Cluster) -> None:
    assert up(other, ONE_NODE, QUIET)
    assert not set(cluster.facts["ports"].values()) & set(other.facts["ports"].values())
    assert [node["metadata"]["name"] for node in other.kubectl.items("nodes")] == ["cpu-pool-0"]
    assert len(cluster.kubectl.items("nodes")) == 3
    assert down(other, QUIET)
    assert cluster.state == "running"


def test_down_leaves_no_process_and_no_file(other: Cluster) -> None:
    up(other, ONE_NODE, QUIET)
    before = running_under(other.folder)
    assert len(before) == len(PROGRAMS)
    down(other, QUIET)
    assert [pid for pid in before if Path(f"/proc/{pid}/cmdline").exists() and is_alive(pid)] == []
    assert not other.folder.exists()
    assert [path.name for path in other.folder.parent.iterdir() if path.name.startswith((".other", "other"))] == []


def is_alive(pid: int) -> bool:
    """Whether the process runs: not gone, and not one that nobody has reaped."""
    return bool(Path(f"/proc/{pid}/cmdline").read_bytes())


@pytest.mark.parametrize(
    "reached",
    [lambda cluster: cluster.folder.exists(), lambda cluster: len(running_under(cluster.folder)) > 3],
    ids=["as-soon-as-it-has-a-folder", "while-its-programs-start"],
)
def test_an_up_that_was_killed_is_repeated(other: Cluster, reached: Callable[[Cluster], bool]) -> None:
    killed = start_until(other, lambda: reached(other))
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert other.state == "half-made"
    assert up(other, ONE_NODE, QUIET)
    assert len(running_under(other.folder)) == len(PROGRAMS)


def test_a_killed_up_can_be_taken_down(other: Cluster) -> None:
    killed = start_until(other, lambda: len(running_under(other.folder)) > 3)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert down(other, QUIET)
    assert running_under(other.folder) == []


def test_an_interrupted_up_leaves_nothing(other: Cluster) -> None:
    interrupted = start_until(other, lambda: len(running_under(other.folder)) > 3)
    os.killpg(interrupted.pid, signal.SIGINT)
    assert interrupted.wait(timeout=30) == 130
    assert other.state == "absent"
    assert running_under(other.folder) == []


def test_a_cluster_that_ended_with_the_machine_starts_again_with_what_it_had(other: Cluster) -> None:
    up(other, ONE_NODE, QUIET)
    other.kubectl.run("create", "configmap", "kept")
    for pid in running_under(other.folder):
        os.kill(pid, signal.SIGKILL)
    wait(lambda: not running_under(other.folder), "the programs to end")
    assert (other.state, summary(other)["remedy"]) == ("stopped", f"`podzol local up{other.option}` starts it again")
    with socket.create_server(("127.0.0.1", other.facts["ports"]["etcdPort"])), pytest.raises(Failure) as refused:
        up(other, ONE_NODE, QUIET)
    assert str(refused.value) == (
        f"ports of cluster {other.name} are taken: {other.facts['ports']['etcdPort']} (etcdPort); end what listens "
        f"there, or remove the cluster with `podzol local down{other.option}`"
    )
    assert not up(other, ONE_NODE, QUIET)
    assert other.state == "running"
    assert other.kubectl.run("get", "configmap", "kept", "-o", "name").strip() == "configmap/kept"


def test_a_busy_port_is_refused_and_leaves_nothing(other: Cluster) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        command = [*PODZOL, "local", "up", "--name", other.name, "--port", str(port)]
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
    message = f"podzol: --port: must be free on 127.0.0.1, got {port}; take another, or leave it out"
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (2, message)
    assert other.state == "absent"


def test_status_names_every_cluster_with_its_nodes(cluster: Cluster) -> None:
    status = subprocess.run([*PODZOL, "local", "status", "--json"], capture_output=True, text=True, check=True)
    (known,) = yaml.safe_load(status.stdout)
    assert (known["name"], known["state"], known["nodes"]) == (cluster.name, "running", {"cpu-pool": 2, "gpu-pool": 1})
    assert known["kubeconfig"] == str(cluster.kubeconfig)
