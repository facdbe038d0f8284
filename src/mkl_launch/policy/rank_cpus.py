"""The CPUs of a rank: its share of the CPUs that all ranks on this machine have. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.record import changed
from mkl_launch.model.facts import Facts
from mkl_launch.model.ranks import Placement, Rank
from mkl_launch.model.request import Request
from mkl_launch.policy.launch_note import OuterLaunch
from mkl_launch.policy.provenance import Provenance
from mkl_launch.policy.shares import in_nodes, shares
from mkl_launch.tables.job_launchers import INSTANCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.facts import CpuGroups


def place(
    facts: Facts, request: Request, provenance: Provenance, cpus: frozenset[int]
) -> tuple[Placement, tuple[str, ...]]:
    """Divide `cpus` among the ranks, once for each rank that this process is; return a reason for each."""
    unbound = facts.online if facts.limits.cpuset is None else facts.limits.cpuset
    # The mask of Open MPI or Hydra may lack CPUs that they bind a rank to: such a mask is not used.
    if facts.job_launcher.mask and facts.mask <= facts.job_launcher.mask:
        unbound = facts.job_launcher.mask
    bound = facts.mask < unbound
    placement = Placement(cpus, unbound if bound else cpus, already_bound=bound)
    reasons = []
    if provenance.outer and provenance.outer.cpus & cpus:
        placement, reason = _of_outer_launch(facts, provenance.outer, placement)
        reasons.append(reason)
    for rank in provenance.ranks:
        if bound and rank.job_launcher is not INSTANCES:
            total = min(len(unbound), _granted(facts) or len(unbound))
            placement, reason = _of_bound_rank(facts, rank, placement, total)
        else:
            placement, reason = _of_unbound_rank(facts, request, rank, placement)
        reasons.append(reason)
    number, size = _flat_rank(provenance.rank_path)
    return changed(placement, number=number, size=size), tuple(reasons)


def _granted(facts: Facts) -> int:
    """Return the CPUs that a scheduler grants all ranks here; 0 if none tells them."""
    if not facts.declared.granted:
        return 0
    from mkl_launch.policy.granted import granted_to_job

    return int(granted_to_job(facts) or 0)


def _of_outer_launch(facts: Facts, outer: OuterLaunch, placement: Placement) -> tuple[Placement, str]:
    """Keep the share of the outer launch, as far as these CPUs are still there: it is not divided again."""
    cpus = outer.cpus & placement.cpus
    number, size = _flat_rank(outer.rank_path)
    bound = facts.mask < outer.group_cpus and (outer.sharers > 1 or facts.mask <= cpus)
    reason = f"rank {number} of {size}: CPUs {show(cpus)}, by an outer launch"
    return Placement(cpus, outer.group_cpus, already_bound=bound, sharers=outer.sharers), reason


def _of_bound_rank(facts: Facts, rank: Rank, placement: Placement, total: int) -> tuple[Placement, str]:
    """Return the CPUs of a rank that its job launcher has bound.

    The mask belongs to this rank alone, or it is a socket or a node for several ranks. `total` is the
    number of CPUs that all ranks on this machine have.
    """
    # Rounded up: of 3 ranks on 2 nodes, 2 are on the same node.
    sharers = max(1, -(-rank.size * len(facts.mask) // total))
    bound = f"{_rank_name(rank)}: bound to CPUs {show(facts.mask)}"
    if sharers == 1:
        return placement, f"{bound} by {rank.job_launcher.name}"
    index = _index_in_mask(rank.number, sharers, -(-total // len(facts.mask)))
    cpus = _shares(facts, placement.cpus, sharers)[index]
    result = Placement(cpus, placement.group_cpus, already_bound=True, sharers=sharers)
    return result, f"{bound}, up to {sharers} ranks there"


def _index_in_mask(number: int, sharers: int, masks: int) -> int:
    """Return an index below `sharers` that is different for each of the ranks with the same mask.

    It holds for both ways in which job launchers deal ranks to `masks` masks: one rank at a time (ranks 0
    and 2 of 4 on the first of two sockets) and `sharers` ranks at a time (ranks 0 and 1).
    """
    turn = next(size for size in range(sharers, masks * sharers + 1, sharers) if size % masks == 0)
    return (number + number // turn) % sharers


def _of_unbound_rank(
    facts: Facts, request: Request, rank: Rank, placement: Placement
) -> tuple[Placement, str]:
    """Return the rank's share of the cores; if there are too few cores, several ranks have the same one."""
    instance = rank.job_launcher is INSTANCES
    each = (request.cores_per_instance or 0) if instance else 0
    caches = facts.caches if instance else ()
    parts = _shares(facts, placement.cpus, rank.size, each, caches)
    index, gpu = rank.number, ""
    if len(facts.rank_gpus) == rank.size == len(set(parts)) and not instance:
        from mkl_launch.policy.rank_gpus import nearest

        index = nearest(parts, facts.rank_gpus, facts.sockets)[rank.number]
        gpu = (
            ", beside its GPU" if parts[index] & facts.rank_gpus[rank.number] else ", its GPU beside others"
        )
    cpus = parts[index]
    all_cores = sum(1 for core in facts.cores if core & placement.cpus)
    cores = sum(1 for core in facts.cores if core & cpus)
    result = Placement(
        cpus,
        placement.group_cpus,
        already_bound=placement.already_bound and len(cpus) == len(placement.cpus),
        sharers=placement.sharers * max(1, -(-rank.size * max(each, 1) // max(all_cores, 1))),
    )
    return result, f"{_rank_name(rank)}: CPUs {show(cpus)}, {cores} of {plural(all_cores, 'core')}{gpu}"


def _rank_name(rank: Rank) -> str:
    kind = "instance" if rank.job_launcher is INSTANCES else "rank"
    return f"{kind} {rank.number} of {rank.size} ({rank.job_launcher.name})"


def _flat_rank(path: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return (number, size) of a rank within ranks, as if all ranks were counted in one row."""
    rank, ranks = 0, 1
    for number, size in path:
        rank, ranks = rank * size + number, ranks * size
    return rank, ranks


def _shares(
    facts: Facts, cpus: frozenset[int], number: int, each: int = 0, caches: CpuGroups = ()
) -> CpuGroups:
    """Return the shares of `number` ranks: within `caches` if there are any, else within NUMA nodes.

    As many ranks as caches have one each, also if a cpuset has made one smaller.
    """
    cores = tuple(core & cpus for core in facts.cores if core & cpus)
    whole = in_nodes(cores, caches) if caches and not each else []
    if len(whole) == number:
        return tuple(frozenset().union(*group) for group in whole)
    return shares(cores, caches or tuple(members for _, members in facts.nodes), number, each)
