"""What is written down is what the code does."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.options import OPTIONS, Option
from mkl_launch.core.names import SWITCH
from mkl_launch.tables.commands import COMMANDS, WRAPPERS
from mkl_launch.tables.variables import VARIABLES
from testing.programs.proofs import PROOFS, STAND_INS, STARTERS, Proof
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

README = (PROJECT / "README.md").read_text(encoding="utf-8")
PAGES = [
    PROJECT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/json.md",
        "docs/programs.md",
        "docs/python-hook.md",
    )
]


@pytest.mark.parametrize("name", ["variables.md", "programs.md", "python-hook.md"])
def test_a_page_is_made_from_the_tables(name: str) -> None:
    made = runpy.run_path(str(PROJECT / "docs" / "generate.py"))["PAGES"][name]()
    assert (PROJECT / "docs" / name).read_text(encoding="utf-8") == made


@pytest.mark.parametrize(
    "proof", [*PROOFS, *STARTERS, *STAND_INS], ids=lambda proof: f"{proof.program} {proof.knobs[0]}"
)
def test_a_proof_is_of_the_tables_and_has_its_test(proof: Proof) -> None:
    arguments = {argument.option for row in COMMANDS for argument in row.arguments}
    names = {row.name for row in VARIABLES} | {row.name for row in COMMANDS} | arguments
    assert set(proof.knobs) <= (set(WRAPPERS) if proof in STARTERS else names)
    assert (PROJECT / "tests" / proof.test).exists()
    if proof.environment:
        pinned = (PROJECT / "testing" / "programs" / f"{proof.environment}.txt").read_text(encoding="utf-8")
        assert f"\n{proof.origin.partition('/')[2]}==" in f"\n{pinned}"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_readme_has_every_option_and_its_variable(option: Option) -> None:
    assert f"`--{option.name} " in README
    assert f"`{option.variable}`" in README


def test_the_readme_has_what_has_no_option() -> None:
    assert f"`{SWITCH}=off`" in README
    assert "MKL_LAUNCH_LOG=quiet\\|info\\|debug" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target


def test_help_has_every_option_of_the_readme(launcher: str) -> None:
    text = subprocess.run([launcher, "--help"], check=True, capture_output=True, text=True).stdout
    for option in set(re.findall(r"`(--?[a-z-]+)", README)) - {"--"}:
        if option not in ("--cpuset-cpus", "--build-arg"):
            assert option in text, option


def test_the_json_page_has_every_field(launcher: str) -> None:
    page = (PROJECT / "docs" / "json.md").read_text(encoding="utf-8")
    done = subprocess.run([launcher, "--json"], check=True, capture_output=True, text=True)
    document = json.loads(done.stdout)
    for name, value in document.items():
        assert f"`{name}`" in page
        for field in value if isinstance(value, dict) else ():
            assert f"`.{field}`" in page, field
