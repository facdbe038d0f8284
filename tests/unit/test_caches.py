"""Instances of L3 caches: on AMD's processors a socket has several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.argument_parser import parse as parse_words
from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import parse, show
from mkl_launch.core.errors import UsageError
from mkl_launch.host.caches import l3_domains
from mkl_launch.host.filesystem import Root
from mkl_launch.host.topology import online
from mkl_launch.launch.instances import instance_cpus, instance_request, resolve_count
from testing.process import report
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

CPU = "sys/devices/system/cpu"


def with_caches(spec: Spec, cores: int) -> Spec:
    """Return the machine with L3 caches of so many cores each; 0: without a third level."""
    total = spec.sockets * spec.cores
    files: dict[str, str | None] = {}
    for cpu in range(total * spec.threads):
        core = cpu % total
        siblings = frozenset(range(core, total * spec.threads, total))
        levels = [("1", siblings), ("1", siblings), ("2", siblings)]
        if cores:
            first = core - core % cores
            here = range(first, first + cores)
            domain = frozenset(one + thread * total for one in here for thread in range(spec.threads))
            levels.append(("3", domain))
        for index, (level, cpus) in enumerate(levels):
            folder = f"{CPU}/cpu{cpu}/cache/index{index}"
            files |= {f"{folder}/level": level, f"{folder}/shared_cpu_list": show(cpus)}
    return replace(spec, files=files)


# Shaped like instances of EC2, but with fewer cores, and like a machine with more NUMA nodes than sockets.
MILAN = with_caches(Spec(sockets=2, cores=16, threads=2, nodes=2), 8)  # c6a, EPYC 7R13
NODES = with_caches(Spec(sockets=1, cores=16, nodes=4), 8)
GENOA = with_caches(Spec(sockets=1, cores=32), 8)  # c7a, EPYC 9R14
ROME = with_caches(Spec(sockets=1, cores=8, threads=2), 4)  # c5a, EPYC 7R32
XEON = with_caches(Spec(sockets=2, cores=6, threads=2, nodes=2), 6)  # m5


def shares(place: Path, spec: Spec, line: str) -> tuple[list[int], list[str], tuple[str, ...]]:
    """Return the sizes of the instances in CPUs, their CPUs, and the warnings of the first."""
    sysroot(place, spec)
    words = [*line.split(), "--sysroot", str(place), "--json", "--", "true"]
    request = resolve_count(read(words, {}, {}), {})
    cpus = instance_cpus(request, {})
    return (
        [len(one) for one in cpus],
        [show(one) for one in cpus],
        instance_request(request, {}, 0)[0].warnings,
    )


@pytest.mark.parametrize(
    ("spec", "line", "sizes"),
    [
        pytest.param(MILAN, "--per l3", [16] * 4, id="Milan, 8 cores each"),
        pytest.param(MILAN, "--throughput --per l3", [16] * 4, id="the same"),
        pytest.param(MILAN, "--instances auto --per node", [32] * 2, id="Milan, by node"),
        pytest.param(NODES, "--per l3", [8] * 2, id="a cache of two nodes"),
        pytest.param(GENOA, "--instances auto --per l3", [8] * 4, id="Genoa without SMT"),
        pytest.param(ROME, "--per l3", [8] * 2, id="Rome, 4 cores each"),
        pytest.param(XEON, "--per l3", [12] * 2, id="Xeon, a socket each"),
        pytest.param(ROME, "--per l3 --cores-per-instance 2", [4] * 4, id="two in each"),
        pytest.param(GENOA, "--per l3 --cores-per-instance 5", [5] * 4, id="cores left over"),
        pytest.param(GENOA, "--per l3 --latency", [4] * 8, id="latency"),
        pytest.param(GENOA, "--per l3 --instances 2", [16] * 2, id="two caches each"),
        pytest.param(ROME, "--per l3 --instances 4", [4] * 4, id="half a cache each"),
        pytest.param(replace(GENOA, mask="0-11"), "--per l3", [8, 4], id="a cpuset cuts the second"),
        pytest.param(replace(GENOA, mask="4-11"), "--per l3", [4, 4], id="halves of two"),
        pytest.param(replace(GENOA, quota=3), "--per l3", [11, 11, 10], id="a quota for three"),
    ],
)  # fmt: skip
def test_instances_stay_within_an_l3_cache(tmp_path: Path, spec: Spec, line: str, sizes: list[int]) -> None:
    found, cpus, warnings = shares(tmp_path, spec, line)
    assert sorted(found) == sorted(sizes)
    masks = [parse(one) for one in cpus]
    domains = l3_domains(Root(str(tmp_path)), online(Root(str(tmp_path))))
    if "l3" in line and "--instances 2" not in line and spec.quota is None:
        assert all(any(mask <= domain for domain in domains) for mask in masks)
    assert len(frozenset().union(*masks)) == sum(found), "disjoint"
    assert warnings == ()


@pytest.mark.parametrize(
    "spec", [with_caches(Spec(sockets=2, cores=4, nodes=2), 0), Spec(sockets=2, cores=4, nodes=2)]
)
def test_without_an_l3_cache_instances_are_made_for_nodes(tmp_path: Path, spec: Spec) -> None:
    sizes, cpus, warnings = shares(tmp_path, spec, "--per l3")
    assert (sizes, cpus) == ([4, 4], ["0-3", "4-7"])
    assert warnings == ("--per l3: the kernel shows no L3 cache; instances are made for NUMA nodes",)


@pytest.mark.parametrize("text", ["", "x", "0-", "99999999", "-1"])
def test_a_damaged_file_of_a_cache_is_a_cache_of_one_cpu(tmp_path: Path, text: str) -> None:
    damaged = {f"{CPU}/cpu0/cache/index3/shared_cpu_list": text}
    root = sysroot(tmp_path, replace(GENOA, files={**GENOA.files, **damaged}))
    domains = l3_domains(root, online(root))
    assert frozenset().union(*domains) == online(root)
    assert frozenset((0,)) in domains


def test_the_caches_of_this_machine_are_disjoint() -> None:
    cpus = online(Root())
    domains = l3_domains(Root(), cpus)
    assert sum(map(len, domains)) in (0, len(cpus))
    assert frozenset().union(*domains) <= cpus


def test_per_names_a_node_or_a_cache() -> None:
    with pytest.raises(UsageError, match=r"^--per l2: not one of node, l3$"):
        parse_words(["--per", "l2"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cpus"], "--cpus: no value is given"),
        (["--cpus", ""], "--cpus '': not a CPU count"),
        (["--profil"], "--profil: not an option of mkl-launch"),
        (["--machine", "2x4x1", "--check"], "--machine and --check: only one of them at a time"),
    ],
)
def test_a_wrong_option_is_named_with_what_is_accepted(words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}"):
        read([*words], {}, {})


def test_a_report_shows_the_cpus_of_each_instance(launcher: str, tmp_path: Path) -> None:
    sysroot(tmp_path, GENOA)
    found = report([launcher, "--sysroot", str(tmp_path), "--per", "l3", "--json", "--", "true"])
    assert found["instances"] == ["0-7", "8-15", "16-23", "24-31"]
    assert found["budget"]["threads"] == 8
