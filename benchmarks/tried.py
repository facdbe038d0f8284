"""Print the settings that `--tune` would try for a command, as JSON: `python tried.py COMMAND...`.

Run under the limit that counts, with the environment of the command.
"""

from __future__ import annotations

import json
import os
import sys

from mkl_launch.model.request import Request
from mkl_launch.tune.candidates import Candidate, Candidates


def described(candidate: Candidate, of: str = "") -> dict[str, object]:
    """Return a setting and the name of the one whose variant it is; "" for a number of threads."""
    threads, spin, pinning = candidate.rules.rules
    return {
        "name": candidate.name,
        "variant_of": of,
        "rules": {"threads": threads, "spin": spin, "pinning": pinning},
        "planned_threads": candidate.threads,
    }


def main() -> None:
    """Print a list, the plan first."""
    request = Request(command=tuple(sys.argv[1:]))
    threads = Candidates(request, os.environ).threads()
    found = [described(one) for one in threads]
    for one in threads:
        tried = Candidates(request, os.environ)
        tried.threads()  # what is among them is no variant
        found += [described(variant, one.name) for variant in tried.others(one)]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
