"""Programs that start one command: those of containers and of every system. One row each."""

from __future__ import annotations

from mkl_launch.tables.wrapper import Wrapper

COREUTILS = "https://www.gnu.org/software/coreutils/manual/html_node/Modified-command-invocation.html"
AWS_IMAGES = "https://github.com/aws/deep-learning-containers"
UTIL_LINUX = "https://github.com/util-linux/util-linux/blob/master/schedutils/"

ROWS: tuple[Wrapper, ...] = (
    Wrapper(
        "env",
        COREUTILS,
        values=("-u", "--unset", "-C", "--chdir"),
        assigns=True,
        clears=("-i", "-", "--ignore-environment"),
        opaque=("-S", "--split-string"),
        splits=("-S", "--split-string"),
    ),
    Wrapper("nice", COREUTILS, values=("-n", "--adjustment")),
    Wrapper("nohup", COREUTILS),
    Wrapper("stdbuf", COREUTILS, values=("-i", "-o", "-e", "--input", "--output", "--error")),
    Wrapper("timeout", COREUTILS, values=("-s", "--signal", "-k", "--kill-after"), operands=1),
    Wrapper("chroot", COREUTILS, values=("--groups", "--userspec"), operands=1),
    Wrapper("busybox", "https://busybox.net/downloads/BusyBox.html"),
    Wrapper(
        "exec",
        "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#exec",
        values=("-a",),
    ),
    Wrapper(
        "ionice",
        UTIL_LINUX + "ionice.1.adoc",
        values=("-c", "--class", "-n", "--classdata"),
    ),
    Wrapper(
        "chrt",
        UTIL_LINUX + "chrt.1.adoc",
        values=("-T", "--sched-runtime", "-P", "--sched-period", "-D", "--sched-deadline"),
        operands=1,
    ),
    Wrapper("taskset", UTIL_LINUX + "taskset.1.adoc", operands=1, lists=("-c", "--cpu-list")),
    Wrapper(
        "numactl",
        "https://github.com/numactl/numactl/blob/master/numactl.8",
        values=(
            *("-C", "--physcpubind", "-N", "--cpunodebind", "-m", "--membind", "-i", "--interleave"),
            *("-p", "--preferred", "-P", "--preferred-many"),
        ),
        lists=("-C", "--physcpubind", "-N", "--cpunodebind"),
    ),
    Wrapper("setsid", "https://github.com/util-linux/util-linux/blob/master/sys-utils/setsid.1.adoc"),
    Wrapper(
        "setpriv",
        "https://github.com/util-linux/util-linux/blob/master/sys-utils/setpriv.1.adoc",
        values=(
            *("--reuid", "--regid", "--euid", "--egid", "--ruid", "--rgid", "--groups"),
            *("--inh-caps", "--ambient-caps", "--bounding-set", "--securebits", "--pdeathsig"),
            *("--selinux-label", "--apparmor-profile"),
        ),
        clears=("--reset-env",),
    ),
    Wrapper("tini", "https://github.com/krallin/tini#usage", values=("-p", "-e"), dashes=True),
    Wrapper("tini-static", "https://github.com/krallin/tini#usage", values=("-p", "-e"), dashes=True),
    Wrapper("docker-init", "https://github.com/krallin/tini#usage", values=("-p", "-e"), dashes=True),
    Wrapper("dumb-init", "https://github.com/Yelp/dumb-init#usage", values=("-r", "--rewrite")),
    Wrapper("catatonit", "https://github.com/openSUSE/catatonit/blob/main/catatonit.c", dashes=True),
    Wrapper("gosu", "https://github.com/tianon/gosu#gosu", operands=1),
    Wrapper("su-exec", "https://github.com/ncopa/su-exec#usage", operands=1),
    Wrapper("s6-setuidgid", "https://skarnet.org/software/s6/s6-setuidgid.html", operands=1),
    # They hand their arguments on.
    Wrapper("dockerd-entrypoint.py", AWS_IMAGES, script=True),
    Wrapper("dockerd_entrypoint.sh", AWS_IMAGES, script=True),
    Wrapper("start_with_right_hostname.sh", AWS_IMAGES, script=True),
    Wrapper(
        "nvidia_entrypoint.sh",
        "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/",
    ),
    Wrapper(
        "mkl-launch",
        "https://docs.docker.com/reference/dockerfile/#entrypoint",
        values=(
            *("--profile", "--cpus", "--workers", "--basis", "--bind", "--allocator", "--openmp"),
            *("--instances", "--cores-per-instance", "--on-failure", "--grace", "--log-dir"),
        ),
        plans=True,
    ),
)
