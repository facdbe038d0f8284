"""One of two programs that xargs starts: each writes what it has into a file; the second tells both."""

import sys
import time
from pathlib import Path

from told import multiply, tell

if __name__ == "__main__":
    (number,) = sys.argv[1:]
    _, threads, result = multiply(int(number))
    Path(f"{number}.part").write_text(f"{threads} {result}")
    Path(f"{number}.part").rename(f"{number}.txt")
    while number == "1" and not Path("2.txt").exists():
        time.sleep(0.01)
    if number == "1":
        found = [Path(f"{one}.txt").read_text().split() for one in "12"]
        tell([result for _, result in found], sum(int(threads) for threads, _ in found))
