"""The pages agree with the code."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.options import OPTIONS, Option
from mkl_launch.cli.reader import read
from mkl_launch.core.option_names import SWITCH
from mkl_launch.tables.all_commands import COMMANDS, WRAPPERS
from mkl_launch.tables.variables import VARIABLES
from testing.programs.proofs import PROOFS, STAND_INS, STARTERS, Proof
from testing.programs.unproven import REASONS
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

README = PROJECT / "README.md"
OPTIONS_PAGE = PROJECT / "docs" / "options.md"
PAGES = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
]
EXAMPLES = sorted((PROJECT / "examples").rglob("README.md"))
END_OF_COMMAND = {"|", "||", "&", "&&", ";", ">", "2>"}
PLACEHOLDERS = {"N": "2", "DIR": "/run/mkl-launch"}
DOCKER_OPTIONS = {"-e", "--target", "--cpuset-cpus", "--security-opt", "--pids-limit", "--cpu-shares"}
SHORT = {"--help", "--version", "--quiet", "--verbose"}  # have a letter, or are known
WORDS = 600  # that a reader takes in within two minutes or three


MADE = runpy.run_path(str(PROJECT / "docs" / "generate.py"))["PAGES"]


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_made_from_the_tables(name: str) -> None:
    assert (PROJECT / "docs" / name).read_text(encoding="utf-8") == MADE[name]()


@pytest.mark.parametrize(
    "proof", [*PROOFS, *STARTERS, *STAND_INS], ids=lambda proof: f"{proof.program} {proof.knobs[0]}"
)
def test_every_proof_is_in_the_tables_and_has_a_test(proof: Proof) -> None:
    arguments = {argument.option for row in COMMANDS for argument in row.arguments}
    labels = {f"{row.name} {row.subcommand}".rstrip() for row in COMMANDS}
    names = {row.name for row in VARIABLES} | labels | arguments
    assert set(proof.knobs) <= (set(WRAPPERS) if proof in STARTERS else names)
    assert (PROJECT / "tests" / proof.test).exists()
    assert not proof.environment or proof.version


def test_what_has_no_proof_and_a_reason_for_it_is_in_the_tables() -> None:
    labels = {f"{row.name} {row.subcommand}".rstrip() for row in COMMANDS} | {row.name for row in VARIABLES}
    assert REASONS.keys() <= labels - {knob for proof in PROOFS for knob in proof.knobs}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_page_of_options_has_every_option_and_its_variable(option: Option) -> None:
    page = OPTIONS_PAGE.read_text(encoding="utf-8")
    assert f"`--{option.name} " in page
    assert f"`{option.variable}`" in page


def test_the_page_of_options_has_the_variables_without_an_option() -> None:
    page = OPTIONS_PAGE.read_text(encoding="utf-8")
    assert f"`{SWITCH}=off`" in page
    assert "`MKL_LAUNCH_LOG=quiet\\|info\\|debug\\|json`" in page


def test_the_page_of_options_has_every_option_of_the_help(launcher: str) -> None:
    text = subprocess.run([launcher, "--help"], check=True, capture_output=True, text=True).stdout
    page = OPTIONS_PAGE.read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z][a-z-]+", text)) - SHORT
    assert len(options) > len(OPTIONS)
    for option in options:
        assert f"`{option}" in page, option


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        assert (page.parent / name).exists() if name else anchor, target
        assert not anchor or anchor in anchors(page.parent / name if name else page), target


def anchors(page: Path) -> list[str]:
    """Return the headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def test_every_page_is_reachable_from_the_readme() -> None:
    found: set[Path] = set()
    left = [README]
    while left:
        page = left.pop().resolve()
        if page.suffix == ".md" and page not in found:
            found.add(page)
            names = re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))
            left += [page.parent / name for name in names]
    examples = (PROJECT / "examples").glob("*/README.md")
    assert {page.resolve() for page in (*PAGES, *examples)} <= found


def test_each_trouble_is_in_the_list_at_the_top_of_its_page() -> None:
    page = (PROJECT / "docs" / "trouble.md").read_text(encoding="utf-8")
    top, *sections = page.split("\n## ")
    listed = re.findall(r"\| \[([^\]]+)\]\(#", top)
    assert listed == [section.partition("\n")[0] for section in sections[1:]]  # without "First look"
    assert len(listed) > 7


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").split()) <= WORDS


@pytest.mark.parametrize("page", [README, OPTIONS_PAGE], ids=lambda page: page.name)
def test_the_help_has_every_option_of_a_page(page: Path, launcher: str) -> None:
    text = subprocess.run([launcher, "--help"], check=True, capture_output=True, text=True).stdout
    named = re.findall(r"`(--?[a-z][a-z-]*)", page.read_text(encoding="utf-8"))
    assert set(named) - DOCKER_OPTIONS
    for option in set(named) - DOCKER_OPTIONS:
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), option


def command_lines(page: Path) -> list[list[str]]:
    """Return the words after `mkl-launch` of each command line of a page that gives it options."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = "".join(re.findall(r"^```[a-z]*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE))
    lines = []
    for line in blocks.splitlines():
        before, name, after = line.partition("mkl-launch -")
        if name and not before.rstrip().endswith(("[", "/", '"', "'")) and before[-1:] in ("", " "):
            try:
                words = shlex.split(f"-{after}", comments=True)
            except ValueError:  # the quotes go on in the next line
                continue
            end = next((at for at, word in enumerate(words) if word in END_OF_COMMAND), len(words))
            lines.append([PLACEHOLDERS.get(word, word) for word in words[:end]])
    return lines


@pytest.mark.parametrize("page", [*PAGES, *EXAMPLES], ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_command_line_of_a_page_is_accepted(page: Path) -> None:
    for words in command_lines(page):
        assert read(words, {}, {}), words  # raises UsageError otherwise


def test_the_pages_have_command_lines() -> None:
    assert sum(len(command_lines(page)) for page in (*PAGES, *EXAMPLES)) > 40


def test_the_json_page_has_every_field(launcher: str) -> None:
    page = (PROJECT / "docs" / "json.md").read_text(encoding="utf-8")
    done = subprocess.run([launcher, "--json"], check=True, capture_output=True, text=True)
    document = json.loads(done.stdout)
    assert "budget" in document
    for name, value in document.items():
        assert f"`{name}`" in page
        for field in value if isinstance(value, dict) else ():
            assert f"`.{field}`" in page, field


def test_every_module_has_its_line_in_contributing() -> None:
    package = PROJECT / "src" / "mkl_launch"
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = page[page.index("| package | file |") : page.index("Beside the package")]
    modules = {path.stem for path in package.rglob("*.py")} - {"__init__"}
    assert modules - set(re.findall(r"`(\w+)`", listed)) == set()
