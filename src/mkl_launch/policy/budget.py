"""The budget: how many threads, on which CPUs, and whether those CPUs are this container's alone. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.core.record import Record, changed
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.ranks import Placement
from mkl_launch.model.request import Request
from mkl_launch.policy.exclusivity import own_cpus
from mkl_launch.policy.provenance import Provenance
from mkl_launch.program.workers import Workers, count_workers, rounded_up
from mkl_launch.tables.command import JVM_VARIABLE
from mkl_launch.tables.variables import OMP_NUM_THREADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Of a node's CPUs, the least part that it has for pods: it keeps 0.06 of one CPU, 0.1 of two, 0.74 of 64
# (learn.microsoft.com/azure/aks/node-resource-reservations; less on GKE and EKS).
ALLOCATABLE = 0.9


class Budget(Record):
    """What the command may compute with. `quota` is in CPUs, None: not limited."""

    cpus: frozenset[int]
    cores: int
    sockets: int
    quota: float | None
    threads: int
    workers: int
    exclusive: bool
    rank: int | None  # which of a job launcher's processes on this machine; None: no job launcher
    ranks: int
    mask: frozenset[int] | None  # to be set; None: the mask stays
    group_cpus: frozenset[int]  # CPUs of all ranks together
    sharers: int  # ranks on these very CPUs
    has_own_cpus: bool  # no other rank runs on these CPUs
    limit_is_request: bool  # the quota is a pod's request, which no kernel enforces
    has_quota: bool  # there is a quota, be it larger than the CPUs
    is_throttled: bool  # a quota is tighter than the CPUs: threads that spin would spend it waiting
    one_worker_per_cpu: bool  # the command starts a process for each CPU that it counts
    reasons: tuple[str, ...]

    @property
    def limit_kind(self) -> str:
        """What to call the quota."""
        return "request" if self.limit_is_request else "quota"

    @property
    def logical(self) -> int:
        """Hardware threads."""
        return len(self.cpus)

    @property
    def compute_threads(self) -> int:
        """Of all processes of this container, as far as they are known."""
        return self.threads * self.workers * self.ranks

    @property
    def ranks_share_cpus(self) -> bool:
        """Several processes of a job launcher run on the same CPUs, each on all of them."""
        return self.ranks > 1 and not self.has_own_cpus

    @property
    def total_cpus(self) -> int:
        """CPUs for all processes together."""
        return _share(self.logical, self.quota)

    def per_worker(self, number: int) -> int:
        """One process's part of `number`, cut to the quota, never 0.

        A fraction of a quota is cut off: at 1.5 CPUs two threads that wait for each other are
        throttled together and come out slower than one.
        """
        return max(1, _share(number, self.quota) // self.workers)

    @property
    def task_threads(self) -> int:
        """One process's threads that do not wait for each other: a fraction is one more of them."""
        return max(1, rounded_up(self.logical, self.quota) // self.workers)


def budget(
    facts: Facts, request: Request, provenance: Provenance, environ: Mapping[str, str], program: Program
) -> Budget:
    """Compute the budget: min(cores in the mask, whole CPUs of the quota) / workers, at least 1."""
    why: list[str] = []
    everything = _cpus(facts, request, why)
    where = _place(facts, request, provenance, everything, why)
    cpus = where.cpus
    cores = sum(1 for core in facts.cores if core & cpus)
    if cores < len(cpus):
        why.append(f"{plural(len(cpus), 'CPU')} on {plural(cores, 'core')}: SMT siblings share a core")
    limit = _limit(facts, request, provenance, why)
    counted = _with_request(limit, facts, request, why)
    binds = any(limit is not None and limit < len(everything) for limit in (limit, facts.limits.quota))
    quota = _per_rank(counted, where, why)
    requested = counted != limit
    known = None if requested else quota  # to a kernel, and so to a JVM
    found = _workers(request, provenance, environ, program, (len(cpus), quota, known))
    if found.number > 1:
        why.append(f"divided by {found.number} workers ({found.reason})")
    exclusive, evidence = own_cpus(facts, request, where, environ, binds=binds)
    why.append(evidence)
    mask = _mask(request, where, exclusive=exclusive)
    made = Budget(
        cpus=cpus,
        cores=cores,
        sockets=sum(1 for socket in facts.sockets if socket & cpus),
        quota=quota,
        threads=1,
        workers=found.number,
        exclusive=exclusive,
        rank=where.number if provenance.rank_path else None,
        ranks=where.size,
        mask=mask,
        group_cpus=where.group_cpus,
        sharers=where.sharers,
        has_own_cpus=where.sharers == 1 and (where.already_bound or mask == cpus),
        limit_is_request=requested,
        has_quota=facts.limits.quota is not None or facts.declared.task is not None,
        is_throttled=binds,
        one_worker_per_cpu=found.per_cpu,
        reasons=tuple(why),
    )
    return changed(made, threads=made.per_worker(cores))


def _place(
    facts: Facts, request: Request, provenance: Provenance, everything: frozenset[int], why: list[str]
) -> Placement:
    """The share of a process that is one of several; everything for any other."""
    if not provenance.rank_path:
        return Placement(everything, everything)
    from mkl_launch.policy.placement import place

    return place(facts, request, provenance, everything, why)


def _cpus(facts: Facts, request: Request, why: list[str]) -> frozenset[int]:
    if request.cpus and request.cpus.mask:
        why.append(f"CPUs {show(request.cpus.mask)}: named by {request.cpus_option}")
        return request.cpus.mask
    if facts.limits.cpuset is not None and facts.mask != facts.limits.cpuset & facts.online:
        why.append(f"CPUs {show(facts.mask)}: the affinity mask, within cpuset {show(facts.limits.cpuset)}")
    else:
        why.append(f"CPUs {show(facts.mask)}: the affinity mask")
    return facts.mask


def _limit(facts: Facts, request: Request, provenance: Provenance, why: list[str]) -> float | None:
    """CPU time, in CPUs, that the command cannot have more of."""
    if request.cpus and request.cpus.amount:
        why.append(f"{plural(request.cpus.amount, 'CPU')}: by {request.cpus_option}")
        return request.cpus.amount
    limit, source = _told_limit(facts, why)
    launcher, cpus = provenance.job_launcher, provenance.launcher_cpus
    if launcher and cpus and cpus < min(len(facts.mask), limit or len(facts.mask)):
        why.append(f"{plural(cpus, 'CPU')}: {launcher.cpus}, by {launcher.name}")
        return cpus
    granted = provenance.granted_cpus
    if launcher and granted:
        why.append(f"{plural(granted, 'CPU')}: granted by {launcher.name} as {OMP_NUM_THREADS}")
        return min(granted, limit or granted)
    if limit is None:
        why.append("no quota")
        return None
    why.append(f"quota of {plural(limit, 'CPU')}: {source}")
    if limit % 1:
        whole = max(1, int(limit))
        why.append(f"{plural(whole, 'whole CPU')}: threads that wait for each other need whole ones")
    return limit


def _told_limit(facts: Facts, why: list[str]) -> tuple[float | None, str]:
    """The tightest of the kernel's quota and the limits that are told from outside, and who tells it."""
    limits, declared = facts.limits, facts.declared
    told = [(limits.quota, limits.quota_source or ""), (declared.task, "the ECS task, by its metadata")]
    # Where the group can be read and has no quota, the Downward API shows the node's allocatable CPUs.
    if limits.quota is None and (limits.version is None or limits.failures):
        told.append((_declared_limit(facts, why), CPU_LIMIT))
    return min(((limit, source) for limit, source in told if limit is not None), default=(None, ""))


def _declared_limit(facts: Facts, why: list[str]) -> float | None:
    """The pod's limit, unless it is what the Downward API shows where there is none.

    kubernetes.io/docs/concepts/workloads/pods/downward-api/#fallback-information-for-resource-limits
    """
    limit, asked, node = facts.declared.limit, facts.declared.request, len(facts.online)
    if limit is None or asked is None or not (asked < limit and limit > ALLOCATABLE * node):
        return limit
    unset = f"what an unset one shows, nearly all of {plural(node, 'CPU')}"
    why.append(f"{plural(limit, 'CPU')} by {CPU_LIMIT} taken for no limit: {unset}")
    return None


def _with_request(limit: float | None, facts: Facts, request: Request, why: list[str]) -> float | None:
    """What to count with: a pod's request, which no kernel enforces, where it has no limit."""
    asked = facts.declared.request
    wanted = request.basis == "request" or (request.basis == "auto" and limit is None)
    if asked is None or not wanted or (request.cpus and request.cpus.amount):
        return limit
    why.append(f"counting with {plural(asked, 'CPU')}: the pod's request, by {CPU_REQUEST}")
    return min(asked, limit or asked)


def _per_rank(quota: float | None, where: Placement, why: list[str]) -> float | None:
    if quota is None or where.size == 1:
        return quota
    why.append(f"{plural(quota / where.size, 'CPU')} of them for each of {where.size} processes")
    return quota / where.size


def _mask(request: Request, where: Placement, *, exclusive: bool) -> frozenset[int] | None:
    """Counts alone keep processes apart where the CPUs are shared with others too."""
    wanted = request.bind == "always" or (exclusive and request.bind == "auto")
    if where.size > 1 and wanted and not where.already_bound:
        return where.cpus
    return request.cpus.mask if request.cpus else None


def _share(number: int, quota: float | None) -> int:
    return number if quota is None else max(1, min(number, int(quota)))


def _workers(
    request: Request,
    provenance: Provenance,
    environ: Mapping[str, str],
    program: Program,
    cpus: tuple[int, float | None, float | None],
) -> Workers:
    """Return the number of processes that share the budget, from the request, else from the program."""
    # Workers of a model server do not wait for each other, ranks of torchrun do.
    logical, quota, known = cpus
    found = count_workers(program, environ, (rounded_up if program.row.jvm else _share)(logical, quota))
    if request.workers:
        return changed(found, number=request.workers, reason="as asked for")
    if found.per_cpu and program.row.jvm:
        from mkl_launch.program.jvm import counted_by_jvm

        options = provenance.user_values.get(JVM_VARIABLE, "")
        found = counted_by_jvm(program, environ, options, (logical, known)) or found
    return changed(found, reason=f"of {program.row.name}: {found.reason}".removeprefix("of : "))
