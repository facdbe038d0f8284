"""The limit that counts, of those of the user, the kernel, a pod, an ECS task and a scheduler. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, plural
from mkl_launch.core.option_names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.core.rounding import rounded_down
from mkl_launch.model.facts import Facts
from mkl_launch.model.request import Request
from mkl_launch.policy.provenance import Provenance
from mkl_launch.tables.variables import OMP_NUM_THREADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Reasons = tuple[str, ...]

# The smallest part of a node's CPUs that its pods can get: the node keeps 0.06 of one CPU, 0.1 of two, 0.74
# of 64 (learn.microsoft.com/azure/aks/node-resource-reservations; less on GKE and EKS).
ALLOCATABLE = 0.9


def find_limit(facts: Facts, request: Request, provenance: Provenance) -> tuple[float | None, Reasons]:
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
        reasons += (f"{whole}: threads that wait for each other need whole CPUs",)
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
        from mkl_launch.policy.granted import granted_limits

        caps += granted_limits(facts)
    return caps


def _declared_limit(facts: Facts) -> tuple[float | None, Reasons]:
    """Return the pod's CPU limit; None if it is what the Downward API shows if there is no limit.

    kubernetes.io/docs/concepts/workloads/pods/downward-api/#fallback-information-for-resource-limits
    """
    limit, requested, node = facts.declared.limit, facts.declared.request, len(facts.online)
    if limit is None or requested is None or not (requested < limit and limit > ALLOCATABLE * node):
        return limit, ()
    unset = f"a pod without a limit shows nearly all of the {plural(node, 'CPU')} of its node"
    return None, (f"{plural(limit, 'CPU')} by {CPU_LIMIT} count as no limit: {unset}",)


def count_request(
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
        from mkl_launch.policy.granted import smallest_grant

        granted = smallest_grant(facts, request, environ, min(cpus, counted or cpus))
        if granted:
            return granted[0], granted[1], (*reasons, granted[2])
    return counted, source, reasons
