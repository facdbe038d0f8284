"""A stand-in for the metadata endpoint of an ECS agent, whose answers have the documented form."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TASK = {
    "Cluster": "c",
    "TaskARN": "arn:aws:ecs:us-west-2:1:task/c/1",
    "Containers": [{"Limits": {"CPU": 10}}],
}


class Agent(http.server.ThreadingHTTPServer):
    """The settings of the stand-in: `answer` writes the answer to a request."""

    answer: Callable[[http.server.BaseHTTPRequestHandler], None]
    asked: list[str]


@contextlib.contextmanager
def agent(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[str]]]:
    class Handler(http.server.BaseHTTPRequestHandler):
        server: Agent

        def do_GET(self) -> None:
            self.server.asked.append(self.path)
            with contextlib.suppress(OSError):
                self.server.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = Agent(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answer, server.asked = answer, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v4/id", server.asked
    server.shutdown()
    server.server_close()


def says(body: bytes | dict[str, Any], status: int = 200, **headers: str) -> Callable[[Any], None]:
    data = body if isinstance(body, bytes) else json.dumps({**TASK, **body}).encode()

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    return answer
