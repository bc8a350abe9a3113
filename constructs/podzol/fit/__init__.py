"""Will these manifests run on that cluster? Said before anything is deployed.

report = check(manifests, planned.cluster_of(load_spec("soil"), "gke"))
report.fits, report.verdicts[0].findings
"""

from podzol.fit.check import check
from podzol.fit.findings import Finding
from podzol.fit.offers import Cluster, NodeOffer, PoolOffer
from podzol.fit.report import Report, Verdict

__all__ = ["Cluster", "Finding", "NodeOffer", "PoolOffer", "Report", "Verdict", "check"]
