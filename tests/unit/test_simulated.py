"""Simulated machines, as of --machine, and settings as fragments to paste."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.errors import UsageError
from mkl_launch.host import topology
from mkl_launch.host.detect import read_facts
from mkl_launch.host.inventory import machine
from mkl_launch.host.simulated import instance_types, simulated_machine
from testing.guide import GUIDE
from testing.instance_types import table
from testing.process import lines, report, said, start, values

if TYPE_CHECKING:
    from pathlib import Path

TYPES = instance_types()


@pytest.mark.parametrize("text", ["1x1x1", "2x18x2", "4x7x1", "1x2x8", "3x5x3", "c5.18xlarge", "c7g.large"])
def test_simulates_the_machine_of_a_text(text: str) -> None:
    sockets, cores, threads = TYPES.get(text) or map(int, text.split("x"))
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


def test_instance_types_have_as_many_cpus_as_their_size_says() -> None:
    for name, (sockets, cores, threads) in TYPES.items():
        size, cpus = name.partition(".")[2], sockets * cores * threads
        times = size.removesuffix("xlarge").removesuffix("xl").removeprefix("metal-")
        if not name.startswith("hpc") and times.isdigit():
            assert cpus == 4 * int(times), name
        assert threads == (1 if name.startswith("hpc") or "g" in name[1:3] else threads), name
        assert cpus <= 2 * 192, name


# From `lscpu` on the machine, or AWS's page of CPU options.
KNOWN = {
    "c5.18xlarge": (2, 18, 2),
    "c5.24xlarge": (2, 24, 2),
    "m6i.32xlarge": (2, 32, 2),
    "c6a.48xlarge": (2, 48, 2),
    "m7a.48xlarge": (2, 96, 1),
    "m7a.medium": (1, 1, 1),
    "c7i.metal-24xl": (1, 48, 2),
    "m8i.96xlarge": (2, 96, 2),
    "c8g.48xlarge": (2, 96, 1),
    "c7g.16xlarge": (1, 64, 1),
    "t3.micro": (1, 1, 2),
    "t4g.nano": (1, 2, 1),
    "hpc7a.96xlarge": (2, 96, 1),
    "g5.48xlarge": (2, 48, 2),
}


@pytest.mark.parametrize("name", KNOWN)
def test_knows_the_sockets_cores_and_threads_of_instance_types(name: str) -> None:
    assert TYPES[name] == KNOWN[name]


@pytest.mark.parametrize("family", ["c", "m", "r"])
@pytest.mark.parametrize("generation", ["5", "5a", "6i", "6g", "7i", "7a", "7g", "8i", "8a", "8g"])
def test_knows_every_generation(family: str, generation: str) -> None:
    assert f"{family}{generation}.4xlarge" in TYPES


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("c5.18xlarg", "c5.18xlarge"),
        ("m8i.large2", "m8i.large"),
        ("r7g.metl", "r7g.metal"),
        ("c5,large", "c5.large"),
    ],
)
def test_an_unknown_type_suggests_the_nearest(text: str, near: str) -> None:
    with pytest.raises(UsageError) as refused:
        simulated_machine(text)
    suggested = str(refused.value).partition("instance (")[2].removesuffix("?)").split(", ")
    assert near in suggested
    assert len(suggested) == 3


def test_the_table_is_made_of_what_the_api_answers() -> None:
    answers = {
        "c5.18xlarge": {"VCpuInfo": {"DefaultVCpus": 72, "DefaultThreadsPerCore": 2}},
        "c5.large": {"VCpuInfo": {"DefaultVCpus": 2, "DefaultThreadsPerCore": 2}},
        "c5d.metal": {"VCpuInfo": {"DefaultVCpus": 96, "DefaultThreadsPerCore": 2}},
        "x1.large": {"VCpuInfo": {"DefaultVCpus": 2, "DefaultThreadsPerCore": 2}},
    }
    names: dict[str, Any] = {}
    exec(table(answers, "1.0"), names)  # noqa: S102
    assert names["FAMILIES"] == ((2, 24, "c5", "large 18xlarge"), (2, 24, "c5d", "metal=96"))


def test_an_instance_type_of_a_processor_that_is_not_known_stops_the_making_of_the_table() -> None:
    answers = {"c9z.large": {"VCpuInfo": {"DefaultVCpus": 2, "DefaultThreadsPerCore": 2}}}
    with pytest.raises(LookupError, match="c9z: add a row to SOCKETS"):
        table(answers, "1.0")


NONE = ["2x18", "0x1x1", "2x18x2x1", "x", "c5.huge", "1x-1x1", "9999x9999x9", "2 x18x2", ""]


@pytest.mark.parametrize("text", NONE)
def test_refuses_a_bad_description_of_a_machine(launcher: str, text: str) -> None:
    done = start([launcher, "--machine", text, "--json"])
    (line,) = lines(done)
    assert done.returncode == 2
    assert "--machine" in line
    assert "2x18x2" in line


def test_a_simulated_machine_runs_no_command(launcher: str, tmp_path: Path) -> None:
    assert said([launcher, "--machine", "2x18x2", "--", "touch", str(tmp_path / "ran")])
    assert not (tmp_path / "ran").exists()
    done = start([launcher, "--machine", "2x18x2", "--sysroot", "/", "--json"])
    assert done.returncode == 2
    assert "--machine" in lines(done)[0]


def test_a_simulated_machine_has_the_numbers_of_the_guide(launcher: str) -> None:
    for kind in ("2x18x2", "c5.18xlarge"):
        found = report([launcher, "--machine", kind, "--json", "--", "tensorflow_model_server"])
        assert {name: values(found)[name] for name in GUIDE} == GUIDE
        assert found["machine"]["model_name"] == kind


def test_a_simulated_machine_may_have_a_limit(launcher: str) -> None:
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
