"""Build the site from the repository as it is: its pages link to each other, to examples and to tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig

LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the pages that the menu lacks to its last section."""
    root = Path(config["config_file_path"]).parent
    placed = set(re.findall(r"[\w./-]+\.md", str(config["nav"])))
    (last,) = config["nav"][-1].values()
    last += [place for page in sorted(_pages(root)) if (place := str(page.relative_to(root))) not in placed]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Return all pages at their places in the repository, and the files that they link to."""
    del files  # those of docs/ alone, without their folder
    root = Path(config["config_file_path"]).parent
    pages = sorted(_pages(root))
    linked = {
        target
        for page in pages
        for name in LINK.findall(page.read_text(encoding="utf-8"))
        for target in [(page.parent / name).resolve()]
        if target.is_file() and root in target.parents
    }
    places = [*pages, *sorted(linked.difference(pages))]
    return Files(
        [File.generated(config, str(place.relative_to(root)), abs_src_path=str(place)) for place in places]
    )


def _pages(root: Path) -> Iterator[Path]:
    yield from root.glob("*.md")
    yield from (root / "docs").rglob("*.md")
    yield from (root / "examples").rglob("*.md")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text in the Markdown of MkDocs, which differs from GitHub's."""
    # A second word after the language, by which a test finds the block.
    markdown = re.sub(r"^```output \w+$", "```text", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"^\|.*", _without_escapes, markdown, flags=re.MULTILINE)
    return markdown.replace("<details>", '<details markdown="1">')


def _without_escapes(row: re.Match[str]) -> str:
    """Return the row of a table without the backslashes that GitHub wants before a bar in code."""
    return re.sub("`[^`]*`", lambda code: code[0].replace(r"\|", "|"), row[0])
