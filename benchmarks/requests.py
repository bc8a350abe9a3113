"""Defines `Requests`: how long the API server took for its answers, by its own count, since a moment."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator

from podzol.local.cluster import Cluster

BUCKET = re.compile(r"^apiserver_request_duration_seconds_bucket\{(?P<labels>.*)\} (?P<count>\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')
LONG = {"WATCH", "CONNECT", "PROXY"}
"""Verbs that are meant to last. Source: the definition of Kubernetes' API call latency SLI, sig-scalability/slos of
https://github.com/kubernetes/community (2026-11-23)."""


class Requests:
    """Counts from here on."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.before = self.counts()

    def counts(self) -> dict[float, float]:
        """Answers by the highest time that they took, cumulative as Prometheus has them."""
        found: dict[float, float] = defaultdict(float)
        for labels, count in BUCKET.findall(self.cluster.kubectl.run("get", "--raw", "/metrics")):
            of = dict(LABEL.findall(labels))
            if of["verb"] not in LONG:
                found[float(of["le"])] += float(count)
        return found

    def p99_milliseconds(self) -> float:
        """99 % of the answers took at most this long: the bound of a bucket, so rather too much than too little."""
        counts = {bound: count - self.before.get(bound, 0.0) for bound, count in sorted(self.counts().items())}
        wanted = 0.99 * counts[float("inf")]
        return 1000 * next(bound for bound, count in counts.items() if count >= wanted)

    def read_all(self) -> float:
        """Ask as people do: lists, single objects, an update. Seconds of the list of every pod."""
        start = time.perf_counter()
        pods = list(self.pages())
        seconds = time.perf_counter() - start
        for name in pods[:: max(1, len(pods) // 50)]:
            self.cluster.kubectl.run("get", name, "-o", "name")
            self.cluster.kubectl.run("annotate", name, "podzol.dev/bench=1", "--overwrite")
        return seconds

    def pages(self) -> Iterator[str]:
        """Names of all pods."""
        yield from self.cluster.kubectl.run("get", "pods", "-A", "-o", "name", "--chunk-size=500").split()
