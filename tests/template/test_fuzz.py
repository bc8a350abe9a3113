"""The compiler itself, fuzzed: random manifests with random values, by helm, by `evaluate`, and run directly."""

import os
from pathlib import Path
from typing import Any

import pytest
from oracle import Oracle, difference, normal
from random_trees import FuzzValues, manifest
from random_values import sample, values_of
from test_direct import pruned

from podzol.template import Context, TemplateError, Tree, emit, evaluate, run_directly
from podzol.template.release import root_of, symbolic_release
from podzol.template.tracing import documents

SCALE = int(os.environ.get("PODZOL_PROPERTY_CASES", "0")) // 10_000 + 1
SEED = int(os.environ.get("PODZOL_PROPERTY_SEED", "1"))
TREES = 60
VALUES = 20


def random_tree(first: int) -> tuple[Tree, list[int]]:
    """So many manifests that the language takes; what it refuses doesn't count."""
    v, release = root_of(FuzzValues), symbolic_release(FuzzValues)
    taken: dict[str, Any] = {}
    seeds: list[int] = []
    seed = first
    while len(seeds) < TREES:
        seed += 1
        try:
            made = documents({f"o{seed}": manifest(seed, v, release)})
            emit(Tree(FuzzValues, made), "fuzz")
        except TemplateError:
            continue
        taken |= made
        seeds.append(seed)
    return Tree(FuzzValues, taken), seeds


@pytest.mark.helm
@pytest.mark.parametrize("run", range(SCALE))
def test_random_manifests_give_the_same_in_helm_evaluated_and_run_directly(
    run: int, helm: Path, tmp_path: Path
) -> None:
    tree, seeds = random_tree(1_000_000 * (SEED + run))
    oracle = Oracle(helm, tree, "fuzz", tmp_path, size=VALUES)
    cases = [oracle.case(file, n % 2 == 0) for n, file in enumerate(sample(values_of(FuzzValues), VALUES, SEED + run))]
    found = oracle.differences(cases, "soil-x")
    assert not found, f"{len(found)} differences, the first:\n{found[0]}"

    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {f"o{seed}": manifest(seed, v, release) for seed in seeds}

    context = Context("soil-x", "soil", "fuzz", "1", "1")
    for case in cases:
        wanted = [pruned(normal(each)) for each in evaluate(tree, case.values, context)]
        direct = [pruned(normal(each)) for each in run_directly(manifests, case.values, context)]
        assert not list(difference(wanted, direct))
