"""Entry scripts and lines of a shell: what they start, read as text."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

import pytest

from mkl_launch.program.recognise import recognise
from mkl_launch.program.shell.filters import filtered, parsed_options
from mkl_launch.program.shell.lexer import HIDDEN
from mkl_launch.program.shell.output import option
from mkl_launch.program.workers import count_workers
from mkl_launch.tables.command_row import UNKNOWN
from testing.command_lines.line import EACH, Line
from testing.command_lines.seen import seen
from testing.entry_scripts import LINES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "line", [pytest.param(line, id=f"{at}-{line.name}") for at, line in enumerate(LINES)]
)
def test_recognises_what_a_script_starts(line: Line, tmp_path: Path) -> None:
    program = seen(line, tmp_path)
    found = count_workers(program, program.environ(line.environ), EACH)
    assert (program.row.name, found.number) == (line.name, line.processes), found.reason
    assert program.insert_at is not None or not line.added


@pytest.mark.parametrize(
    "text",
    [
        b"#!/bin/sh\n# d\xe9marrage\nexec gunicorn -w 3 a:b\n",
        b"\xef\xbb\xbf#!/bin/sh\nexec gunicorn -w 3 a:b\n",
    ],
)
def test_reads_a_script_that_is_not_plain_utf_8(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "start.sh").write_bytes(text)
    program = seen(Line("sh /start.sh", "gunicorn", 3), tmp_path)
    assert count_workers(program, {}, EACH).number == 3


def test_reports_a_script_that_is_too_long(tmp_path: Path) -> None:
    text = "#!/bin/sh\n" + "# filler\n" * 10_000 + "exec gunicorn -w 3 a:b\n"
    program = seen(Line("/start", "", 1, {}, {"/start": text}), tmp_path)
    assert program.row is UNKNOWN
    assert "longer than" in program.not_inspected


@pytest.mark.parametrize(
    ("text", "processes"),
    [
        ("cat > /g.py <<EOF\nworkers = ${W:-4}\nEOF\ngunicorn -c /g.py a:b\n", 4),
        ("cat <<'EOF' > /g.py\nworkers = 4\nEOF\nexec gunicorn -c /g.py a:b\n", 4),
        ("cat <<EOF | tee /g.py\nworkers = 4\nEOF\ngunicorn -c /g.py a:b\n", 1),
        (
            "if [ $? = 0 ]; then\ncat > /g.py <<EOF\nworkers = 4\nEOF\nfi\ngunicorn -c /g.py a:b\n",
            1,
        ),
        ("cat >/e.sh <<EOF\nW=3\nEOF\n. /e.sh\ngunicorn -w $W a:b\n", 3),
        ("cat >/s.conf <<EOF\n[program:a]\ncommand=gunicorn -w 3 a:b\nEOF\nsupervisord -c /s.conf\n", 3),
        ("cd /app\ncat > g.py <<EOF\nworkers = 4\nEOF\ngunicorn -c g.py a:b\n", 4),
        ("bash <<EOF\ngunicorn -w 3 a:b\nEOF\n", 3),
        ("bash x.sh <<EOF\ngunicorn -w 3 a:b\nEOF\n", 1),
        ("W=2\nbash -s <<EOF\ngunicorn -w $W a:b\nEOF\n", 2),
        ("W=2\nsh <<'EOF'\ngunicorn -w ${W:-3} a:b\nEOF\n", 3),
    ],
)
def test_reads_what_a_script_writes(text: str, processes: int, tmp_path: Path) -> None:
    program = seen(Line("/start.sh", "", processes, {}, {"/start.sh": "#!/bin/bash\n" + text}), tmp_path)
    assert count_workers(program, {}, EACH).number == processes


def test_reads_only_settings_of_a_long_file_that_a_script_sources(tmp_path: Path) -> None:
    long = "W=3\nrun() {\n  gunicorn -w 5 a:b\n}\n" + "# library\n" * 1000
    for text, number in ((long, 3), (long[:100], 5)):
        files = {"/start.sh": "#!/bin/sh\n. /lib.sh\ngunicorn -w $W a:b\nrun\n", "/lib.sh": text}
        program = seen(Line("/start.sh", "gunicorn", number, {}, files), tmp_path)
        assert count_workers(program, {}, EACH).number == number


@pytest.mark.parametrize(
    ("letters", "arguments", "found"),
    [
        ("w:p", "-w 3 -p x", [("w", "3"), ("p", None)]),
        ("w:p", "-pw3 -p", [("p", None), ("w", "3"), ("p", None)]),
        ("w:p", "-p -- -w 3", [("p", None)]),
        ("w:p", "-p - -w 3", [("p", None)]),
        ("w:p", "-x -p", [("?", None), ("p", None)]),
        (":w:p", "-x -p", [("?", "x"), ("p", None)]),
        ("w:p", "-p -w", [("p", None), ("?", None)]),
        (":w:p", "-p -w", [("p", None), (":", "w")]),
        ("w:p", "--p", [("?", None), ("p", None)]),
    ],
)
def test_follows_getopts(letters: str, arguments: str, found: list[tuple[str, str | None]]) -> None:
    at, options = (1, 1), []
    while True:
        letter, value, at = option(letters, tuple(arguments.split()), at)
        if not letter:
            break
        options.append((letter, value))
    assert options == found


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("-o w:p --long workers:,port: -- --workers 3 x -p", "--workers '3' -p -- 'x'"),
        ("-o w:p -l workers: -n me -- --work=3 -pw4 y", "--workers '3' -p -w '4' -- 'y'"),
        (
            "--options w:: --longoptions=a,b:: -- -w -w3 --a --b --b=c -- -w",
            "-w '' -w '3' --a --b '' --b 'c' -- '-w'",
        ),
        ("w: -w 3", "-w '3' --"),
        ("-o w: --long port:,port-name: -- --po 3", HIDDEN),
    ],
)
def test_follows_getopt(words: str, printed: str) -> None:
    assert parsed_options(["getopt", *words.split()]) == printed


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("tr , '\\n'", "a\nb\nc"),
        ("tr -d ,", "abc"),
        ("tr ',' 'xy'", HIDDEN),
        ("wc -w", "1"),
        ("wc -l", "1"),
        ("wc -c", HIDDEN),
        ("awk -F, '{print NF}'", "3"),
        ("awk '{print NF}'", "1"),
        ("awk '{print $1}'", HIDDEN),
        ("sed s/,/-/", "a-b,c"),
        ("sed 's/,/ /g'", "a b c"),
        ("sed 's/.//g'", HIDDEN),
        ("sort -u", HIDDEN),
    ],
)
def test_follows_filters(command: str, printed: str) -> None:
    assert filtered("a,b,c", shlex.split(command)) == printed


@pytest.mark.parametrize(
    "text",
    [
        "for a in {1..32}; do " * 10 + "x &" + " done" * 10,
        "for ((i=0;i<999999999;i++)); do x & done",
        "for i in $(seq 999999999); do x & done",
        "for i in {1..999999999}; do x; done",
        "i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); ls; done",
        'while [ $# -ge 0 ]; do shift 0; set -- "$@" "$@" x; done',
        "X=aa\n" + "X=$X$X\n" * 1500,
        'set -- a b; for i in {1..32}; do set -- "$@" "$@"; done',
        'A=(a b); for i in {1..32}; do A+=("${A[@]}"); done',
        "X=aaaaaaaaaa; for i in {1..32}; do X=${X//a/aaaaaaaaaa}; done",
        "for i in {1..32}; do for j in {1..32}; do X=${Y:-" + "a " * 10_000 + "}; done; done",
        'X=\'eval "$X"; eval "$X"\'; eval "$X"',
        "f() { for i in {1..32}; do f; done; }; f",
    ],
    ids=range(13),
)
def test_gives_up_a_script_that_grows_soon(text: str) -> None:
    begin = time.process_time()
    assert recognise(("sh", "-c", text), {}).row is UNKNOWN
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("python w.py 1 & python w.py 2 & wait", 2),
        ("python w.py 1 & python w.py 2 & python main.py", 1),
        ("python w.py 1 & python w.py 2 & wait; python report.py", 2),
        ("for r in 0 1; do PMI_RANK=$r PMI_SIZE=2 mkl-launch -- python w.py & done; wait", 1),
        ("for i in 1 2; do python w.py $i & wait; done", 1),
        ("for i in 1 2 3; do python w.py $i; done", 1),
        ("for i in $(seq $(nproc)); do python w.py $i & done; wait", 8),
        ("for i in $(seq 0 $(( $(nproc) / 2 - 1 ))); do celery -A x worker -c 1 & done; wait", 4),
        ("for ((i=0; i<$(nproc); i++)); do python w.py & done; wait", 8),
        ("for i in $(seq 100); do python w.py $i & done; wait", 100),
        ("for f in *.csv; do python w.py $f & done; wait", 1),
        ("for i in 1 2 3; do check && break; python w.py & done; wait", 1),
        ("start() { exec celery -A x worker -c 2; }; start & gunicorn -w 3 a:b", 5),
        ("start() { celery -A x worker -c 2; }; maybe; [ $? = 0 ] && start & gunicorn -w 3 a:b", 3),
        ("is_web() { [ x = y ]; }; if is_web; then gunicorn -w 3 a:b; else celery -A x worker -c 2; fi", 2),
        ("ready() { return 1; }; if ready; then gunicorn -w 3 a:b; else celery -A x worker -c 2; fi", 2),
        ("eval 'celery -A x worker -c 2 &'; gunicorn -w 3 a:b", 5),
        (
            "for a in -w=3 --x; do case $a in -w=*) W=${a#*=};; esac; done; gunicorn -w $W a:b",
            3,
        ),
        ("if ! gunicorn --check-config a:b; then exit 1; fi; gunicorn -w 2 a:b", 2),
        ("if gunicorn -w 3 a:b; then echo ended; fi", 3),
    ],
)
def test_counts_the_processes_of_a_line(text: str, number: int) -> None:
    program = recognise(("bash", "-c", text), {})
    assert count_workers(program, {}, EACH).number == number
