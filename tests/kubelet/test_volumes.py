"""Which folders stand for a pod's volumes, what is in them, and where a container sees them."""

import base64
from pathlib import Path
from typing import Any

import pytest
from pods import pod_of

from podzol.kubelet.contents import fill
from podzol.kubelet.environment import ConfigError
from podzol.kubelet.volumes import Known, Mount, VolumeError, claims, mounts, prepare, references, rewritten

Object = dict[str, Any]
OBJECTS = {
    ("configmaps", "settings"): {"kind": "ConfigMap", "data": {"a.yaml": "depth: 30", "b.yaml": ""}},
    ("secrets", "key"): {"kind": "Secret", "data": {"token": base64.b64encode(b"s3cret").decode()}},
}
PROVISIONED = {"spec": {"hostPath": {"path": "/var/lib/podzol/volumes/pvc-1"}}}
BY_HAND = {"spec": {"hostPath": {"path": "/mnt/data"}}}
BUCKET = {"spec": {"csi": {"driver": "s3.csi.aws.com", "volumeHandle": "spectra", "volumeAttributes": {}}}}


def folders(root: Path, *volumes: Object, **known: Object) -> dict[str, Path]:
    """Folder of each volume of a pod."""
    pod = pod_of(volumes=list(volumes))
    found = prepare(pod, root, root / "pods/u-1", Known(lambda *key: OBJECTS.get(key), known, "a-token"))
    return {name: source.folder for name, source in found.items()}


def claim(name: str) -> Object:
    """A volume of a pod that is a claim."""
    return {"name": name, "persistentVolumeClaim": {"claimName": name}}


def test_an_empty_dir_lies_in_the_pod_and_a_claim_outside(tmp_path: Path) -> None:
    found = folders(tmp_path, {"name": "tmp", "emptyDir": {}}, claim("data"), data=PROVISIONED)
    assert found == {"tmp": tmp_path / "pods/u-1/volumes/tmp", "data": tmp_path / "volumes/pvc-1"}
    assert all(folder.is_dir() for folder in found.values())


def test_a_folder_of_the_node_is_never_one_of_this_machine(tmp_path: Path) -> None:
    found = folders(tmp_path, claim("data"), {"name": "logs", "hostPath": {"path": "/var/log"}}, data=BY_HAND)
    disk = tmp_path / "disks/cpu-pool-0"
    assert found == {"data": disk / "mnt/data", "logs": disk / "var/log"}


def test_a_folder_stands_for_a_bucket(tmp_path: Path) -> None:
    gcs = {"driver": "gcsfuse.csi.storage.gke.io", "volumeAttributes": {"bucketName": "reads"}}
    found = folders(tmp_path, claim("data"), {"name": "reads", "csi": gcs}, data=BUCKET)
    assert found == {"data": tmp_path / "remote/spectra", "reads": tmp_path / "remote/reads"}


@pytest.mark.parametrize("path", ["../../etc", "/mnt/../../etc"])
def test_no_path_leads_out_of_the_node(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        folders(tmp_path, {"name": "data", "hostPath": {"path": path}})
    assert str(caught.value) == f"{path} points out of its volume"


def test_config_maps_secrets_and_the_pod_itself_are_files(tmp_path: Path) -> None:
    projected = [
        {"secret": {"name": "key"}},
        {"configMap": {"name": "settings", "items": [{"key": "a.yaml", "path": "deep/a.yaml"}]}},
        {"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
        {"serviceAccountToken": {"path": "sa"}},
    ]
    volumes = [
        {"name": "all", "projected": {"sources": projected, "defaultMode": 0o440}},
        {"name": "settings", "configMap": {"name": "settings"}},
    ]
    found = folders(tmp_path, *volumes)
    texts = {
        str(path.relative_to(found["all"])): path.read_text() for path in found["all"].rglob("*") if path.is_file()
    }
    assert texts == {"token": "s3cret", "deep/a.yaml": "depth: 30", "labels": 'a="1"\nb="2"', "sa": "a-token"}
    assert (found["all"] / "token").stat().st_mode & 0o777 == 0o440
    assert sorted(path.name for path in found["settings"].iterdir()) == ["a.yaml", "b.yaml"]


def test_an_item_may_have_a_mode_of_its_own(tmp_path: Path) -> None:
    items = [{"key": "a.yaml", "path": "a"}, {"key": "b.yaml", "path": "b", "mode": 0o500}]
    settings = {"name": "settings", "configMap": {"name": "settings", "items": items, "defaultMode": 0o400}}
    folder = folders(tmp_path, settings)["settings"]
    assert [(folder / name).stat().st_mode & 0o777 for name in "ab"] == [0o400, 0o500]


def test_what_changes_is_written_again_and_what_has_gone_is_removed(tmp_path: Path) -> None:
    volume = {"name": "settings", "configMap": {"name": "settings", "defaultMode": 0o400}}

    def see(**data: str) -> dict[str, str]:
        fill(pod_of(), volume, tmp_path, lambda *_: {"kind": "ConfigMap", "data": data}, "")
        return {path.name: path.read_text() for path in tmp_path.iterdir()}

    assert see(depth="30", horizon="E") == {"depth": "30", "horizon": "E"}
    before = (tmp_path / "depth").stat()
    assert see(depth="30", colour="ochre") == {"depth": "30", "colour": "ochre"}
    assert (tmp_path / "depth").stat().st_ino == before.st_ino
    assert see(depth="60") == {"depth": "60"}


def test_a_folder_of_the_node_that_has_to_be_there_is_asked_for(tmp_path: Path) -> None:
    def volume(kind: str) -> Object:
        return {"name": "data", "hostPath": {"path": "/mnt/data", "type": kind}}

    place = tmp_path / "disks/cpu-pool-0/mnt/data"
    with pytest.raises(VolumeError) as caught:
        folders(tmp_path, volume("Directory"))
    assert (caught.value.volume, str(caught.value)) == (
        "data",
        f"hostPath type check failed: {place} is not a directory",
    )
    assert folders(tmp_path, volume("DirectoryOrCreate")) == folders(tmp_path, volume("Directory")) == {"data": place}


@pytest.mark.parametrize(
    ("volume", "said"),
    [
        ({"configMap": {"name": "gone"}}, 'configmap "gone" not found'),
        ({"secret": {"secretName": "gone"}}, 'secret "gone" not found'),
        (
            {"configMap": {"name": "settings", "items": [{"key": "c", "path": "c"}]}},
            'references non-existent config key: c of configmap "settings"',
        ),
        ({"flocker": {}}, "volumes of the kind flocker have no folder here"),
    ],
)
def test_a_volume_that_can_not_be_made_says_why(tmp_path: Path, volume: Object, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        folders(tmp_path, {"name": "data", **volume})
    assert str(caught.value) == said


def test_a_container_sees_a_part_of_a_volume_where_it_wants_to(tmp_path: Path) -> None:
    pod = pod_of(volumes=[{"name": "data", "emptyDir": {}}, {"name": "settings", "configMap": {"name": "settings"}}])
    sources = prepare(pod, tmp_path, tmp_path / "pod", Known(lambda *key: OBJECTS.get(key), {}))
    container = {
        "volumeMounts": [
            {"name": "data", "mountPath": "/data", "subPathExpr": "run-$(RUN)"},
            {"name": "settings", "mountPath": "/etc/a.yaml", "subPath": "a.yaml"},
        ]
    }
    data, settings = sources["data"].folder, sources["settings"].folder
    assert mounts(container, sources, {"RUN": "7"}) == [
        Mount(data / "run-7", "/data", read_only=False),
        Mount(settings / "a.yaml", "/etc/a.yaml", read_only=True),
    ]
    assert (data / "run-7").is_dir()


def test_without_mounts_the_folders_are_named_instead(tmp_path: Path) -> None:
    found = [Mount(Path("/v/data"), "/data", False), Mount(Path("/v/model"), "/data/model", False)]
    assert rewritten("cat /data/x --out=/data/model/y /database ./data", found) == (
        "cat /v/data/x --out=/v/model/y /database ./data"
    )


def test_a_folder_that_stands_for_another_is_not_replaced_again() -> None:
    found = [Mount(Path("/tmp/podzol/data"), "/data", False), Mount(Path("/tmp/podzol/tmp"), "/tmp", False)]
    assert rewritten("/data/x /tmp/y", found) == "/tmp/podzol/data/x /tmp/podzol/tmp/y"


def test_what_a_pod_refers_to_is_found_wherever_it_stands() -> None:
    spec = {
        "containers": [{"envFrom": [{"configMapRef": {"name": "a"}}]}],
        "volumes": [{"projected": {"sources": [{"secret": {"name": "b"}}]}}, {"secret": {"secretName": "c"}}],
    }
    assert references(spec) == {("configmaps", "a"), ("secrets", "b"), ("secrets", "c")}
    pod = pod_of(volumes=[claim("data"), {"name": "scratch", "ephemeral": {}}])
    assert claims(pod) == {"data": "data", "pod-scratch": "scratch"}
