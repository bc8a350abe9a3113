"""What a pod may write, and what is said of one that has written more."""

from pathlib import Path
from typing import Any

import pytest
from pods import pod_of

from podzol.kubelet.disk import exceeded, is_limited

Object = dict[str, Any]
LIMIT: Object = {"resources": {"limits": {"ephemeral-storage": "1Mi"}}}
SIDECAR = {"name": "sync", "restartPolicy": "Always", **LIMIT}
BOUNDED = [{"name": "scratch", "emptyDir": {"sizeLimit": "1Mi"}}]
FREE = [{"name": "scratch", "emptyDir": {}}]


def write(folder: Path, *paths: str) -> None:
    """Files of 0.8 MB each."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x" * 800_000)


@pytest.mark.parametrize(
    ("pod", "paths", "said"),
    [
        (pod_of(volumes=BOUNDED), ["volumes/scratch/a"], ""),
        (
            pod_of(volumes=BOUNDED),
            ["volumes/scratch/a", "volumes/scratch/b/c"],
            'Usage of EmptyDir volume "scratch" exceeds the limit "1Mi". ',
        ),
        (pod_of(LIMIT), ["volumes/claim/a", "volumes/claim/b", "logs/main/0.log"], ""),
        (
            pod_of(LIMIT),
            ["containers/main/tmp/a", "logs/main/0.log"],
            'Container main exceeded its local ephemeral storage limit "1Mi". ',
        ),
        (
            pod_of(LIMIT, volumes=FREE),
            ["volumes/scratch/a", "logs/main/0.log"],
            "Pod ephemeral local storage usage exceeds the total limit of containers 1048576. ",
        ),
        (pod_of(LIMIT, init=(SIDECAR,), volumes=FREE), ["volumes/scratch/a", "logs/main/0.log"], ""),
    ],
)
def test_a_pod_is_over_a_limit_when_it_has_written_more(
    tmp_path: Path, pod: Object, paths: list[str], said: str
) -> None:
    write(tmp_path, *paths)
    assert is_limited(pod)
    assert exceeded(pod, tmp_path) == said


def test_a_pod_without_limits_needs_no_look() -> None:
    assert not is_limited(pod_of(volumes=FREE))
