"""Machines that are only described, and settings as fragments to paste."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mkl_launch.host import topology
from mkl_launch.host.detect import read_facts
from mkl_launch.host.inventory import machine
from mkl_launch.host.simulated import INSTANCE_TYPES, simulated_machine
from testing.guide import GUIDE
from testing.process import lines, report, said, start, values


@pytest.mark.parametrize("text", ["1x1x1", "2x18x2", "4x7x1", "1x2x8", "3x5x3", "c5.18xlarge", "c7g.large"])
def test_simulates_the_described_machine(text: str) -> None:
    sockets, cores, threads = INSTANCE_TYPES.get(text) or map(int, text.split("x"))
    root = simulated_machine(text)
    found, shown = read_facts(root), machine(root)
    assert len(found.mask) == len(found.online) == sockets * cores * threads
    assert (len(found.cores), len(found.sockets)) == (sockets * cores, sockets)
    assert (shown.threads_per_core, len(shown.numa_nodes), shown.model_name) == (threads, sockets, text)
    assert found.failures == ()


def test_numbers_cpus_as_linux_does() -> None:
    root = simulated_machine("2x18x2")
    online = topology.online(root)
    assert frozenset((0, 36)) in topology.cores(root, online)
    assert frozenset((*range(18), *range(36, 54))) in topology.sockets(root, online)


@pytest.mark.parametrize("name", INSTANCE_TYPES)
def test_instance_types_have_as_many_cpus_as_their_size_says(name: str) -> None:
    sockets, cores, threads = INSTANCE_TYPES[name]
    size = name.partition(".")[2]
    times = int(size.removesuffix("xlarge") or 1) if size.endswith("xlarge") else 0
    assert sockets * cores * threads == (4 * times or 2)
    assert threads == (1 if "g." in name else 2)


NONE = ["2x18", "0x1x1", "2x18x2x1", "x", "c5.huge", "1x-1x1", "9999x9999x9", "2 x18x2", ""]


@pytest.mark.parametrize("text", NONE)
def test_refuses_a_bad_description_of_a_machine(launcher: str, text: str) -> None:
    done = start([launcher, "--machine", text, "--json"])
    (line,) = lines(done)
    assert done.returncode == 2
    assert "--machine" in line
    assert "2x18x2" in line


def test_a_described_machine_runs_no_command(launcher: str) -> None:
    for words in (["--", "true"], ["--sysroot", "/", "--json"]):
        done = start([launcher, "--machine", "2x18x2", *words])
        assert done.returncode == 2
        assert "--machine" in lines(done)[0]


def test_a_described_machine_has_the_numbers_of_the_guide(launcher: str) -> None:
    for kind in ("2x18x2", "c5.18xlarge"):
        found = report([launcher, "--machine", kind, "--json", "--", "tensorflow_model_server"])
        assert {name: values(found)[name] for name in GUIDE} == GUIDE
        assert found["machine"]["model_name"] == kind


def test_a_described_machine_may_have_a_limit(launcher: str) -> None:
    found = report([launcher, "--machine", "2x18x2", "--cpus", "4", "--json"])
    assert values(found)["OMP_NUM_THREADS"] == "4"
    assert values(found)["KMP_AFFINITY"] is None


# Fragments


def fragment(launcher: str, kind: str, **environ: str) -> str:
    return said([launcher, "--machine", "2x18x2", "--print-env", kind], environ)


def plain(launcher: str, **environ: str) -> dict[str, Any]:
    found = values(report([launcher, "--machine", "2x18x2", "--json"], environ))
    return {name: value for name, value in found.items() if value is not None}


AWKWARD = {"KMP_AFFINITY": "a 'b' \"c\" $(d) \\ \u00fc: #", "NUMBA_NUM_THREADS": "3"}


def test_print_env_ecs_prints_strings(launcher: str) -> None:
    found = json.loads(fragment(launcher, "ecs", **AWKWARD))
    assert all(isinstance(entry["value"], str) and len(entry) == 2 for entry in found)
    assert {entry["name"]: entry["value"] for entry in found} == plain(launcher, **AWKWARD)


def test_print_env_kubernetes_prints_quoted_strings(launcher: str) -> None:
    head, *rest = fragment(launcher, "kubernetes", **AWKWARD).splitlines()
    assert head == "env:"
    names = [line.removeprefix("  - name: ") for line in rest[::2]]
    strings = [json.loads(line.removeprefix("    value: ")) for line in rest[1::2]]
    found = {name: text.replace("$$(", "$(") for name, text in zip(names, strings)}
    assert found == plain(launcher, **AWKWARD)
    assert "$$(d)" in strings[names.index("KMP_AFFINITY")], "else Kubernetes would replace it"


def test_print_env_docker_prints_lines(launcher: str) -> None:
    found = dict(line.split("=", 1) for line in fragment(launcher, "docker", **AWKWARD).splitlines())
    assert found == plain(launcher, **AWKWARD)
