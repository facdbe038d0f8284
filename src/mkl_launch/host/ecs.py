"""The CPU limit of an Amazon ECS task and a container's weight, from the agent. Imported only in a task.

The control group of the task has the limit; it is a parent that the containers do not see. GET ${URI}/task
returns JSON with `Limits.CPU` in vCPUs if the task has a limit. GET ${URI} returns the container's, which
is its weight beside the other containers of the machine.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import time
import urllib.parse

import tenacity

from mkl_launch.core.cpulist import MAX_CPU
from mkl_launch.model.granted import Granted
from mkl_launch.tables.grants import ECS_UNITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TIMEOUT = 0.9  # seconds for all attempts together, so that a start is not delayed for longer
PAUSE = 0.1  # seconds between attempts
MAX_BYTES = 1 << 20
CHUNK = 1 << 14
NO_UNITS = 2  # the smallest weight of the kernel, which a container without units gets


class MetadataError(Exception):
    """A reason why the endpoint gave no limit, as one line."""


class TemporaryError(MetadataError):
    """A failure that another attempt may not have."""


def task_limit(uri: str) -> float | None:
    """Return the limit of the task in CPUs, None if it has none. Raise MetadataError."""
    return _cpu_limit(uri, "/task", MAX_CPU)


def container_units(uri: str) -> tuple[Granted, ...]:
    """Return the CPU units of this container, () if it has none. Raise MetadataError."""
    units = _cpu_limit(uri, "", MAX_CPU * ECS_UNITS.unit)
    if not units or units <= NO_UNITS:
        return ()
    return (Granted(ECS_UNITS, "Limits.CPU of the container", units / ECS_UNITS.unit),)


def _cpu_limit(uri: str, what: str, most: int) -> float | None:
    """Return `Limits.CPU` in the agent's answer about the task ("/task") or the container ("")."""
    host, port, path = _address(uri)
    deadline = time.monotonic() + TIMEOUT
    fetch = tenacity.Retrying(
        stop=tenacity.stop_after_delay(TIMEOUT - PAUSE),
        wait=tenacity.wait_fixed(PAUSE),
        retry=tenacity.retry_if_exception_type(TemporaryError),
        reraise=True,
    )
    return _limit(fetch(_fetch, host, port, f"{path}{what}", deadline), most)


def _address(uri: str) -> tuple[str, int, str]:
    """Return (host, port, path) of the agent's URI. Raise MetadataError for any other kind of address.

    The agent has a link-local or loopback address. Messages do not repeat the URI, because it is a secret
    of the container.
    """
    try:
        parts = urllib.parse.urlsplit(uri)
        address = ipaddress.ip_address(parts.hostname or "")
        port = parts.port or 80
        path = parts.path.rstrip("/").encode("ascii").decode()
    except ValueError:
        raise MetadataError("not an HTTP URI with an IP address") from None
    if not path.isprintable() or " " in path:
        raise MetadataError("not an HTTP URI with an IP address")
    if parts.scheme != "http" or not (address.is_link_local or address.is_loopback):
        raise MetadataError("not http on a link-local or loopback address; not read")
    return str(address), port, path


class _DeadlineSocket(socket.socket):
    """A socket with a deadline for all reads together; a timeout would start again with each byte."""

    deadline = 0.0

    def recv_into(self, *args: Any, **named: Any) -> int:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError(f"no complete answer within {TIMEOUT:g} s")
        self.settimeout(remaining)
        return super().recv_into(*args, **named)


def _connect(host: str, port: int, deadline: float) -> _DeadlineSocket:
    plain = socket.create_connection((host, port), max(0.01, deadline - time.monotonic()))
    bounded = _DeadlineSocket(fileno=plain.detach())
    bounded.deadline = deadline
    bounded.settimeout(max(0.01, deadline - time.monotonic()))
    return bounded


def _fetch(host: str, port: int, path: str, deadline: float) -> bytes:
    """Return the body of a complete answer with status 200 and at most MAX_BYTES bytes."""
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.sock = _connect(host, port, deadline)
        connection.request("GET", path)
        response = connection.getresponse()
        if response.status >= 500:
            raise TemporaryError(f"HTTP status {response.status}")
        if response.status != 200:
            raise MetadataError(f"HTTP status {response.status}")
        body = b""
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > MAX_BYTES:
                raise MetadataError(f"an answer of more than {MAX_BYTES} bytes")
    except (OSError, http.client.HTTPException) as problem:
        words = f": {problem}" if isinstance(problem, OSError) else ""
        raise TemporaryError(f"{type(problem).__name__}{words}") from None
    else:
        return body
    finally:
        connection.close()


def _limit(body: bytes, most: int) -> float | None:
    try:
        task = json.loads(body)
    except (ValueError, RecursionError):
        raise MetadataError("the answer is not JSON") from None
    limits = task.get("Limits", {}) if isinstance(task, dict) else None
    cpus = limits.get("CPU") if isinstance(limits, dict) else body
    if cpus is None:
        return None
    if isinstance(cpus, bool) or not isinstance(cpus, (int, float)) or not 0 < cpus <= most:
        raise MetadataError("Limits.CPU is not a CPU count")
    return float(cpus)
