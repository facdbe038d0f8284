"""Look into an entry script, to see what it starts in the end. Bounded; nothing is run. Never fatal."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Program, main
from mkl_launch.program.equipment import equipped
from mkl_launch.program.recognise import DEEPEST, contradicting, possible, recognise
from mkl_launch.program.workers import SUPERVISOR
from mkl_launch.tables.command import UNKNOWN
from mkl_launch.tables.known import COMMAND_TABLES
from mkl_launch.tables.wrapper import PYTHON, SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What a shell script has in it that hands its arguments on, and what a Python script has.
MOST_FILES = 100  # programs of a supervisor, and files that it includes
LONGEST = 1 << 15  # characters of a script that are looked into
HANDS_ON = ("$@", "$*", "${@", "$1")
PYTHON_ARGUMENTS = ("sys.argv[1:]", "argv[1:]", "REMAINDER", "parse_known_args")
PYTHON_STARTS = ("exec", "subprocess", "Popen", "system(", "spawn")


def look(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """The program with what files tell of it: entry scripts, its settings, the devices that it counts."""
    program = equipped(root, _look(root, program, environ, 0), environ)
    if program.row.settings == SUPERVISOR and program.settings[1]:
        return changed(program, beside=_supervised(root, program, program.environ(environ)))
    beside = tuple(equipped(root, one, environ) for one in program.beside)
    return changed(program, beside=beside) if beside else program


def _look(root: Root, program: Program, environ: Mapping[str, str], depth: int) -> Program:
    """The program that an entry script starts; as it is where there is no script, or it says too little."""
    if program.suspect:
        return _suspected(root, program, environ, depth)
    if not program.script or depth >= DEEPEST:
        return program
    text = _text(root, program.script, environ)
    if text is None:
        return program
    if _is_python(text, program.script):
        return _behind_python(program, text, environ)
    return _followed(root, program, text, environ, depth)


def _suspected(root: Root, program: Program, environ: Mapping[str, str], depth: int) -> Program:
    """A name that several programs have: its file tells, or that of a wrapper, else the environment."""
    row = program.suspect
    plain = changed(program, row=UNKNOWN, suspect=None, script="")
    if row is None or depth >= DEEPEST:
        return plain
    files = (program.script, *program.starters)
    texts = [text for text in (_text(root, file, environ) for file in files) if text is not None]
    if any(word in text for text in texts if not _is_shell(text, "") for word in row.evidence):
        return changed(plain, row=row)
    own = _text(root, program.script, environ)
    if own and _is_shell(own, ""):
        found = _look(root, changed(program, row=UNKNOWN, suspect=None), environ, depth + 1)
        started = " ".join(found.words)
        return changed(plain, row=row) if any(word in started for word in row.evidence) else found
    return changed(plain, row=program.row) if own is None else plain


def _text(root: Root, script: str, environ: Mapping[str, str]) -> str | None:
    """The text of a script; None for any other file, and where there is none."""
    places = environ.get("PATH", "/bin:/usr/bin").split(":")
    files = [script] if "/" in script else [f"{place or '.'}/{script}" for place in places]
    if script.endswith((".sh", ".py")) and "/" not in script:
        files.insert(0, f"./{script}")
    for file in files:
        if (root.live or file.startswith("/")) and root.exists(file):
            if root.head(file).startswith("#!") or file.endswith((".sh", ".py")):
                return root.read(file).text[:LONGEST]
            return None
    return None


def _is_python(text: str, name: str) -> bool:
    first = text.partition("\n")[0]
    return PYTHON in first if first.startswith("#!") else name.endswith(".py")


def _is_shell(text: str, name: str) -> bool:
    first = text.partition("\n")[0]
    if not first.startswith("#!"):
        return name.endswith(".sh")
    return any(word.rpartition("/")[2] in SHELLS for word in first[2:].split()[:2])


def _behind_python(program: Program, text: str, environ: Mapping[str, str]) -> Program:
    """A script that hands its arguments on, and a known command among them."""
    on = any(word in text for word in PYTHON_ARGUMENTS) and any(word in text for word in PYTHON_STARTS)
    if program.row is not UNKNOWN:  # seen behind it already
        return program if on else changed(program, row=UNKNOWN, behind="", words=(program.script,))
    at = possible(program.words) if on else 0
    if not at:
        return program
    found = recognise(program.words[at:], environ)
    return changed(found, at=None, behind=program.script, assigned=(*program.assigned, *found.assigned))


def _arguments(program: Program) -> tuple[str, ...]:
    """What the script is given."""
    return (program.given or program.words)[1:]


def _followed(root: Root, program: Program, text: str, environ: Mapping[str, str], depth: int) -> Program:
    """What a script of a shell starts, with the arguments that it is given."""
    arguments = _arguments(program)
    on = any(word in text for word in HANDS_ON)
    if not _is_shell(text, program.script):
        return program
    if not on and program.behind:  # it reads no argument
        program = changed(program, row=UNKNOWN, behind="", beside=(), words=program.given)
    program = changed(program, contradicted_by=program.contradicted_by or contradicting(text))
    named = any(name in text for name in COMMAND_TABLES)
    if not named and (not on or not _worth(arguments)):
        return program
    seen = program.environ(environ)
    if not named and text.rstrip().endswith('\nexec "$@"') and not program.given:
        inner = recognise(arguments, seen)
        if inner.row is UNKNOWN:  # what is exported on the way makes no difference
            return _placed(program, inner, program.at)
    from mkl_launch.program.script import started
    from mkl_launch.program.shell import Unclear

    try:
        found = started(text, seen, arguments)
    except Unclear as problem:
        return changed(program, unseen=f"{program.script} ({problem})")
    sure = [one for one in found if one.certain or not one.beside]
    chosen = main([(one.beside, recognise(one.words, seen)) for one in sure])
    chosen = _look(root, chosen, chosen.environ(seen), depth + 1)
    if chosen.row is UNKNOWN and not chosen.interpreter:
        return program if not program.behind else changed(program, script="")
    place = program.place if program.given else program.at
    inner = recognise(arguments)
    if found[-1].words != arguments or chosen.words != inner.words:
        place = None
    return _placed(program, changed(chosen, at=inner.at), place)


def _worth(arguments: tuple[str, ...]) -> bool:
    """There is a known program among the arguments, or a Python, of which the libraries count."""
    inner = recognise(arguments)
    return bool(inner.row is not UNKNOWN or inner.interpreter or inner.script.endswith((".sh", ".py")))


def _placed(program: Program, chosen: Program, place: int | None) -> Program:
    """The program that a script starts; `place` is where its words begin in the command line."""
    at = None if place is None or chosen.at is None else place + chosen.at
    return changed(
        chosen,
        at=at,
        interpreter=chosen.interpreter or program.interpreter,
        assigned=(*program.assigned, *chosen.assigned),
        cleared=program.cleared or chosen.cleared,
        narrowed=program.narrowed or chosen.narrowed,
        behind="",
        script="",
        contradicted_by=program.contradicted_by,
    )


def _supervised(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """The programs that a supervisor starts and that may compute."""
    from mkl_launch.program.expansion import expand
    from mkl_launch.program.passing import PASSING
    from mkl_launch.program.server_config import supervised
    from mkl_launch.program.shell import Unclear, tokens

    path, text = program.settings
    found, included = supervised(text, environ)
    for pattern in included[:MOST_FILES]:
        folder = pattern.rpartition("/")[0]
        folder = folder if folder.startswith("/") else f"{path.rpartition('/')[0] or '.'}/{folder}"
        begin, _, end = pattern.rpartition("/")[2].partition("*")
        names = [one for one in root.names(folder) if one.startswith(begin) and one.endswith(end)]
        for name in names[:MOST_FILES]:
            found += supervised(root.read(f"{folder}/{name}").text, environ)[0]
    programs = []
    for command in found[:MOST_FILES]:
        try:
            words = tuple(
                part
                for word in tokens(command.line)
                if not isinstance(word, str)
                for part in expand(word, None)
            )
        except Unclear:
            continue
        if words and words[0].rpartition("/")[2] not in PASSING:
            one = _look(root, recognise(words, environ), environ, DEEPEST - 1)
            programs.append(changed(equipped(root, one, environ), copies=command.copies))
    return tuple(programs)
