"""What a row of a program that starts one command can say; the shells and Pythons, which start anything."""

from __future__ import annotations

from mkl_launch.core.record import Record


class Wrapper(Record):
    """How to find the command behind a wrapper's own words.

    `values` are the options whose value is the next word, `operands` counts words of its own before the
    command, `assigns` is NAME=VALUE there, `clears` are options that empty the environment, `opaque` those
    that hide the command.
    """

    name: str
    source: str
    values: tuple[str, ...] = ()
    operands: int = 0
    assigns: bool = False
    clears: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()
    dashes: bool = False  # it takes the command's options for its own, unless "--" is before them
    lists: tuple[str, ...] = ()  # options before a list of CPUs, to which it narrows the mask
    plans: bool = False  # it is a launcher further in, which will plan and add arguments itself
    aliases: tuple[str, ...] = ()
    # The words, one of them first, with which it starts a command; with any other it does something else.
    subcommands: tuple[str, ...] = ()
    python: bool = False  # what it starts is a script or `-m MODULE`, as behind `python`
    module: tuple[str, ...] = ()  # its options that name a module to run
    behind_dashes: bool = False  # the command begins behind the first "--"
    keeps: tuple[str, ...] = ()  # options that keep the environment, which it empties without them
    line: tuple[str, ...] = ()  # options whose value is a line for a shell
    before_line: int = 0  # words of its own that may stand before such an option
    no_line: tuple[str, ...] = ()  # options with which it takes no line
    script: bool = False  # several entry scripts have that name: its text tells, if it can be read
    command: str = ""  # the option that names the command, whose arguments stand behind "--"
    at_once: tuple[str, ...] = ()  # options with the number of commands that it runs at a time
    usually: str = "1"  # that number where no option tells it
    split_by: tuple[str, ...] = ()  # options without which it starts one command for all of its data
    data: tuple[str, ...] = ()  # words that end the command: behind them are data, a command for each
    one_line: bool = False  # a command of one word is a line for a shell
    lines: bool = False  # each of its words is a line for a shell, and all run at the same time
    splits: tuple[str, ...] = ()  # options whose value is parted into words, before the other words


# `sh -c "one line"`: no argument can be added there, but what it starts can be known.
SCRIPT = ".sh"  # a file of commands, known by its name
SHELLS = ("sh", "bash", "dash", "ash", "zsh", "ksh")
SHELL_VALUES = ("-o", "+o", "-O", "+O", "--rcfile", "--init-file")

# python [options] script.py, python [options] -m module
# (https://docs.python.org/3/using/cmdline.html#command-line)
PYTHON = "python"
PYTHON_VALUES = ("-W", "-X", "--check-hash-based-pycs")

# Programs whose operands are data, names or the words of another machine's command line: what stands behind
# them is not started by them. What `make -j 4` and `ninja -j 4` run at a time nobody knows: a single recipe
# that computes would get a quarter of the CPUs, so that they divide nothing.
DATA = frozenset(
    [
        "[",
        "apk",
        "apptainer",
        "apt",
        "apt-get",
        "awk",
        "base64",
        "basename",
        "brew",
        "cat",
        "cd",
        "chmod",
        "chown",
        "clear",
        "cmp",
        "cp",
        "curl",
        "cut",
        "dd",
        "df",
        "diff",
        "dirname",
        "dnf",
        "docker",
        "dpkg",
        "du",
        "echo",
        "ed",
        "egrep",
        "emacs",
        "expr",
        "false",
        "fgrep",
        "file",
        "find",
        "git",
        "gmake",
        "gpg",
        "grep",
        "groupadd",
        "gzip",
        "hash",
        "head",
        "helm",
        "help",
        "id",
        "install",
        "jq",
        "kill",
        "killall",
        "kubectl",
        "ldd",
        "less",
        "ln",
        "locate",
        "logger",
        "ls",
        "lsof",
        "make",
        "man",
        "md5sum",
        "mkdir",
        "more",
        "mv",
        "nano",
        "nc",
        "nerdctl",
        "ninja",
        "nm",
        "npm",
        "objdump",
        "od",
        "openssl",
        "pacman",
        "patch",
        "pgrep",
        "pip",
        "pip3",
        "pipx",
        "pkill",
        "podman",
        "printf",
        "ps",
        "pwd",
        "pydoc",
        "read",
        "readlink",
        "realpath",
        "rg",
        "rm",
        "rmdir",
        "rpm",
        "rsync",
        "scp",
        "sed",
        "service",
        "set",
        "sha256sum",
        "singularity",
        "sleep",
        "sort",
        "source",
        "ssh",
        "stat",
        "strings",
        "strip",
        "sum",
        "systemctl",
        "tail",
        "tar",
        "tee",
        "test",
        "top",
        "touch",
        "tr",
        "tree",
        "true",
        "type",
        "umask",
        "uniq",
        "unzip",
        "update-alternatives",
        "useradd",
        "vi",
        "vim",
        "wc",
        "wget",
        "whatis",
        "whereis",
        "which",
        "whoami",
        "xxd",
        "yes",
        "yum",
        "zcat",
        "zgrep",
        "zip",
        "zypper",
    ]
)
