"""The screen on the page of options is a real run: `python -m testing.screens` makes it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from testing.project import PROJECT
from testing.screens import COMMAND, EXPLAIN, WIDTH, explained, screen

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def words_of(svg: str) -> list[str]:
    """Return the words of the lines in a picture of a terminal, without its title."""
    root = ET.fromstring(svg)  # noqa: S314  # our own file
    texts = [element for element in root.iter() if element.tag.endswith("}text")]
    lines = [element for element in texts if "title" not in (element.get("class") or "")]
    return " ".join("".join(element.itertext()) for element in lines).split()


def test_the_screen_shows_what_is_printed() -> None:
    printed = explained()
    assert COLOUR.search(printed)
    lines = COLOUR.sub("", printed).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("!  ") for line in lines)
    assert words_of(EXPLAIN.read_text(encoding="utf-8")) == " ".join(lines).split()


def test_the_screen_needs_nothing_from_another_host() -> None:
    svg = EXPLAIN.read_text(encoding="utf-8")
    assert " ".join(COMMAND) in svg.replace("&#160;", " ")
    assert "url(http" not in svg.replace('"', "")
    assert set(re.findall(r"https?://[^\s\"<]+", svg)) == {
        "http://www.w3.org/2000/svg",
        "https://www.textualize.io",
    }


def test_a_change_of_the_text_would_be_seen() -> None:
    assert words_of(screen("threads   1\nmore")) == ["threads", "1", "more"]


def test_one_command_makes_all_screens() -> None:
    assert "python -m testing.screens" in (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert "make screens" in (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
