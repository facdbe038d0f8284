"""The budget: the CPUs and the CPU time that count, the threads for them, and the reasons. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.record import Record, changed
from mkl_launch.core.rounding import rounded_down, rounded_up
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.ranks import Placement
from mkl_launch.model.request import Request
from mkl_launch.policy.exclusivity import mask_to_set, own_cpus
from mkl_launch.policy.limits import count_request, find_limit
from mkl_launch.policy.provenance import Provenance
from mkl_launch.program.workers import Workers, count_workers
from mkl_launch.tables.command_row import JVM_VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Reasons = tuple[str, ...]


class Budget(Record):
    """The CPUs and the CPU time that the command may compute with."""

    cpus: frozenset[int]
    cores: int
    sockets: int
    quota: float | None  # in CPUs, of this rank; None: not limited
    threads: int  # of one worker
    workers: int
    exclusive: bool  # no other container and no other rank runs on these CPUs
    exclusive_reason: str  # the evidence for `exclusive`, True or False
    rank: int | None  # from 0; None: not started by a job launcher
    ranks: int
    mask: frozenset[int] | None  # the affinity mask to set; None: leave it as it is
    group_cpus: frozenset[int]  # CPUs of all ranks together
    sharers: int  # ranks that have the same `cpus`
    has_own_cpus: bool  # no other rank runs on these CPUs
    request_source: str  # who requests or grants `quota`, which nothing enforces; "" if it is enforced
    is_throttled: bool  # the quota is smaller than the CPUs: threads that spin use it up
    one_worker_per_cpu: bool  # the command starts a process for each CPU that it counts
    reasons: tuple[str, ...]

    @property
    def limit_is_request(self) -> bool:
        """Return True if `quota` is a request or a grant, which the kernel does not enforce."""
        return bool(self.request_source)

    @property
    def limit_kind(self) -> str:
        """Return "request" or "quota", the name of `quota` in messages."""
        return "request" if self.limit_is_request else "quota"

    @property
    def logical(self) -> int:
        """Return the number of CPUs (hardware threads)."""
        return len(self.cpus)

    @property
    def compute_threads(self) -> int:
        """Return the number of threads of all workers of all ranks."""
        return self.threads * self.workers * self.ranks

    @property
    def ranks_share_cpus(self) -> bool:
        """Return True if several ranks run on the same CPUs."""
        return self.ranks > 1 and not self.has_own_cpus

    @property
    def total_cpus(self) -> int:
        """Return the number of CPUs for all workers together."""
        return rounded_down(self.logical, self.quota)

    def per_worker(self, number: int) -> int:
        """Return one worker's part of `number` CPUs or cores under the quota, rounded down.

        For threads that wait for each other.
        """
        return max(1, rounded_down(number, self.quota) // self.workers)

    @property
    def task_threads(self) -> int:
        """Return the number of threads of a worker for independent tasks: the quota is rounded up."""
        return max(1, rounded_up(self.logical, self.quota) // self.workers)


def find_budget(
    facts: Facts, request: Request, provenance: Provenance, environ: Mapping[str, str], program: Program
) -> Budget:
    """Return the budget: min(cores in the mask, whole CPUs of the quota) / workers, at least 1 thread."""
    all_cpus, cpu_reason = _cpus(facts, request, environ)
    placement, rank_reasons = _placement(facts, request, provenance, all_cpus)
    cpus = placement.cpus
    cores = sum(1 for core in facts.cores if core & cpus)
    reasons = (cpu_reason, *rank_reasons, *_smt_reasons(len(cpus), cores))
    limit, limit_reasons = find_limit(facts, request, provenance)
    counted, source, request_reasons = count_request(limit, facts, request, environ, len(all_cpus))
    quota, quota_reasons = _per_rank(counted, placement)
    reasons += (*limit_reasons, *request_reasons, *quota_reasons)
    enforced = None if source else quota
    workers = _workers(request, provenance, environ, program, (len(cpus), quota, enforced))
    is_throttled = any(cap is not None and cap < len(all_cpus) for cap in (limit, facts.limits.quota))
    exclusive, evidence = own_cpus(facts, request, placement, environ, is_throttled=is_throttled)
    if exclusive and source and facts.declared.granted and not request.held:
        exclusive = False
        evidence = f"shared CPUs: a part of the machine by {source}, other jobs may have the rest"
    mask = mask_to_set(request, placement, all_cpus, exclusive=exclusive)
    result = Budget(
        cpus=cpus,
        cores=cores,
        sockets=sum(1 for socket in facts.sockets if socket & cpus),
        quota=quota,
        threads=1,
        workers=workers.number,
        exclusive=exclusive,
        exclusive_reason=evidence,
        rank=placement.number if provenance.rank_path else None,
        ranks=placement.size,
        mask=mask,
        group_cpus=placement.group_cpus,
        sharers=placement.sharers,
        has_own_cpus=placement.sharers == 1 and (placement.already_bound or mask == cpus),
        request_source=source,
        is_throttled=is_throttled,
        one_worker_per_cpu=workers.per_cpu,
        reasons=(*reasons, *_worker_reasons(workers), evidence),
    )
    return changed(result, threads=result.per_worker(cores))


def _cpus(facts: Facts, request: Request, environ: Mapping[str, str]) -> tuple[frozenset[int], str]:
    """Return the CPUs of all ranks on this machine, and where they are from."""
    if request.held:
        cpus = request.held.cpus & facts.mask or facts.mask
        return cpus, f"CPUs {show(cpus)}: taken with --slots"
    if request.cpus and request.cpus.mask:
        return request.cpus.mask, f"CPUs {show(request.cpus.mask)}: named by {request.cpus_option}"
    if facts.isolated:
        from mkl_launch.policy.isolated_cpus import counted_cpus

        counted = counted_cpus(facts, request, environ)
        if counted:
            return counted
    reason = f"CPUs {show(facts.mask)}: the affinity mask"
    if facts.limits.cpuset is not None and facts.mask != facts.limits.cpuset & facts.online:
        reason += f", within cpuset {show(facts.limits.cpuset)}"
    return facts.mask, reason


def _placement(
    facts: Facts, request: Request, provenance: Provenance, cpus: frozenset[int]
) -> tuple[Placement, Reasons]:
    """Return this rank's part of `cpus`; all of them if this is no rank."""
    if not provenance.rank_path:
        return Placement(cpus, cpus), ()
    from mkl_launch.policy.rank_cpus import place

    return place(facts, request, provenance, cpus)


def _smt_reasons(cpus: int, cores: int) -> Reasons:
    if cores >= cpus:
        return ()
    return (f"{plural(cpus, 'CPU')} on {plural(cores, 'core')}: SMT siblings share a core",)


def _worker_reasons(workers: Workers) -> Reasons:
    return (f"divided among {workers.number} workers ({workers.reason})",) if workers.number > 1 else ()


def _per_rank(quota: float | None, placement: Placement) -> tuple[float | None, Reasons]:
    ranks = placement.size
    if quota is None or ranks == 1:
        return quota, ()
    return quota / ranks, (f"{plural(quota / ranks, 'CPU')} of them for each of {ranks} processes",)


def _workers(
    request: Request,
    provenance: Provenance,
    environ: Mapping[str, str],
    program: Program,
    capacity: tuple[int, float | None, float | None],
) -> Workers:
    """Return the number of processes that share the budget, from the request, else from the program.

    `capacity`: the CPUs, the quota that counts, and the quota that the kernel enforces, which a JVM sees.
    """
    cpus, quota, enforced = capacity
    # Workers of a model server do not wait for each other, ranks of torchrun do.
    rounded = rounded_up if program.row.jvm else rounded_down
    workers = count_workers(program, environ, rounded(cpus, quota))
    if request.workers:
        return changed(workers, number=request.workers, reason="as asked for")
    if workers.per_cpu and program.row.jvm:
        from mkl_launch.program.jvm import counted_by_jvm

        options = provenance.user_values.get(JVM_VARIABLE, "")
        workers = counted_by_jvm(program, environ, options, (cpus, enforced)) or workers
    return changed(workers, reason=f"of {program.row.name}: {workers.reason}".removeprefix("of : "))
