"""Defines the soil platform: the data that the institute holds, the two workloads that work on it, and the API that
serves it. `main.py` gives it to cdk8s; `podzol synth` and `podzol charts build` read it as it is.

The images are public ones that start anywhere. For the institute's own, built from the folders beside this one, set
`image` and take out `command` and `args`.

It is of the size that the cluster of the spec `soil` takes (tests/fit/test_bundled.py). A volume that one Job mounts is
a disk. Many nodes mount the spectra, which no disk of a cloud allows: there they are in a bucket, so EKS wants
`eks-buckets-values.yaml` and GKE `gke-buckets-values.yaml`.
"""

from podzol import CpuAutoscaledService, CpuBatchJob, DatasetVolume, GpuBatchJob, Platform

SPECTRA = {"dataset": "spectra", "path": "/data/spectra", "read_only": True}

SOIL_PLATFORM = Platform(
    "soil-platform",
    {
        "reads": (DatasetVolume, DatasetVolume.Values(size="200Gi")),
        "spectra": (DatasetVolume, DatasetVolume.Values(size="200Gi", access_modes=["ReadWriteMany"])),
        "assembly-checkpoints": (DatasetVolume, DatasetVolume.Values(size="100Gi")),
        "training-checkpoints": (DatasetVolume, DatasetVolume.Values(size="20Gi")),
        "assembly": (
            CpuBatchJob,
            CpuBatchJob.Values(
                image={"repository": "quay.io/biocontainers/megahit", "tag": "1.2.9--haf24da9_8"},
                command=["/bin/bash", "-ec"],
                args=[
                    "megahit -1 /data/reads/soil_R1.fastq.gz -2 /data/reads/soil_R2.fastq.gz "
                    "--num-cpu-threads 3 --memory 9663676416 --tmp-dir /scratch "
                    '--continue --out-dir "${PODZOL_CHECKPOINT_DIR}/assembly"'
                ],
                resources={"requests": {"cpu": "3", "memory": "10Gi", "ephemeral_storage": "30Gi"}},
                datasets=[{"dataset": "reads", "path": "/data/reads", "read_only": True}],
                scratch=[{"path": "/scratch", "size_limit": "30Gi"}],
                checkpoint={"enabled": True, "dataset": "assembly-checkpoints"},
                active_deadline_seconds=172_800,
            ),
        ),
        "spectral-training": (
            GpuBatchJob,
            GpuBatchJob.Values(
                gpus=1,
                resources={"requests": {"cpu": "6", "memory": "24Gi"}},
                datasets=[SPECTRA],
                shared_memory="8Gi",
                checkpoint={"enabled": True, "dataset": "training-checkpoints"},
                active_deadline_seconds=86_400,
            ),
        ),
        "data-api": (
            CpuAutoscaledService,
            CpuAutoscaledService.Values(
                pool="cpu-pool",
                datasets=[SPECTRA],
                resources={"requests": {"cpu": "900m", "memory": "1Gi"}},
                autoscaling={"min_replicas": 2, "max_replicas": 10, "target_cpu_percent": 50},
            ),
        ),
    },
    release="soil",
    namespace="soil",
    description="Soil data, metagenome assembly on CPUs, spectral training on GPUs, and the API that serves the data",
)
