"""Defines `Settings`: how long things take in a scenario, and how long what follows from them may take. Seconds.

The bounds of the claims are made of these figures and of the periods of the programs, so they say something: a machine
that takes a second longer to join moves the bound by a second.
"""

from dataclasses import dataclass

from podzol.clusters.spec import Pool
from podzol.kubernetes.accelerators import CPU_POOL
from podzol.local.control_plane import EXTRA_ARGUMENTS
from podzol.local.karpenter import Elastic
from podzol.scenarios.needs import machine_milli

SCRAPE_SECONDS = int(EXTRA_ARGUMENTS["metrics-server"]["metric-resolution"].removesuffix("s"))
"""Between two readings of metrics-server; a new pod needs two."""
HPA_SECONDS = int(EXTRA_ARGUMENTS["kube-controller-manager"]["horizontal-pod-autoscaler-sync-period"].removesuffix("s"))
"""Between two looks of the HorizontalPodAutoscaler."""
BATCH_SECONDS = 1
"""Karpenter waits so long for further pods before it orders.
Source: https://karpenter.sh/docs/reference/settings/, batchIdleDuration (2026-11-23)."""
DISRUPTION_POLL_SECONDS = 10
DISRUPTION_VALIDATION_SECONDS = 15
"""Karpenter looks for nodes to remove every 10 s, and looks again 15 s later before it removes one.
Source: pkg/controllers/disruption of sigs.k8s.io/karpenter v1.14.1 (2026-11-23)."""
REMOVAL_ROUNDS = 3
"""First the empty nodes, then those whose pods fit elsewhere; and one round may find pods still moving."""
GARBAGE_POLL_SECONDS = 20
GARBAGE_QUARANTINE_SECONDS = 40
"""The pod garbage collector looks every 20 s, and fails the pods of a node that it has missed for 40 s.
Source: pkg/controller/podgc of Kubernetes v1.37.2 (2026-11-23)."""
REPLICA_MILLI = 900
"""CPU of a replica, where machines are neither small nor large: four fit on a machine of `soil`."""
SPARE_MILLI = 100
"""Of its limit above that."""
MOVES_SECONDS = 20
"""The fast form's notice of a spot machine: two replicas are moved in it, one after the other."""
SLACK_SECONDS = 20
"""For a busy machine; every bound has it once."""


@dataclass(frozen=True)
class Settings:
    """What a scenario is played with."""

    elastic: Elastic
    """The pools, and how fast their machines come and go."""

    @property
    def fast(self) -> bool:
        """Seconds stand for minutes: to be watched, and for tests."""
        return self.elastic.pace.fast

    @property
    def startup(self) -> int:
        """From a pod's being scheduled until it is Ready."""
        return 1 if self.fast else 10

    @property
    def job(self) -> int:
        """How long the training job works."""
        return 8 if self.fast else 60

    @property
    def scale_down_window(self) -> int:
        """The HPA follows the highest wish of so long when it scales down; 300 is Kubernetes' own."""
        return 5 if self.fast else 300

    @property
    def hold(self) -> int:
        """The load goes on for so long after all of it is served."""
        return 5 if self.fast else 60

    @property
    def notice(self) -> int:
        """From telling that a spot machine is taken back until it is off."""
        return MOVES_SECONDS if self.fast else self.elastic.pace.notice_seconds(self.elastic.spec)

    @property
    def evicted(self) -> int:
        """From a machine's last sign of life until its pods are told to go, at most: where the node is gone before they
        are, the garbage collector has to find them."""
        return self.noticed + self.collected

    @property
    def collected(self) -> int:
        """From when a node is gone until its pods are, at most; a Job makes no other pod before."""
        return self.elastic.pace.heartbeat.toleration + GARBAGE_POLL_SECONDS + GARBAGE_QUARANTINE_SECONDS

    @property
    def noticed(self) -> int:
        """From a machine's last sign of life until its node is gone, at most."""
        heartbeat = self.elastic.pace.heartbeat
        return heartbeat.grace + heartbeat.period + SLACK_SECONDS

    @property
    def replica_milli(self) -> int:
        """CPU that a replica of the data API asks for: two to five fit on the smallest machine of cpu-pool."""
        machine = machine_milli(self.elastic.spec, CPU_POOL)
        return max(min(REPLICA_MILLI, machine // 2), machine // 5)

    @property
    def limit_milli(self) -> int:
        """CPU that it may have."""
        return self.replica_milli + SPARE_MILLI

    def floor(self, pool: str) -> int:
        """The nodes that a pool always has."""
        return self._pool(pool).min

    def most(self, pool: str) -> int:
        """The nodes that a pool may have."""
        return self._pool(pool).max

    def join(self, pool: str) -> int:
        """From a machine's order until pods can use all of its node."""
        join = self.elastic.pace.join(self.elastic.spec, self._pool(pool))
        return join.register + join.ready + join.gpu

    def capacity(self, pool: str) -> int:
        """From a pod's finding no room until it is Ready on a new node, at most."""
        return BATCH_SECONDS + self.join(pool) + self.startup + SLACK_SECONDS

    @property
    def answer(self) -> int:
        """From a change of the load until the HPA answers it, at most: readings that came too early, then its look."""
        return 3 * SCRAPE_SECONDS + HPA_SECONDS + SLACK_SECONDS

    @property
    def removal(self) -> int:
        """From when nodes aren't needed until they are gone, at most."""
        rounds = REMOVAL_ROUNDS * (DISRUPTION_POLL_SECONDS + DISRUPTION_VALIDATION_SECONDS)
        return self.elastic.pace.consolidate_after_seconds + rounds + SLACK_SECONDS

    def _pool(self, name: str) -> Pool:
        return next(pool for pool in self.elastic.spec.pools if pool.name == name)
