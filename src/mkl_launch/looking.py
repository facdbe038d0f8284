"""Look into an entry script, to see what it starts in the end. Bounded; nothing is run. Never fatal."""

from __future__ import annotations

from .command import UNKNOWN
from .known import COMMAND_TABLES
from .program import Program, main
from .recognise import DEEPEST, contradicting, possible, recognise
from .record import changed
from .shell import LONGEST, Unclear
from .source import Root
from .workers import SUPERVISOR, option
from .wrapper import PYTHON, SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What a shell script has in it that hands its arguments on, and what a Python script has.
GPU, MOST_FILES = "nvidia", 100
HANDS_ON = ("$@", "$*", "${@", "$1")
PYTHON_ARGUMENTS = ("sys.argv[1:]", "argv[1:]", "REMAINDER", "parse_known_args")
PYTHON_STARTS = ("exec", "subprocess", "Popen", "system(", "spawn")


def look(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """The program with what files tell of it: entry scripts, its settings, the devices that it counts."""
    return equipped(root, _look(root, program, environ, 0), environ)


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
    if not on and not any(name in text for name in COMMAND_TABLES):
        return program
    from .script import started

    seen = program.environ(environ)
    try:
        found = started(text, seen, arguments)
    except Unclear as problem:
        return changed(program, unseen=f"{program.script} ({problem})")
    sure = [one for one in found if one.certain or not one.beside]
    chosen = main([(one.beside, recognise(one.words, seen)) for one in sure])
    chosen = _look(root, chosen, chosen.environ(seen), depth + 1)
    if chosen.row is UNKNOWN and not chosen.interpreter:
        return program if not program.behind else changed(program, script="")
    at = None
    place = program.place if program.given else program.at
    if place is not None and found[-1].words == arguments and chosen.words == recognise(arguments).words:
        inner = recognise(arguments).at
        at = None if inner is None else place + inner
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


# Settings and devices


def equipped(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """With its file of settings and the GPUs that it counts."""
    row, seen = program.row, program.environ(environ)
    if row.every_gpu or row.own_threads:
        program = changed(program, gpus=_gpus(root, seen))
    if row.every_gpu:
        _, text = option(program.words, row.worker_options)
        if text and not text.isdigit() and text not in row.every_cpu and not program.gpus:
            program = changed(program, row=changed(row, shares_out=True))
    if row.settings:
        program = changed(program, settings=_settings(root, program, seen))
    if row.settings == SUPERVISOR and program.settings[1]:
        program = changed(program, beside=_supervised(root, program, seen))
    return program


def _gpus(root: Root, environ: Mapping[str, str]) -> int:
    """Those of the machine, or the ones of them that are named."""
    named = environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return sum(1 for part in named.split(",") if part.strip() and part.strip() != "-1")
    names = (name[len(GPU) :] for name in root.names("/dev") if name.startswith(GPU))
    return sum(1 for name in names if name.isdigit())


def _settings(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[str, str]:
    """The path and the text of its file of settings."""
    row = program.row
    named = option(program.words, row.settings_options)[1]
    for variable in row.option_variables:
        words = environ.get(variable, "").split()
        named = named or option(("", *words), row.settings_options)[1]
    ending = (".ini", ".yaml", ".yml")
    if row.settings == "ini" and not named:
        named = next((word for word in program.words[1:] if word.endswith(ending)), "")
    kind, colon, rest = named.partition(":")
    if colon and kind.isalpha():  # file:PATH, or a module
        named = rest if kind == "file" else rest.replace(".", "/") + ".py"
    for place in (named,) if named else row.settings_default:
        path = _filled(place, environ)
        if path and (root.live or path.startswith("/")):
            text = root.read(path).text
            if text:
                return path, text
    return "", ""


def _filled(path: str, environ: Mapping[str, str]) -> str:
    """A path with the variable that it begins with; empty where that is not set."""
    if not path.startswith("$"):
        return path
    name, _, rest = path[1:].partition("/")
    return f"{environ[name]}/{rest}" if environ.get(name) else ""


def _supervised(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """The programs that a supervisor starts and that may compute."""
    from .expansion import expand
    from .passing import PASSING
    from .server_config import supervised
    from .shell import tokens

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
