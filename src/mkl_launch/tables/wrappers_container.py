"""Wrappers: programs of containers and of every system that start one command. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.wrapper_row import Wrapper

COREUTILS = "https://www.gnu.org/software/coreutils/manual/html_node/Modified-command-invocation.html"
AWS_IMAGES = "https://github.com/aws/deep-learning-containers"
UTIL_LINUX = "https://github.com/util-linux/util-linux/blob/master/schedutils/"

ROWS: tuple[Wrapper, ...] = (
    Wrapper(
        "env",
        COREUTILS,
        value_options=("-u", "--unset", "-C", "--chdir"),
        takes_assignments=True,
        env_clearing_options=("-i", "-", "--ignore-environment"),
        hiding_options=("-S", "--split-string"),
        split_options=("-S", "--split-string"),
    ),
    Wrapper("nice", COREUTILS, value_options=("-n", "--adjustment")),
    Wrapper("nohup", COREUTILS),
    Wrapper("stdbuf", COREUTILS, value_options=("-i", "-o", "-e", "--input", "--output", "--error")),
    Wrapper("timeout", COREUTILS, value_options=("-s", "--signal", "-k", "--kill-after"), operands=1),
    Wrapper("chroot", COREUTILS, value_options=("--groups", "--userspec"), operands=1),
    Wrapper("busybox", "https://busybox.net/downloads/BusyBox.html"),
    Wrapper(
        "exec",
        "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#exec",
        value_options=("-a",),
    ),
    Wrapper(
        "ionice",
        UTIL_LINUX + "ionice.1.adoc",
        value_options=("-c", "--class", "-n", "--classdata"),
    ),
    Wrapper(
        "chrt",
        UTIL_LINUX + "chrt.1.adoc",
        value_options=("-T", "--sched-runtime", "-P", "--sched-period", "-D", "--sched-deadline"),
        operands=1,
    ),
    Wrapper("taskset", UTIL_LINUX + "taskset.1.adoc", operands=1, cpu_list_options=("-c", "--cpu-list")),
    Wrapper(
        "numactl",
        "https://github.com/numactl/numactl/blob/master/numactl.8",
        value_options=(
            *("-C", "--physcpubind", "-N", "--cpunodebind", "-m", "--membind", "-i", "--interleave"),
            *("-p", "--preferred", "-P", "--preferred-many"),
        ),
        cpu_list_options=("-C", "--physcpubind", "-N", "--cpunodebind"),
    ),
    Wrapper("setsid", "https://github.com/util-linux/util-linux/blob/master/sys-utils/setsid.1.adoc"),
    Wrapper(
        "setpriv",
        "https://github.com/util-linux/util-linux/blob/master/sys-utils/setpriv.1.adoc",
        value_options=(
            *("--reuid", "--regid", "--euid", "--egid", "--ruid", "--rgid", "--groups"),
            *("--inh-caps", "--ambient-caps", "--bounding-set", "--securebits", "--pdeathsig"),
            *("--selinux-label", "--apparmor-profile"),
        ),
        env_clearing_options=("--reset-env",),
    ),
    Wrapper(
        "tini", "https://github.com/krallin/tini#usage", value_options=("-p", "-e"), needs_double_dash=True
    ),
    Wrapper(
        "tini-static",
        "https://github.com/krallin/tini#usage",
        value_options=("-p", "-e"),
        needs_double_dash=True,
    ),
    Wrapper(
        "docker-init",
        "https://github.com/krallin/tini#usage",
        value_options=("-p", "-e"),
        needs_double_dash=True,
    ),
    Wrapper("dumb-init", "https://github.com/Yelp/dumb-init#usage", value_options=("-r", "--rewrite")),
    Wrapper(
        "catatonit", "https://github.com/openSUSE/catatonit/blob/main/catatonit.c", needs_double_dash=True
    ),
    Wrapper("gosu", "https://github.com/tianon/gosu#gosu", operands=1),
    Wrapper(
        "doas",
        "https://man.openbsd.org/doas.conf",
        value_options=("-a", "-C", "-u"),
        env_keeping_file=("/etc/doas.conf", ("keepenv", "setenv")),
    ),
    Wrapper(
        "s6-applyuidgid",
        "https://skarnet.org/software/s6/s6-applyuidgid.html",
        value_options=("-u", "-g", "-G"),
    ),
    Wrapper(
        "start-stop-daemon",
        "https://manpages.debian.org/stable/dpkg/start-stop-daemon.8.en.html",
        command_after_dashes=True,
        command_options=("-a", "--startas", "-x", "--exec"),
    ),
    Wrapper(
        "cgexec",
        "https://manpages.debian.org/stable/cgroup-tools/cgexec.1.en.html",
        value_options=("-g",),
    ),
    Wrapper(
        "cpulimit",
        "https://manpages.debian.org/stable/cpulimit/cpulimit.1.en.html",
        value_options=("-l", "--limit", "-p", "--pid", "-e", "--exe", "-P", "--path", "-c", "--cpu"),
    ),
    Wrapper(
        "unshare",
        "https://github.com/util-linux/util-linux/blob/master/sys-utils/unshare.1.adoc",
        value_options=("-R", "--root", "-w", "--wd", "-S", "--setuid", "-G", "--setgid", "--propagation"),
    ),
    Wrapper("su-exec", "https://github.com/ncopa/su-exec#usage", operands=1),
    Wrapper("s6-setuidgid", "https://skarnet.org/software/s6/s6-setuidgid.html", operands=1),
    # Scripts that pass their arguments on.
    Wrapper("dockerd-entrypoint.py", AWS_IMAGES, is_script=True),
    Wrapper("dockerd_entrypoint.sh", AWS_IMAGES, is_script=True),
    Wrapper("start_with_right_hostname.sh", AWS_IMAGES, is_script=True),
    Wrapper(
        "nvidia_entrypoint.sh",
        "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/",
    ),
    Wrapper(
        "mkl-launch",
        "https://docs.docker.com/reference/dockerfile/#entrypoint",
        value_options=(
            *("--profile", "--cpus", "--workers", "--basis", "--bind", "--allocator", "--openmp"),
            *("--slots", "--instances", "--cores-per-instance", "--per", "--on-failure"),
            *("--grace", "--log-dir", "--tuned"),
        ),
        is_mkl_launch=True,
    ),
)
