"""The share of a rank that lies beside its GPU. Pure; imported only for ranks whose GPUs are known."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.facts import CpuGroups


def nearest(shares: CpuGroups, gpus: CpuGroups, sockets: CpuGroups) -> tuple[int, ...]:
    """Return the index of each rank's share. `gpus` has the CPUs beside the GPU of each rank.

    The ranks take, in their order, the share with the most CPUs beside their GPU, the others then one on
    its socket, and the last what is left. Every rank computes the same.
    """
    near = [frozenset().union(*(socket for socket in sockets if socket & cpus)) for cpus in gpus]
    left = list(range(len(shares)))
    taken: dict[int, int] = {}
    for wanted in (gpus, near, [frozenset().union(*shares)] * len(gpus)):
        for rank, cpus in enumerate(wanted):
            best = max(left, key=lambda index: (len(shares[index] & cpus), -index), default=None)
            if rank not in taken and best is not None and shares[best] & cpus:
                taken[rank] = best
                left.remove(best)
    return tuple(taken[rank] for rank in range(len(gpus)))
