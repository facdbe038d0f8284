"""A parent that gives its child one thread by OMP_NUM_THREADS alone, as Spark does."""

import json
import os
import subprocess
import sys
from pathlib import Path

from told import tell

CHILD = "import json, told; print(json.dumps(told.multiply(0)))"

if __name__ == "__main__":
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=Path(__file__).parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    _, threads, result = json.loads(child.stdout)
    tell([result, threads], threads)
