"""The recorder against a real API server, which is killed and started again while a writer changes the cluster.

The cluster is its own, for no other test would like that.
"""

import itertools
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from podzol.cli import record
from podzol.elasticity.recorder import Recorder
from podzol.elasticity.records import Record, read
from podzol.faults import Failure
from podzol.local.cluster import Cluster
from podzol.local.lifecycle import down, up
from podzol.local.nodes import CPU_POOL, Pool
from podzol.local.processes import command_line
from podzol.local.steps import Steps

pytestmark = pytest.mark.cluster

DEADLINE_SECONDS = 90


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster with one node."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODZOL_STATE", str(tmp_path_factory.mktemp("state")))
        cluster = Cluster(f"recorder-{os.getpid()}")
        assert up(cluster, (Pool(CPU_POOL, count=1, cpu=8, memory_gib=32),), Steps(quiet=True))
        yield cluster
        assert down(cluster, Steps(quiet=True))


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something, not for ever."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come about in {DEADLINE_SECONDS} s"
        time.sleep(0.05)


def api_server(cluster: Cluster) -> int:
    """Process id of the cluster's API server."""
    programs = [(int(path.name), command_line(path)) for path in Path("/proc").glob("[0-9]*")]
    own = f"{cluster.folder}/"
    return next(pid for pid, words in programs if words and words[0].startswith(own) and "kube-apiserver" in words[0])


def claim(name: str) -> str:
    """An object that nothing on the cluster touches but its writer (its class has no provisioner)."""
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "none", "resources": {"requests": {"storage": "1Gi"}}}
    kind = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": "default"}}
    return yaml.safe_dump({**kind, "spec": spec})


class Writer(threading.Thread):
    """Makes claims, one after another, and deletes every third again, as fast as the API server takes them."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(daemon=True)
        self.cluster = cluster
        self.made: list[str] = []
        self.deleted: list[str] = []
        self.in_doubt: list[str] = []
        self.ended = threading.Event()

    def run(self) -> None:
        for number in itertools.count():
            if self.ended.is_set():
                return
            name = f"claim-{number}"
            try:
                self.cluster.kubectl.apply(claim(name))
                if number % 3 == 0:
                    self.cluster.kubectl.run("delete", "persistentvolumeclaim", name, "--wait=false")
                    self.deleted.append(name)
                self.made.append(name)
            except Failure:  # the server went away, and may have done it or not
                self.in_doubt.append(name)


def test_no_gap_and_no_duplicate_when_the_api_server_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    seen: list[Record] = []
    writer = Writer(cluster)
    with Recorder(tmp_path, cluster.kubeconfig, on_record=seen.append) as recorder:
        writer.start()
        until(lambda: len(writer.made) >= 4, "the first claims")
        pid = api_server(cluster)
        command, folder = command_line(Path(f"/proc/{pid}")), os.readlink(f"/proc/{pid}/cwd")
        os.kill(pid, signal.SIGKILL)
        lost = {"Pod", "PersistentVolumeClaim", "Event", "Node"}
        until(lambda: lost <= watched(seen, "lost"), "that the watches notice")
        subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until(lambda: lost <= watched(seen, "resumed"), "that the watches resume")
        after = len(writer.made) + 4
        until(lambda: len(writer.made) >= after, "claims after the restart")
        writer.ended.set()
        writer.join()
        until(lambda: claims(seen, "deleted") >= Counter(writer.deleted), "the last deletion")
        until(lambda: claims(seen, "added") >= Counter(writer.made), "the last claim")
    assert recorder.refused == {}
    records = read(tmp_path)
    assert certain(records, "added", writer) == Counter(writer.made), "each claim came once"
    assert certain(records, "deleted", writer) == Counter(writer.deleted), "each deleted claim went once"
    versions = Counter((record.uid, record.version) for record in records if record.version)
    assert [each for each, count in versions.items() if count > 1] == [], "no state of an object was recorded twice"
    assert [record.at for record in records] == sorted(record.at for record in records)


def watched(records: list[Record], what: str) -> set[str]:
    """Kinds whose watch told something of itself."""
    return {record.name for record in records if record.kind == "Watch" and record.fields["what"] == what}


def claims(records: list[Record], change: str) -> Counter[str]:
    """How often each claim was added or deleted."""
    return Counter(
        record.name for record in records if record.kind == "PersistentVolumeClaim" and record.change == change
    )


def certain(records: list[Record], change: str, writer: Writer) -> Counter[str]:
    """The same, of those claims whose writer knows what became of them."""
    return Counter({name: count for name, count in claims(records, change).items() if name not in writer.in_doubt})


def test_a_second_recorder_goes_on_where_the_first_ended(cluster: Cluster, tmp_path: Path) -> None:
    cluster.kubectl.apply(claim("before"))
    cluster.kubectl.apply(claim("between"))
    with Recorder(tmp_path, cluster.kubeconfig):
        pass
    cluster.kubectl.run("delete", "persistentvolumeclaim", "between")
    cluster.kubectl.apply(claim("after"))
    with Recorder(tmp_path, cluster.kubeconfig):
        pass
    records = read(tmp_path)
    changes = [(r.change, r.name) for r in records if r.name in ("before", "between", "after")]
    assert sorted(changes[:2]) == [("added", "before"), ("added", "between")]
    assert sorted(changes[2:]) == [("added", "after"), ("deleted", "between")]
    versions = Counter(
        (record.uid, record.version) for record in records if record.version and record.change == "added"
    )
    assert set(versions.values()) == {1}


def test_the_command_records_the_cluster_of_a_context_for_so_many_seconds(cluster: Cluster, tmp_path: Path) -> None:
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    mine, config["current-context"] = config["current-context"], "elsewhere"
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config))
    record.record(tmp_path / "run", tmp_path / "kubeconfig", context=mine, seconds=0.0)
    kinds = Counter(each.kind for each in read(tmp_path / "run"))
    assert kinds["Node"] == 1
    assert kinds["Run"] == 3, "started, listed, stopped"


def test_leaves_nothing_behind_when_the_cluster_is_not_there(cluster: Cluster, tmp_path: Path) -> None:
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config))
    with pytest.raises(Failure) as raised:
        Recorder(tmp_path / "run", tmp_path / "kubeconfig").start()
    assert str(raised.value) == "the cluster at https://127.0.0.1:1 can't be used: All connection attempts failed"
    assert not (tmp_path / "run").exists()


def test_a_user_of_one_namespace_records_what_it_may(cluster: Cluster, tmp_path: Path) -> None:
    """And gets its token from a program, as on EKS and GKE."""
    own = {"namespace": "default", "name": "dev"}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    subject = {"kind": "ServiceAccount", **own}
    binding = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": own}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": own}
    cluster.kubectl.apply(yaml.safe_dump_all([account, {**binding, "roleRef": role, "subjects": [subject]}]))
    cluster.kubectl.apply(claim("mine"))
    credential = {"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential"}
    status = {"token": cluster.kubectl.run("create", "token", "dev").strip()}
    program = tmp_path / "get-token"
    program.write_text(f"#!/bin/sh\necho '{json.dumps({**credential, 'status': status})}'\n")
    program.chmod(0o700)
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    config["users"][0]["user"] = {"exec": {"apiVersion": credential["apiVersion"], "command": str(program)}}
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config))
    with Recorder(tmp_path / "run", tmp_path / "kubeconfig", "default") as recorder:
        pass
    assert recorder.refused.keys() == {"Node", "NodeClaim"}
    assert recorder.refused["Node"].startswith(
        'nodes is forbidden: User "system:serviceaccount:default:dev" cannot list'
    )
    names = {each.name for each in read(tmp_path / "run") if each.kind == "PersistentVolumeClaim"}
    assert "mine" in names
