"""The other sections of the page, each made from its data. Pure."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import scores
from markdown import met, table
from scores import PREPARED, Row

if TYPE_CHECKING:
    from typing import Any

FLOOR_GOAL, PREPARED_GOAL, PEER_GOAL, GROWTH_GOAL = 2.0, 1.75, 100, 10
HARM_GOAL = 1.05  # times untouched
SLOTS_GOAL = 0.95  # of the best
# Why a program may be slower launched, by the limit.
HARM_REASONS = {
    "quota 1.5": (
        "one thread is planned, so a program that scales loses up to a third while nothing else runs "
        "([side effects](side-effects.md))"
    ),
}


def machine(found: dict[str, Any]) -> str:
    """Return the description of the machine."""
    kind = "a virtual machine" if found["virtual"] else "bare metal"
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    return (
        f"## {found['cpus']} CPUs\n\n{found['date']}: {found['model']}, {found['cpus']} CPUs on "
        f"{found['cores']} cores, {kind}; Linux {found['kernel']}, Python {found['python']}; {versions}. "
        f"Commit {found['commit']}.\n"
    )


def neighbours(rows: list[Row], _cpus: int) -> str:
    """Return the section on two containers."""
    lines = []
    for row in rows:
        figures = f"{row['rate']:.1f}", f"{row['p50_ms']:.0f}", f"{row['p99_ms']:.0f}"
        lines.append([f"{row['limit']}, {row['contender']}", *figures])
    return (
        "### Neighbours\n\nTwo containers on the same CPUs, ResNet-50 in PyTorch with Intel's OpenMP "
        "(which reads `KMP_AFFINITY`) in each; speed of one container. Without a limit, a container cannot "
        "see the other: mkl-launch then sets what the guide sets for the host, and does not help.\n\n"
        + table(["quota of each", "per second", "p50 ms", "p99 ms"], lines)
    )


def slots(rows: list[Row], cpus: int) -> str:
    """Return the section on two containers with slots."""
    named = list(dict.fromkeys(row["contender"] for row in rows if not row["swept"]))
    parts: dict[str, list[float]] = {name: [] for name in named}
    lines = []
    for program in dict.fromkeys(row["program"] for row in rows):
        mine = [row for row in rows if row["program"] == program]
        best = max((row for row in mine if row["swept"]), key=lambda row: row["rate"])
        rates = {row["contender"]: row["rate"] for row in mine}
        for name in named:
            parts[name].append(rates[name] / best["rate"])
        shown = (f"{rates[name]:.1f} ({rates[name] / best['rate']:.2f})" for name in named)
        lines.append([program, *shown, f"{best['rate']:.1f} {best['contender']}"])
    means = {name: scores.mean(each) for name, each in parts.items()}
    ours = means[named[-1]]
    return (
        "### Two containers with slots\n\nTwo containers of the same program, without a limit, on the same "
        "host. *With slots*, they share a directory and each takes half of the cores "
        "([how](slots.md)). The best is the fastest of a sweep over numbers of threads, ways to wait and "
        f"pinning, the same for both. Geometric mean with slots: {ours:.2f} of the best (goal "
        f"{SLOTS_GOAL}: {met(ours >= SLOTS_GOAL)}); without them {means['mkl-launch']:.2f}.\n\n"
        + noise(statistics.median(row["load"] for row in rows), cpus)
        + table(["units per second (of the best)", *named, "best"], lines)
    )


def spins(rows: list[Row], _cpus: int) -> str:
    """Return a table for each variable and limit."""
    text = (
        "### How long to spin\n\nSpeed as a part of that with the best value, geometric means over the "
        "programs, with one thread for each CPU of the limit.\n\n"
    )
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["variable"], row["limit"]), []).append(row)
    return text + "\n".join(_spin_table(*kind, mine) for kind, mine in groups.items())


def _spin_table(variable: str, limit: str, rows: list[Row]) -> str:
    programs, company, values = (
        list(dict.fromkeys(row[key] for row in rows)) for key in ("program", "company", "value")
    )
    rate = {(row["program"], row["company"], row["value"]): row["rate"] for row in rows}
    best = {(one, beside): max(rate[one, beside, v] for v in values) for one, beside, _ in rate}
    lines = []
    for value in values:
        means = (
            scores.mean(rate[one, beside, value] / best[one, beside] for one in programs)
            for beside in company
        )
        lines.append([value, *(f"{mean:.2f}" for mean in means)])
    head = [f"`{variable}`, limit: {limit}", *company]
    return f"{', '.join(programs)}:\n\n" + table(head, lines)


def launch(found: dict[str, list[Row]], cpus: int) -> str:
    """Return the section on the cost of a start."""
    starts, slow, growth = found["starts"], found["slow"], found["growth"]
    floor, ours = starts[0]["cpu"], starts[2]["cpu"]
    peer = next(row["cpu"] for row in slow if row["start"] == "run_cpu") / slow[0]["cpu"]
    empty = peer * ours / floor
    more = next(row["cpu"] for row in growth if row["start"] == "512 CPUs") - growth[0]["cpu"]
    light, rare, flat = (
        met(good) for good in (ours <= FLOOR_GOAL * floor, peer >= PEER_GOAL, more <= GROWTH_GOAL)
    )
    prepared = "".join(
        f", {row['cpu'] / floor:.2f} times in a prepared image "
        f"(goal {PREPARED_GOAL}: {met(row['cpu'] <= PREPARED_GOAL * floor)})"
        for row in starts
        if row["start"] == PREPARED
    )
    return (
        f"### Launch cost\n\nCPU time (user and system) and wall time until `/bin/true` has ended; medians "
        f"of {starts[0]['runs']} interleaved runs.\n\n![launch cost](benchmarks/launch-{cpus}-cpus.png)\n\n"
        f"mkl-launch takes {ours / floor:.2f} times an empty Python (goal {FLOOR_GOAL}: "
        f"{light}){prepared}; run_cpu takes {peer:.0f} times as much (goal {PEER_GOAL}: {rare}; an empty "
        f"Python in place of mkl-launch: {empty:.0f}); a machine of 512 CPUs costs {more:.1f} ms more than "
        f"one of 2 (goal {GROWTH_GOAL}: {flat}). The last table measures `--print-env` for recorded "
        f"machines, which needs argparse and so costs more than a start. ipexrun is missing: its last "
        f"version needs PyTorch 2.8, and PyPI has no build of that for CPUs only.\n\n"
        + "\n".join(map(_costs, (starts, slow, growth)))
    )


def _costs(rows: list[Row]) -> str:
    first = rows[0]["cpu"]
    lines = []
    for row in rows:
        figures = (f"{row[key]:.1f}" for key in ("cpu", "least", "wall"))
        lines.append([row["start"], *figures, f"{row['cpu'] / first:.2f}"])
    return table(["start", "CPU ms", "least", "wall ms", "times the first"], lines)


def truth(found: dict[str, Any], _cpus: int) -> str:
    """Return the section on detected facts."""
    fields = {"logical": "CPUs", "physical_cores": "cores", "sockets": "sockets"}
    fields |= {"numa_node_count": "NUMA nodes", "cpu_quota": "quota"}
    rows = []
    for tool, counts in found["tools"].items():
        told = [[counts[field].get(key, 0) for key in ("right", "wrong", "silent")] for field in fields]
        rows.append([tool, *(" / ".join(map(str, numbers)) for numbers in told)])
    return (
        f"### Truth of detection\n\nOther projects recorded {found['recorded']} machines and state facts "
        f"of them; {found['emulated']} more machines are emulated. The table counts answers that are right "
        f"/ wrong / missing (no answer, or the recording lacks the files). A tool that reports whole CPUs "
        f"only is right with the quota rounded up or down. [A test](../tests/emulated/test_recorded.py) "
        f"names each wrong answer of mkl-launch and its reason: the recording has too little, or counts in "
        "another way.\n\n" + table(["", *fields.values()], rows)
    )


def harm(rows: list[Row], cpus: int) -> str:
    """Return the section on the programs of the harm suite."""
    slower = [row for row in rows if row["ratio"] > HARM_GOAL]
    ratios = [row["ratio"] for row in rows]
    limits = {row["limit"] for row in rows}
    rounds = min(row["rounds"] for row in rows)
    at_first = {row["program"]: row["at_first"] for row in rows if row["at_first"]}
    lines = [
        [
            f"{row['program']}, {row['limit']}",
            f"{row['untouched']:.2f}",
            f"{row['launched']:.2f}",
            f"{row['ratio']:.2f}" if row["ratio"] <= HARM_GOAL else f"**{row['ratio']:.2f}**",
        ]
        for row in rows
    ]
    return (
        "### Never slower than untouched\n\nReal programs from start to end, with and without mkl-launch "
        f"in turns; medians of {rounds} round{'s' * (rounds > 1)} or more. The goal is at most {HARM_GOAL} "
        f"times the time without: {len(rows) - len(slower)} of {len(rows)} cells meet it; the geometric "
        f"mean is {scores.mean(ratios):.2f}. "
        "[The tests](../tests/programs/test_harm.py) compare results, threads and masks of the same cells."
        "\n\n"
        + noise(statistics.median(row["load"] for row in rows), cpus)
        + "".join(f"- {limit}: {reason}.\n" for limit, reason in HARM_REASONS.items() if limit in limits)
        + "\n"
        + table(["program, limit", "untouched s", "launched s", "ratio"], lines)
        + (
            "\nAn earlier version harmed these programs. The tests now compare them:\n\n"
            if at_first
            else ""
        )
        + "".join(f"- {name}: {what}\n" for name, what in at_first.items())
    )


def noise(load: float, cpus: int) -> str:
    """Return a warning, if others computed at the same time: the programs alone make a smaller load."""
    if load < 3 * cpus:
        return ""
    return (
        f"Other programs ran on the machine, with a load of {load:.0f} on {cpus} CPUs. So small "
        f"differences mean nothing.\n\n"
    )
