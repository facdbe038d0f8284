"""Where one of several processes runs: its share of the CPUs that they all have. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.model.facts import Facts
from mkl_launch.model.ranks import Placement, Rank
from mkl_launch.model.request import Request
from mkl_launch.policy.note import OuterLaunch
from mkl_launch.policy.provenance import Provenance
from mkl_launch.policy.shares import shares
from mkl_launch.tables.job_launchers import INSTANCES


def place(
    facts: Facts, request: Request, provenance: Provenance, cpus: frozenset[int], why: list[str]
) -> Placement:
    """Divide `cpus` by every rank that this process is, one within the other."""
    base = facts.online if facts.limits.cpuset is None else facts.limits.cpuset
    if facts.job_launcher.mask and facts.mask <= facts.job_launcher.mask:
        base = (
            facts.job_launcher.mask
        )  # but Open MPI and Hydra bind to CPUs that they may not use themselves
    bound = facts.mask < base
    found = Placement(cpus, base if bound else cpus, already_bound=bound)
    if provenance.outer:
        found = _by_another(facts, provenance.outer, found, why)
    for rank in provenance.ranks:
        if bound and rank.job_launcher is not INSTANCES:
            found = _within_its_mask(
                facts, rank, found, min(len(base), provenance.launcher_cpus or len(base)), why
            )
        else:
            found = _divided(facts, request, rank, found, why)
    number, size = _number(provenance.rank_path)
    return Placement(found.cpus, found.group_cpus, size, number, found.already_bound, found.sharers)


def _by_another(facts: Facts, outer: OuterLaunch, found: Placement, why: list[str]) -> Placement:
    """No second division: the share that a launcher further out has computed, as far as it is there."""
    mine = outer.cpus & found.cpus
    if not mine:
        return found
    number, size = _number(outer.rank_path)
    why.append(f"rank {number} of {size}: CPUs {show(mine)}, by a launcher further out")
    bound = facts.mask < outer.group_cpus and (outer.sharers > 1 or facts.mask <= mine)
    return Placement(mine, outer.group_cpus, already_bound=bound, sharers=outer.sharers)


def _name(rank: Rank) -> str:
    what = "instance" if rank.job_launcher is INSTANCES else "rank"
    return f"{what} {rank.number} of {rank.size} ({rank.job_launcher.name})"


def _number(numbers: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Of all ranks together, counted through."""
    place, together = 0, 1
    for number, size in numbers:
        place, together = place * size + number, together * size
    return place, together


def _within_its_mask(facts: Facts, rank: Rank, found: Placement, cpus: int, why: list[str]) -> Placement:
    """The job launcher has bound it: to CPUs of its own, or to a socket or node that several ranks have.

    `cpus` is how many all ranks on this machine have.
    """
    # Rounded up: 3 ranks on 2 nodes are 2 on one of them.
    crowd = max(1, -(-rank.size * len(facts.mask) // cpus))
    if crowd == 1:
        why.append(f"{_name(rank)}: bound to CPUs {show(facts.mask)} by {rank.job_launcher.name}")
        return found
    why.append(f"{_name(rank)}: bound to CPUs {show(facts.mask)}, up to {crowd} ranks there")
    mine = _shares(facts, found.cpus, crowd)[_in_crowd(rank.number, crowd, -(-cpus // len(facts.mask)))]
    return Placement(mine, found.group_cpus, already_bound=True, sharers=crowd)


def _in_crowd(number: int, crowd: int, groups: int) -> int:
    """Which of those on its CPUs a rank is: another one for each of them, however the ranks were dealt out.

    One by one to so many `groups` of CPUs (0 and 2 of 4 on the first of two sockets, as a job launcher maps
    by socket), or a crowd at a time (0 and 1, by core).
    """
    turn = next(size for size in range(crowd, groups * crowd + 1, crowd) if size % groups == 0)
    return (number + number // turn) % crowd


def _divided(facts: Facts, request: Request, rank: Rank, found: Placement, why: list[str]) -> Placement:
    each = request.cores_per_instance if rank.job_launcher is INSTANCES else None
    mine = _shares(facts, found.cpus, rank.size, each or 0)[rank.number]
    cores = sum(1 for core in facts.cores if core & found.cpus)
    crowd = found.sharers * max(1, -(-rank.size * (each or 1) // max(cores, 1)))
    its = sum(1 for core in facts.cores if core & mine)
    why.append(f"{_name(rank)}: CPUs {show(mine)}, {its} of {plural(cores, 'core')}")
    return Placement(
        mine,
        found.group_cpus,
        already_bound=found.already_bound and len(mine) == len(found.cpus),
        sharers=crowd,
    )


def _shares(facts: Facts, cpus: frozenset[int], number: int, each: int = 0) -> tuple[frozenset[int], ...]:
    cores = tuple(core & cpus for core in facts.cores if core & cpus)
    return shares(cores, tuple(members for _, members in facts.nodes), number, each)
