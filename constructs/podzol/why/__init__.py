"""Why isn't it running? One answer in words, on any cluster.

evidence, namespace = read(kubeconfig, None)
found = answer(find(evidence, namespace, "train"))
found.runs, found.findings[0].reason
"""

from podzol.why.answer import Answer, answer, text
from podzol.why.evidence import Evidence
from podzol.why.findings import Finding, Rank
from podzol.why.naming import find
from podzol.why.reading import read

__all__ = ["Answer", "Evidence", "Finding", "Rank", "answer", "find", "read", "text"]
