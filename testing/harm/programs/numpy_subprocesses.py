"""A driver that starts two programs at a time, as make, snakemake and xargs do."""

import json
import subprocess
import sys
from pathlib import Path

from told import of_processes, tell

CHILD = "import json, sys, told; print(json.dumps(told.multiply(int(sys.argv[1]))))"

if __name__ == "__main__":
    start = [sys.executable, "-c", CHILD]
    here = Path(__file__).parent
    children = [
        subprocess.Popen([*start, str(seed)], cwd=here, stdout=subprocess.PIPE) for seed in range(2)
    ]
    tell(*of_processes([tuple(json.loads(child.communicate()[0])) for child in children]))
