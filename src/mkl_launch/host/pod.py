"""What a cluster tells a container of its pod in other forms. Imported only where there is one of them.

A startup boost gives a pod more CPUs until it is ready, and keeps in an annotation what the pod gets back.
Threads are counted once, at the start, so that is what counts. The annotations are
`autoscaling.x-k8s.io/startup-cpu-boost` (internal/boost/pod/pod.go of google/kube-startup-cpu-boost) and
`vpaCpuStartupBoost/CONTAINER` (vertical-pod-autoscaler/pkg/utils/annotations/vpa_cpu_boost.go of
kubernetes/autoscaler).
"""

from __future__ import annotations

from mkl_launch.core.cpulist import amount, positive
from mkl_launch.core.option_names import CPU_LIMIT
from mkl_launch.host.filesystem import Root
from mkl_launch.model.granted import Granted
from mkl_launch.tables.grants import CRIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def before_boost(name: str, text: str) -> float | None:
    """Return the limit (`name` CPU_LIMIT) or the request in an annotation; None if the pod has none.

    Raise ValueError for any other text, and for containers with different numbers: a container does not
    know its name.
    """
    import json

    try:
        annotation: dict[str, object] = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if annotation.get("state", "Active") != "Active":  # the pod has its CPUs back, as the kernel shows
        return None
    kind = "Limits" if name == CPU_LIMIT else "Requests"
    containers, resources = annotation.get(f"initCPU{kind}") or {}, annotation.get(kind.lower()) or {}
    if not isinstance(containers, dict) or not isinstance(resources, dict):
        raise ValueError("no resources")  # noqa: TRY004  # a text of another form
    numbers = {str(cpus) for cpus in (*containers.values(), resources.get("cpu")) if cpus is not None}
    if len(numbers) > 1:
        raise ValueError("several containers")
    return amount(numbers.pop()) if numbers else None


def granted_by_crio(root: Root, environ: Mapping[str, str]) -> tuple[Granted, ...]:
    """Return half of CRI-O's GOMAXPROCS, at least the request of the pod. For a pod without a quota.

    CRI-O sets it to twice the request, rounded up, or to a number of its configuration if that is larger
    (internal/runtimehandlerhooks/gomaxprocs_hooks_linux.go). A person's value looks the same, so it counts
    only in a container of CRI-O, which mounts /run/.containerenv.
    """
    number = positive(environ.get("GOMAXPROCS"))
    if not number or not all(environ.get(variable) for variable in CRIO.job):
        return ()
    mounts = root.read("/proc/self/mountinfo").text
    return (Granted(CRIO, "GOMAXPROCS", number / CRIO.unit),) if " /run/.containerenv " in mounts else ()
