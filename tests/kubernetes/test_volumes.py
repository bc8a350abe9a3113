from typing import Any

import pytest

from podzol.template import ValuesError


def names(volumes: list[dict[str, Any]]) -> list[str]:
    return [volume["name"] for volume in volumes]


def test_tmp_is_writable_and_bounded(template: Any, container: Any) -> None:
    assert template(tmpSizeLimit="4Gi")["spec"]["volumes"] == [{"name": "tmp", "emptyDir": {"sizeLimit": "4Gi"}}]
    assert container()["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]


def test_every_mount_has_its_volume(template: Any) -> None:
    spec = template(
        config={"a": "b"},
        datasets=[{"claim": "reads", "path": "/Data/reads_1.x"}, {"claim": "reads", "path": "/other"}],
        scratch=[{"path": "/scratch", "sizeLimit": "10Gi"}],
        sharedMemory="1Gi",
        extraVolumes=[{"name": "own", "emptyDir": {}}],
        extraVolumeMounts=[{"name": "own", "mountPath": "/own"}],
    )["spec"]
    expected = ["tmp", "config", "dataset-data-reads-1-x", "dataset-other", "scratch-scratch", "shared-memory", "own"]
    assert names(spec["volumes"]) == names(spec["containers"][0]["volumeMounts"]) == expected


def test_shared_memory_is_memory_of_the_pod(template: Any) -> None:
    volume = template(sharedMemory="2Gi")["spec"]["volumes"][1]
    assert volume == {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "2Gi"}}


def test_dataset_is_writable_unless_it_says_otherwise(template: Any) -> None:
    spec = template(datasets=[{"claim": "reads", "path": "/data"}])["spec"]
    assert spec["volumes"][1] == {"name": "dataset-data", "persistentVolumeClaim": {"claimName": "reads"}}
    assert spec["containers"][0]["volumeMounts"][1] == {"name": "dataset-data", "mountPath": "/data"}


def test_config_map_holds_the_files(bare_pod: Any) -> None:
    config_map = bare_pod.render({"config": {"b.toml": "x = 1\n", "a": ""}}, release="a")[2]
    assert config_map["metadata"]["name"] == "a-bare-pod-config"
    assert config_map["data"] == {"b.toml": "x = 1\n", "a": ""}


ELSEWHERE = "must be neither /tmp nor /dev/shm nor configPath"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"datasets": [{"path": "/data"}]},
            "datasets[0].path: must stand beside exactly one of claim, dataset and gcsBucket, "
            'got "/data"; set claim to a PersistentVolumeClaim, or dataset to a DatasetVolume\'s alias in this release',
        ),
        (
            {"datasets": [{"path": "/data", "claim": "a", "dataset": "b"}]},
            "datasets[0].path: must stand beside exactly one of claim, dataset and gcsBucket, "
            'got "/data"; set claim to a PersistentVolumeClaim, or dataset to a DatasetVolume\'s alias in this release',
        ),
        (
            {"datasets": [{"path": "/data", "claim": "a"}, {"path": "/data", "claim": "b"}]},
            "datasets: must each have a path of their own; mount them on different paths",
        ),
        (
            {"datasets": [{"path": "/a/b", "claim": "a"}, {"path": "/a-b", "claim": "b"}]},
            "datasets: must each have a path of their own; mount them on different paths",
        ),
        (
            {"scratch": [{"path": "/a", "sizeLimit": "1Gi"}, {"path": "/a", "sizeLimit": "2Gi"}]},
            "scratch: must each have a path of their own; mount them on different paths",
        ),
        (
            {"datasets": [{"path": "/a", "claim": "a"}], "scratch": [{"path": "/a", "sizeLimit": "1Gi"}]},
            'scratch[0].path: must not be the path of a dataset, got "/a"; mount it elsewhere',
        ),
        (
            {"datasets": [{"path": "/tmp", "claim": "a"}]},
            f'datasets[0].path: {ELSEWHERE}, got "/tmp"; mount it elsewhere',
        ),
        (
            {"configPath": "/x", "scratch": [{"path": "/x", "sizeLimit": "1Gi"}]},
            f'scratch[0].path: {ELSEWHERE}, got "/x"; mount it elsewhere',
        ),
        (
            {"datasets": [{"path": "data/", "claim": "a"}]},
            'datasets[0].path: must be an absolute path of at most 55 characters, got "data/"; '
            "write /data/spectra: no trailing slash, no .., letters digits - _ and .",
        ),
        ({"scratch": [{"path": "/a"}]}, "scratch[0].sizeLimit: must be given"),
    ],
)
def test_refuses(bare_pod: Any, values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValuesError) as refused:
        bare_pod.render(values, release="a")
    assert str(refused.value) == told
