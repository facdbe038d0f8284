"""How container runtimes name the control groups of containers: one row each, the first one that fits."""

from __future__ import annotations

from mkl_launch.core.record import Record


class ContainerPath(Record):
    """The form of a control group's path that ends in the group of a container.

    The last name of the path is `prefix`, the ID and `suffix`. `below` is the beginning of a name earlier
    in the path ("": none is needed). `odd_id`: the ID may be any name, not only a hexadecimal number.
    """

    runtime: str
    source: str
    prefix: str = ""
    suffix: str = ""
    below: str = ""
    odd_id: bool = False


DOCKER = "https://docs.docker.com/engine/containers/runmetrics/"
PODMAN = "https://github.com/containers/podman/blob/main/libpod/container_internal_linux.go"
CONTAINERD = "https://github.com/containerd/containerd/blob/main/internal/cri/server/helpers_linux.go"
CRI_O = "https://github.com/cri-o/cri-o/blob/main/internal/config/cgmgr/cgmgr_linux.go"
NERDCTL = "https://github.com/containerd/nerdctl/blob/main/pkg/cmd/container/run_cgroup_linux.go"
KUBELET = "https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/cm/cgroup_manager_linux.go"
ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"
LXC = "https://linuxcontainers.org/lxc/manpages/man5/lxc.container.conf.5.html"
RUNC = "https://github.com/opencontainers/runc/blob/main/docs/systemd.md"

# With systemd a container is a scope, "PREFIX-ID.scope"; without it a directory. A runtime that is told to
# use systemd, and a kubelet that does not, make one name of all three parts: "SLICE:PREFIX:ID".
CONTAINER_PATHS = (
    ContainerPath("kubernetes", KUBELET, below="kubepods"),
    ContainerPath("docker", DOCKER, prefix="docker-", suffix=".scope"),
    ContainerPath("docker", DOCKER, below="docker"),
    ContainerPath("docker", RUNC, prefix=":docker:"),
    ContainerPath("podman", PODMAN, prefix="libpod-", suffix=".scope"),
    ContainerPath("podman", PODMAN, prefix="libpod-payload-"),
    ContainerPath("podman", PODMAN, prefix="libpod-"),
    ContainerPath("cri-o", CRI_O, prefix="crio-", suffix=".scope"),
    ContainerPath("cri-o", CRI_O, prefix="crio-"),
    ContainerPath("containerd", CONTAINERD, prefix="cri-containerd-", suffix=".scope"),
    ContainerPath("containerd", RUNC, prefix=":cri-containerd:"),
    ContainerPath("containerd", NERDCTL, prefix="nerdctl-", suffix=".scope"),
    ContainerPath("ecs", ECS, below="ecs", odd_id=True),
    ContainerPath("lxc", LXC, prefix="lxc.payload.", odd_id=True),
    ContainerPath("container", RUNC),
)
