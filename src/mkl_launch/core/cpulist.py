"""CPU lists as the kernel writes them ("0-3,8") and amounts of CPU as people write them ("2.5")."""

from __future__ import annotations

# The kernel's largest NR_CPUS is 8192; a number far above it is a broken file, not a machine.
MAX_CPU = 65535


def parse(text: str) -> frozenset[int]:
    """Read a CPU list such as "0-3,8"; an empty one is the empty set.

    Raises ValueError for anything else. Format: cpuset(7), section "List format".
    """
    cpus: set[int] = set()
    total = 0  # of what is said, once and again
    for part in text.strip().split(",") if text.strip() else ():
        first, dash, last = part.partition("-")
        low, high = whole(first), whole(last if dash else first)
        total += high - low + 1
        if low > high or high > MAX_CPU or total > 4 * MAX_CPU:
            raise ValueError(f"not a CPU list: {text.strip()[:80]!r}")
        cpus.update(range(low, high + 1))
    return frozenset(cpus)


def parse_mask(text: str) -> frozenset[int]:
    """Read a CPU mask such as "00000000,000000ff": groups of hexadecimal digits, highest CPUs first."""
    digits = text.strip().replace(",", "")
    bits = int(digits or "0", 16) if set(digits) <= set("0123456789abcdefABCDEF") else -1
    if bits < 0 or bits.bit_length() > MAX_CPU:
        raise ValueError(f"not a CPU mask: {text.strip()[:80]!r}")
    return frozenset(cpu for cpu in range(bits.bit_length()) if bits >> cpu & 1)


def show(cpus: frozenset[int]) -> str:
    """Write a set of CPUs as the kernel does: ascending, runs as ranges."""
    runs: list[list[int]] = []
    for cpu in sorted(cpus):
        if runs and runs[-1][1] == cpu - 1:
            runs[-1][1] = cpu
        else:
            runs.append([cpu, cpu])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def whole(text: str) -> int:
    """Read plain decimal digits; ValueError for anything else that int() would take ("+1", "1_0")."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise ValueError(f"not a whole number: {text[:80]!r}")
    return int(text)


def positive(text: str | None) -> int | None:
    """A whole number from 1, or None for anything else."""
    try:
        return whole(text or "") or None
    except ValueError:
        return None


def count(text: str | None) -> int | None:
    """The threads in a value: of an OpenMP list ("4,2": nested regions) the first; None for others."""
    return positive((text or "").partition(",")[0].strip())


def amount(text: str) -> float:
    """Read an amount of CPU: "4", "2.5" or "500m" (thousandths, as Kubernetes writes it).

    Raises ValueError for anything else and for nothing at all ("0").
    """
    if text.endswith("m"):
        cpus = whole(text[:-1]) / 1000
    else:
        units, dot, fraction = text.partition(".")
        cpus = whole(units) + (whole(fraction) / 10 ** len(fraction) if dot else 0)
    if not 0 < cpus <= MAX_CPU:
        raise ValueError(f"not an amount of CPU: {text[:80]!r}")
    return cpus


def plural(number: float, noun: str) -> str:
    """`1 core`, `2 cores`, `1.5 CPUs`."""
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"
