"""Whether the CPUs are this container's own, so that its threads may be pinned to them. Pure."""

from __future__ import annotations

from mkl_launch.model.facts import Facts
from mkl_launch.model.ranks import Placement
from mkl_launch.model.request import Request
from mkl_launch.tables.schedulers import has_the_machine, scheduler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def own_cpus(
    facts: Facts, request: Request, where: Placement, environ: Mapping[str, str], *, binds: bool
) -> tuple[bool, str]:
    """Return whether there is evidence that nobody else runs on these CPUs, and the evidence in words.

    Threads that are pinned beside others lose speed, so what cannot be known counts as shared.
    """
    if binds:
        return False, "shared CPUs: a quota limits time, not CPUs"
    if where.sharers > 1:
        return False, f"shared CPUs: up to {where.sharers} processes have the same ones"
    if request.cpus and request.cpus.mask:
        return True, f"own CPUs: named by {request.cpus_option}"
    if facts.limits.failures:
        return False, "shared CPUs: not all limits could be read"
    return _of_a_container(facts, where, environ)


def _of_a_container(facts: Facts, where: Placement, environ: Mapping[str, str]) -> tuple[bool, str]:
    """By what limits the container, and by who started it."""
    limits = facts.limits
    reserved = facts.online if limits.cpuset is None else limits.cpuset & facts.online
    if where.group_cpus & facts.online < reserved:
        return False, "shared CPUs: an affinity mask narrower than what there is, is no reservation"
    if _in_a_pod(facts, environ):
        return _of_a_pod(facts, reserved)
    if reserved < facts.online:
        return _of_a_cpuset(environ)
    return _of_a_machine(facts, environ)


def _of_a_pod(facts: Facts, reserved: frozenset[int]) -> tuple[bool, str]:
    """In Kubernetes CPUs of its own are as many as its limit.

    The CPU manager's shared pool is a narrow cpuset too, with every other pod in it
    (kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies).
    """
    if reserved < facts.online and facts.limits.quota == len(reserved):
        return True, "own CPUs: a Kubernetes pod with a cpuset as large as its CPU limit"
    return False, "shared CPUs: a Kubernetes pod without CPUs of its own"


def _of_a_cpuset(environ: Mapping[str, str]) -> tuple[bool, str]:
    """A narrow cpuset is a person's word or a reservation, but for a scheduler whose jobs share one."""
    found = scheduler(environ)
    if found and found[0].reserved and found[0].reserved not in environ:
        row = found[0]
        return False, f"shared CPUs: jobs of {row.name} without {row.reserved} share a cpuset"
    return True, "own CPUs: a cpuset narrower than the machine"


def _of_a_machine(facts: Facts, environ: Mapping[str, str]) -> tuple[bool, str]:
    """The whole machine without a limit is one's own, unless a scheduler may have put others on it."""
    if facts.limits.quota is not None:
        return False, "shared CPUs: a loose limit on a whole machine"
    found = scheduler(environ)
    if found and not has_the_machine(found[0], environ, len(facts.online)):
        row, name = found
        return False, f"shared CPUs: {row.name} may run other jobs on them ({name} is set)"
    return True, "own CPUs: the whole of the machine"


def _in_a_pod(facts: Facts, environ: Mapping[str, str]) -> bool:
    """In Kubernetes, as its variables, its groups or a declared amount tell."""
    told = facts.declared.limit or facts.declared.request
    return bool(told) or "KUBERNETES_SERVICE_HOST" in environ or "kubepods" in (facts.limits.path or "")
