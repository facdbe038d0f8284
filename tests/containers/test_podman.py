"""Real containers, built from the project's own Dockerfile and the README's lines, with real limits."""

from __future__ import annotations

import collections
import functools
import json
import os
import random
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing.environments import environment
from testing.harm.overlay import overlay
from testing.images import (
    BAKED,
    BARE,
    BASH,
    DISTROLESS,
    GONE,
    IMAGE,
    LAUNCHER,
    MOVED,
    NO_SHELL,
    OWN,
    PREPARED,
    PYTHON_SHIM,
    README,
    SHIMS,
    UNPREPARED,
    UNPREPARED_BASH,
    UNRECORDED,
)
from testing.podman import PYTHON_IMAGES, Podman
from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONVNET = PROJECT / "examples" / "before_after" / "convnet.py"
EXAMPLES = PROJECT / "examples" / "dockerfiles"
# What the AWS guide's ECS tasks do: the entry point is a shell, the server is in the string.
SHELL = ("--entrypoint", '["sh", "-c"]')


def env(podman: Podman, *options: str, image: str = IMAGE, launch: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the environment of a command in a container with these options."""
    done = podman.run(image, *launch, "cat", "/proc/self/environ", options=options)
    assert done.returncode == 0, done
    return dict(entry.partition("=")[::2] for entry in done.stdout.split("\0") if entry)


# The image


def test_adds_less_than_6_mib_to_an_image(podman: Podman) -> None:
    """With psutil, py-cpuinfo and tenacity, and compiled for two Pythons; the build prints it."""
    log = (podman.folder / "build.log").read_text()
    (weight,) = re.findall(r"^weight: (\d+) KiB$", log, re.MULTILINE)
    assert int(weight) < 6 * 1024


def test_an_image_of_the_launcher_prints_a_report(podman: Podman) -> None:
    done = podman.run(LAUNCHER, options=("--cpus", "1"))
    assert re.search(r"^threads +1; limited by the quota in .*: 1 CPU\b", done.stdout, re.MULTILINE), done


def test_lines_of_the_readme_build_an_image(podman: Podman) -> None:
    assert len(README.splitlines()) == 4
    assert env(podman, "--cpus", "1")["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.Dockerfile")), ids=lambda path: path.stem)
def test_dockerfiles_of_the_examples_build(podman: Podman, example: Path) -> None:
    """On another base than theirs, which no registry gives without an account."""
    context = podman.folder / "example"
    context.mkdir(exist_ok=True)
    text = example.read_text(encoding="utf-8").replace("--from=mkl-launch", f"--from={LAUNCHER}")
    (context / "Dockerfile").write_text(text)
    podman.build(context, "localhost/example", "--build-arg", f"BASE_IMAGE={PYTHON_IMAGES[0]}")
    options = ("--cpus", "1", "--entrypoint", '["mkl-launch", "--"]')
    assert env(podman, *options, image="localhost/example")["OMP_NUM_THREADS"] == "1"


# Limits


@pytest.mark.parametrize(
    ("options", "threads", "waiting"),
    [
        ("--cpus 0.5", "1", "PASSIVE"),
        ("--cpus 1", "1", "PASSIVE"),
        ("--cpus 1.5", "1", "PASSIVE"),
        ("--cpus 2", "2", "PASSIVE" if len(os.sched_getaffinity(0)) > 2 else None),
        ("--cpuset-cpus 1", "1", None),
        ("--cpuset-cpus 0-1 --cpus 1", "1", "PASSIVE"),
        ("--cpuset-cpus 1 --cpus 1.5", "1", None),
        ("", "2", None),
    ],
)
def test_sets_threads_to_the_limits_of_a_container(
    podman: Podman, options: str, threads: str, waiting: str | None
) -> None:
    found = env(podman, *options.split())
    assert found["OMP_NUM_THREADS"] == threads
    assert found.get("OMP_WAIT_POLICY") == waiting


@pytest.mark.parametrize(("value", "threads"), [("3", "3"), ("auto", "1"), ("", None)])
def test_keeps_variables_of_docker_run(podman: Podman, value: str, threads: str | None) -> None:
    found = env(podman, "--cpus", "1", "--env", f"OMP_NUM_THREADS={value}")
    assert found.get("OMP_NUM_THREADS") == threads


# Whose is it?


def test_does_not_take_env_of_the_image_for_the_users(podman: Podman) -> None:
    found = env(podman, "--cpus", "1", image=BAKED)
    assert (found["OMP_NUM_THREADS"], found["KMP_BLOCKTIME"]) == ("1", "0")
    assert found["MALLOC_ARENA_MAX"] == "2", "nothing better is known"
    assert env(podman, "--cpus", "1", "--env", "OMP_NUM_THREADS=3", image=BAKED)["OMP_NUM_THREADS"] == "3"
    done = podman.run(BAKED, "mkl-launch", "--json", options=("--cpus", "1"))
    origins = {setting["name"]: setting["origin"] for setting in json.loads(done.stdout)["settings"]}
    assert (origins["MALLOC_ARENA_MAX"], origins["OMP_NUM_THREADS"]) == ("image", "computed")


def test_takes_env_of_the_image_for_the_users_without_a_record(podman: Podman) -> None:
    assert env(podman, "--cpus", "1", image=UNRECORDED)["OMP_NUM_THREADS"] == "2"


# Hardened, odd and small containers

DENIED = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["sched_setaffinity"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}],
}


@pytest.mark.parametrize(
    "options",
    [
        ("--user", "65534"),
        ("--user", "65534", "--cap-drop", "ALL", "--read-only", "--security-opt", "no-new-privileges"),
        ("--read-only",),
        ("--cap-drop", "ALL"),
        ("--unsetenv", "HOME"),
        ("--init",),
        ("--privileged",),
        ("--workdir", "/proc"),
    ],
    ids=" ".join,
)
def test_starts_the_command_in_any_container(podman: Podman, options: tuple[str, ...]) -> None:
    assert env(podman, "--cpus", "1", *options)["OMP_NUM_THREADS"] == "1"


HARDENING = (
    "--cap-drop=ALL",
    "--read-only",
    "--security-opt=no-new-privileges",
    "--unsetenv=HOME",
    "--init",
)


def test_needs_no_user_capability_or_file(podman: Podman) -> None:
    """Any user and group, and any of the options that take rights away. ROUNDS=200 tries it in full."""
    rng = random.Random(15)
    for _ in range(int(os.environ.get("ROUNDS", "3"))):
        user = f"--user={rng.randrange(1, 1 << 31)}:{rng.randrange(1, 1 << 31)}"
        options = (user, *rng.sample(HARDENING, rng.randint(1, len(HARDENING))))
        image = rng.choice((IMAGE, UNPREPARED, UNPREPARED_BASH))
        assert env(podman, "--cpus", "1", *options, image=image)["OMP_NUM_THREADS"] == "1", options


def test_starts_the_command_if_the_mask_must_not_be_set(podman: Podman) -> None:
    profile = podman.folder / "seccomp.json"
    profile.write_text(json.dumps(DENIED))
    options = ("--security-opt", f"seccomp={profile}", "--env", "MKL_LAUNCH_CPUS=0-0")
    done = podman.run(IMAGE, "printenv", "OMP_NUM_THREADS", options=options)
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert "the affinity mask could not be set: Operation not permitted" in done.stderr


def test_a_doubled_entry_point_changes_nothing(podman: Podman) -> None:
    found = env(podman, "--cpus", "1", launch=("mkl-launch", "--workers", "2", "--"))
    assert found["OMP_NUM_THREADS"] == "1"
    plain, doubled = (env(podman, "--cpus", "1", launch=words) for words in ((), ("mkl-launch", "--")))
    assert {**plain, "HOSTNAME": ""} == {**doubled, "HOSTNAME": ""}


def test_starts_the_command_in_an_image_without_python(podman: Podman) -> None:
    """Of busybox alone, as small images are: the command starts, one line says so."""
    done = podman.run(BARE, "/bin/busybox", "echo", "started", options=("--cpus", "1"))
    assert (done.returncode, done.stdout) == (0, "started\n")
    assert done.stderr.splitlines() == [
        "mkl-launch: no Python 3 could be started: the command starts without the launcher"
    ]


def test_sets_threads_in_an_image_with_added_python(podman: Podman) -> None:
    """Busybox is linked statically: there is no C library in that image but the one that is brought."""
    found = env(podman, "--cpus", "1", image=OWN)
    assert found["OMP_NUM_THREADS"] == "1"
    assert not {"LD_LIBRARY_PATH", "PWD"} & found.keys()
    read_only = env(podman, "--cpus", "1", "--read-only", "--user", "65534", image=OWN)
    assert read_only["OMP_NUM_THREADS"] == "1"


# Prepared images, and what may become of them


FILE = "/opt/mkl-launch/mkl_launch/py.typed"


def traced(podman: Podman, image: str) -> list[str]:
    """Return the files that are executed from the entry to the command, in a mounted image."""
    place = podman.podman("image", "mount", image).stdout.strip()
    try:
        words = ["strace", "-f", "-e", "trace=execve", "-s", "99", "/usr/sbin/chroot", place]
        environ = {"PATH": "/opt/mkl-launch/bin:/usr/bin:/bin"}
        entry = "/opt/mkl-launch/bin/mkl-launch"
        done = subprocess.run(
            [*words, entry, "-q", "--", "cat", FILE],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        podman.podman("image", "unmount", image)
    found = re.findall(r'execve\("([^"]+)".* = 0$', done.stderr, re.MULTILINE)
    return [path.rpartition("/")[2] for path in found[found.index(entry) :]]


def test_a_prepared_image_starts_python_and_the_command(podman: Podman) -> None:
    assert traced(podman, IMAGE) == ["mkl-launch", "python3", "cat"]
    assert traced(podman, OWN) == ["mkl-launch", "ld.so", "cat"]


@pytest.mark.parametrize("image", [NO_SHELL, DISTROLESS])
def test_starts_the_command_in_an_image_without_a_shell(podman: Podman, image: str) -> None:
    found = env(podman, "--cpus", "1", image=image)
    assert found["OMP_NUM_THREADS"] == "1"
    read_only = env(podman, "--cpus", "1", "--read-only", "--user", "65534", image=image)
    assert read_only["OMP_NUM_THREADS"] == "1"


def test_starts_the_command_if_python_was_moved_after_preparing(podman: Podman) -> None:
    assert env(podman, "--cpus", "1", image=MOVED)["OMP_NUM_THREADS"] == "1"
    done = podman.run(GONE, "echo", "started", options=("--cpus", "1"))
    assert (done.returncode, done.stdout) == (0, "started\n")
    assert done.stderr.splitlines() == [
        "mkl-launch: no Python 3 could be started: the command starts without the launcher"
    ]


def test_a_shim_named_python3_starts_python(podman: Podman) -> None:
    done = podman.run(
        PYTHON_SHIM,
        "python3",
        "-c",
        "import os; print(os.environ['OMP_NUM_THREADS'])",
        options=("--cpus", "1", "--entrypoint", "[]"),
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done
    done = podman.run(
        IMAGE, "--install-shims", "/shims", "python3", options=("--entrypoint", '["mkl-launch"]')
    )
    assert done.returncode == 2
    assert "python3: no link is possible" in done.stderr


AT_ONCE = 3  # tries; most of their time they wait


def stopped_early(podman: Podman, image: str, number: int) -> int:
    """Return the exit status of a container that is stopped as soon as it exists."""
    name = f"early-{number}"
    command = ("sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.02; done")
    options = ("--name", name, "--env", "MKL_LAUNCH_LOG=quiet")
    process = subprocess.Popen(podman.command(options, image, command), stderr=subprocess.DEVNULL)
    while process.poll() is None:  # a stop before there is a container to be stopped does nothing
        podman.podman("stop", "--time", "2", name)
    podman.podman("rm", "--force", "--time", "0", "--ignore", name)
    return process.returncode


@pytest.mark.parametrize("image", [IMAGE, BASH, UNPREPARED, UNPREPARED_BASH])
def test_stop_right_after_the_start_ends_a_container(podman: Podman, image: str) -> None:
    """143 is the end of the launcher by the signal, 7 that of the command; 137 is a signal that was lost.

    125 and 2 are podman's and runc's own, before they have executed anything. A prepared start loses those
    between the exec of the command and its trap, for which bash takes longer. ROUNDS=200 tries it in full.
    """
    rounds = int(os.environ.get("ROUNDS", "3"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = collections.Counter(pool.map(functools.partial(stopped_early, podman, image), range(rounds)))
    print(image, dict(ends))
    assert not ends.keys() - {7, 143, 137, 125, 2}
    assert image not in PREPARED or ends[137] <= 1 + rounds // (20 if image == IMAGE else 7)


def test_the_python_of_a_prepared_image_has_the_hook(podman: Podman) -> None:
    code = "import sys; print('mkl_launch_hook' in sys.modules)"
    assert podman.run(IMAGE, "python3", "-c", code, options=("--cpus", "1")).stdout == "True\n"


# What bypasses an entry point


def test_finds_shims_in_a_shell_as_entry_point(podman: Podman) -> None:
    script = "cd / && tensorflow_model_server --port=7"
    done = podman.run(SHIMS, script, options=(*SHELL, "--cpus", "1"))
    found = json.loads(done.stdout)
    assert (found["intra"], found["port"], found["unknown"]) == (1, 7, [])
    untouched = podman.run(IMAGE, "echo $OMP_NUM_THREADS", options=(*SHELL, "--cpus", "1"))
    assert untouched.stdout == "\n"


def test_finds_shims_under_an_entry_point(podman: Podman) -> None:
    done = podman.run(SHIMS, "tensorflow_model_server", "--port=7", options=("--cpus", "1"))
    assert json.loads(done.stdout)["intra"] == 1
    assert len(done.stderr.splitlines()) == 1, "planned once"


# Processes

SERVER = """
import signal, sys, time

def end(*_):
    time.sleep(1)
    sys.exit(7)

signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
while True:
    time.sleep(60)
"""


@pytest.fixture
def server(podman: Podman) -> Iterator[subprocess.Popen[str]]:
    """Yield a server that takes its time to end, as PID 1 of a container under a limit of one CPU."""
    options = ("--cpus", "1", "--name", "server")
    started = podman.command(options, IMAGE, ("python3", "-c", SERVER))
    process = subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    yield process
    podman.podman("rm", "--force", "--time", "0", "server")
    process.wait()


def test_a_server_ends_in_its_own_time_with_its_own_status(
    podman: Podman, server: subprocess.Popen[str]
) -> None:
    begin = time.monotonic()
    podman.podman("stop", "--time", "20", "server")
    assert server.wait() == 7
    assert 1 <= time.monotonic() - begin < 15


@pytest.mark.usefixtures("server")
def test_a_probe_checks_the_server(podman: Podman) -> None:
    assert podman.podman("exec", "server", "mkl-launch", "--check").stdout.startswith("fits: process 1 (")


@pytest.mark.usefixtures("server")
def test_another_process_of_the_container_gets_the_same_settings(podman: Podman) -> None:
    ask = 'eval "$(mkl-launch -q --print-env sh)" && cat /proc/self/environ'
    shell, first = (
        podman.podman("exec", "server", *words).stdout
        for words in (("sh", "-c", ask), ("cat", "/proc/1/environ"))
    )
    settings = [
        {entry for entry in text.split("\0") if entry.partition("=")[0].endswith("_THREADS")}
        for text in (shell, first)
    ]
    assert settings[0] == settings[1]
    assert "OMP_NUM_THREADS=1" in settings[0]


@pytest.mark.usefixtures("server")
def test_the_commands_of_the_page_on_trouble_show_something(podman: Podman) -> None:
    page = (PROJECT / "docs" / "trouble.md").read_text(encoding="utf-8")
    lines = re.findall(r"^docker (?:exec|logs) CONTAINER .*$", page, re.MULTILINE)
    assert len(lines) > 8
    docker = shlex.join(["podman", *podman.storage, "--runtime", "runc", "--cgroup-manager", "cgroupfs"])
    for line in lines:
        words = line.replace("docker", docker, 1).replace("CONTAINER", "server", 1)
        if Path("/sys/fs/cgroup/cpu").exists():  # cgroup v1, as the page says
            words = words.replace("/cgroup/cpu.", "/cgroup/cpu/cpu.").replace(
                "/cgroup/pids", "/cgroup/pids/pids"
            )
        done = subprocess.run(["sh", "-c", words], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done
        assert "$" in line or done.stdout.strip(), done


@pytest.mark.parametrize("status", [0, 3, 125, 255])
def test_exits_with_the_status_of_the_command(podman: Podman, status: int) -> None:
    assert podman.run(IMAGE, "sh", "-c", f"exit {status}").returncode == status


def test_exits_with_127_without_the_command(podman: Podman) -> None:
    done = podman.run(IMAGE, "unheard-of")
    assert done.returncode == 127
    assert "unheard-of: command not found" in done.stderr


def test_a_network_is_faster_under_a_limit(podman: Podman) -> None:
    """Beside a busy process, where two threads that wait for each other lose most: measured 9 times."""
    folder = environment("frameworks")
    python = (folder / "bin" / "python").resolve()
    mounts = [
        option
        for place in (folder, python.parent.parent, CONVNET.parent)
        for option in ("--volume", f"{place}:{place}:ro")
    ]
    words = (str(folder / "bin" / "python"), str(CONVNET), "--seconds", "3")
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        untouched, launched = (
            _measured(podman, (*mounts, "--cpus", "1", *entry), words)
            for entry in (("--env", "MKL_LAUNCH=off"), ())
        )
    finally:
        neighbour.kill()
        neighbour.wait()
    assert (untouched["threads"], launched["threads"]) == (2, 1)
    assert launched["per_second"] > 2 * untouched["per_second"]


# Children, pools and pinned parents

PROGRAMS = PROJECT / "testing" / "harm" / "programs"
CONDA_LIKE, WHEELS = "mkl", "harm"  # Intel's MKL and OpenMP, as conda's NumPy has them; wheels of PyPI


@pytest.fixture(scope="module")
def environments(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, tuple[str, ...]]]:
    """Make what an image needs to have this environment, with the wheel installed: its Python, and mounts.

    They are mounted, as copies of gigabytes would take a minute.
    """

    @functools.cache
    def made(name: str) -> tuple[Path, tuple[str, ...]]:
        below = environment(name).resolve()
        over = tmp_path_factory.mktemp("over") / name
        python = overlay(below, over, wheel) / "python"
        base = python.resolve().parent.parent
        places = (below, over, PROGRAMS) if base.is_relative_to("/usr") else (below, over, base, PROGRAMS)
        return python, tuple(word for place in places for word in ("--volume", f"{place}:{place}:ro"))

    return made


@pytest.mark.parametrize(
    ("image", "program", "options"),
    [
        (CONDA_LIKE, "mkl_pool.py spawn", ""),
        (CONDA_LIKE, "mkl_pool.py forkserver", "--cpus 1.5"),
        (CONDA_LIKE, "mkl_pool.py fork", "--cpuset-cpus 0-1"),
        (CONDA_LIKE, "mkl_threads.py", ""),
        (WHEELS, "joblib_parallel.py loky 2", ""),
        (WHEELS, "numpy_pool.py spawn", "--cpus 1.5"),
        (WHEELS, "child_of_one_thread.py", ""),
        (WHEELS, "numba_threads.py", "--cpus 1.5 --env NUMBA_CACHE_DIR=/tmp"),
    ],
)
def test_child_processes_in_a_container_have_their_numbers_without_a_launch(
    podman: Podman,
    environments: Callable[[str], tuple[Path, tuple[str, ...]]],
    image: str,
    program: str,
    options: str,
) -> None:
    """The same result, no more threads than untouched in all processes together, no narrower mask."""
    python, mounts = environments(image)
    name, *arguments = program.split()
    words = (str(python), str(PROGRAMS / name), *arguments)
    untouched, launched = (
        _measured(podman, (*mounts, *options.split(), *entry), words)
        for entry in (("--env", "MKL_LAUNCH=off"), ())
    )
    assert launched["result"] == untouched["result"]
    assert launched.get("threads", 0) <= untouched.get("threads", 0)
    assert launched.get("narrowest", 0) >= untouched.get("narrowest", 0)


def _measured(podman: Podman, options: tuple[str, ...], words: tuple[str, ...]) -> dict[str, Any]:
    done = podman.run(IMAGE, *words, options=options)
    assert done.returncode == 0, done
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
