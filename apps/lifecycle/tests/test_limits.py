"""A container's limits from cgroups v2 and v1."""

import os

import pytest

from lifecycle import Limits


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A file system with these cgroup files, on a machine of 16 CPUs."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(16)))

    def put(own: str, files: dict[str, str]) -> Limits:
        for name, text in {"proc/self/cgroup": own, **{f"sys/fs/cgroup/{n}": t for n, t in files.items()}}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text + "\n")
        return Limits.of_container(tmp_path)

    return put


def test_reads_cgroups_v2(machine):
    limits = machine("0::/", {"cpu.max": "350000 100000", "memory.max": "1048576"})
    assert limits == Limits(cpus=3, memory_bytes=1048576)


def test_a_parents_limit_counts_too(machine):
    own = {"pod/main/memory.max": "max", "pod/memory.max": "4096", "pod/main/cpu.max": "max 100000"}
    assert machine("0::/pod/main", own) == Limits(cpus=16, memory_bytes=4096)


def test_reads_cgroups_v1_of_a_container_that_sees_the_hosts_path(machine):
    limits = machine(
        "4:memory:/kubepods/pod1/abc\n1:cpu,cpuacct:/kubepods/pod1/abc",
        {
            "memory/memory.limit_in_bytes": "2097152",
            "cpu/cpu.cfs_quota_us": "50000",
            "cpu/cpu.cfs_period_us": "100000",
        },
    )
    assert limits == Limits(cpus=1, memory_bytes=2097152)


def test_no_limit_means_the_machine(machine):
    unlimited = {"memory/memory.limit_in_bytes": "9223372036854771712", "cpu/cpu.cfs_quota_us": "-1"}
    assert machine("4:memory:/\n1:cpu:/", unlimited) == Limits(
        cpus=16, memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    )
