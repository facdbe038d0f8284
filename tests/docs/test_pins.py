"""The packages of the image are pinned, with hashes, to versions that the project declares."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement

from testing.project import PROJECT

PYPROJECT = (PROJECT / "pyproject.toml").read_text()


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Return for each package its version and the number of its hashes."""
    text = (PROJECT / "entrypoint" / name).read_text().replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    hashes = [
        [word for word in words[1:] if re.fullmatch("--hash=sha256:[0-9a-f]{64}", word)] for words in lines
    ]
    return {
        name: (version, len(found))
        for (name, _, version), found in zip((words[0].partition("==") for words in lines), hashes)
    }


@pytest.mark.parametrize(
    ("file", "field"), [("requirements.txt", "dependencies"), ("build-requirements.txt", "requires")]
)
def test_pins_every_declared_dependency(file: str, field: str) -> None:
    declared = re.search(rf"^{field} = \[(.*?)\]", PYPROJECT, re.MULTILINE | re.DOTALL)
    assert declared
    pinned = pins(file)
    texts = re.findall('"(.*?)"', declared[1])
    assert texts
    for text in texts:
        wanted = Requirement(text)
        assert wanted.specifier.contains(pinned[wanted.name][0])
    assert all(version and hashes for version, hashes in pinned.values())


def test_installs_no_package_without_pin() -> None:
    """Every pip of the Dockerfile takes pinned files, or the project itself without dependencies."""
    joined = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
    installs = [part.partition("&&")[0] for part in joined.split("-m pip install")[1:]]
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
