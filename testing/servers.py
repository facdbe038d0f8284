"""Model servers with a handler of this project: packing, configuration, requests."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import shutil
import socket
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PATIENCE = 300  # seconds: a slow or busy machine needs the most of them
GIVEN: set[int] = set()  # ports, not again: a server that starts has not taken its own yet


def pack(programs: Path, handler: Path, folder: Path, names: Sequence[str] = ("model",)) -> None:
    """Pack archives NAME.mar in `folder`, as the servers of the environment `programs` read them."""
    with tempfile.TemporaryDirectory() as source:
        shutil.copy(handler, source)
        where = [
            "--model-path",
            source,
            "--export-path",
            str(folder),
            "--handler",
            f"{handler.stem}:handle",
        ]
        for name in names:
            subprocess.run(
                [str(programs / "bin" / "model-archiver"), "--model-name", name, *where], check=True
            )


def configuration(ports: dict[str, int], archives: Path) -> str:
    """Return the lines of a configuration file: one model, and the addresses."""
    lines = {
        **{f"{name}_address": f"http://127.0.0.1:{port}" for name, port in ports.items()},
        **{f"grpc_{name}_port": str(port + 1) for name, port in ports.items()},
        "model_store": str(archives),
        "load_models": "model.mar",
        "disable_token_authorization": "true",
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def free_ports() -> dict[str, int]:
    """Return ports below 32767, the servers' largest, each with a free port above it."""
    found: dict[str, int] = {}
    while len(found) < 3:
        port = random.randrange(10_000, 32_000, 2)
        if port not in GIVEN and _is_free(port) and _is_free(port + 1):
            found[("inference", "management", "metrics")[len(found)]] = port
            GIVEN.add(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as mine:
        try:
            mine.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listens(port: int, log: Path) -> None:
    """Wait until a server listens on a port."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(end(log))


def number_of_workers(port: int, log: Path) -> int:
    """Return the number of workers of the model, as soon as all are ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):  # it does not listen yet
            said = ask(port, "GET", "/models/model")
            model = said[0] if isinstance(said, list) else said  # a list: of its versions
            status = [worker["status"] for worker in model.get("workers", ())]
            if status and set(status) == {"READY"}:
                return len(status)
        time.sleep(0.1)
    raise TimeoutError(end(log))


def end(log: Path) -> str:
    """Return the last lines of the server's log, without the requests."""
    lines = log.read_text().splitlines()
    return "\n".join([line for line in lines if "ACCESS_LOG" not in line and "_METRICS" not in line][-50:])


def ask(port: int, method: str, path: str) -> Any:
    """Send a request to a server on this machine and return its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request(method, path, body="x" if method == "POST" else None)
        return json.loads(connection.getresponse().read())
