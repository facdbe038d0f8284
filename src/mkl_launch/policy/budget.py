"""The budget: the CPUs and the CPU time that count, the threads for them, and the reasons. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, plural, show
from mkl_launch.core.option_names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.core.record import Record, changed
from mkl_launch.core.rounding import rounded_down, rounded_up
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.ranks import Placement
from mkl_launch.model.request import Request
from mkl_launch.policy.exclusivity import mask_to_set, own_cpus
from mkl_launch.policy.provenance import Provenance
from mkl_launch.program.workers import Workers, count_workers
from mkl_launch.tables.command_row import JVM_VARIABLE
from mkl_launch.tables.variables import OMP_NUM_THREADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Reasons = tuple[str, ...]

# The smallest part of a node's CPUs that its pods can get: the node keeps 0.06 of one CPU, 0.1 of two, 0.74
# of 64 (learn.microsoft.com/azure/aks/node-resource-reservations; less on GKE and EKS).
ALLOCATABLE = 0.9


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


def budget(
    facts: Facts, request: Request, provenance: Provenance, environ: Mapping[str, str], program: Program
) -> Budget:
    """Return the budget: min(cores in the mask, whole CPUs of the quota) / workers, at least 1 thread."""
    all_cpus, cpu_reason = _cpus(facts, request, environ)
    placement, rank_reasons = _placement(facts, request, provenance, all_cpus)
    cpus = placement.cpus
    cores = sum(1 for core in facts.cores if core & cpus)
    limit, limit_reasons = _limit(facts, request, provenance)
    counted, source, request_reasons = _with_request(limit, facts, request, environ, len(all_cpus))
    quota, quota_reasons = _per_rank(counted, placement)
    for_kernel = None if source else quota  # a JVM sees what the kernel enforces
    workers = _workers(request, provenance, environ, program, (len(cpus), quota, for_kernel))
    is_throttled = any(cap is not None and cap < len(all_cpus) for cap in (limit, facts.limits.quota))
    exclusive, evidence = own_cpus(facts, request, placement, environ, is_throttled=is_throttled)
    if exclusive and source and facts.declared.granted and not request.held:
        exclusive, evidence = False, f"shared CPUs: a part of them by {source}, who may run other jobs"
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
        reasons=(
            *(cpu_reason, *rank_reasons, *_smt_reasons(len(cpus), cores)),
            *(*limit_reasons, *request_reasons, *quota_reasons, *_worker_reasons(workers), evidence),
        ),
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


def _limit(facts: Facts, request: Request, provenance: Provenance) -> tuple[float | None, Reasons]:
    """Return the CPU time, in CPUs, that all ranks on this machine can have; None if not limited."""
    if request.cpus and request.cpus.amount and not request.held:
        return request.cpus.amount, (f"{plural(request.cpus.amount, 'CPU')}: by {request.cpus_option}",)
    limit, source, ignored = _tightest(facts)
    launcher, granted = provenance.job_launcher, provenance.granted_cpus
    if launcher and granted:
        reason = f"{plural(granted, 'CPU')}: granted by {launcher.name} as {OMP_NUM_THREADS}"
        return min(granted, limit or granted), (*ignored, reason)
    if limit is None:
        return None, (*ignored, "no quota")
    reasons = (*ignored, f"quota of {plural(limit, 'CPU')}: {source}")
    if limit % 1:
        whole = plural(rounded_down(MAX_CPU, limit), "whole CPU")
        reasons += (f"{whole}: threads that wait for each other need whole ones",)
    return limit, reasons


def _tightest(facts: Facts) -> tuple[float | None, str, Reasons]:
    """Return the smallest of all quotas and declared limits, its source, and why others are ignored."""
    limits, candidates = facts.limits, _enforced(facts)
    ignored: Reasons = ()
    # A control group that can be read and has no quota is right. MKL_LAUNCH_CPU_LIMIT is then the number of
    # the node's allocatable CPUs, which the Downward API shows in place of a limit.
    if limits.quota is None and (limits.version is None or limits.failures):
        limit, ignored = _declared_limit(facts)
        candidates.append((limit, CPU_LIMIT))
    known = ((limit, source) for limit, source in candidates if limit is not None)
    return (*min(known, default=(None, "")), ignored)


def _enforced(facts: Facts) -> list[tuple[float | None, str]]:
    """Return the amount, None if there is none, and the source of each limit that is enforced."""
    limits, declared = facts.limits, facts.declared
    caps: list[tuple[float | None, str]] = [
        (limits.quota, limits.quota_source or ""),
        (declared.task, "the ECS task, by its metadata"),
        (declared.after_boost, f"the limit after the startup boost, by {CPU_LIMIT}"),
    ]
    if declared.granted:
        from mkl_launch.policy.granted import told_limits

        caps += told_limits(facts)
    return caps


def _declared_limit(facts: Facts) -> tuple[float | None, Reasons]:
    """Return the pod's CPU limit; None if it is what the Downward API shows if there is no limit.

    kubernetes.io/docs/concepts/workloads/pods/downward-api/#fallback-information-for-resource-limits
    """
    limit, requested, node = facts.declared.limit, facts.declared.request, len(facts.online)
    if limit is None or requested is None or not (requested < limit and limit > ALLOCATABLE * node):
        return limit, ()
    unset = f"what an unset one shows, nearly all of {plural(node, 'CPU')}"
    return None, (f"{plural(limit, 'CPU')} by {CPU_LIMIT} taken for no limit: {unset}",)


def _with_request(
    limit: float | None, facts: Facts, request: Request, environ: Mapping[str, str], cpus: int
) -> tuple[float | None, str, Reasons]:
    """Return (amount, source, reasons): a pod's request or a scheduler's grant, if it counts, else `limit`.

    `cpus` is the number of CPUs. The source of the limit is "".
    """
    counted, source = limit, ""
    reasons: Reasons = ()
    requested = facts.declared.request
    counts = request.basis == "request" or (request.basis == "auto" and limit is None)
    if requested is not None and counts and not (request.cpus and request.cpus.amount):
        counted = min(requested, limit or requested)
        source = "the CPU request of the pod" if counted != limit else ""
        reasons = (f"counting with {plural(requested, 'CPU')}: the pod's request, by {CPU_REQUEST}",)
    if facts.declared.granted:
        from mkl_launch.policy.granted import told_request

        told = told_request(facts, request, environ, min(cpus, counted or cpus))
        if told:
            return told[0], told[1], (*reasons, told[2])
    return counted, source, reasons


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
    cpus: tuple[int, float | None, float | None],
) -> Workers:
    """Return the number of processes that share the budget, from the request, else from the program.

    `cpus` are the number of CPUs, the quota that counts, and the quota that the kernel enforces.
    """
    # Workers of a model server do not wait for each other, ranks of torchrun do.
    logical, quota, for_kernel = cpus
    workers = count_workers(
        program, environ, (rounded_up if program.row.jvm else rounded_down)(logical, quota)
    )
    if request.workers:
        return changed(workers, number=request.workers, reason="as asked for")
    if workers.per_cpu and program.row.jvm:
        from mkl_launch.program.jvm import counted_by_jvm

        options = provenance.user_values.get(JVM_VARIABLE, "")
        workers = counted_by_jvm(program, environ, options, (logical, for_kernel)) or workers
    return changed(workers, reason=f"of {program.row.name}: {workers.reason}".removeprefix("of : "))
