"""CPU lists in the kernel's format ("0-3,8") and CPU counts in the user's ("2.5", "500m")."""

from __future__ import annotations

# The kernel supports 8192 CPUs at most (NR_CPUS), so a much larger number comes from a broken file.
MAX_CPU = 65535


def parse(text: str) -> frozenset[int]:
    """Return the CPUs of a list such as "0-3,8"; an empty text is the empty set.

    Raise ValueError for any other text. Source of the format: cpuset(7), section "List format".
    """
    cpus: set[int] = set()
    total = 0  # counts a CPU once for each range that has it: bounds the work for a broken file
    for part in text.strip().split(",") if text.strip() else ():
        first, dash, last = part.partition("-")
        low, high = whole(first), whole(last if dash else first)
        total += high - low + 1
        if low > high or high > MAX_CPU or total > 4 * MAX_CPU:
            raise ValueError(f"not a CPU list: {text.strip()[:80]!r}")
        cpus.update(range(low, high + 1))
    return frozenset(cpus)


def parse_mask(text: str) -> frozenset[int]:
    """Return the CPUs of a mask such as "00000000,000000ff": hexadecimal, the highest CPUs first."""
    digits = text.strip().replace(",", "")
    bits = int(digits or "0", 16) if set(digits) <= set("0123456789abcdefABCDEF") else -1
    if bits < 0 or bits.bit_length() > MAX_CPU:
        raise ValueError(f"not a CPU mask: {text.strip()[:80]!r}")
    return frozenset(cpu for cpu in range(bits.bit_length()) if bits >> cpu & 1)


def show(cpus: frozenset[int]) -> str:
    """Return a set of CPUs as a list in the kernel's format: ascending, with ranges."""
    runs: list[list[int]] = []
    for cpu in sorted(cpus):
        if runs and runs[-1][1] == cpu - 1:
            runs[-1][1] = cpu
        else:
            runs.append([cpu, cpu])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def whole(text: str) -> int:
    """Return the number in decimal digits; raise ValueError for others that int() accepts ("+1", "1_0")."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise ValueError(f"not a whole number: {text[:80]!r}")
    return int(text)


def positive(text: str | None) -> int | None:
    """Return a whole number from 1, or None for any other text."""
    try:
        return whole(text or "") or None
    except ValueError:
        return None


def count(text: str | None) -> int | None:
    """Return the number of threads in a value; of a list for nested OpenMP regions ("4,2") the first."""
    return positive((text or "").partition(",")[0].strip())


def amount(text: str) -> float:
    """Return the CPUs in a count: "4", "2.5" or "500m" (thousandths, as in Kubernetes).

    Raise ValueError for any other text and for 0.
    """
    if text.endswith("m"):
        cpus = whole(text[:-1]) / 1000
    else:
        units, dot, fraction = text.partition(".")
        cpus = whole(units) + (whole(fraction) / 10 ** len(fraction) if dot else 0)
    if not 0 < cpus <= MAX_CPU:
        raise ValueError(f"not a CPU count: {text[:80]!r}")
    return cpus


def plural(number: float, noun: str) -> str:
    """Return a number with its noun: "1 core", "2 cores", "1.5 CPUs"."""
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"
