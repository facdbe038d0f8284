"""The record type of the tables of wrappers, and names of shells and of programs that start nothing."""

from __future__ import annotations

from mkl_launch.core.record import Record


class Wrapper(Record):
    """A program that starts one command, and how to find that command among its arguments."""

    name: str
    source: str
    value_options: tuple[str, ...] = ()  # options whose value is the next word
    operands: int = 0  # operands of the wrapper itself, before the command
    takes_assignments: bool = False  # words NAME=VALUE before the command set variables
    env_clearing_options: tuple[str, ...] = ()
    hiding_options: tuple[str, ...] = ()  # options with which the command cannot be found
    needs_double_dash: bool = False  # without "--", the wrapper takes the command's options as its own
    cpu_list_options: tuple[str, ...] = ()  # options with a list of CPUs, to which the mask is narrowed
    is_mkl_launch: bool = False  # an inner launcher, which plans and adds arguments itself
    aliases: tuple[str, ...] = ()
    # Subcommands that start a command; with any other subcommand the wrapper starts none. "" is none.
    subcommands: tuple[str, ...] = ()
    python: bool = False  # the command is a script or `-m MODULE`, as after `python`
    module_options: tuple[str, ...] = ()  # options with a Python module to run
    command_after_dashes: bool = False  # the command begins after the first "--"
    env_keeping_options: tuple[str, ...] = ()  # without one of these, the environment is cleared
    # A file, and words of which one in it says that the environment is kept. Without them, it is cleared.
    env_keeping_file: tuple[str, tuple[str, ...]] | None = None
    shell_line_options: tuple[str, ...] = ()  # options whose value is a shell command line
    operands_before_line: int = 0  # operands of the wrapper that may precede such an option
    no_line_options: tuple[str, ...] = ()  # options with which there is no shell command line
    is_script: bool = False  # several entry scripts have this name; the text of the file is read
    command_options: tuple[str, ...] = ()  # options with the command, whose arguments follow "--"
    concurrency_options: tuple[str, ...] = ()  # options with the number of commands that run at a time
    default_concurrency: str = "1"  # that number if no option gives it
    per_item_options: tuple[str, ...] = ()  # without one of these, one command gets all data
    data_markers: tuple[
        str, ...
    ] = ()  # words that end the command; after them, each word is an item of data
    single_word_is_line: bool = False  # a command of one word is a shell command line
    words_are_lines: bool = False  # each word is a shell command line; all of them run at the same time
    takes_environment: bool = False  # the command may have an environment before it, `ENVIRONMENT:COMMAND`
    split_options: tuple[str, ...] = ()  # options whose value is split into words, which come first
    takes_version: bool = (
        False  # the command may have a version behind it, `NAME@1.2` or `NAME[extra]==1.2`
    )


SCRIPT = ".sh"  # the suffix of a shell script
SHELLS = ("sh", "bash", "dash", "ash", "zsh", "ksh")
SHELL_VALUES = ("-o", "+o", "-O", "+O", "--rcfile", "--init-file")

# python [options] script.py, python [options] -m module
# (https://docs.python.org/3/using/cmdline.html#command-line)
PYTHON = "python"
S6_OVERLAY = "init"  # starts the services of its folders, and maybe a command
PYTHON_VALUES = ("-W", "-X", "--check-hash-based-pycs")

# Programs whose operands are data, names or a command for another machine: they do not start what
# follows. make and ninja are among them because `-j 4` is only an upper limit: if the CPUs were divided
# by 4, a single recipe that computes would get a quarter of them.
DATA = frozenset(
    [
        "[",
        "ab",
        "ansible",
        "ansible-playbook",
        "apk",
        "apt",
        "apt-get",
        "argo",
        "awk",
        "aws",
        "az",
        "base64",
        "basename",
        "black",
        "brew",
        "buildah",
        "bzip2",
        "cat",
        "cc",
        "cd",
        "chgrp",
        "chmod",
        "chown",
        "clang",
        "clang++",
        "clear",
        "cmake",
        "cmp",
        "cp",
        "cpio",
        "crictl",
        "cscope",
        "ctest",
        "ctr",
        "curl",
        "cut",
        "dd",
        "df",
        "diff",
        "dig",
        "dirname",
        "dnf",
        "docker",
        "docker-compose",
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
        "flake8",
        "flatpak",
        "fly",
        "flyctl",
        "fzf",
        "g++",
        "gawk",
        "gcc",
        "gcloud",
        "getent",
        "git",
        "gmake",
        "gpg",
        "grep",
        "groupadd",
        "gsutil",
        "gzip",
        "hash",
        "head",
        "helm",
        "help",
        "heroku",
        "hexdump",
        "hey",
        "http",
        "httpie",
        "id",
        "install",
        "isort",
        "journalctl",
        "jq",
        "k6",
        "k9s",
        "kill",
        "killall",
        "kubectl",
        "kustomize",
        "ldconfig",
        "ldd",
        "less",
        "lighteval",
        "lm-eval",
        "lm_eval",
        "ln",
        "locate",
        "logger",
        "ls",
        "lsof",
        "mail",
        "mailx",
        "make",
        "man",
        "mariadb",
        "mawk",
        "md5sum",
        "minikube",
        "mkdir",
        "mongo",
        "mongosh",
        "more",
        "mosh",
        "mv",
        "mypy",
        "mysql",
        "mysqladmin",
        "nano",
        "nc",
        "nerdctl",
        "ninja",
        "nm",
        "nslookup",
        "objdump",
        "oc",
        "od",
        "openssl",
        "pacman",
        "patch",
        "pdsh",
        "pg_dump",
        "pg_isready",
        "pgrep",
        "pidof",
        "ping",
        "pip",
        "pip-compile",
        "pip-sync",
        "pip3",
        "pkill",
        "podman",
        "podman-compose",
        "pre-commit",
        "printf",
        "ps",
        "psql",
        "pulumi",
        "pwd",
        "pydoc",
        "pylint",
        "pyright",
        "rclone",
        "read",
        "readlink",
        "realpath",
        "redis-cli",
        "rg",
        "rm",
        "rmdir",
        "rpm",
        "rsync",
        "ruff",
        "scp",
        "sed",
        "service",
        "set",
        "sftp",
        "sha256sum",
        "skopeo",
        "sleep",
        "snap",
        "sort",
        "source",
        "sphinx-build",
        "sqlite3",
        "ssh",
        "ssh-keygen",
        "sshpass",
        "stat",
        "strings",
        "strip",
        "sum",
        "swapon",
        "systemctl",
        "tac",
        "tail",
        "tar",
        "tee",
        "telnet",
        "terraform",
        "terragrunt",
        "test",
        "tofu",
        "top",
        "touch",
        "tr",
        "tree",
        "true",
        "twine",
        "type",
        "umask",
        "uniq",
        "unzip",
        "update-alternatives",
        "useradd",
        "vi",
        "vim",
        "wall",
        "wc",
        "wget",
        "whatis",
        "whereis",
        "which",
        "whoami",
        "wrk",
        "xxd",
        "xz",
        "yarn",
        "yes",
        "yum",
        "zcat",
        "zgrep",
        "zip",
        "zstd",
        "zypper",
    ]
)
