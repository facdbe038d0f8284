"""The CPU limit of an Amazon ECS task, from the agent's metadata endpoint; only imported in such a task.

The limit is on the task's group, a parent that its containers cannot see. GET ${URI}/task answers JSON with
`Limits.CPU` in vCPUs, where the task has one; the container's own `Limits.CPU` are shares and no limit.
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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SECONDS = 0.9  # for all attempts together: a start must not wait for more
PAUSE = 0.1
MAX_BYTES = 1 << 20
CHUNK = 1 << 14


class MetadataError(Exception):
    """Why the endpoint told nothing, in words."""


class TryAgainError(MetadataError):
    """It may answer yet."""


def task_limit(uri: str) -> float | None:
    """The task's limit in CPUs; None where it has none. Raises MetadataError."""
    host, port, path = _address(uri)
    deadline = time.monotonic() + SECONDS
    fetch = tenacity.Retrying(
        stop=tenacity.stop_after_delay(SECONDS - PAUSE),
        wait=tenacity.wait_fixed(PAUSE),
        retry=tenacity.retry_if_exception_type(TryAgainError),
        reraise=True,
    )
    return _limit(fetch(_fetch, host, port, f"{path}/task", deadline))


def _address(uri: str) -> tuple[str, int, str]:
    """Host, port and path; only the agent's kinds of address are asked, link-local and loopback.

    The URI names the container to the agent, so no message repeats it.
    """
    try:
        parts = urllib.parse.urlsplit(uri)
        address = ipaddress.ip_address(parts.hostname or "")
        port = parts.port or 80
        path = parts.path.rstrip("/").encode("ascii").decode()
    except ValueError:
        raise MetadataError("not the URI of an address") from None
    if not path.isprintable() or " " in path:
        raise MetadataError("not the URI of an address")
    if parts.scheme != "http" or not (address.is_link_local or address.is_loopback):
        raise MetadataError("not http on a link-local or loopback address: not asked")
    return str(address), port, path


class _Until(socket.socket):
    """A socket that gives nothing after a deadline: a timeout begins anew with every byte that drips in."""

    deadline = 0.0

    def recv_into(self, *args: Any, **named: Any) -> int:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no whole answer in {SECONDS:g} s")
        self.settimeout(left)
        return super().recv_into(*args, **named)


def _connected(host: str, port: int, deadline: float) -> _Until:
    plain = socket.create_connection((host, port), max(0.01, deadline - time.monotonic()))
    bounded = _Until(fileno=plain.detach())
    bounded.deadline = deadline
    bounded.settimeout(max(0.01, deadline - time.monotonic()))
    return bounded


def _fetch(host: str, port: int, path: str, deadline: float) -> bytes:
    """The body of an answer that is whole, not too long, and not a redirection."""
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.sock = _connected(host, port, deadline)
        connection.request("GET", path)
        response = connection.getresponse()
        if response.status >= 500:
            raise TryAgainError(f"HTTP status {response.status}")
        if response.status != 200:
            raise MetadataError(f"HTTP status {response.status}")
        body = b""
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > MAX_BYTES:
                raise MetadataError(f"an answer of more than {MAX_BYTES} bytes")
    except (OSError, http.client.HTTPException) as problem:
        words = f": {problem}" if isinstance(problem, OSError) else ""
        raise TryAgainError(f"{type(problem).__name__}{words}") from None
    else:
        return body
    finally:
        connection.close()


def _limit(body: bytes) -> float | None:
    try:
        task = json.loads(body)
    except (ValueError, RecursionError):
        raise MetadataError("the answer is no JSON") from None
    limits = task.get("Limits", {}) if isinstance(task, dict) else None
    cpus = limits.get("CPU") if isinstance(limits, dict) else body
    if cpus is None:
        return None
    if isinstance(cpus, bool) or not isinstance(cpus, (int, float)) or not 0 < cpus <= MAX_CPU:
        raise MetadataError("the task's Limits.CPU is not an amount of CPUs")
    return float(cpus)
