"""The choice of CPUs for --slots, and the locks that hold them."""

from __future__ import annotations

import os
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import parse
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.host.simulated import simulated_machine
from mkl_launch.launch.slot_locks import FIRST_CPU, ROW, ROWS, SlotLocks, SlotsError
from mkl_launch.launch.take_slots import hold
from mkl_launch.launch.take_slots import release as close
from mkl_launch.model.facts import Declared, Limits
from mkl_launch.model.request import Cpus, Request
from mkl_launch.model.slots import Held, Slots
from mkl_launch.policy.launch_note import Note, read_note, write_note
from mkl_launch.policy.slot_choice import choose, shortage, wanted
from testing import slots
from testing.planning import plan

if TYPE_CHECKING:
    from mkl_launch.model.facts import CpuGroups, Facts

settings.register_profile("mkl-launch", deadline=None, database=None)
settings.load_profile("mkl-launch")

DIRECTORY = Slots("/run/mkl-launch")
SIZES = st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 2))


def machine(text: str) -> tuple[CpuGroups, tuple[CpuGroups, ...], frozenset[int]]:
    """Return the cores, the levels and the CPUs of a simulated machine."""
    asked = slots.wish(text, 1)
    return asked.cores, asked.levels, asked.allowed


def facts(text: str = "2x18x2", quota: float | None = None, request: float | None = None) -> Facts:
    found = read_facts(simulated_machine(text))
    limits = Limits(version="v2", path="/", quota=quota, quota_source="cpu.max" if quota else None)
    return type(found)(**{**vars(found), "limits": limits, "declared": Declared(request=request)})


def number(found: Facts, request: Request) -> tuple[int, str]:
    return wanted(found, request, plan(found, request, {}).budget)


# How many


@pytest.mark.parametrize(
    ("request_", "quota", "pod", "expected"),
    [
        (Request(slots=DIRECTORY), None, None, 0),
        (Request(slots=Slots("/x", 4)), None, None, 18),
        (Request(slots=Slots("/x", 7)), None, None, 10),
        (Request(slots=Slots("/x", 100)), None, None, 2),
        (Request(slots=Slots("/x", 4)), 6.0, None, 6),
        (Request(slots=DIRECTORY), 1.5, None, 2),
        (Request(slots=DIRECTORY), 0.1, None, 1),
        (Request(slots=DIRECTORY), 72.0, None, 0),
        (Request(slots=Slots("/x", 4)), 72.0, None, 18),
        (Request(slots=DIRECTORY), None, 3.0, 3),
        (Request(slots=DIRECTORY), 6.0, 3.0, 6),
        (Request(slots=DIRECTORY, basis="request"), 6.0, 3.0, 3),
        (Request(slots=DIRECTORY, cpus=Cpus(amount=2.5)), 6.0, 4.0, 3),
        (Request(slots=DIRECTORY, cpus=Cpus(amount=99)), None, None, 99),
        (Request(slots=DIRECTORY, cpus=Cpus(mask=frozenset((3, 5)))), 6.0, None, 2),
    ],
)
def test_the_number_of_cpus_is_that_of_the_nearest_source(
    request_: Request, quota: float | None, pod: float | None, expected: int
) -> None:
    assert number(facts(quota=quota, request=pod), request_)[0] == expected


@given(SIZES, st.integers(1, 12))
def test_parts_are_enough_for_all_if_there_is_a_core_for_each(
    size: tuple[int, int, int], sharers: int
) -> None:
    text = "x".join(map(str, size))
    cores, levels, allowed = machine(text)
    part, _ = number(facts(text), Request(slots=Slots("/x", sharers)))
    holders: dict[int, int] = {}
    for _ in range(min(sharers, len(cores))):
        chosen = choose(cores, levels, allowed, holders, part)
        assert not holders.keys() & chosen
        holders.update(dict.fromkeys(chosen, 1))


# Which


@st.composite
def partly_held_machines(draw: st.DrawFn) -> tuple[str, dict[int, int], frozenset[int], int]:
    """Draw a machine, how many hold each CPU, the mask, and a number of CPUs."""
    sockets, cores, threads = draw(SIZES)
    everything = range(sockets * cores * threads)
    holders = {cpu: draw(st.integers(0, 3)) for cpu in everything}
    mask = draw(st.sets(st.sampled_from(everything), min_size=1))
    return f"{sockets}x{cores}x{threads}", holders, frozenset(mask), draw(st.integers(1, 80))


@given(partly_held_machines())
def test_takes_whole_cores_least_held_first_and_no_more_than_needed(
    drawn: tuple[str, dict[int, int], frozenset[int], int],
) -> None:
    text, holders, mask, asked = drawn
    cores, levels, _ = machine(text)
    chosen = choose(cores, levels, mask, holders, asked)
    assert chosen <= mask
    assert len(chosen) >= min(asked, len(mask))
    taken = [core & mask for core in cores if core & chosen]
    assert frozenset().union(*taken) == chosen, "whole cores"
    assert len(chosen) - max(map(len, taken)) < asked, "none too many"
    load = {core: max(holders[cpu] for cpu in core) for core in cores if core & mask}
    most = max(load[core] for core in load if core & chosen)
    assert all(load[core] >= most for core in load if not core & chosen)


@given(SIZES, st.integers(1, 20), st.sets(st.integers(0, 35)))
@example((2, 2, 1), 2, {0})  # without caches
def test_stays_within_a_node_if_one_has_room(
    size: tuple[int, int, int], asked: int, used: set[int]
) -> None:
    cores, levels, allowed = machine("x".join(map(str, size)))
    holders = dict.fromkeys(used & allowed, 1)
    chosen = choose(cores, levels, allowed, holders, asked)
    free = [core for core in cores if not core & holders.keys()]
    room = [sum(len(core) for core in free if core <= node) for node in levels[0]]
    if max(room) >= asked:
        assert sum(1 for node in levels[0] if node & chosen) == 1


def test_prefers_a_common_cache_and_leaves_the_larger_one_whole() -> None:
    cores = tuple(frozenset((cpu,)) for cpu in range(16))
    node, caches = (frozenset(range(16)),), tuple(frozenset(range(at, at + 4)) for at in range(0, 16, 4))
    holders = {0: 1, 4: 1, 5: 1}
    levels = (node, caches)
    assert choose(cores, levels, frozenset(range(16)), holders, 2) == {6, 7}
    assert choose(cores, levels, frozenset(range(16)), holders, 3) == {1, 2, 3}
    assert choose(cores, levels, frozenset(range(16)), holders, 4) == set(range(8, 12))
    assert choose(cores, levels, frozenset(range(16)), holders, 6) == {*range(8, 12), 6, 7}


def test_a_sibling_outside_of_the_mask_counts_as_a_part_of_the_core() -> None:
    cores = (frozenset((0, 2)), frozenset((1, 3)))
    assert choose(cores, (), frozenset((0, 1)), {2: 1}, 1) == {1}


@pytest.mark.parametrize(
    ("chosen", "holders", "expected"),
    [
        ({0, 1}, {5: 1}, ""),
        ({0}, {}, "2 CPUs wanted (a test), 1 in the mask of this process"),
        ({0, 1}, {1: 1}, "2 CPUs wanted (a test), 1 free: CPUs 1 are shared with 1 other container"),
        (
            {0, 1},
            {0: 1, 1: 3},
            "2 CPUs wanted (a test), 0 free: CPUs 0-1 are shared with up to 3 other containers",
        ),
    ],
)
def test_a_warning_says_what_is_missing(chosen: set[int], holders: dict[int, int], expected: str) -> None:
    assert shortage(frozenset(chosen), holders, 2, "a test") == expected


# What follows from it


@pytest.mark.parametrize(("own", "quota"), [(True, None), (True, 4.0), (False, None)])
def test_a_plan_with_slots_is_that_of_a_cpuset(*, own: bool, quota: float | None) -> None:
    cpus = parse("0-1,36-37")
    found = facts(quota=quota)
    made = plan(found, Request(command=("x",), slots=DIRECTORY, held=Held(cpus, own)), {})
    assert made.mask == made.budget.cpus == cpus
    assert (made.budget.threads, made.budget.exclusive) == (2, own)
    # The same for a launch within it, whose mask has been set.
    inner = type(found)(**{**vars(found), "mask": cpus})
    note = read_note(made.environ)
    assert note.held == Held(cpus, own)
    request = read(["--", "x"], made.environ, note.texts)
    again = plan(inner, type(request)(**{**vars(request), "held": note.held}), made.environ)
    assert again.environ == made.environ


def test_an_amount_of_cpus_is_used_up_by_the_slots() -> None:
    held = Held(parse("0-1,36-37"), own=True)
    made = plan(facts(), Request(cpus=Cpus(amount=3), slots=DIRECTORY, held=held), {})
    assert (made.budget.quota, made.budget.threads, made.budget.exclusive) == (None, 2, True)


@given(cpus=st.sets(st.integers(0, 200), min_size=1), own=st.booleans())
def test_an_inner_launch_reads_the_slots_in_the_note(*, cpus: set[int], own: bool) -> None:
    note = Note(options={}, values={}, held=Held(frozenset(cpus), own))
    assert read_note({"MKL_LAUNCH_APPLIED": write_note(note)}).held == note.held


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/run/mkl-launch", Slots("/run/mkl-launch")),
        ("/run/mkl-launch:4", Slots("/run/mkl-launch", 4)),
        ("/run/a:b", Slots("/run/a:b")),
        ("/run/a:0", Slots("/run/a:0")),
    ],
)
def test_reads_directory_and_number_of_the_option_slots(text: str, expected: Slots) -> None:
    assert read(["--slots", text, "x"], {}, {}).slots == expected
    assert read(["x"], {"MKL_LAUNCH_SLOTS": text}, {}).slots == expected


def test_refuses_a_relative_path() -> None:
    request = read(["x"], {"MKL_LAUNCH_SLOTS": "slots"}, {})
    assert request.slots is None
    assert "MKL_LAUNCH_SLOTS=slots: not an absolute path" in request.warnings[0]


# Locks


def test_200_starts_at_the_same_time_take_different_cpus(slots_directory: str) -> None:
    holders = slots.together(slots_directory, slots.wish("4x64x2", 2), 200)
    taken = [holder.cpus() for holder in holders]
    for holder in holders:
        holder.kill()
    assert all(own and len(cpus) == 2 for cpus, own in taken)
    cpus = list(chain.from_iterable(cpus for cpus, _ in taken))
    assert len(set(cpus)) == len(cpus) == 400


def test_200_starts_on_few_cpus_share_them_evenly(slots_directory: str) -> None:
    holders = slots.together(slots_directory, slots.wish("1x4x1", 1), 200)
    taken = [holder.cpus() for holder in holders]
    counts = slots.held(slots_directory)
    for holder in holders:
        holder.kill()
    assert sum(own for _, own in taken) == 4
    assert counts == dict.fromkeys(range(4), 50)
    assert slots.held(slots_directory) == {}


def test_no_slot_is_lost_when_holders_are_killed(slots_directory: str) -> None:
    slots.kill_in_random_order(slots_directory, 60, 1)


def test_slots_are_held_until_the_last_descriptor_is_closed(slots_directory: str) -> None:
    """They are released by the last process that has the descriptor, not by the first."""
    asked = slots.wish("1x4x1", 1)
    held, _ = hold(Root(), Slots(slots_directory), asked, "a\t1\tb")
    assert slots.held(slots_directory) == {0: 1}
    assert held.descriptor is not None
    copy = os.dup(held.descriptor)
    os.close(held.descriptor)
    assert slots.held(slots_directory) == {0: 1}
    os.close(copy)
    assert slots.held(slots_directory) == {}


def test_the_descriptor_is_high_and_inherited(slots_directory: str) -> None:
    held, _ = hold(Root(), Slots(slots_directory), slots.wish("1x4x1", 1), "a\t1\tb")
    assert held.descriptor is not None
    assert held.descriptor >= 200
    assert os.get_inheritable(held.descriptor)
    close(held)


def test_takes_over_a_file_of_another_boot(slots_directory: str) -> None:
    file = Path(slots_directory, "cpus")
    file.write_bytes(b"mkl-launch slots 1\nanother-boot".ljust(128, b"\0"))
    held, _ = hold(Root(), Slots(slots_directory), slots.wish("1x4x1", 1), "a\t1\tb")
    close(held)
    assert held.own
    assert b"another-boot" not in file.read_bytes()


def test_refuses_a_file_that_another_machine_uses(slots_directory: str) -> None:
    """Over a network file system: its locks are seen, and its boot ID differs."""
    held, _ = hold(Root(), Slots(slots_directory), slots.wish("1x4x1", 1), "a\t1\tb")
    file = Path(slots_directory, "cpus")
    file.write_bytes(b"mkl-launch slots 1\nanother-boot".ljust(128, b"\0"))
    with pytest.raises(SlotsError, match="another machine uses it"):
        hold(Root(), Slots(slots_directory), slots.wish("1x4x1", 1), "a\t1\tb")
    close(held)


def test_a_start_that_was_stopped_while_it_chose_delays_others_only(slots_directory: str) -> None:
    locks = SlotLocks(Root(), slots_directory)
    locks.begin()
    begin = time.monotonic()
    held, _ = hold(Root(), Slots(slots_directory), slots.wish("1x4x1", 1), "a\t1\tb")
    assert 1 < time.monotonic() - begin < 30
    assert held.own
    close(held)
    locks.close()


def test_locks_on_everything_take_no_time(slots_directory: str) -> None:
    """As a hostile container may hold them: the CPUs are then shared."""
    held, _ = hold(Root(), Slots(slots_directory), slots.wish("1x4x1", 1), "a\t1\tb")
    locks = SlotLocks(Root(), slots_directory)
    for first, number in ((FIRST_CPU + 1, ROWS * ROW - 1),):
        assert locks._lock(first, number)  # noqa: SLF001
    begin = time.monotonic()
    other, holders = hold(Root(), Slots(slots_directory), slots.wish("4x64x2", 512), "a\t1\tb")
    assert time.monotonic() - begin < 20
    assert not other.own
    assert max(holders.values()) == ROWS
    close(held)
    close(other)
    locks.close()
