"""The pages build as a site without a warning: every page is in the menu, every link leads somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = (".github", "benchmarks", "docs", "examples", "tests", "testing")


def build(project: Path, site: Path) -> subprocess.CompletedProcess[str]:
    words = [
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        str(project / "mkdocs.yml"),
        "--site-dir",
        str(site),
    ]
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site."""
    folder = tmp_path_factory.mktemp("site")
    done = build(PROJECT, folder)
    assert done.returncode == 0, done.stderr
    return folder


def article(site: Path, page: str) -> str:
    """Return the text of a page, as HTML, without menus."""
    html = (site / page / "index.html").read_text(encoding="utf-8")
    return html[html.index("<article") : html.index("</article>")]


def test_the_site_has_every_page(site: Path) -> None:
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("examples/**/*.md")]
    assert len(pages) > 40
    for page in pages:
        place = page.relative_to(PROJECT).with_suffix("")
        assert (site / (place.parent if place.name == "README" else place) / "index.html").is_file(), page


@pytest.mark.parametrize("page", ["", "docs/options", "docs/benchmarks", "docs/variables", "examples/ec2"])
def test_no_markdown_is_left_on_a_page(site: Path, page: str) -> None:
    html = article(site, page)
    assert "<h1" in html
    text = re.sub(r"<[^>]+>", "", html)
    for mark in ("```", "| ---", r"\|"):
        assert mark not in text, mark


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the pages, to be changed."""
    for name in SOURCES:
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (*PROJECT.glob("*.md"), PROJECT / "mkdocs.yml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_a_page_that_is_not_in_the_menu_comes_into_its_last_section(project: Path) -> None:
    (project / "docs" / "new-page.md").write_text("# A new page\n", encoding="utf-8")
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    assert "docs/new-page/" in (project / "site" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("rolout.md", "the target 'docs/rolout.md' is not found"),
        ("rollout.md#nowhere", "does not contain an anchor '#nowhere'"),
    ],
    ids=["page", "heading"],
)
def test_a_link_that_leads_nowhere_stops_the_build(project: Path, link: str, complaint: str) -> None:
    with (project / "docs" / "words.md").open("a", encoding="utf-8") as page:
        page.write(f"\n[wrong]({link})\n")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert complaint in done.stderr
