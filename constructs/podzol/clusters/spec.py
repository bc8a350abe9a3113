"""Defines `ClusterSpec`: one description of a cluster, from which EKS, GKE and the local cluster are generated.

Does not define which values a cloud would refuse or swallow (`refusals.py`), nor how a spec is read (`specs.py`).
Sources: the clouds' own words; each field names its own. Read on 2026-11-23.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from podzol.kubernetes.accelerators import ACCELERATOR, CAPACITY_TYPE, POOL
from podzol.template import Form
from podzol.values import LabelKey, LabelValue

Cloud = Literal["eks", "gke"]
Provider = Literal["eks", "gke", "local"]
CapacityType = Literal["spot", "on-demand"]
NodeAutoscaler = Literal["cluster-autoscaler", "karpenter"]

ClusterName = Annotated[
    str,
    Field(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=40),
    Form("a-z, 0-9 and -, starting with a letter, not ending with -", fix="write it like soil or soil-lab"),
]
"""What both clouds take: GKE allows 40 characters and a leading letter
(https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters, field name); eksctl
makes a CloudFormation stack name of it, which starts with a letter and has no underscore. 2026-11-23."""
KubernetesVersion = Annotated[
    str,
    Field(pattern=r"^1\.[0-9]{2}$"),
    Form("a minor version of Kubernetes in quotes", fix='write "1.34": without quotes YAML reads a number'),
]
Cidr = Annotated[
    str,
    Field(pattern=r"^([0-9]{1,3}\.){3}[0-9]{1,3}/([0-9]|[12][0-9]|3[0-2])$"),
    Form("a network with its length", fix="write 203.0.113.0/24"),
]
Reader = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$"),
    Form("a namespace, or namespace/service-account", fix="write soil or soil/train"),
]


class Spec(BaseModel):
    """Base of every section: immutable, unknown keys refused, camelCase on disk."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )


class Place(Spec):
    """Where a cluster stands on one cloud."""

    region: str
    """Region of the control plane and of every node, such as us-east-1 (EKS) or us-central1 (GKE)."""
    zones: list[str] = Field(min_length=2)
    """Zones of the nodes. At least two: EKS refuses a cluster in one zone, and a zone may run out of a GPU."""


class Taint(Spec):
    """Keeps pods away that don't tolerate it. GKE's command line refuses a taint without a value, so one is needed."""

    key: LabelKey
    value: LabelValue = Field(min_length=1)
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


class Accelerator(Spec):
    """GPUs of each node, in one vocabulary for all clouds: Google's names, for they are the longer list."""

    type: str
    """GPU type, such as nvidia-l4. `podzol cluster machines` lists all."""
    count: int = Field(ge=1, le=16)
    """GPUs a node."""


class Machines(Spec):
    """Machine types of a pool, by cloud."""

    eks: list[str] = []
    """EC2 instance types. Several of one size keep a spot pool from running dry; Cluster Autoscaler reads the first."""
    gke: list[str] = []
    """The Compute Engine machine type. A GKE node pool has exactly one."""

    def of(self, cloud: Cloud) -> list[str]:
        return self.eks if cloud == "eks" else self.gke


class PoolZones(Spec):
    """Zones of a pool, by cloud, where they are fewer than the cluster's."""

    eks: list[str] = []
    """Empty: every zone of the cluster. One zone for a pool whose pods use a zonal volume."""
    gke: list[str] = []
    """Empty: every zone of the cluster. GPUs are offered in some zones only."""

    def of(self, cloud: Cloud) -> list[str]:
        return self.eks if cloud == "eks" else self.gke


class Pool(Spec):
    """Nodes of one kind, that grow and shrink together."""

    name: ClusterName
    """Name of the pool and value of the label podzol.dev/pool, by which pods choose it on every cloud."""
    capacity_type: CapacityType
    """`spot` costs less and can be taken away (2 minutes of notice on EKS, 15 seconds for pods on GKE)."""
    min: int = Field(ge=0, le=450)
    """Nodes that are always there, in all zones together. 0 for GPUs: they cost only while they work."""
    max: int = Field(ge=1, le=450)
    """Nodes at most, in all zones together. 450 is the default quota of an EKS managed node group
    (https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html, 2026-11-23)."""
    machines: Machines
    """Machine types by cloud."""
    accelerator: Accelerator | None = None
    """GPUs of each node. Must be what the machine types have."""
    labels: dict[LabelKey, LabelValue] = {}
    """Further labels of the nodes. Podzol adds podzol.dev/pool, capacity-type and accelerator."""
    taints: list[Taint] = []
    """Taints of the nodes. A pool with GPUs has to keep other pods off by nvidia.com/gpu=present:NoSchedule."""
    disk_gib: int = Field(100, ge=20, le=16384)
    """Size of the boot disk in GiB; images, logs and emptyDir volumes live there. 16384 is the most that gp3 has."""
    zones: PoolZones = PoolZones()
    """Zones by cloud, where they are fewer than the cluster's."""

    @property
    def all_labels(self) -> dict[str, str]:
        """Labels that every cloud and the local cluster put on the pool's nodes."""
        accelerator = {ACCELERATOR: self.accelerator.type} if self.accelerator else {}
        return {POOL: self.name, CAPACITY_TYPE: self.capacity_type, **accelerator, **self.labels}


class Bucket(Spec):
    """Object storage, made with the cluster and kept when the cluster is deleted.

    Its name on the cloud is CLUSTER-NAME-PROJECT (GKE) or CLUSTER-NAME-ACCOUNT (EKS): bucket names are global.
    """

    name: ClusterName
    """Short name, such as datasets."""
    readers: list[Reader] = []
    """Namespaces, or namespace/service-account, that may read. On EKS the CSI driver reads for every pod."""
    writers: list[Reader] = []
    """Namespaces, or namespace/service-account, that may read and write."""


class ClusterSpec(Spec):
    """A cluster that Podzol's Helm charts fit, on EKS, on GKE and locally."""

    name: ClusterName
    """Name of the cluster."""
    kubernetes_version: KubernetesVersion
    """Minor version of Kubernetes, in quotes."""
    eks: Place | None = None
    """Region and zones on AWS. Left out: nothing is generated for EKS."""
    gke: Place | None = None
    """Region and zones on Google Cloud. Left out: nothing is generated for GKE."""
    local_like: Cloud = "eks"
    """Whose machines, prices and reserves the local cluster imitates."""
    node_autoscaler: NodeAutoscaler = "cluster-autoscaler"
    """Who adds and removes nodes on EKS. GKE runs a Cluster Autoscaler of its own, whatever is said here."""
    pools: list[Pool] = Field(min_length=1)
    """Nodes, by kind."""
    buckets: list[Bucket] = []
    """Object storage."""
    api_access_cidrs: list[Cidr] = []
    """Networks that may reach the API server, such as 203.0.113.0/24. Empty: any, with credentials."""
    addons: list[str] = ["block-storage", "object-storage", "metrics-server", "network-policy", "image-streaming"]
    """Parts of the cluster beyond the least: see the table addons.yaml."""

    def place(self, cloud: Cloud) -> Place | None:
        return self.eks if cloud == "eks" else self.gke

    def zones_of(self, pool: Pool, cloud: Cloud) -> list[str]:
        """Zones of a pool: its own, else the cluster's. Empty where the cluster isn't on that cloud."""
        place = self.place(cloud)
        return pool.zones.of(cloud) or (place.zones if place else [])

    def cloud_of(self, provider: Provider) -> Cloud:
        """The cloud whose machines a provider has: the local cluster imitates one."""
        return self.local_like if provider == "local" else provider

    @property
    def clouds(self) -> list[Cloud]:
        """Clouds that the spec describes."""
        both: list[Cloud] = ["eks", "gke"]
        return [cloud for cloud in both if self.place(cloud)]
