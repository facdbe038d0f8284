"""Ranks beside their GPUs, on machines with eight of them whose files are composed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies

from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import parse, show
from mkl_launch.launch.pipeline import prepare
from mkl_launch.policy.rank_gpus import nearest
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

    from mkl_launch.policy.plan import Plan

NVIDIA = ("nvidia", "0x10de", "0x030200", [f"dev/nvidia{number}" for number in range(8)])
AMD = ("amdgpu", "0x1002", "0x120000", [f"dev/dri/renderD{128 + number}" for number in range(8)])


def with_gpus(
    spec: Spec,
    nodes: list[int],
    maker: tuple[str, str, str, list[str]] = NVIDIA,
    devices: tuple[str, ...] = ("0x20b0",),
    rocm: tuple[int, ...] = tuple(range(8)),
) -> Spec:
    """Return the machine with GPUs beside these NUMA nodes, in the order of the bus; -1: beside all.

    `rocm` are their places on the bus in the order of AMD's driver.
    """
    driver, vendor, kind, files = maker
    total, count = spec.sockets * spec.cores, spec.nodes if isinstance(spec.nodes, int) else 1
    size = total // count
    made: dict[str, str | None] = {"dev/kfd" if driver == "amdgpu" else "dev/nvidiactl": ""}
    for index, node in enumerate(nodes):
        cores = range(total) if node < 0 else range(node * size, (node + 1) * size)
        cpus = frozenset(core + thread * total for core in cores for thread in range(spec.threads))
        address = f"0000:{16 * index + 7:02x}:00.0"
        made |= {
            f"sys/bus/pci/devices/{address}/vendor": vendor,
            f"sys/bus/pci/devices/{address}/device": devices[index % len(devices)],
            f"sys/bus/pci/devices/{address}/class": kind,
            f"sys/bus/pci/devices/{address}/numa_node": str(node),
            f"sys/bus/pci/devices/{address}/local_cpulist": show(cpus),
            f"sys/bus/pci/drivers/{driver}/{address}": "",
            files[index]: "",
        }
    if driver == "amdgpu":
        kfd = "sys/class/kfd/kfd/topology/nodes"
        for number in range(count):
            made[f"{kfd}/{number}/properties"] = "cpu_cores_count 16\nsimd_count 0\nlocation_id 0\ndomain 0"
        for number, index in enumerate(rocm):
            text = f"cpu_cores_count 0\nsimd_count 304\nlocation_id {(16 * index + 7) << 8}\ndomain 0"
            made[f"{kfd}/{count + number}/properties"] = text
    made |= {
        "sys/bus/pci/drivers/nvidia/module": "",
        "proc/self/status": f"PPid:\t7\nCpus_allowed_list:\t0-{total * spec.threads - 1}",
        "proc/7/status": f"PPid:\t1\nCpus_allowed_list:\t0-{total * spec.threads - 1}",
    }
    return replace(spec, files={**spec.files, **made})


# DGX A100: 2 EPYC of four nodes each, two GPUs beside each of nodes 3, 1, 7, 5; here 4 cores in a node.
DGX = with_gpus(Spec(sockets=2, cores=16, threads=2, nodes=8), [3, 3, 1, 1, 7, 7, 5, 5])
# Frontier: an EPYC of four nodes, two MI250X dies beside each of nodes 3, 1, 0, 2.
FRONTIER = with_gpus(Spec(sockets=1, cores=16, threads=2, nodes=4), [3, 3, 1, 1, 0, 0, 2, 2], AMD)
# HGX H100 or p5.48xlarge: four GPUs beside each of two sockets.
HGX = with_gpus(Spec(sockets=2, cores=16, nodes=2), [0, 0, 0, 0, 1, 1, 1, 1])
# An MI100 machine of RCCL's recordings, whose driver begins with the bus in the middle.
ROCM = with_gpus(
    Spec(sockets=2, cores=16, nodes=4), [1, 1, 0, 0, 3, 3, 2, 2], AMD, rocm=(2, 3, 0, 1, 6, 7, 4, 5)
)
TWISTED = with_gpus(Spec(sockets=2, cores=16, nodes=2), [1, 1, 1, 1, 0, 0, 0, 0])
# A virtual machine that hides where its GPUs are.
HIDDEN = with_gpus(Spec(sockets=2, cores=16, nodes=2), [-1] * 8)


def torchrun(rank: int, size: int, **more: str) -> dict[str, str]:
    names = {"TORCHELASTIC_RUN_ID": "7", "LOCAL_RANK": str(rank), "LOCAL_WORLD_SIZE": str(size)}
    return {**names, **more}


def plans(
    place: Path, spec: Spec, size: int = 8, inherited: tuple[str, ...] = (), **more: str
) -> list[Plan]:
    """Return the plan of each rank; the job launcher has the variables that are `inherited`."""
    environ = "\0".join(["PATH=/bin", *(f"{name}={more[name]}" for name in inherited), ""])
    root = sysroot(place, replace(spec, files={**spec.files, "proc/7/environ": environ}))
    made = []
    for rank in range(size):
        names = torchrun(rank, size, **more)
        made.append(prepare(root, read([], names, {}), names)[1])
    return made


def shares(made: list[Plan]) -> list[str]:
    return [show(plan.budget.cpus) for plan in made]


def by_number(place: Path, spec: Spec, size: int = 8) -> list[str]:
    """Return the shares on the same machine without GPUs."""
    files = {
        name: text
        for name, text in spec.files.items()
        if not name.startswith(("dev", "sys/bus", "sys/class"))
    }
    return shares(plans(place / "plain", replace(spec, files=files), size))


@pytest.mark.parametrize(
    ("spec", "nodes"),
    [
        pytest.param(
            DGX, [3, 0, 1, 2, 7, 4, 5, 6], id="DGX A100: one of two on the node, the other on its socket"
        ),
        pytest.param(FRONTIER, [3, 3, 1, 1, 0, 0, 2, 2], id="Frontier"),
        pytest.param(ROCM, [0, 0, 1, 1, 2, 2, 3, 3], id="ROCm counts otherwise than the bus"),
        pytest.param(HGX, [0, 0, 0, 0, 1, 1, 1, 1], id="HGX H100"),
        pytest.param(TWISTED, [1, 1, 1, 1, 0, 0, 0, 0], id="the second socket first"),
    ],
)
def test_a_rank_gets_its_share_beside_its_gpu(tmp_path: Path, spec: Spec, nodes: list[int]) -> None:
    made = plans(tmp_path, spec)
    size = spec.sockets * spec.cores // (spec.nodes if isinstance(spec.nodes, int) else 1)
    assert [min(plan.budget.cpus) // size for plan in made] == nodes
    assert [plan.node for plan in made] == nodes, "and its memory"
    assert sorted(shares(made)) == sorted(by_number(tmp_path, spec)), "each share once, of the same size"
    assert all(plan.mask == plan.budget.cpus for plan in made)
    assert any("beside its GPU" in why for why in made[0].budget.reasons)


def test_ranks_of_gpus_that_are_everywhere_are_dealt_out_by_number(tmp_path: Path) -> None:
    assert shares(plans(tmp_path, HIDDEN)) == by_number(tmp_path, HIDDEN)


def without(spec: Spec, *names: str) -> Spec:
    return replace(spec, files={name: text for name, text in spec.files.items() if name not in names})


UNLIKE = with_gpus(
    Spec(sockets=2, cores=16, nodes=2), [1, 1, 1, 1, 0, 0, 0, 0], devices=("0x20b0", "0x1db5")
)
CUDA = "CUDA_VISIBLE_DEVICES"


@pytest.mark.parametrize(
    ("spec", "size", "inherited", "more"),
    [
        pytest.param(TWISTED, 4, (), {}, id="fewer ranks than GPUs"),
        pytest.param(
            TWISTED, 8, (CUDA,), {CUDA: "GPU-1,GPU-2,GPU-3,GPU-4,GPU-5,GPU-6,GPU-7,GPU-8"}, id="UUIDs"
        ),
        pytest.param(TWISTED, 8, (), {CUDA: "0,1,2,3,4,5,6,7"}, id="a list of the rank's own"),
        pytest.param(TWISTED, 8, (CUDA,), {CUDA: "0,1,2,3,4,5,6,6"}, id="a GPU twice"),
        pytest.param(TWISTED, 8, (CUDA,), {CUDA: "0,1,2,3,4,5,6,8"}, id="a GPU that is not there"),
        pytest.param(TWISTED, 8, (CUDA,), {CUDA: ""}, id="no GPU is used"),
        pytest.param(
            TWISTED,
            8,
            (CUDA, "HIP_VISIBLE_DEVICES"),
            {CUDA: "0,1,2,3,4,5,6,7", "HIP_VISIBLE_DEVICES": "0,1,2,3,4,5,6,7"},
            id="two lists",
        ),
        pytest.param(UNLIKE, 8, (), {}, id="GPUs of two kinds, in an order of their own"),
        pytest.param(
            without(FRONTIER, "sys/class/kfd/kfd/topology/nodes/9/properties"),
            8,
            (),
            {},
            id="ROCm's order not known",
        ),
        pytest.param(without(TWISTED, "dev/nvidia3"), 8, (), {}, id="a container with seven of them"),
        pytest.param(without(TWISTED, "dev/nvidia0"), 8, (), {}, id="a container without the first"),
    ],
)
def test_no_rank_moves_where_its_gpu_is_not_known(
    tmp_path: Path, spec: Spec, size: int, inherited: tuple[str, ...], more: dict[str, str]
) -> None:
    made = plans(tmp_path, spec, size, inherited, **more)
    assert shares(made) == by_number(tmp_path, spec, size)
    assert not any("GPU" in why for plan in made for why in plan.budget.reasons)


def test_a_list_that_all_ranks_have_tells_the_gpu_of_each(tmp_path: Path) -> None:
    """Rank 0 uses GPU 7, beside the first socket."""
    made = plans(tmp_path, TWISTED, 8, (CUDA,), **{CUDA: "7,6,5,4,3,2,1,0"})
    assert [min(plan.budget.cpus) // 16 for plan in made] == [0, 0, 0, 0, 1, 1, 1, 1]
    made = plans(tmp_path / "two", TWISTED, 2, (CUDA,), **{CUDA: "2,6"})
    assert [min(plan.budget.cpus) // 16 for plan in made] == [1, 0]


def test_instances_are_not_ranks_with_gpus(tmp_path: Path) -> None:
    spec = replace(TWISTED, files={**TWISTED.files, "proc/7/environ": ""})
    names = {"MKL_LAUNCH_INSTANCE": "0", "MKL_LAUNCH_INSTANCES": "8"}
    facts, _ = prepare(sysroot(tmp_path, spec), read([], names, {}), names)
    assert facts.rank_gpus == ()


groups = strategies.lists(strategies.frozensets(strategies.integers(0, 31)), min_size=1, max_size=8)


@given(groups)
def test_every_rank_gets_another_share(gpus: list[frozenset[int]]) -> None:
    pieces = tuple(frozenset(range(index * 4, index * 4 + 4)) for index in range(len(gpus)))
    found = nearest(pieces, tuple(gpus), (parse("0-15"), parse("16-31")))
    assert sorted(found) == list(range(len(gpus)))
