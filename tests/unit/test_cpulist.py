"""CPU lists, CPU masks and amounts of CPU: parsing, refusing, formatting."""

from __future__ import annotations

import pytest

from mkl_launch.core import cpulist


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("", set()),
        ("\n", set()),
        ("0", {0}),
        ("0-3\n", {0, 1, 2, 3}),
        ("0-2,8", {0, 1, 2, 8}),
        ("8,0-1", {0, 1, 8}),
        ("3-3", {3}),
        ("0-1,1-2", {0, 1, 2}),
        ("1023", {1023}),
    ],
)
def test_parses_a_list_of_cpus(text: str, cpus: set[int]) -> None:
    assert cpulist.parse(text) == cpus


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "0-",
        "-1",
        "3-1",
        "0,,1",
        "0,",
        "+1",
        "1_0",
        "0x1",
        "1.5",
        "0-3:2",
        "0 1",
        "٣",
        "4000000000",
        "0-1-2",
    ],
)
def test_refuses_a_bad_list_of_cpus(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        cpulist.parse(text)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("0", set()),
        ("", set()),
        ("1", {0}),
        ("000000ff\n", set(range(8))),
        ("5", {0, 2}),
        ("00000001,00000000", {32}),
        ("80000000,00000000,00000001", {0, 95}),
    ],
)
def test_parses_a_mask(text: str, cpus: set[int]) -> None:
    assert cpulist.parse_mask(text) == cpus


@pytest.mark.parametrize("text", ["xyz", "-1", "0-3", "f" * 20_000])
def test_refuses_a_bad_mask(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a CPU mask|invalid literal"):
        cpulist.parse_mask(text)


@pytest.mark.parametrize(
    ("cpus", "text"),
    [
        (set(), ""),
        ({5}, "5"),
        ({0, 1}, "0-1"),
        ({0, 1, 2, 3, 8, 10, 11}, "0-3,8,10-11"),
        (set(range(1024)), "0-1023"),
        (set(range(0, 8, 2)), "0,2,4,6"),
    ],
)
def test_formats_a_list_as_the_kernel_does(cpus: set[int], text: str) -> None:
    assert cpulist.show(frozenset(cpus)) == text


@pytest.mark.parametrize(
    ("text", "cpus"), [("4", 4), ("2.5", 2.5), ("500m", 0.5), ("1500m", 1.5), ("0.1", 0.1), ("1.0", 1)]
)
def test_parses_an_amount_of_cpus(text: str, cpus: float) -> None:
    assert cpulist.amount(text) == pytest.approx(cpus)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0.0",
        "0m",
        "m",
        "-1",
        "+1",
        "1e3",
        "nan",
        "inf",
        "1.2.3",
        "2.5m",
        "0-3",
        "1,5",
        "٣",
        "100000",
    ],
)
def test_refuses_a_bad_amount_of_cpus(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        cpulist.amount(text)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 CPU"), (1.0, "1 CPU"), (2, "2 CPUs"), (1.5, "1.5 CPUs"), (0.5, "0.5 CPUs")]
)
def test_formats_a_number_with_its_noun(number: float, words: str) -> None:
    assert cpulist.plural(number, "CPU") == words
