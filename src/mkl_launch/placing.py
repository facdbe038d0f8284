"""Where one of several processes runs: its share of the CPUs that they all have. Pure."""

from __future__ import annotations

from .cpulist import plural, show
from .detect import Facts
from .engines import INSTANCES, Place, Rank
from .given import Given
from .request import Request
from .shares import shares


def place(facts: Facts, request: Request, given: Given, cpus: frozenset[int], why: list[str]) -> Place:
    """Divide `cpus` by every rank that this process is, one within the other."""
    base = facts.online if facts.limits.cpuset is None else facts.limits.cpuset
    if facts.engine.mask and facts.mask <= facts.engine.mask:
        base = facts.engine.mask  # but Open MPI and Hydra bind to CPUs that they may not use themselves
    bound = facts.mask < base
    found = Place(cpus, base if bound else cpus, bound=bound)
    mine = given.share & cpus
    if given.placed and mine:  # no second division
        why.append(f"{_name(given.ranks[-1])}: CPUs {show(mine)}, by a launcher further out")
        alone = given.crowd > 1 or facts.mask <= mine
        return _numbered(Place(mine, found.base, bound=bound and alone, crowd=given.crowd), given.ranks)
    for index, rank in enumerate(given.ranks):
        if bound and index == 0:
            found = _within_its_mask(facts, rank, found, min(len(base), given.cpus or len(base)), why)
        else:
            found = _divided(facts, request, rank, found, why)
    return _numbered(found, given.ranks)


def _name(rank: Rank) -> str:
    what = "instance" if rank.engine is INSTANCES else "rank"
    return f"{what} {rank.number} of {rank.size} ({rank.engine.name})"


def _numbered(found: Place, ranks: tuple[Rank, ...]) -> Place:
    size = number = 0
    for rank in ranks:
        size, number = max(size, 1) * rank.size, number * rank.size + rank.number
    return Place(found.cpus, found.base, size or 1, number, found.bound, found.crowd)


def _within_its_mask(facts: Facts, rank: Rank, found: Place, cpus: int, why: list[str]) -> Place:
    """The engine has bound it: to CPUs of its own, or to a socket or node that several ranks have.

    `cpus` is how many all ranks on this machine have.
    """
    # Rounded up: 3 ranks on 2 nodes are 2 on one of them.
    crowd = max(1, -(-rank.size * len(facts.mask) // cpus))
    if crowd == 1:
        why.append(f"{_name(rank)}: bound to CPUs {show(facts.mask)} by {rank.engine.name}")
        return found
    why.append(f"{_name(rank)}: bound to CPUs {show(facts.mask)}, up to {crowd} ranks there")
    mine = _shares(facts, found.cpus, crowd)[_in_crowd(rank.number, crowd, -(-cpus // len(facts.mask)))]
    return Place(mine, found.base, bound=True, crowd=crowd)


def _in_crowd(number: int, crowd: int, groups: int) -> int:
    """Which of those on its CPUs a rank is: another one for each of them, however the ranks were dealt out.

    One by one to so many `groups` of CPUs (0 and 2 of 4 on the first of two sockets, as engines map by
    socket), or a crowd at a time (0 and 1, by core).
    """
    turn = next(size for size in range(crowd, groups * crowd + 1, crowd) if size % groups == 0)
    return (number + number // turn) % crowd


def _divided(facts: Facts, request: Request, rank: Rank, found: Place, why: list[str]) -> Place:
    each = request.cores_per_instance if rank.engine is INSTANCES else None
    mine = _shares(facts, found.cpus, rank.size, each or 0)[rank.number]
    cores = sum(1 for core in facts.cores if core & found.cpus)
    crowd = found.crowd * max(1, -(-rank.size * (each or 1) // max(cores, 1)))
    its = sum(1 for core in facts.cores if core & mine)
    why.append(f"{_name(rank)}: CPUs {show(mine)}, {its} of {plural(cores, 'core')}")
    return Place(mine, found.base, bound=found.bound and len(mine) == len(found.cpus), crowd=crowd)


def _shares(facts: Facts, cpus: frozenset[int], number: int, each: int = 0) -> tuple[frozenset[int], ...]:
    cores = tuple(core & cpus for core in facts.cores if core & cpus)
    return shares(cores, tuple(members for _, members in facts.nodes), number, each)
