"""The generated scripts: sound shell; against stubs that fail at each step they stop, say where, and go on later."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from stubs import Stubs

from podzol.clusters import ClusterSpec, bundled, load_spec, parse_spec
from podzol.clusters.render import render
from podzol.clusters.spec import Cloud
from podzol.clusters.system_pool import pools_of

SPECS = [*bundled(), "karpenter"]


def spec_of(name: str, soil: dict[str, Any]) -> ClusterSpec:
    return parse_spec({**soil, "nodeAutoscaler": "karpenter"}) if name == "karpenter" else load_spec(name)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("cloud", ["eks", "gke"])
def test_bash_and_shellcheck_find_nothing(name: str, cloud: Cloud, soil: dict[str, Any], tmp_path: Path) -> None:
    files = [name for name in render(spec_of(name, soil), cloud).items() if name[0].endswith(".sh")]
    assert [name for name, _ in files] == ["create.sh", "delete.sh"]
    for file, text in files:
        (tmp_path / file).write_text(text, encoding="utf-8")
    paths = [str(tmp_path / file) for file, _ in files]
    for path in paths:
        subprocess.run(["bash", "-n", path], check=True)
    found = subprocess.run(
        [str(Path(sys.executable).parent / "shellcheck"), *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""


def prepared(folder: Path, spec: ClusterSpec, cloud: Cloud) -> Stubs:
    """Stubs of a cloud that offers everything and has the limits of the spec."""
    stubs = Stubs(folder, render(spec, cloud))
    offered = []
    for pool in pools_of(spec, cloud):
        for zone in spec.zones_of(pool, cloud):
            for machine in pool.machines.of(cloud):
                offered.append(f"{machine}\t{zone}" if cloud == "eks" else f"{zone}/{machine}")
            if cloud == "gke" and pool.accelerator:
                offered.append(f"{zone}/{pool.accelerator.type}")
        limits = f"{pool.min}\t{pool.max}" if cloud == "eks" else f"{pool.machines.gke[0]},{pool.min or ''},{pool.max}"
        stubs.state_file(f"limits-{pool.name}", f"{limits}\n")
    stubs.state_file("cluster", spec.name)
    stubs.state_file("offered", "\n".join(offered) + "\n")
    managed = ["system"] if spec.node_autoscaler == "karpenter" else [pool.name for pool in spec.pools]
    stubs.state_file("groups", "\n".join(managed) + "\n")
    return stubs


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("cloud", ["eks", "gke"])
def test_a_second_run_changes_nothing(name: str, cloud: Cloud, soil: dict[str, Any], tmp_path: Path) -> None:
    stubs = prepared(tmp_path, spec_of(name, soil), cloud)
    first = stubs.run("create.sh", "--yes")
    assert (first.returncode, first.stderr) == (0, "")
    assert stubs.lines("changes")
    made = stubs.lines("made")
    second = stubs.run("create.sh", "--yes")
    assert (second.returncode, second.stderr) == (0, "")
    assert stubs.lines("changes") == []
    assert stubs.lines("made") == made


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("cloud", ["eks", "gke"])
def test_what_was_made_is_deleted_but_for_buckets(
    name: str, cloud: Cloud, soil: dict[str, Any], tmp_path: Path
) -> None:
    stubs = prepared(tmp_path, spec_of(name, soil), cloud)
    assert stubs.run("create.sh", "--yes").returncode == 0
    deleted = stubs.run("delete.sh", "--yes")
    assert (deleted.returncode, deleted.stderr) == (0, "")
    left = {line.split()[0] + " " + line.split()[1] for line in stubs.lines("made")}
    goes_with_the_cluster = {
        "group cpu-pool",
        "group gpu-pool",
        "group system",
        "container node-pools",
        "compute routers",
    }
    kept = {each for each in left - goes_with_the_cluster if not each.startswith(("service ", "grant ", "bucket "))}
    assert kept <= {"storage buckets"}
    again = stubs.run("delete.sh", "--yes")
    assert (again.returncode, stubs.lines("changes")) == (0, [])


@pytest.mark.parametrize(("name", "cloud"), [("soil", "eks"), ("karpenter", "eks"), ("soil", "gke")])
def test_stops_at_any_failing_call_says_where_and_goes_on_later(
    name: str, cloud: Cloud, soil: dict[str, Any], tmp_path: Path
) -> None:
    stubs = prepared(tmp_path, spec_of(name, soil), cloud)
    assert stubs.run("create.sh", "--yes").returncode == 0
    calls, wanted = stubs.lines("calls"), sorted(stubs.lines("made"))
    assert len(calls) > 12
    for number, call in enumerate(calls, start=1):
        stubs.forget()
        failed = stubs.run("create.sh", "--yes", fail_at=number)
        assert failed.returncode != 0, call
        assert len(stubs.lines("calls")) == number, f"went on after: {call}"
        last = failed.stderr.splitlines()[-1]
        login = "not logged in" in last or "no project" in last
        assert login or last == "create.sh: the cause is above; once it is gone, run this again", call
        assert login or "create.sh: stopped at: " in failed.stderr, call
        if number % 5 == 0:
            assert stubs.run("create.sh", "--yes").returncode == 0, call
            assert sorted(stubs.lines("made")) == wanted, call


@pytest.mark.parametrize(
    ("cloud", "tool", "expected"),
    [
        ("eks", "eksctl", "https://docs.aws.amazon.com/eks/latest/eksctl/installation.html"),
        ("gke", "gcloud", "https://cloud.google.com/sdk/docs/install"),
        ("gke", "gke-gcloud-auth-plugin", "gcloud components install gke-gcloud-auth-plugin"),
    ],
)
def test_says_which_tool_is_missing(
    cloud: Cloud, tool: str, expected: str, soil: dict[str, Any], tmp_path: Path
) -> None:
    stubs = prepared(tmp_path, parse_spec(soil), cloud)
    (stubs.bin / tool).unlink()
    found = stubs.run("create.sh", "--yes")
    assert (found.returncode, found.stderr) == (1, f"create.sh: {tool} is missing; install it: {expected}\n")
    assert stubs.lines("calls") == []


@pytest.mark.parametrize(
    ("cloud", "expected"),
    [
        ("eks", "create.sh: not logged in to AWS; run: aws sso login, or set AWS_PROFILE\n"),
        ("gke", "create.sh: not logged in to Google Cloud; run: gcloud auth login\n"),
    ],
)
def test_says_when_nobody_is_logged_in(cloud: Cloud, expected: str, soil: dict[str, Any], tmp_path: Path) -> None:
    found = prepared(tmp_path, parse_spec(soil), cloud).run("create.sh", "--yes", fail_at=1)
    assert (found.returncode, found.stderr) == (1, expected)


@pytest.mark.parametrize("cloud", ["eks", "gke"])
def test_a_plan_calls_nothing_and_says_what_it_costs(cloud: Cloud, soil: dict[str, Any], tmp_path: Path) -> None:
    stubs = prepared(tmp_path, parse_spec(soil), cloud)
    found = stubs.run("create.sh", "--plan")
    price = {"eks": "It costs 0.17 to 4.58 USD an hour", "gke": "It costs 0.18 to 4.00 USD an hour"}[cloud]
    assert (found.returncode, found.stderr) == (0, "")
    assert f"{price} for machines and control plane" in found.stdout
    assert stubs.lines("calls") == []


@pytest.mark.parametrize("cloud", ["eks", "gke"])
@pytest.mark.parametrize("script", ["create.sh", "delete.sh"])
def test_does_nothing_unasked(cloud: Cloud, script: str, soil: dict[str, Any], tmp_path: Path) -> None:
    stubs = prepared(tmp_path, parse_spec(soil), cloud)
    found = stubs.run(script)
    assert (found.returncode, found.stderr) == (1, f"{script}: nobody to ask; run it with --yes\n")
    assert stubs.lines("changes") == []


def test_refuses_an_unknown_option(soil: dict[str, Any], tmp_path: Path) -> None:
    found = prepared(tmp_path, parse_spec(soil), "gke").run("create.sh", "--force")
    assert found.stderr == ("create.sh: unknown option --force; --plan says what would be done, --yes asks nothing\n")


@pytest.mark.parametrize(
    ("cloud", "expected"),
    [
        ("eks", "create.sh: gpu-pool: no zone of it has g6.2xlarge; change the machine type or the zones\n"),
        (
            "gke",
            "create.sh: gpu-pool: us-central1-a has no g2-standard-8; "
            "change the machine type or the zones in the spec\n",
        ),
    ],
)
def test_stops_before_anything_costs_when_a_zone_has_no_such_machine(
    cloud: Cloud, expected: str, soil: dict[str, Any], tmp_path: Path
) -> None:
    stubs = prepared(tmp_path, parse_spec(soil), cloud)
    offered = [line for line in stubs.lines("offered") if "g6.2xlarge" not in line and "g2-standard-8" not in line]
    stubs.state_file("offered", "\n".join(offered) + "\n")
    found = stubs.run("create.sh", "--yes")
    assert (found.returncode, found.stderr) == (1, expected)
    assert all("service" in line for line in stubs.lines("made"))


@pytest.mark.parametrize(
    ("cloud", "now", "said"),
    [
        ("eks", "0\t2\n", "   node group gpu-pool: 0..2 nodes become 0..4"),
        ("gke", "g2-standard-8,,2\n", "   pool gpu-pool: 0..2 nodes become 0..4"),
    ],
)
def test_new_limits_of_the_spec_are_brought_to_the_cloud(
    cloud: Cloud, now: str, said: str, soil: dict[str, Any], tmp_path: Path
) -> None:
    stubs = prepared(tmp_path, parse_spec(soil), cloud)
    stubs.state_file("limits-gpu-pool", now)
    found = stubs.run("create.sh", "--yes")
    assert found.returncode == 0
    assert said in found.stdout.splitlines()


def test_says_what_can_not_change_in_place(soil: dict[str, Any], tmp_path: Path) -> None:
    stubs = prepared(tmp_path, parse_spec(soil), "gke")
    stubs.state_file("limits-gpu-pool", "g2-standard-4,,4\n")
    found = stubs.run("create.sh", "--yes")
    assert found.stderr == (
        "create.sh: gpu-pool has machines of type g2-standard-4, the spec says g2-standard-8: "
        "delete the pool, then run this again\n"
    )
