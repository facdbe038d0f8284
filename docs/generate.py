"""Write pages of docs/ from the tables: `python docs/generate.py`. A test fails if they differ."""

from __future__ import annotations

from pathlib import Path

import mkl_launch_hook as hook
from mkl_launch.cli.reader import read
from mkl_launch.report.collect import collect, subject
from mkl_launch.report.full import machine_line
from mkl_launch.report.headline import overview
from mkl_launch.report.picture import picture
from mkl_launch.report.svg import svg
from mkl_launch.tables.all_commands import COMMANDS, WRAPPERS
from mkl_launch.tables.command_row import Command
from mkl_launch.tables.grants import CRIO, ECS_UNITS, GRANTS, Grant
from mkl_launch.tables.job_launchers import JOB_LAUNCHERS, JobLauncher
from mkl_launch.tables.schedulers import SCHEDULERS, Scheduler
from mkl_launch.tables.variable_row import LIMITS, MASK, ONLINE, Variable
from mkl_launch.tables.variables import OMP_NUM_THREADS, VARIABLES
from testing import stacks
from testing.environments import large
from testing.programs.proofs import LEFT_ALONE, PROOFS, STAND_INS, STARTERS, Proof
from testing.programs.unproven import NOT_TRIED, REASONS

DOCS = Path(__file__).parent

HEAD = """# Variables, commands and job launchers

`docs/generate.py` makes this page from the tables in `src/mkl_launch`.

`mkl-launch --explain` prints the values for your container, and the reason for each.

## Variables

A variable that you set stays as it is. A variable that *follows* another one takes the number that you
gave to the other one.

A *default* is the number with which a program starts: its own call or option can ask for more. A *cap*
is the most that a program can ask for. So a cap is not set below what the program may ask for, unless
you set `NAME=auto`.

A variable is left unset if its reader finds the same number without it: from `OMP_NUM_THREADS`, the
mask, the online CPUs, or the mask and the quota.

| variable | quantity | kind | read by | follows | left unset if | source |
| --- | --- | --- | --- | --- | --- | --- |"""

QUANTITIES = """
## Quantities

The mask has `L` CPUs (hardware threads) on `P` cores and `S` sockets. The quota is `q` CPUs (no quota:
no limit). `W` workers share them.

| quantity | value |
| --- | --- |
| threads | max(1, min(P, floor(q)) // W) |
| cpus | max(1, min(L, floor(q)) // W) |
| inter-op | max(2, min(S, cpus)) |
| inter-op by the AWS guide | serving: as inter-op; training: 0, TensorFlow's own choice |
| sessions by the AWS guide | serving: max(1, OMP_NUM_THREADS // 4); training: unset |
| pinning | one core a thread, if the CPUs are this container's alone and the command starts no process |
| spin time | 0 ms if workers or ranks share the CPUs, or the quota allows one thread only; else 1 ms |
| spin count | 1000 if workers or ranks share the CPUs; else 8000 (0.1 to 0.4 ms) |
| spin cycles | 17: 2^17 cycles, 50 us |
| waiting | PASSIVE if a quota is smaller than the CPUs, or workers or ranks share the CPUs; else unset |
| no settings dump | 0 |
| cpus of all processes | max(1, min(L, floor(q))) |
| processes of a pool | max(1, min(L, ceil(q)) // W); cpus of all processes if it starts one a CPU |
| cpus of a JVM that starts workers | max(1, min(L, ceil(q))), if q < L and no number of workers is set |
| processes that compile | as processes of a pool, at most 32, if a quota, workers or ranks cut the CPUs |
| processes that test | under a quota: max(1, min(P, floor(q))); else unset |
| threads, if fewer than four | threads, if fewer than four; else unset |
| no binding of its own | nobind if q < L; else unset |
"""


COMMAND_HEAD = """## Commands

Every other command counts as training in one process. Added arguments stand before your own arguments,
and are left out if yours set the same.

| command | profile | processes | added arguments, or what you set yourself | |
| --- | --- | --- | --- | --- |"""

COMMAND_TAIL = """
A command is recognised behind {wrappers}, as `python SCRIPT` and `python -m MODULE`, and in the line of
`sh -c`, to which no argument can be added. An entry script of a shell is read as text, never run:
conditions on its arguments and on variables are evaluated if possible. Behind an unknown command, a
known one still divides the budget, but nothing is pinned and no argument is added; the first line of
the log says so.

## Job launchers

A job launcher starts several ranks on a machine. Each rank takes its share of the CPUs.

| job launcher | known by | share | source |
| --- | --- | --- | --- |"""


JOB_LAUNCHERS_TAIL = """
A number that counts the processes of a job on all machines divides nothing: `RANK` and `WORLD_SIZE` of
a PyTorchJob, `PMI_RANK`, `PMIX_RANK`, or `JOB_COMPLETION_INDEX` of an
[Indexed Job](https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode). Each of these
pods has its own control group. `torchrun` or `mpirun` in such a pod is a job launcher.

A job launcher can run in an instance, and instances can run in a rank or in an instance. The inner one
divides the share of the outer one."""


SCHEDULERS_HEAD = """
## Schedulers

A scheduler puts several jobs on one machine, and no limit shows one job the others. So nothing is
pinned under a scheduler, except with a cpuset narrower than the machine, `--cpus LIST` or
`--bind always`.

| scheduler | known by | source |
| --- | --- | --- |"""


def _scheduler_variables(row: Scheduler) -> str:
    """Return the variables by which a job knows its scheduler, as Markdown."""
    words = [f"`{name}{f'={row.value}' if row.value else ''}`" for name in row.variables]
    words += [f"`{row.prefix}*`"] if row.prefix else []
    exceptions = f", unless `{row.granted}` names all CPUs" if row.granted else ""
    exceptions += f"; a narrow cpuset counts as shared without `{row.reserved}`" if row.reserved else ""
    return ", ".join(words) + exceptions


GRANTS_HEAD = """
## What schedulers tell

Some schedulers tell a job its number of CPUs in a variable. It counts where it is smaller than what the
kernel shows:

- a *grant* limits the threads. It is no quota: the kernel does not enforce it, so threads may spin and
  nothing is throttled. `--cpus` counts more, and `--basis limit` leaves grants out.
- a *limit* is enforced where the container cannot see it, and counts as a quota does.
- a *guarantee* counts with `--basis request` only, because the job may use more where CPUs are free.

A variable of a program that the scheduler has set to this number is not your choice: it gives way to a
smaller one, as for the workers of a server. A number that differs from it is yours, and stays.

| scheduler | variable | in a job with | kind | what it is | source |
| --- | --- | --- | --- | --- | --- |"""

GRANTS_TAIL = """
Cloud Run and Azure Container Apps tell a container no number; there the kernel shows the limit.
"""


def _grant(row: Grant) -> str:
    """Return the line of a grant."""
    names = ", ".join(f"`{name}`" for name in row.variables) or "the agent's metadata"
    names += f" / {row.unit:,}" if row.unit > 1 else ""
    names += f"; if there are several hosts: this one's number in `{row.hosts}`" if row.hosts else ""
    names += f"; not if `{row.machines}` is more than 1" if row.machines else ""
    names += "".join(f"; not with `{name}`" for name in row.unless)
    what = f"{row.reason}; ranks of a job launcher have it each" if row.per_process else row.reason
    what += f"; sets {', '.join(f'`{name}`' for name in row.sets)}" if row.sets else ""
    jobs = ", ".join(f"`{name}`" for name in row.job)
    return f"| {row.scheduler} | {names} | {jobs} | {row.kind} | {what} | [source]({row.source}) |"


PYTHON_HOOK_HEAD = """# The Python hook

Some libraries start processes and give each its share of the CPUs: joblib, Dask, Ray, Lightning,
torchrun. They do so only if `OMP_NUM_THREADS` is unset. `mkl-launch` sets it, so without the hook each of N
processes would use all CPUs of the container.

The hook gives the modules of these libraries, and no other module, a view of `os` in which the variables
of `mkl-launch` look unset. The library then divides the CPUs as it does without `mkl-launch`. A number that
it sets goes into the real environment, and is never more than the number of `mkl-launch`. Your own code
sees `OMP_NUM_THREADS` as it is.

## Install it

- `pip install .` in a clone installs the hook into the same Python. `pip uninstall mkl-launch` removes it.
- `RUN mkl-launch --prepare` in a Dockerfile writes the hook into the site-packages of the image's Python.

The hook is two files. Python runs the one line of `mkl_launch_hook.pth` at each start.
`mkl_launch_hook.py` is loaded only in processes that `mkl-launch` has started, and in their children. The
hook adds 0.1 ms to the start of a Python, and 0.5 ms if `mkl-launch` has started it.

## Turn it off

Set `MKL_LAUNCH_PYTHON=off` in the environment of the container. Without a limit, `OMP_NUM_THREADS` then
stays unset, so that the libraries divide the CPUs themselves. Under a limit, each child process uses all
CPUs of the container.

## What it adapts

"run" in the table: a test runs the real library, and compares the threads of its processes with and
without `mkl-launch`.

| module | processes: their number of threads | proof | |
| --- | --- | --- | --- |"""

PYTHON_HOOK_TAIL = """
If the command of `mkl-launch` is `torchrun` or `accelerate launch`, `mkl-launch` divides the CPUs by their
processes, and the hook does not change their modules.

## What it cannot do

- A library that is not in the table sees the value of `mkl-launch`, and so does your own
  `if "OMP_NUM_THREADS" not in os.environ`. But `os.environ.setdefault("OMP_NUM_THREADS", "1")` sets 1.
- A module that imports `os` inside a function sees the real environment there.
- A Python that reads no site-packages (`python -S`) or has none (PyInstaller) runs without the hook.
- If your program sets the same number as `mkl-launch`, it looks unset to these libraries. Their processes
  then get no more threads than that number.
- An error in the hook leaves the library as it is, without a message. To see whether the hook runs:
  `python -c "import sys; print('mkl_launch_hook' in sys.modules)"` in the container prints `True`.
"""


def _rank(row: JobLauncher) -> str:
    """Return the variables with the share of a rank, as Markdown."""
    if not row.local_rank:
        return "the CPUs granted, as `OMP_NUM_THREADS`"
    at = f" at `{row.node}`" if row.node else ""
    stale = f", if as many are in `{row.members}`" if row.members else ""
    each = f" / `{row.machines}`, if that is a whole number" if row.machines else ""
    return f"`{row.local_rank}` of `{row.local_size[0]}`{each}{at}{stale}"


COUNTED = {
    MASK: "counts the mask",
    ONLINE: "counts the online CPUs",
    LIMITS: "counts the mask and the quota",
}


def _left_unset(row: Variable) -> str:
    """Return when a variable is left unset, as Markdown."""
    words = [f"takes `{OMP_NUM_THREADS}`"] if row.falls_back_to_openmp else []
    words += [f"allows {row.only_above} by itself"] if row.only_above else []
    words += [COUNTED[row.reader_counts]] if row.reader_counts else []
    counted = [f"its reader {'; '.join(words)}"] if words else []
    return "; or if ".join([*counted, *([f"`{row.name}` is not `auto`"] if row.opt_in else [])])


def _readers(row: Variable) -> str:
    only = f" (only for {', '.join(f'`{name}`' for name in row.commands)})" if row.commands else ""
    return row.readers + only


def _processes(row: Command) -> str:
    if row.one_process:
        return "one"
    config = (row.config.option, *row.config.workers) if row.config else ()
    words = (
        *row.per_machine_options,
        *row.worker_options,
        *(names[0] for names in row.factors),
        *row.option_variables,
        *row.worker_variables,
        *config,
        *(row.settings_default or row.settings_options[:1] if row.settings_kind else ()),
    )
    settings = ", ".join(f"`{name}`" for name in words)
    default = "one for each CPU" if row.workers is None else "one" if row.workers == 1 else str(row.workers)
    default = "one for each GPU" if "" in row.per_gpu_values else default
    return f"{settings}, else {default}" if settings else default


def _command_name(row: Command) -> str:
    return f"{row.name} {row.subcommand}".strip()


def _arguments(row: Command) -> str:
    added = ", ".join(f"`{argument.option}`" for argument in row.arguments)
    return added or row.user_action


PROGRAMS_HEAD = """# Which program reads which setting

`docs/generate.py` makes this page from `testing/programs/proofs.py` and the tables in `src/mkl_launch`.

*Proven*: a test starts this version of the real program through the installed `mkl-launch`, under real
limits, and counts its threads or processes. *By hand*: this test is not part of `make test`, because
the program is large or takes minutes to compile, and ran on that day. *From source*: the linked source
or manual says so, and the last column says why no test starts the program.

## Proven

| program | version | reads | test |
| --- | --- | --- | --- |"""

STARTERS_HEAD = """
## Programs that start one command

A test starts Gunicorn behind the real program and compares its processes and their settings with what
`mkl-launch` assumes.

| program | version | commands | test |
| --- | --- | --- | --- |"""

WRAPPERS_FROM_SOURCE = (
    "From source, most because no package registry has them or they need a GPU, an account or systemd:"
)

FROM_SOURCE_HEAD = """
## From source

| setting | program | value | source | why not proven |
| --- | --- | --- | --- | --- |"""

LEFT_ALONE_HEAD = """
## Left alone

`mkl-launch` sets nothing for these programs.

| program | why | source |
| --- | --- | --- |"""


def _version(proof: Proof) -> str:
    if not proof.environment:
        return proof.origin
    by_hand = ", by hand" if proof.environment in large() else ""
    return f"{proof.version}, {proof.date}{by_hand}"


def command_label(row: Command) -> str:
    """Return the words of a command that its row is about: a program and its subcommand."""
    return f"{row.name} {row.subcommand}".rstrip()


def _from_source() -> list[str]:
    """Return a line for each row of the tables without a proof."""
    proven = {knob for proof in PROOFS for knob in proof.knobs}
    settings = [
        (row.name, row.readers, row.quantity, row.source, row.name)
        for row in VARIABLES
        if row.name not in proven
    ]
    for command in COMMANDS:
        label = command_label(command)
        if label not in proven:
            what = command.user_action or _processes(command)
            settings.append((label, command.name, what, command.source, label))
        settings += [
            (argument.option, command.name, argument.quantity, command.source, label)
            for argument in command.arguments
            if argument.option not in proven
        ]
    return [
        f"| `{name}` | {program} | {what} | [source]({source}) | {_why_not(name, label)} |"
        for name, program, what, source, label in settings
    ]


def _why_not(name: str, label: str) -> str:
    """Return why no test starts the program with this label."""
    reason = REASONS.get(label, NOT_TRIED)
    stand_in = next((proof for proof in STAND_INS if name in proof.knobs), None)
    return f"{reason}; tested with {stand_in.origin}: {stand_in.test}" if stand_in else reason


def _proven(proofs: tuple[Proof, ...]) -> list[str]:
    """Return a line for each proof."""
    return [
        f"| {proof.program} | {_version(proof)} | {', '.join(f'`{knob}`' for knob in proof.knobs)} "
        f"| [{proof.test}](../tests/{proof.test}) |"
        for proof in proofs
    ]


def programs_page() -> str:
    """Return the page of proofs."""
    alone = [f"| {program} | {why} | [source]({source}) |" for program, why, source in LEFT_ALONE]
    started = {knob for proof in STARTERS for knob in proof.knobs}
    rest = ", ".join(f"[`{name}`]({row.source})" for name, row in WRAPPERS.items() if name not in started)
    parts = (
        *(PROGRAMS_HEAD, *_proven(PROOFS), STARTERS_HEAD, *_proven(STARTERS)),
        *("", WRAPPERS_FROM_SOURCE, f"{rest}."),
        *(FROM_SOURCE_HEAD, *_from_source(), LEFT_ALONE_HEAD, *alone),
    )
    return "\n".join((*parts, ""))


def variables_page() -> str:
    """Return the page of variables, commands, job launchers and schedulers."""
    rows = [
        f"| `{row.name}` | {row.quantity} | {row.kind} | {_readers(row)} | "
        f"{', '.join(f'`{name}`' for name in row.follows)} | {_left_unset(row)} | [source]({row.source}) |"
        for row in VARIABLES
    ]
    commands = [
        f"| `{_command_name(row)}` | {row.profile} | {_processes(row)} | {_arguments(row)} "
        f"| [source]({row.source}) |"
        for row in COMMANDS
    ]
    wrappers = ", ".join(f"[`{name}`]({row.source})" for name, row in WRAPPERS.items())
    job_launchers = [
        f"| {row.name} | `{row.marker}` | {_rank(row)} | [source]({row.source}) |" for row in JOB_LAUNCHERS
    ]
    schedulers = [
        f"| {row.name} | {_scheduler_variables(row)} | [source]({row.source}) |" for row in SCHEDULERS
    ]
    parts = (
        HEAD,
        *rows,
        QUANTITIES,
        COMMAND_HEAD,
        *commands,
        COMMAND_TAIL.format(wrappers=wrappers),
        *job_launchers,
        JOB_LAUNCHERS_TAIL,
        SCHEDULERS_HEAD,
        *schedulers,
        GRANTS_HEAD,
        *map(_grant, (*GRANTS, CRIO, ECS_UNITS)),
        GRANTS_TAIL.rstrip(),
    )
    return "\n".join((*parts, ""))


def python_hook_page() -> str:
    """Return the page of the Python hook."""
    proofs = {hook.RUN: "run", hook.SOURCE: "source read"}
    rows = [
        f"| `{row.module}` | {row.divides} | {proofs[row.proof]} | [source]({row.source}) |"
        for row in hook.ROWS
    ]
    return "\n".join((PYTHON_HOOK_HEAD, *rows, PYTHON_HOOK_TAIL))


def picture_svg() -> str:
    """Return the picture of the page of options, as `--picture FILE.svg` writes it."""
    words = ["--machine", "2x18x2", "--instances", "4", "--picture", "--", "tensorflow_model_server"]
    contents = collect(subject(read(words, {}, {}), {}))
    title = overview(contents.facts, contents.request, contents.plan)
    return svg(picture(contents), (*title, machine_line(contents.machine))) + "\n"


PAGES = {
    "variables.md": variables_page,
    "programs.md": programs_page,
    "python-hook.md": python_hook_page,
    "picture.svg": picture_svg,
    **stacks.PAGES,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
