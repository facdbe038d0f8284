"""Completions and the page of the manual, as the wheel installs them, in the real shells and in man(1)."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from testing.process import PATH, said
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

BASH, ZSH, FISH, MAN = (
    "bash-completion/completions/mkl-launch",
    "zsh/site-functions/_mkl-launch",
    "fish/vendor_completions.d/mkl-launch.fish",
    "man/man1/mkl-launch.1",
)


@pytest.fixture(scope="module")
def share(installed: Path) -> Path:
    """Return the folder with the files of the installed wheel."""
    return installed / "share"


@pytest.fixture(scope="module")
def options(launcher: str) -> set[str]:
    """Return the options that `--help` shows."""
    found = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", said([launcher, "--help"])))
    assert len(found) > 20
    return found


def need(program: str) -> str:
    if not shutil.which(program):
        skip_or_fail(f"{program} is not installed")
    return program


def run(words: list[str], **environ: str) -> str:
    """Return what a shell prints; it must print no error."""
    done = subprocess.run(
        words,
        env={"PATH": PATH, "HOME": "/nowhere", "TERM": "dumb", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done
    assert not done.stderr, done
    return done.stdout


@pytest.mark.parametrize(
    ("shell", "after", "expected"),
    [
        (["bash", "--norc"], "complete -p mkl-launch", "-F _mkl_launch"),
        (["zsh", "-f"], "autoload -U compinit; compinit -u -D; echo $_comps[mkl-launch]", "_mkl-launch"),
        (["fish", "--no-config"], "complete -C 'mkl-launch --expl'", "--explain"),
    ],
    ids=["bash", "zsh", "fish"],
)
def test_a_line_of_the_page_turns_completion_on(
    installed: Path, tmp_path: Path, shell: list[str], after: str, expected: str
) -> None:
    page = (PROJECT / "docs" / "options.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\| {shell[0]} \| `(.*?)`", page, re.MULTILINE)
    path = f"{installed / 'bin'}:{PATH}"
    words = [need(shell[0]), *shell[1:], "-c", f"{line}; {after}"]
    assert expected in run(words, PATH=path, HOME=str(tmp_path))


@pytest.mark.parametrize("name", [BASH, ZSH, MAN])
def test_a_file_has_every_option_of_the_help(share: Path, options: set[str], name: str) -> None:
    text = (share / name).read_text(encoding="utf-8").replace("\\-", "-").replace("\\fB", " ")
    assert options <= set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def completed(share: Path, line: str) -> list[str]:
    """Return the words that bash offers for the last word of a line."""
    words = re.split(r" |(=)", line)
    words = [word for word in words if word is not None]
    shell = f"""
. {shlex.quote(str(share / BASH))}
COMP_WORDS=({" ".join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}
_mkl_launch
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return run(["bash", "--norc", "-c", shell]).splitlines()


def test_bash_completes_the_command_with_this_function(share: Path) -> None:
    shown = run(["bash", "--norc", "-c", f". {share / BASH}; complete -p mkl-launch"])
    assert shown == "complete -o bashdefault -o default -F _mkl_launch mkl-launch\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mkl-launch --expl", ["--explain"]),
        ("mkl-launch --bind ", ["auto", "never", "always"]),
        ("mkl-launch --bind=n", ["never"]),
        ("mkl-launch -q --cpus 4 --on-failure r", ["restart"]),
        ("mkl-launch --cpus=4 --la", ["--latency"]),
        ("mkl-launch --cpus ", [""]),
        ("mkl-launch --log-dir /proc/sel", ["/proc/self"]),
        ("mkl-launch -- mktem", ["mktemp"]),
        ("mkl-launch --cpus 4 mktem", ["mktemp"]),
        ("mkl-launch -- cat /proc/cpuin", ["/proc/cpuinfo"]),
        ("mkl-launch --cpus 4 cat /proc/cpuin", ["/proc/cpuinfo"]),
    ],
)
def test_bash_completes_options_values_and_the_command(share: Path, line: str, expected: list[str]) -> None:
    found = completed(share, line)
    assert list(dict.fromkeys(found)) == expected  # a command is found again in another folder of PATH


def test_bash_offers_every_option(share: Path, options: set[str]) -> None:
    assert options <= set(completed(share, "mkl-launch --"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mkl-launch --expl", "--explain"),
        ("mkl-launch --bind n", "never"),
        ("mkl-launch --log-dir /proc/sel", "/proc/self/"),
        ("mkl-launch --cpus 4 mktem", "mktemp"),
        ("mkl-launch -- cat /proc/cpuin", "/proc/cpuinfo"),
    ],
)
def test_fish_completes_options_values_and_the_command(
    share: Path, tmp_path: Path, line: str, expected: str
) -> None:
    command = f"source {shlex.quote(str(share / FISH))}; complete -C {shlex.quote(line)}"
    shown = run([need("fish"), "--no-config", "-c", command], HOME=str(tmp_path))
    assert [row.partition("\t")[0] for row in shown.splitlines()] == [expected]


# Types the line and a tabulator into an interactive zsh; ends as soon as the terminal shows the result.
TYPE = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; echo rea''dy"
zpty -r -m shell shown '*ready*'
zpty -n -w shell "$2"$'\t'
zpty -r -m shell shown "*$3*" && print found
zpty -d shell
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mkl-launch --expl", "--explain"),
        ("mkl-launch --cpus 4 --bind n", "never"),
        ("mkl-launch -- cat /proc/cpuin", "cpuinfo"),
    ],
)
def test_zsh_completes_options_values_and_the_command(
    share: Path, tmp_path: Path, line: str, expected: str
) -> None:
    words = [need("zsh"), "-f", "-c", TYPE, "zsh", str((share / ZSH).parent), line, expected]
    assert run(words, HOME=str(tmp_path), ZDOTDIR=str(tmp_path)).splitlines()[-1:] == ["found"]


def test_groff_formats_the_page_of_the_manual_without_a_warning(share: Path) -> None:
    shown = run([need("groff"), "-man", "-Tascii", "-ww", "-P-cbou", str(share / MAN)])
    assert shown.startswith("MKL-LAUNCH(1)")
    assert "MKL_LAUNCH_CPUS" in shown
    assert "--on-failure {stop,continue,restart}" in shown


def test_man_finds_the_page_beside_the_command(share: Path) -> None:
    """By PATH, as in an active virtual environment."""
    path = f"{share.parent / 'bin'}:{os.environ['PATH']}"
    assert run([need("man"), "-w", "mkl-launch"], PATH=path).strip() == str(share / MAN)
