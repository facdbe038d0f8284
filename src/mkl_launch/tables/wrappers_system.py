"""Wrappers: init systems, orchestrators, system tools. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.wrapper_row import S6_OVERLAY, Wrapper

S6 = "https://github.com/just-containers/s6-overlay#usage"
WAIT = "https://github.com/vishnubob/wait-for-it#usage"
DAEMONTOOLS = "https://cr.yp.to/daemontools.html"
UTIL_LINUX = "https://github.com/util-linux/util-linux/blob/master/"

PARALLEL = "https://www.gnu.org/software/parallel/man.html"
PARALLEL_JOBS = ("-j", "--jobs", "-P", "--max-procs")
PARALLEL_DATA = (":::", "::::", ":::+", "::::+")
PARALLEL_VALUES = (
    *PARALLEL_JOBS,
    *("-a", "--arg-file", "-C", "--colsep", "-d", "--delimiter", "-E", "-I", "-J", "--profile"),
    *("-L", "--max-lines", "-N", "--max-replace-args", "-n", "--max-args", "-S", "--sshlogin", "--slf"),
    *("--sshloginfile", "-s", "--max-chars", "--basefile", "--bf", "--block", "--delay", "--env", "--halt"),
    *("--header", "--id", "--joblog", "--limit", "--load", "--memfree", "--memsuspend", "--nice"),
    *("--recend", "--recstart", "--results", "--retries", "--return", "--rpl", "--semaphoretimeout"),
    *("--st", "--tagstring", "--timeout", "--tmpdir", "--trc", "--wd", "--workdir"),
)

ROWS: tuple[Wrapper, ...] = (
    # Init systems and supervisors of one program
    Wrapper(S6_OVERLAY, S6),
    Wrapper("with-contenv", S6),
    Wrapper("fixuid", "https://github.com/boxboat/fixuid#run-in-startup-script", value_options=()),
    Wrapper("standard-supervisor", "https://github.com/aws/model-hosting-container-standards"),
    Wrapper("aws-lambda-rie", "https://github.com/aws/aws-lambda-runtime-interface-emulator"),
    Wrapper(
        "argoexec",
        "https://github.com/argoproj/argo-workflows/blob/main/docs/workflow-executors.md",
        subcommands=("emissary",),
        command_after_dashes=True,
    ),
    Wrapper(
        "entrypoint",
        "https://github.com/tektoncd/pipeline/blob/main/cmd/entrypoint/README.md",
        command_after_dashes=True,
        command_options=("-entrypoint",),
    ),
    Wrapper(
        "linkerd-await",
        "https://github.com/linkerd/linkerd-await#usage",
        value_options=("-p", "--port", "-b"),
        aliases=(),
    ),
    Wrapper("scuttle", "https://github.com/redboxllc/scuttle#how-do-i-use-this"),
    Wrapper(
        "wait-for-it.sh",
        WAIT,
        command_after_dashes=True,
        aliases=("wait-for-it", "wait-for", "wait-for.sh"),
    ),
    Wrapper(
        "dockerize",
        "https://github.com/jwilder/dockerize#usage",
        value_options=(
            *("-wait", "-timeout", "-template", "-stdout", "-stderr", "-wait-retry-interval", "-env"),
            *("-wait-http-header", "-delims", "-validateCert"),
        ),
    ),
    Wrapper(
        "watchmedo",
        "https://github.com/gorakhargosh/watchdog#shell-utilities",
        value_options=(
            "-d",
            "--directory",
            "-p",
            "--pattern",
            "--patterns",
            "-i",
            "--ignore-patterns",
            "--signal",
        ),
        subcommands=("auto-restart",),
    ),
    # System tools
    Wrapper(
        "xvfb-run",
        "https://manpages.debian.org/stable/xvfb/xvfb-run.1.en.html",
        value_options=(
            "-e",
            "-f",
            "-n",
            "-p",
            "-s",
            "-w",
            "--error-file",
            "--auth-file",
            "--server-num",
            "--xauth-protocol",
            "--server-args",
            "--wait",
        ),
    ),
    Wrapper(
        "runuser",
        UTIL_LINUX + "login-utils/runuser.1.adoc",
        value_options=("-u", "--user", "-g", "--group", "-G", "--supp-group", "-s", "--shell", "-w"),
        shell_line_options=("-c", "--command"),
        operands_before_line=1,
        no_line_options=("-u", "--user"),
        env_clearing_options=("-", "-l", "--login"),
    ),
    Wrapper(
        "su",
        UTIL_LINUX + "login-utils/su.1.adoc",
        value_options=("-g", "--group", "-G", "--supp-group", "-s", "--shell", "-w"),
        shell_line_options=("-c", "--command"),
        operands_before_line=1,
        env_clearing_options=("-", "-l", "--login"),
        command_after_dashes=True,
    ),
    Wrapper(
        "sudo",
        "https://www.sudo.ws/docs/man/sudo.man/",
        value_options=(
            "-u",
            "--user",
            "-g",
            "--group",
            "-h",
            "--host",
            "-p",
            "--prompt",
            "-C",
            "-D",
            "--chdir",
            "-R",
            "-r",
            "-t",
            "-T",
            "-U",
        ),
        takes_assignments=True,
        env_keeping_options=("-E", "--preserve-env"),
    ),
    Wrapper(
        "systemd-run",
        "https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html",
        value_options=(
            "-p",
            "--property",
            "-u",
            "--unit",
            "-E",
            "--setenv",
            "-M",
            "--machine",
            "--slice",
            "--description",
            "--uid",
            "--gid",
            "--nice",
            "--working-directory",
            *("-H", "--host", "--service-type", "--path-property", "--socket-property", "--timer-property"),
            *("--on-active", "--on-boot", "--on-startup", "--on-unit-active", "--on-unit-inactive"),
            "--on-calendar",
        ),
        env_keeping_options=("--scope",),
    ),
    Wrapper(
        "flock",
        UTIL_LINUX + "sys-utils/flock.1.adoc",
        value_options=("-w", "--timeout", "-E"),
        operands=1,
        shell_line_options=("-c", "--command"),
        operands_before_line=1,
    ),
    Wrapper(
        "script",
        UTIL_LINUX + "term-utils/script.1.adoc",
        value_options=("-T", "-I", "-O", "-B", "-E", "-o", "-m"),
        shell_line_options=("-c", "--command"),
        operands_before_line=1,
        hiding_options=("-V",),
        command_after_dashes=True,
    ),
    # Apptainer, whose earlier name was Singularity: the command runs on this machine, with its environment.
    Wrapper(
        "apptainer",
        "https://apptainer.org/docs/user/latest/cli/apptainer_exec.html",
        value_options=(
            *("-B", "--bind", "-H", "--home", "-W", "--workdir", "-S", "--scratch", "-o", "--overlay"),
            *("--pwd", "--cwd", "--env", "--env-file", "--mount", "--network", "--network-args", "--dns"),
            *("--hostname", "--add-caps", "--drop-caps", "--security", "--apply-cgroups", "--fusemount"),
            *("--cpus", "--cpuset-cpus", "--memory", "--pid-file", "--config"),
        ),
        operands=1,
        env_clearing_options=("-e", "--cleanenv", "-C", "--containall"),
        subcommands=("exec",),
        aliases=("singularity",),
    ),
    Wrapper("unbuffer", "https://manpages.debian.org/stable/expect/unbuffer.1.en.html"),
    Wrapper("prlimit", UTIL_LINUX + "sys-utils/prlimit.1.adoc", value_options=("-o", "--output")),
    # Tools that run a command several times at once
    Wrapper(
        "xargs",
        "https://www.gnu.org/software/findutils/manual/html_node/find_html/xargs-options.html",
        value_options=(
            *("-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s", "--arg-file", "--delimiter", "--max-args"),
            *("--max-procs", "--max-chars", "--process-slot-var"),
        ),
        concurrency_options=("-P", "--max-procs"),
        per_item_options=("-n", "-L", "-I", "-i", "-l", "--max-args", "--max-lines", "--replace"),
    ),
    Wrapper(
        "parallel",
        PARALLEL,
        value_options=PARALLEL_VALUES,
        aliases=("env_parallel", "parallel.moreutils"),
        concurrency_options=PARALLEL_JOBS,
        default_concurrency="100%",
        data_markers=PARALLEL_DATA,
        single_word_is_line=True,
    ),
    Wrapper(
        "sem",
        PARALLEL,
        value_options=PARALLEL_VALUES,
        concurrency_options=PARALLEL_JOBS,
        data_markers=PARALLEL_DATA,
        single_word_is_line=True,
    ),
    Wrapper(
        "watch",
        "https://man7.org/linux/man-pages/man1/watch.1.html",
        value_options=("-n", "--interval", "-q", "--equexit"),
        single_word_is_line=True,
    ),
    Wrapper(
        "chpst",
        "https://smarden.org/runit/chpst.8.html",
        value_options=(
            "-u",
            "-U",
            "-b",
            "-e",
            "-/",
            "-C",
            "-n",
            "-l",
            "-L",
            "-m",
            "-d",
            "-o",
            "-p",
            "-f",
            "-c",
            "-t",
        ),
    ),
    Wrapper("setuidgid", DAEMONTOOLS, operands=1, aliases=("setuser", "s6-envuidgid")),
    Wrapper("envdir", DAEMONTOOLS, operands=1, aliases=("s6-envdir",)),
    Wrapper(
        "softlimit",
        DAEMONTOOLS,
        value_options=("-a", "-c", "-d", "-f", "-l", "-m", "-o", "-p", "-r", "-s", "-t"),
        aliases=("s6-softlimit",),
    ),
    Wrapper(
        "hwloc-bind",
        "https://www.open-mpi.org/projects/hwloc/doc/",
        value_options=("--mempolicy", "--pid", "--cpubind", "--membind"),
        operands=1,
        cpu_list_options=("--cpubind",),
    ),
    Wrapper(
        "likwid-pin",
        "https://github.com/RRZE-HPC/likwid/wiki/Likwid-Pin",
        value_options=("-c", "-C", "-s", "--skip", "-d", "-V", "--verbose"),
        cpu_list_options=("-c", "-C"),
    ),
)
