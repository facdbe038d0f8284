"""The targets: each takes the bytes of one input and raises if a property does not hold.

What a function documents it may raise is no fault: ValueError of `cpulist`, UsageError of a command line,
MetadataError of an ECS agent's answer. Inputs are text, so that a failing one can be read.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from mkl_launch.core import cpulist
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import APPLIED
from mkl_launch.host import cgroup
from mkl_launch.host.cgroup_levels import levels
from mkl_launch.host.cgroup_limits import UNLIMITED_MEMORY, read_limits
from mkl_launch.host.ecs import MetadataError, _address, _limit
from mkl_launch.host.simulated import SimulatedRoot, simulated_machine
from mkl_launch.model.request import Request
from mkl_launch.policy.launch_note import read_note, write_note
from mkl_launch.program.settings_files.model_servers import read_properties

from .launches import launch, prepared
from .machines import MACHINES, PLAIN, Files

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SECONDS = 1.0  # of CPU time, that one input may take
PART = "\n---\n"  # parts an input
FILE = "== "  # begins a line with the path of a file; its text follows
SERVERS = (
    ("torchserve", "--start", "--ts-config", "/config.properties"),
    ("multi-model-server", "--mms-config", "/config.properties", "--models", "ALL"),
)


class TooSlowError(Exception):
    """An input took longer than a start may wait."""


def run(name: str, data: bytes) -> None:
    """Give one input to a target; it may take a second of CPU time, however busy the machine is."""
    begin = time.thread_time()
    TARGETS[name](data.rstrip(b"\0").decode("utf-8", "surrogateescape"))
    took = time.thread_time() - begin
    if took > SECONDS:
        raise TooSlowError(f"{name}: {took:.1f} s for {len(data)} bytes")


def of_groups(text: str) -> None:
    """Check that limits of a tree of files, each behind "== PATH", are amounts, CPUs and bytes."""
    files = dict(part.partition("\n")[::2] for part in f"\n{text}".split(f"\n{FILE}")[1:])
    root = Files(files)
    found = read_limits(root)
    assert found.quota is None or 0 < found.quota <= 10**20, found
    assert found.cpuset is None or max(found.cpuset, default=0) <= cpulist.MAX_CPU
    assert found.memory.size is None or 0 < found.memory.size < UNLIMITED_MEMORY, found
    assert (found.quota is None) == (found.quota_source is None), found
    assert all(": " in line for line in levels(root))
    plain = MACHINES[PLAIN]
    assert isinstance(plain, SimulatedRoot)
    prepared(Files({**plain.files, **files}), Request(), {})


def of_mounts(text: str) -> None:
    """Check that the directories of a group and a mountinfo go upwards and stay in the mount."""
    path, _, mounts = text.partition("\n")
    for mount in cgroup.parse_mounts(mounts):
        found = cgroup.directories(path, mount)
        point = mount.point.rstrip("/")
        if not found:  # the group is certainly not in the mounted one
            continue
        assert found[-1] == point, found
        for lower, upper in zip(found, found[1:]):
            assert lower.rpartition("/")[0] == upper, found
        assert ".." not in found[0][len(point) :].split("/"), found


def of_cpus(text: str) -> None:
    """Check that CPUs are read as written, amounts are above 0, and other text is a ValueError."""
    for read, write in ((cpulist.parse, cpulist.show), (cpulist.parse_mask, _mask)):
        cpus = _value(read, text)
        if cpus is not None:
            assert read(write(cpus)) == cpus
            assert all(0 <= cpu <= cpulist.MAX_CPU for cpu in cpus)
    amount = _value(cpulist.amount, text)
    assert amount is None or 0 < amount <= cpulist.MAX_CPU, amount
    for number in (cpulist.count(text), cpulist.positive(text)):
        assert number is None or number >= 1, number


def _mask(cpus: frozenset[int]) -> str:
    return f"{sum(1 << cpu for cpu in cpus):x}"


def _value(read: Callable[[str], T], text: str) -> T | None:
    try:
        return read(text)
    except ValueError as error:
        assert len(str(error)) < 1000, "80 characters, at most 10 each as shown"  # noqa: PT017
        return None


def of_metadata(text: str) -> None:
    """Check that the agent's URI and answer give a limit in CPUs, or MetadataError."""
    uri, _, body = text.partition("\n")
    try:
        _, port, path = _address(uri)
        assert 0 < port < 1 << 16, port
        assert not path.endswith("/"), path
    except MetadataError as problem:
        assert len(uri) < 8 or uri not in str(problem)  # noqa: PT017
    try:
        cpus = _limit(body.encode("utf-8", "surrogateescape"), cpulist.MAX_CPU)
    except MetadataError:
        return
    assert cpus is None or 0 < cpus <= cpulist.MAX_CPU, cpus


def of_command_lines(text: str) -> None:
    """Check a launch: the input is a machine, variables, then the words of a command line."""
    head, _, words = text.replace("\0", "").partition(PART)
    name, *variables = head.split("\n")
    # A line cannot hold a line's end: "\r" stands for it.
    argv = [word.replace("\r", "\n") for word in words.removesuffix("\n").split("\n")]
    launch(MACHINES.get(name, MACHINES[PLAIN]), argv, _environ(variables))


def _environ(lines: list[str]) -> dict[str, str]:
    return {name: value for name, equals, value in (line.partition("=") for line in lines) if equals}


def of_configurations(text: str) -> None:
    """Check that variables and a model server's .properties give at least one worker."""
    head, _, config = text.partition(PART)
    assert all(isinstance(value, str) for value in read_properties(config).values())
    store = {"/store/noop.mar": "", "/store/other.mar": "", "/config.properties": config}
    root = Files({**MACHINES["quota"].files, **store})
    environ = _environ(head.replace("\0", "").split("\n"))
    for command in SERVERS:
        made = prepared(root, Request(command=command), environ)
        assert made is not None
        assert 1 <= made.budget.workers <= cpulist.MAX_CPU, made.budget


def of_descriptions(text: str) -> None:
    """Check that `--machine` gives a machine that can be planned for, or UsageError."""
    try:
        root = simulated_machine(text)
    except UsageError as error:
        assert text in str(error)  # noqa: PT017
        return
    assert isinstance(root, SimulatedRoot)
    made = prepared(Files(root.files), Request(), {})
    assert made is not None
    assert made.budget.cores <= made.budget.logical


def of_notes(text: str) -> None:
    """Check that a note is read as written, and that a launch with any note and variables works."""
    applied, _, variables = text.replace("\0", "").partition(PART)
    note = read_note({APPLIED: applied})
    written = write_note(note)
    assert read_note({APPLIED: written}) == note, written
    environ = {**_environ(variables.split("\n")), APPLIED: applied}
    launch(MACHINES["job launcher"], ["--", "python3", "train.py"], environ)


TARGETS: dict[str, Callable[[str], None]] = {
    "argv": of_command_lines,
    "cgroup": of_groups,
    "config": of_configurations,
    "cpulist": of_cpus,
    "described": of_descriptions,
    "metadata": of_metadata,
    "mountinfo": of_mounts,
    "note": of_notes,
}
