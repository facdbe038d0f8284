"""Make completions for bash, zsh and fish and a page for man(1) from the options, for the wheel.

`python entrypoint/shell_files.py DIR` writes them below DIR, to look at.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mkl_launch import __version__
from mkl_launch.cli.argument_parser import parser
from mkl_launch.cli.options import EPILOG

if TYPE_CHECKING:
    import argparse

DIRECTORIES = ("sysroot", "log-dir", "install-shims")


class Option(NamedTuple):
    """An option: its names, what stands for its value, the words that its value may be, and its help."""

    names: tuple[str, ...]
    metavar: str  # empty: the option takes no value
    words: tuple[str, ...]
    help: str


def groups() -> dict[str, list[Option]]:
    """Return the options by the title of their group in `--help`."""
    found = {
        (group.title or ""): [_option(action) for action in group._group_actions]  # noqa: SLF001
        for group in parser()._action_groups  # noqa: SLF001
    }
    return {title: options for title, options in found.items() if options}


def _option(action: argparse.Action) -> Option:
    names = tuple(action.option_strings)
    words = tuple(str(word) for word in action.choices or ())
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if metavar.startswith("{"):
        words = tuple(metavar.strip("{}").split(","))
    if action.nargs in (0, "?"):  # with "?", a value follows in the same word
        return Option(names, "", (), action.help or "")
    return Option(
        names,
        metavar or f"{{{','.join(words)}}}" if words else metavar or "VALUE",
        words,
        action.help or "",
    )


def _all() -> list[Option]:
    return [option for options in groups().values() for option in options]


def _is_directory(option: Option) -> bool:
    return option.names[-1].lstrip("-") in DIRECTORIES


# --- bash

BASH = r"""# Completion of mkl-launch for bash: its options, the command, and the arguments of the command.
_mkl_launch() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} place=1
  COMPREPLY=()
  while ((place < COMP_CWORD)); do
    case ${COMP_WORDS[place]} in
      --) ((place++)) && break ;;
      @VALUED@)
        ((place++))
        # bash takes "=" for a word of its own.
        if [[ ${COMP_WORDS[place]-} == = ]]; then ((place++)); fi
        ((place++))
        ;;
      -* | =) ((place++)) ;;
      *) break ;;
    esac
  done
  if ((place < COMP_CWORD)); then
    if declare -F _comp_command_offset >/dev/null; then
      _comp_command_offset "$place"
    elif declare -F _command_offset >/dev/null; then
      _command_offset "$place"
    else
      COMPREPLY=($(compgen -f -- "$cur"))
    fi
    return
  fi
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $prev in
@CASES@
    *)
      if [[ $cur == -* && ${COMP_WORDS[place - 1]} != -- ]]; then
        COMPREPLY=($(compgen -W "@OPTIONS@" -- "$cur"))
      else
        COMPREPLY=($(compgen -c -- "$cur"))
      fi
      ;;
  esac
}
complete -o bashdefault -o default -F _mkl_launch mkl-launch
"""


def bash() -> str:
    """Return the completion for bash."""
    options = _all()
    valued = [name for option in options if option.metavar for name in option.names]
    cases = [
        f'    {"|".join(option.names)}) COMPREPLY=($(compgen {_bash_values(option)} -- "$cur")) ;;'
        for option in options
        if option.words or _is_directory(option)
    ]
    rest = [
        name
        for option in options
        if option.metavar and not option.words and not _is_directory(option)
        for name in option.names
    ]
    cases.append(f"    {' | '.join(rest)}) ;;")
    names = " ".join(name for option in options for name in option.names)
    text = BASH.replace("@VALUED@", " | ".join(valued)).replace("@CASES@", "\n".join(cases))
    return text.replace("@OPTIONS@", names)


def _bash_values(option: Option) -> str:
    return "-d" if _is_directory(option) else f'-W "{" ".join(option.words)}"'


# --- zsh


def zsh() -> str:
    """Return the completion for zsh."""
    lines = [f"  {_quoted(_zsh_spec(option, name))} \\" for option in _all() for name in option.names]
    start = "#compdef mkl-launch\n# Completion of mkl-launch for zsh.\n_arguments -S -A '-*' \\\n"
    return start + "\n".join(lines) + "\n  '(-)1:command: _command_names -e' \\\n  '*:: :_normal'\n"


def _zsh_spec(option: Option, name: str) -> str:
    text = option.help.replace("[", "(").replace("]", ")").replace(":", r"\:")
    if not option.metavar:
        return f"{name}[{text}]"
    values = (
        "_files -/" if _is_directory(option) else f"({' '.join(option.words)})" if option.words else " "
    )
    equals = "=" if name.startswith("--") else ""
    return f"{name}{equals}[{text}]:{option.metavar.strip('{}').replace(':', ' ')}:{values}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# --- fish


def fish() -> str:
    """Return the completion for fish."""
    options = _all()
    valued = " ".join(name for option in options if option.metavar for name in option.names)
    lines = [
        f"complete -c mkl-launch {_fish_spec(option)} -d {_fish_quoted(option.help)}" for option in options
    ]
    # "=": a list that begins with a long option is taken for options of the function itself.
    command = f"complete -c mkl-launch -x -a '(__fish_complete_subcommand = {valued})'"
    return "\n".join(("# Completion of mkl-launch for fish.", command, *lines, ""))


def _fish_spec(option: Option) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names]
    if _is_directory(option):
        names.append("-x -a '(__fish_complete_directories)'")
    elif option.metavar:
        names.append(f"-x -a '{' '.join(option.words)}'" if option.words else "-x")
    return " ".join(names)


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# --- man

MAN = r""".TH MKL\-LAUNCH 1 "" "mkl\-launch @VERSION@" "User Commands"
.SH NAME
mkl\-launch \- set thread counts to the CPUs of a container, then execute a command
.SH SYNOPSIS
.B mkl\-launch
[\fIOPTIONS\fR] [\fB\-\-\fR] \fICOMMAND\fR [\fIARG\fR...]
.SH DESCRIPTION
.B mkl\-launch
reads the CPU limits of its container, sets the environment variables of numeric libraries (OpenMP, MKL,
OpenBLAS, TensorFlow and others), and executes \fICOMMAND\fR in its own place.
.PP
@EPILOG@
.SH OPTIONS
@OPTIONS@
.SH EXIT STATUS
The exit status of \fICOMMAND\fR, or:
.TP
.B 2
wrong option
.TP
.B 125
a limit could not be read, with \fB\-\-strict\fR
.TP
.B 126
\fICOMMAND\fR cannot be executed
.TP
.B 127
\fICOMMAND\fR does not exist
.SH EXAMPLES
.nf
mkl\-launch \-\- python train.py
mkl\-launch \-\-explain \-\- gunicorn \-\-workers 4 app:app
mkl\-launch \-\-instances 2 \-\- python serve.py \-\-port 808{instance}
.fi
.SH SEE ALSO
.BR taskset (1),
.BR numactl (8),
.BR cgroups (7)
"""


def man() -> str:
    """Return the page of the manual."""
    parts: list[str] = []
    for title, options in groups().items():
        if title.lower() not in ("options", "optional arguments"):
            parts.append(f".SS {_roff(title[:1].upper() + title[1:])}")
        for option in options:
            names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in option.names)
            value = f" \\fI{_roff(option.metavar)}\\fR" if option.metavar else ""
            parts += [".TP", names + value, _roff(option.help)]
    text = MAN.replace("@VERSION@", __version__).replace("@EPILOG@", _roff(EPILOG))
    return text.replace("@OPTIONS@", "\n".join(parts))


def _roff(text: str) -> str:
    """Return a line of text in which no character is a command of roff."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


FILES = {
    "share/bash-completion/completions/mkl-launch": bash,
    "share/zsh/site-functions/_mkl-launch": zsh,
    "share/fish/vendor_completions.d/mkl-launch.fish": fish,
    "share/man/man1/mkl-launch.1": man,
}


def write(folder: Path) -> dict[str, str]:
    """Write all files below `folder`; return {path: place below the prefix of an installation}."""
    written = {}
    for place, content in FILES.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content(), encoding="utf-8")
        written[str(file)] = place
    return written


if __name__ == "__main__":
    write(Path(sys.argv[1]))
