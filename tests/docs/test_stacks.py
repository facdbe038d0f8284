"""The pages of stacks: what they show is planned, and what they check is so with the real libraries."""

from __future__ import annotations

import re
import shlex

import pytest

from testing.environments import environment
from testing.process import PATH, said
from testing.stacks import LIMIT, STACKS, Stack, planned

each_stack = pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
BY_NAME = {stack.name: stack for stack in STACKS}


@each_stack
def test_the_answer_of_a_check_is_planned(stack: Stack) -> None:
    plan = planned(stack, LIMIT)
    environ = [f"{name}={value}" for name, value in plan.environ.items()]
    if re.search(r"\b4$", stack.answer) and "=" not in stack.answer:  # what a library counts
        assert plan.environ["OMP_NUM_THREADS"] == "4"
    else:
        assert stack.answer in [*environ, *plan.command]


@each_stack
def test_a_page_says_what_to_know(stack: Stack) -> None:
    lines = stack.notes.strip("\n").splitlines()
    assert lines
    assert all(line.startswith(("- ", "  ")) for line in lines)


@pytest.mark.parametrize("name", ["pytorch", "scikit-learn"])
def test_a_library_counts_the_threads_of_its_page(name: str, launcher: str) -> None:
    """With a limit of 1 CPU, which every machine has."""
    check = BY_NAME[name].check.replace("mkl-launch", f"{shlex.quote(launcher)} -q --cpus 1")
    path = f"{environment('frameworks') / 'bin'}:{PATH}"
    shown = said(["sh", "-c", check], {"PATH": path})
    assert set(re.findall(r"\b\d+$", shown.replace(",", ""), re.MULTILINE)) == {"1"}, shown


@pytest.mark.parametrize("name", ["tensorflow", "onnx-runtime", "llama-cpp", "vllm"])
def test_the_environment_of_a_process_shows_the_answer_of_its_page(name: str, launcher: str) -> None:
    stack = BY_NAME[name]
    shell = re.sub(r"^docker exec \S+ ", f"{shlex.quote(launcher)} -q --cpus 1 -- ", stack.check)
    shown = said(["sh", "-c", shell.replace("/proc/1/", "/proc/self/")], {"PATH": PATH})
    assert stack.answer.replace("=4", "=1") in shown.splitlines()
