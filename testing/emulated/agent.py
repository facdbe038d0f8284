"""The agent in the guest: a JSON request on each line of standard input, a JSON answer on each line."""

from __future__ import annotations

import json
import subprocess
import sys

# No more than an image has: nothing here may tell the launcher anything.
ENVIRON = {"PATH": "/installed/bin:/usr/bin:/bin", "HOME": "/root"}


def serve() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        script: str = json.loads(line)["script"]
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            check=False,
            env=ENVIRON,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        answer = {
            "status": done.returncode,
            "stdout": done.stdout.decode("utf-8", "surrogateescape"),
            "stderr": done.stderr.decode("utf-8", "surrogateescape"),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
