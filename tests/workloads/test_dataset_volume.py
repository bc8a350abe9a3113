"""DatasetVolume: one claim a test; whole manifests of the worked examples in snapshots/."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from podzol.template import ValuesError
from podzol.workloads import DatasetVolume

Objects = Callable[..., dict[str, dict[str, Any]]]

EXAMPLES = {example.name: example for example in DatasetVolume.examples()}
KEEP = "helm.sh/resource-policy"


@pytest.fixture
def objects(by_kind: Any) -> Objects:
    """The objects by kind, for values and a release."""

    def render(values: Any = None, release: str = "spectra", namespace: str = "soil") -> dict[str, dict[str, Any]]:
        return by_kind(DatasetVolume.render(values, release=release, namespace=namespace))

    return render


def faults_of(values: dict[str, Any]) -> list[str]:
    with pytest.raises(ValuesError) as refused:
        DatasetVolume.render(values, release="spectra")
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.name)
def test_example_stays_the_same(example: Any, manifest_file: Any) -> None:
    assert DatasetVolume.render(example.values, release="spectra", namespace="soil") == manifest_file


def test_examples_have_titles() -> None:
    assert len(EXAMPLES) >= 3
    assert all(re.match("[A-Z]", example.title) for example in EXAMPLES.values())


# ---------------------------------------------------------------- a new disk


def test_default_is_a_claim_on_a_new_disk_of_the_default_class(objects: Objects) -> None:
    found = objects()
    assert set(found) == {"PersistentVolumeClaim"}
    assert found["PersistentVolumeClaim"]["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "10Gi"}},
    }


def test_new_disk_of_1gi(objects: Objects) -> None:
    spec = objects(EXAMPLES["claim"].values)["PersistentVolumeClaim"]["spec"]
    assert spec["resources"] == {"requests": {"storage": "1Gi"}}


def test_disk_starts_from_a_snapshot_for_many_readers(objects: Objects) -> None:
    spec = objects(EXAMPLES["snapshot"].values)["PersistentVolumeClaim"]["spec"]
    assert spec["accessModes"] == ["ReadOnlyMany"]
    assert spec["dataSource"] == {
        "apiGroup": "snapshot.storage.k8s.io",
        "kind": "VolumeSnapshot",
        "name": "reference-genomes-2026-11",
    }


def test_disk_starts_as_a_copy_of_another(objects: Objects) -> None:
    spec = objects({"claim": {"cloneOf": "reads"}})["PersistentVolumeClaim"]["spec"]
    assert spec["dataSource"] == {"kind": "PersistentVolumeClaim", "name": "reads"}


# ---------------------------------------------------------------- what exists


def test_static_volume_of_the_node_is_as_the_course_has_it(objects: Objects) -> None:
    volume = objects(EXAMPLES["host-path"].values)["PersistentVolume"]
    assert volume["spec"] == {
        "capacity": {"storage": "10Gi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "manual",
        "claimRef": {"namespace": "soil", "name": "spectra-dataset-volume"},
        "hostPath": {"path": "/mnt/data"},
    }


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in ("claim", "snapshot")])
def test_volume_and_claim_name_each_other_and_agree(name: str, objects: Objects) -> None:
    found = objects(EXAMPLES[name].values)
    volume, claim = found["PersistentVolume"], found["PersistentVolumeClaim"]
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
    assert volume["spec"]["claimRef"] == {"namespace": "soil", "name": claim["metadata"]["name"]}
    assert volume["spec"]["storageClassName"] == claim["spec"]["storageClassName"]
    assert volume["spec"]["accessModes"] == claim["spec"]["accessModes"]
    assert volume["spec"]["capacity"]["storage"] == claim["spec"]["resources"]["requests"]["storage"]
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain"


def test_volume_has_no_namespace_and_no_two_claims_share_its_name(objects: Objects) -> None:
    values = EXAMPLES["host-path"].values
    one = objects(values, release="a-b", namespace="c")["PersistentVolume"]["metadata"]
    other = objects(values, release="b", namespace="c-a")["PersistentVolume"]["metadata"]
    assert "namespace" not in one
    assert one["name"] == "c.a-b-dataset-volume"
    assert other["name"] == "c-a.b-dataset-volume"


def test_longest_names_stay_valid(objects: Objects) -> None:
    values = EXAMPLES["gcs"].values | {"claimName": "c" * 180}
    volume = objects(values, release="r" * 53, namespace="n" * 63)["PersistentVolume"]
    assert len(volume["metadata"]["name"]) == 244


def test_claim_name_replaces_the_usual_one(objects: Objects) -> None:
    found = objects(EXAMPLES["s3-writable"].values)
    assert found["PersistentVolumeClaim"]["metadata"]["name"] == "assembly-results"
    assert found["PersistentVolume"]["metadata"]["name"] == "soil.assembly-results"


def test_nfs_export_is_mounted_read_only(objects: Objects) -> None:
    spec = objects(EXAMPLES["nfs"].values)["PersistentVolume"]["spec"]
    assert spec["accessModes"] == ["ReadOnlyMany"]
    assert spec["mountOptions"] == ["ro", "nfsvers=4.2", "hard"]
    assert spec["nfs"] == {"server": "files.soil.example.org", "path": "/exports/reads", "readOnly": True}


def test_existing_csi_volume_keeps_its_handle(objects: Objects) -> None:
    spec = objects(EXAMPLES["csi"].values)["PersistentVolume"]["spec"]
    assert spec["csi"] == {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-0123456789abcdef0", "fsType": "ext4"}


def test_pods_of_an_existing_disk_run_in_its_zone(objects: Objects) -> None:
    spec = objects(EXAMPLES["csi"].values)["PersistentVolume"]["spec"]
    zone = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["eu-central-1a"]}
    assert spec["nodeAffinity"] == {"required": {"nodeSelectorTerms": [{"matchExpressions": [zone]}]}}
    assert spec["accessModes"] == ["ReadWriteOnce"]


# ---------------------------------------------------------------- buckets


def test_s3_bucket_is_mounted_read_only_with_a_cache(objects: Objects) -> None:
    spec = objects(EXAMPLES["s3"].values)["PersistentVolume"]["spec"]
    assert spec["storageClassName"] == ""
    assert spec["mountOptions"] == [
        "read-only",
        "region eu-central-1",
        "prefix spectra/2026/",
        "metadata-ttl indefinite",
    ]
    assert spec["csi"] == {
        "driver": "s3.csi.aws.com",
        "volumeHandle": "soil.spectra-dataset-volume",
        "volumeAttributes": {
            "bucketName": "soil-institute-spectra",
            "authenticationSource": "driver",
            "cache": "emptyDir",
            "cacheEmptyDirSizeLimit": "20Gi",
        },
    }


def test_s3_bucket_is_writable_when_it_says_so(objects: Objects) -> None:
    spec = objects(EXAMPLES["s3-writable"].values)["PersistentVolume"]["spec"]
    assert spec["accessModes"] == ["ReadWriteMany"]
    assert spec["mountOptions"] == ["allow-delete", "allow-overwrite"]
    assert spec["csi"]["volumeAttributes"] == {
        "bucketName": "soil-institute-results",
        "authenticationSource": "pod",
    }


def test_s3_cache_on_a_disk_of_its_own_has_class_and_size(objects: Objects) -> None:
    cache = {"cache": "ephemeral", "cacheSize": "50Gi", "cacheStorageClassName": "gp3"}
    spec = objects({"source": "s3", "s3": {"bucket": "soil-spectra", **cache}})["PersistentVolume"]["spec"]
    assert spec["csi"]["volumeAttributes"] == {
        "bucketName": "soil-spectra",
        "authenticationSource": "driver",
        "cache": "ephemeral",
        "cacheEphemeralStorageClassName": "gp3",
        "cacheEphemeralStorageResourceRequest": "50Gi",
    }


def test_gcs_bucket_is_mounted_read_only_with_a_cache(objects: Objects) -> None:
    spec = objects(EXAMPLES["gcs"].values)["PersistentVolume"]["spec"]
    assert spec["mountOptions"] == ["ro", "implicit-dirs", "only-dir=spectra/2026"]
    assert spec["csi"] == {
        "driver": "gcsfuse.csi.storage.gke.io",
        "volumeHandle": "soil-institute-spectra:soil.spectra-dataset-volume",
        "readOnly": True,
        "volumeAttributes": {
            "fileCacheCapacity": "20Gi",
            "fileCacheForRangeRead": "true",
            "metadataCacheTTLSeconds": "3600",
        },
    }


def test_two_datasets_on_one_bucket_have_handles_of_their_own(objects: Objects) -> None:
    values = EXAMPLES["gcs"].values
    handles = {
        objects(values, release=release)["PersistentVolume"]["spec"]["csi"]["volumeHandle"]
        for release in ("spectra", "samples")
    }
    assert len(handles) == 2
    assert {handle.split(":")[0] for handle in handles} == {"soil-institute-spectra"}


def test_user_options_and_attributes_come_after_the_drivers_own(objects: Objects) -> None:
    values = {
        "source": "s3",
        "s3": {"bucket": "soil-spectra"},
        "mountOptions": ["max-threads 8"],
        "volumeAttributes": {"stsRegion": "eu-central-1", "bucketName": "another"},
    }
    spec = objects(values)["PersistentVolume"]["spec"]
    assert spec["mountOptions"] == ["max-threads 8"]
    assert spec["csi"]["volumeAttributes"] == {
        "bucketName": "soil-spectra",
        "authenticationSource": "driver",
        "stsRegion": "eu-central-1",
    }


# ---------------------------------------------------------------- keeping the data


@pytest.mark.parametrize("name", EXAMPLES)
def test_uninstalling_keeps_claim_and_volume(name: str, objects: Objects) -> None:
    for manifest in objects(EXAMPLES[name].values).values():
        assert manifest["metadata"]["annotations"][KEEP] == "keep"


def test_keep_is_given_up_only_when_told(objects: Objects) -> None:
    for manifest in objects(EXAMPLES["host-path"].values | {"keep": False}).values():
        assert "annotations" not in manifest["metadata"]


def test_user_annotations_cannot_drop_the_keep_policy(objects: Objects) -> None:
    found = objects({"annotations": {KEEP: "delete", "team": "soil"}})["PersistentVolumeClaim"]
    assert found["metadata"]["annotations"] == {KEEP: "keep", "team": "soil"}


def test_notes_say_how_to_delete_what_is_kept() -> None:
    notes = DatasetVolume.notes_for(EXAMPLES["host-path"].values, release="spectra", namespace="soil")
    assert "`helm uninstall` leaves the claim and its data." in notes
    assert "  kubectl delete pvc spectra-dataset-volume --namespace soil\n" in notes
    assert "  kubectl delete pv soil.spectra-dataset-volume\n" in notes
    assert "the volume's reclaim policy is Retain" in notes


def test_notes_show_the_line_that_mounts_it() -> None:
    notes = DatasetVolume.notes_for(EXAMPLES["gcs"].values, release="spectra", namespace="soil")
    assert "  datasets:\n    - {claim: spectra-dataset-volume, path: /data, readOnly: true}\n" in notes
    assert "  gcsFuse: {enabled: true}\n" in notes


# ---------------------------------------------------------------- refusals


def test_fails_when_a_new_disk_is_read_only() -> None:
    assert faults_of({"readOnly": True}) == [
        "readOnly: must be false for a new, empty disk, which would stay empty, got true; "
        "set claim.snapshotName or claim.cloneOf, or mount it read-only in the workload"
    ]


def test_fails_when_values_of_another_source_would_be_ignored() -> None:
    assert faults_of({"source": "nfs", "nfs": {"server": "files"}, "s3": {"bucket": "soil-spectra"}}) == [
        's3.bucket: must be left unset for another source, got "soil-spectra"; set source to s3 or remove it'
    ]
