"""The evidence that the CPUs are of this container alone, and the mask that follows from it. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, show
from mkl_launch.model.facts import Facts
from mkl_launch.model.ranks import Placement
from mkl_launch.model.request import Request
from mkl_launch.tables.schedulers import has_the_machine, scheduler

# cpuset.cpus.partition in Documentation/admin-guide/cgroup-v2.rst: no other group may use these CPUs.
PARTITIONS = ("root", "isolated")
DRA_CPUSET = "DRA_CPUSET_"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def own_cpus(
    facts: Facts, request: Request, placement: Placement, environ: Mapping[str, str], *, is_throttled: bool
) -> tuple[bool, str]:
    """Return True if no other process is expected on these CPUs, and the evidence in words.

    Pinned threads lose speed on shared CPUs, so without evidence the CPUs count as shared.
    """
    if is_throttled:
        return False, "shared CPUs: a quota limits time, not CPUs"
    if placement.sharers > 1:
        return False, f"shared CPUs: up to {placement.sharers} processes have the same ones"
    if request.held:
        shared = "shared CPUs: other containers hold some of those taken with --slots, too"
        return request.held.own, "own CPUs: taken with --slots" if request.held.own else shared
    if request.cpus and request.cpus.mask:
        return True, f"own CPUs: named by {request.cpus_option}"
    if facts.limits.failures:
        return False, "shared CPUs: not all limits could be read"
    return _of_a_container(facts, placement, environ)


def mask_to_set(
    request: Request, placement: Placement, all_cpus: frozenset[int], *, exclusive: bool
) -> frozenset[int] | None:
    """Return the affinity mask to set; None to leave it.

    A rank gets a mask only on CPUs that no other container uses. On shared CPUs a mask would only take
    away CPUs that are free, and the number of threads is enough to keep the ranks apart.
    """
    wanted = request.bind == "always" or (exclusive and request.bind == "auto")
    if placement.size > 1 and wanted and not placement.already_bound:
        return placement.cpus
    if request.held:
        return all_cpus
    return request.cpus.mask if request.cpus else None


def _of_a_container(facts: Facts, placement: Placement, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Return the evidence from the limits of the container and from what started it."""
    limits = facts.limits
    if facts.isolated and facts.isolated < facts.mask:
        return False, f"shared CPUs: CPUs {show(facts.isolated)} are isolated, for another program"
    reserved = facts.online if limits.cpuset is None else limits.cpuset & facts.online
    if placement.group_cpus & facts.online < reserved:
        return (
            False,
            "shared CPUs: an affinity mask smaller than the cpuset or the machine is no reservation",
        )
    if limits.partition in PARTITIONS:
        return True, f"own CPUs: the cpuset is a partition ({limits.partition})"
    if _in_a_pod(facts, environ):
        return _of_a_pod(facts, reserved, environ)
    if reserved < facts.online:
        return _of_a_cpuset(facts, environ)
    return _of_a_machine(facts, environ)


def _of_a_pod(facts: Facts, reserved: frozenset[int], environ: Mapping[str, str]) -> tuple[bool, str]:
    """Judge a Kubernetes pod: its own CPUs are as many as its limit and its request.

    The CPU manager's shared pool is a narrow cpuset too, with every other pod in it
    (kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies). Until 1.32 a container with CPUs
    of its own keeps its quota, which is as large as its cpuset. Since 1.33 it has none
    (DisableCPUQuotaWithExclusiveCPUs): only what its specification declares tells it from the pool.

    False for a container in the pool of its own pod (PodLevelResourceManagers, off by default) that
    declares as many CPUs as the pool has: with the same quota, or on a kubelet without quotas.
    """
    if not reserved < facts.online:
        return False, "shared CPUs: a Kubernetes pod without CPUs of its own"
    declared = facts.declared
    amounts = {amount for amount in (declared.limit, declared.request) if amount is not None}
    if facts.limits.quota == len(reserved) and amounts <= {len(reserved)}:
        return True, "own CPUs: a Kubernetes pod with a cpuset as large as its CPU limit"
    if facts.limits.quota is None and declared.limit == declared.request == len(reserved):
        return (
            True,
            "own CPUs: a Kubernetes pod with a cpuset as large as its declared limit and request",
        )
    if _claimed(environ) == reserved:
        return True, f"own CPUs: {DRA_CPUSET}* names the CPUs of the pod's cpuset"
    return False, "shared CPUs: a Kubernetes pod without CPUs of its own"


def _claimed(environ: Mapping[str, str]) -> frozenset[int]:
    """Return the CPUs that Kubernetes' DRA driver for CPUs has given to the container.

    It sets a variable for each claim (github.com/kubernetes-sigs/dra-driver-cpu). Others set such a
    variable without a cpuset, or with a word in place of CPUs: it counts only if the cpuset is the same.
    """
    cpus: set[int] = set()
    for name, value in environ.items():
        if name.startswith(DRA_CPUSET):
            try:
                cpus |= parse(value)
            except ValueError:
                return frozenset()
    return frozenset(cpus)


def _of_a_cpuset(facts: Facts, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Return True for a cpuset smaller than the machine that was made for this container or job.

    A person names CPUs (`docker run --cpuset-cpus`), and a scheduler reserves them for a job. A group that
    names none has those of a group above it (AllowedCPUs= of a slice), with all others below that.
    """
    known = scheduler(environ)
    if known and known[0].reserved and known[0].reserved not in environ:
        row = known[0]
        return False, f"shared CPUs: jobs of {row.name} without {row.reserved} share a cpuset"
    if facts.limits.inherits_cpuset and not known:
        return False, "shared CPUs: the cpuset is of a group above this one, which others may be in, too"
    return True, "own CPUs: a cpuset narrower than the machine"


def _of_a_machine(facts: Facts, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Return True for the whole machine without a limit, unless a scheduler may run other jobs on it."""
    if facts.limits.quota is not None:
        return False, "shared CPUs: other containers are likely beside a CPU limit on a whole machine"
    evident = scheduler(environ)
    if evident and not has_the_machine(evident[0], environ, len(facts.online)):
        row, name = evident
        return False, f"shared CPUs: {row.name} may run other jobs on them ({name} is set)"
    return True, "own CPUs: the whole machine"


def _in_a_pod(facts: Facts, environ: Mapping[str, str]) -> bool:
    """Return True in Kubernetes: by its variable, its control group, or a declared limit or request."""
    declared = facts.declared.limit or facts.declared.request
    return bool(declared) or "KUBERNETES_SERVICE_HOST" in environ or "kubepods" in (facts.limits.path or "")
