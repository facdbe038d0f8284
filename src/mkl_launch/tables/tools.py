"""Programs that start one command: those of init systems, of orchestrators, of a system. One row each."""

from __future__ import annotations

from mkl_launch.tables.wrapper import Wrapper

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
    Wrapper("init", S6),
    Wrapper("with-contenv", S6),
    Wrapper("fixuid", "https://github.com/boxboat/fixuid#run-in-startup-script", values=()),
    Wrapper("standard-supervisor", "https://github.com/aws/model-hosting-container-standards"),
    Wrapper("aws-lambda-rie", "https://github.com/aws/aws-lambda-runtime-interface-emulator"),
    Wrapper(
        "argoexec",
        "https://github.com/argoproj/argo-workflows/blob/main/docs/workflow-executors.md",
        subcommands=("emissary",),
        behind_dashes=True,
    ),
    Wrapper(
        "entrypoint",
        "https://github.com/tektoncd/pipeline/blob/main/cmd/entrypoint/README.md",
        behind_dashes=True,
        command="-entrypoint",
    ),
    Wrapper(
        "linkerd-await",
        "https://github.com/linkerd/linkerd-await#usage",
        values=("-p", "--port", "-b"),
        aliases=(),
    ),
    Wrapper("scuttle", "https://github.com/redboxllc/scuttle#how-do-i-use-this"),
    Wrapper("wait-for-it.sh", WAIT, behind_dashes=True, aliases=("wait-for-it", "wait-for", "wait-for.sh")),
    Wrapper(
        "dockerize",
        "https://github.com/jwilder/dockerize#usage",
        values=(
            *("-wait", "-timeout", "-template", "-stdout", "-stderr", "-wait-retry-interval", "-env"),
            *("-wait-http-header", "-delims", "-validateCert"),
        ),
    ),
    Wrapper(
        "watchmedo",
        "https://github.com/gorakhargosh/watchdog#shell-utilities",
        values=(
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
    # Of a system
    Wrapper(
        "xvfb-run",
        "https://manpages.debian.org/stable/xvfb/xvfb-run.1.en.html",
        values=(
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
        values=("-u", "--user", "-g", "--group", "-G", "--supp-group", "-s", "--shell", "-w"),
        line=("-c", "--command"),
        before_line=1,
        no_line=("-u", "--user"),
        clears=("-", "-l", "--login"),
    ),
    Wrapper(
        "su",
        UTIL_LINUX + "login-utils/su.1.adoc",
        values=("-g", "--group", "-G", "--supp-group", "-s", "--shell", "-w"),
        line=("-c", "--command"),
        before_line=1,
        clears=("-", "-l", "--login"),
        behind_dashes=True,
    ),
    Wrapper(
        "sudo",
        "https://www.sudo.ws/docs/man/sudo.man/",
        values=(
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
        assigns=True,
        keeps=("-E", "--preserve-env"),
    ),
    Wrapper(
        "systemd-run",
        "https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html",
        values=(
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
            "-G",
        ),
        keeps=("--scope",),
    ),
    Wrapper(
        "flock",
        UTIL_LINUX + "sys-utils/flock.1.adoc",
        values=("-w", "--timeout", "-E"),
        operands=1,
        line=("-c", "--command"),
        before_line=1,
    ),
    Wrapper(
        "script",
        UTIL_LINUX + "term-utils/script.1.adoc",
        values=("-T", "-I", "-O", "-B", "-E", "-o", "-m"),
        line=("-c", "--command"),
        before_line=1,
        opaque=("-V",),
        behind_dashes=True,
    ),
    Wrapper("unbuffer", "https://manpages.debian.org/stable/expect/unbuffer.1.en.html"),
    Wrapper("prlimit", UTIL_LINUX + "sys-utils/prlimit.1.adoc", values=("-o", "--output")),
    # Several of a command at a time
    Wrapper(
        "xargs",
        "https://www.gnu.org/software/findutils/manual/html_node/find_html/xargs-options.html",
        values=(
            *("-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s", "--arg-file", "--delimiter", "--max-args"),
            *("--max-procs", "--max-chars", "--process-slot-var"),
        ),
        at_once=("-P", "--max-procs"),
        split_by=("-n", "-L", "-I", "-i", "-l", "--max-args", "--max-lines", "--replace"),
    ),
    Wrapper(
        "parallel",
        PARALLEL,
        values=PARALLEL_VALUES,
        aliases=("env_parallel", "parallel.moreutils"),
        at_once=PARALLEL_JOBS,
        usually="100%",
        data=PARALLEL_DATA,
        one_line=True,
    ),
    Wrapper(
        "sem", PARALLEL, values=PARALLEL_VALUES, at_once=PARALLEL_JOBS, data=PARALLEL_DATA, one_line=True
    ),
    Wrapper(
        "concurrently",
        "https://github.com/open-cli-tools/concurrently#usage",
        values=(
            *("-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-s", "--success"),
            *("-l", "--prefix-length", "-t", "--timestamp-format", "-m", "--max-processes"),
            *("--restart-tries", "--restart-after", "--name-separator", "--cwd", "--hide"),
        ),
        lines=True,
    ),
    Wrapper(
        "npx",
        "https://docs.npmjs.com/cli/commands/npx",
        values=("-p", "--package", "-w", "--workspace"),
        line=("-c", "--call"),
    ),
    Wrapper(
        "watch",
        "https://man7.org/linux/man-pages/man1/watch.1.html",
        values=("-n", "--interval", "-q", "--equexit"),
        one_line=True,
    ),
    Wrapper(
        "chpst",
        "https://smarden.org/runit/chpst.8.html",
        values=(
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
    Wrapper("setuidgid", DAEMONTOOLS, operands=1),
    Wrapper("envdir", DAEMONTOOLS, operands=1, aliases=("s6-envdir",)),
    Wrapper(
        "softlimit", DAEMONTOOLS, values=("-a", "-c", "-d", "-f", "-l", "-m", "-o", "-p", "-r", "-s", "-t")
    ),
    Wrapper(
        "hwloc-bind",
        "https://www.open-mpi.org/projects/hwloc/doc/",
        values=("--mempolicy", "--pid", "--cpubind", "--membind"),
        operands=1,
        lists=("--cpubind",),
    ),
    Wrapper(
        "likwid-pin",
        "https://github.com/RRZE-HPC/likwid/wiki/Likwid-Pin",
        values=("-c", "-C", "-s", "-d", "-V"),
        lists=("-c", "-C"),
    ),
)
