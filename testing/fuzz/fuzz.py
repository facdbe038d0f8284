"""Fuzz one target, or all: `python testing/fuzz/fuzz.py TARGET|all SECONDS [FOLDER [OPTION...]]`.

Takes the packages of requirements.txt. It starts from the inputs in corpus/TARGET and keeps new ones in
FOLDER/TARGET (build/fuzz), where the next run goes on; what fails is FOLDER/TARGET-crash-HASH, and
`python testing/fuzz/fuzz.py TARGET FILE` gives that to the target once more. OPTIONs are libFuzzer's.
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
CORPUS = HERE / "corpus"
FOUND = PROJECT / "build" / "fuzz"

# How much of the time a target gets. Those of 1 find next to nothing new after a few seconds.
PARTS = {
    "argv": 4,
    "cgroup": 2,
    "config": 2,
    "note": 2,
    "cpulist": 1,
    "described": 1,
    "metadata": 1,
    "mountinfo": 1,
}
BESIDE = 2  # at once
MAX_BYTES = 4096
HANGS = 30  # seconds; what takes less and too long is told by the target itself


@dataclass(frozen=True)
class Figures:
    """The last figures of libFuzzer: `coverage` counts branches, `features` their frequencies, too."""

    executions: int
    coverage: int
    features: int
    corpus: int
    crashes: int


def figures(said: str) -> Figures:
    """Read libFuzzer's lines of status and its statistics."""
    status = {name: int(number) for name, number in re.findall(r"\b(cov|ft|corp): (\d+)", said)}
    done = re.findall(r"^stat::number_of_executed_units: (\d+)", said, re.MULTILINE)
    cov, ft, corpus = (status.get(name, 0) for name in ("cov", "ft", "corp"))
    return Figures(int((done or [0])[-1]), cov, ft, corpus, crashes=said.count("Test unit written to"))


def fuzz(target: str, words: str, *arguments: str) -> None:
    """Become libFuzzer, which ends the process. `words` is the path for the target's dictionary."""
    import atheris  # type: ignore[import-untyped]

    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["mkl_launch"]):
        from testing.fuzz.targets import run
        from testing.fuzz.words import dictionary
    Path(words).write_text(dictionary(target), encoding="ascii")
    atheris.Setup([sys.argv[0], f"-dict={words}", *arguments], lambda data: run(target, data))
    atheris.Fuzz()


def started(target: str, seconds: int, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Fuzz one target for that time, in another process."""
    found = folder / target
    found.mkdir(parents=True, exist_ok=True)
    arguments = [
        *(f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-timeout={HANGS}"),
        *(f"-artifact_prefix={folder}/{target}-", "-print_final_stats=1", *options),
        *(str(found), str(CORPUS / target)),
    ]
    command = [sys.executable, __file__, "--inside", target, f"{found}.dict", *arguments]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", errors="replace")


def main(target: str, seconds: int, folder: Path, *options: str) -> int:
    """Print a line of figures for each target, and what failed; 1 where something did."""
    parts = PARTS if target == "all" else {target: 1}
    beside = min(BESIDE, len(parts))
    each = {name: max(1, seconds * beside * part // sum(parts.values())) for name, part in parts.items()}
    print("target     executions    cov     ft corpus crashes")
    failed = False
    with ThreadPoolExecutor(beside) as pool:
        runs = {name: pool.submit(started, name, time, folder, *options) for name, time in each.items()}
        for name, run in runs.items():
            done = run.result()
            print(
                "{:10} {:10} {:6} {:6} {:6} {:7}".format(name, *astuple(figures(done.stderr))), flush=True
            )
            if done.returncode:
                failed = True
                print(done.stdout[-3000:], *re.findall("Test unit.*", done.stderr) or [done.stderr[-3000:]])
    return int(failed)


if __name__ == "__main__":
    sys.path[0] = str(PROJECT)  # where `testing` is; the environment of the fuzzer has only that
    sys.path.append(str(PROJECT / "src"))  # behind PYTHONPATH, which may name another version
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    name, what, *more = sys.argv[1:]
    if name == "--inside":
        fuzz(what, *more)
    elif Path(what).is_file():
        from testing.fuzz.targets import run

        run(name, Path(what).read_bytes())
    else:
        sys.exit(main(name, int(what), Path(more[0]).resolve() if more else FOUND, *more[1:]))
