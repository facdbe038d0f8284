"""The program that an entry script starts. The text is read, nothing is run, and no error is raised."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Program
from mkl_launch.program.recognise import MAX_DEPTH, recognise
from mkl_launch.program.script_file import ENDINGS, SHELL, beside, find_script, script_values
from mkl_launch.program.settings_and_gpus import add_equipment
from mkl_launch.program.words import counts_jobs
from mkl_launch.program.workers import SUPERVISOR
from mkl_launch.tables.command_row import SERVICES, UNKNOWN
from mkl_launch.tables.lookup import COMMAND_TABLES, contradicting
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkl_launch.program.settings_files.web_servers import SupervisedCommand
    from mkl_launch.program.shell.blocks import Started

MAX_FILES = 100  # programs of a supervisor, and files that it includes
HERE = "%(here)s"  # in the configuration of supervisord, the folder of the file
MAX_SCRIPT = 1 << 15  # characters of a script that are read
# A shell script passes its arguments on if it has one of these in it.
PASSES_ARGUMENTS = ("$@", "$*", "${@", "$1")
SEVERAL = ("parallel", "xargs")  # they run several commands at a time
MARK = "one-more-argument"


def inspect_files(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """Return the program with what files say: entry scripts, its settings, the GPUs that it counts."""
    program = add_equipment(root, _look(root, program, environ, 0), environ)
    if program.row.settings_kind == SUPERVISOR and program.settings_file[1]:
        return changed(program, concurrent=_supervised(root, program, program.environ(environ)))
    beside = tuple(
        instance
        for other in program.concurrent
        for instance in _instances(root, add_equipment(root, other, environ), environ)
    )
    own = _instances(root, program, environ)
    services = _services(root, program, environ)
    if services and (program.row is UNKNOWN or program.row.settings_kind == SERVICES):
        row = changed(program.row, name=program.row.name or "s6-svscan", settings_kind=SUPERVISOR)
        return changed(
            program, row=row, concurrent=(*services, *beside), settings_file=("its services", "")
        )
    beside = (*services, *beside)
    if own[0] is program:
        beside = (*own[1:], *beside)
        return changed(program, concurrent=beside) if beside else program
    row = changed(program.row, settings_kind=SUPERVISOR)  # it computes nothing itself
    return changed(program, row=row, settings_file=own[0].settings_file, concurrent=(*own, *beside))


def _instances(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """Return a program, or the instances of itself that it starts, and the known daemons beside them."""
    if not program.row.instance_folder_options:
        return (program,)
    from mkl_launch.program.settings_files.uwsgi_children import daemon_lines, instances

    own = instances(root, program) or (program,)
    lines = [line for instance in own for line in daemon_lines(instance)]
    daemons = (daemon for line in lines for daemon in _of_line(root, line, environ))
    return (*own, *(daemon for daemon in daemons if daemon.row is not UNKNOWN))


def _services(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """Return the known programs that the scripts of a folder of services start."""
    if program.row.settings_kind != SERVICES and not program.wrapper_files:
        return ()
    from mkl_launch.program.service_folders import run_files

    looked = (
        _look(root, Program(UNKNOWN, (path,), script=path), environ, 1) for path in run_files(root, program)
    )
    found = (service for service in looked if service.row is not UNKNOWN)
    return tuple(one for service in found for one in (service, *service.concurrent))


def _of_line(root: Root, line: str, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """Return the programs of a command line in a settings file, without auxiliary ones such as nginx."""
    from mkl_launch.program.shell.auxiliary import AUXILIARY
    from mkl_launch.program.shell.expansion import expand_all
    from mkl_launch.program.shell.lexer import Unclear, tokens

    try:
        words = tuple(expand_all(tokens(line), None))
    except Unclear:
        return ()
    if not words or words[0].rpartition("/")[2] in AUXILIARY:
        return ()
    started = _look(root, recognise(words, environ), environ, MAX_DEPTH - 1)
    return _instances(root, add_equipment(root, started, environ), environ)


def _of_command(root: Root, command: SupervisedCommand, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """Return the programs of a command in a supervisor's settings file."""
    if not command.in_shell:
        return _of_line(root, command.line, environ)
    main = _look(root, recognise(("sh", "-c", command.line), environ), environ, MAX_DEPTH - 1)
    started = (main, *main.concurrent)
    return tuple(
        one
        for program in started
        for one in _instances(root, add_equipment(root, program, environ), environ)
    )


def _look(root: Root, program: Program, environ: Mapping[str, str], depth: int) -> Program:
    """Return the program that an entry script starts; `program` if there is none, or it is not clear."""
    if program.suspected_row:
        return _suspected(root, program, environ, depth)
    if not program.script or depth >= MAX_DEPTH:
        return program
    name = program.script
    if "/" in name or name.endswith(ENDINGS):
        name = beside(program.folder, name)
    file, language = find_script(root, name, environ)
    if language == PYTHON:
        from mkl_launch.program.python_entry import behind_python

        return behind_python(program, _text(root, file), environ)
    if language == SHELL:
        return _followed(root, program, file, environ, depth)
    return program


def _suspected(root: Root, program: Program, environ: Mapping[str, str], depth: int) -> Program:
    """Decide whether a name that several programs have is the known one: by files, else by variables."""
    row = program.suspected_row
    plain = changed(program, row=UNKNOWN, suspected_row=None, script="")
    if row is None or depth >= MAX_DEPTH:
        return plain
    files = [find_script(root, name, environ) for name in (program.script, *program.wrapper_files)]
    texts = [_text(root, file) for file, language in files if file and language != SHELL]
    if any(word in text for text in texts for word in row.evidence):
        return changed(plain, row=row)
    own, language = files[0]
    if language == SHELL:
        started_program = _look(root, changed(program, row=UNKNOWN, suspected_row=None), environ, depth + 1)
        started = " ".join(started_program.argv)
        proven = started_program.row is UNKNOWN and any(word in started for word in row.evidence)
        return changed(plain, row=row) if proven else started_program
    return plain if own else changed(plain, row=program.row)


def _text(root: Root, file: str) -> str:
    return root.read(file).text[:MAX_SCRIPT]


def _settings_text(root: Root, path: str) -> str:
    return _text(root, path) if root.live or path.startswith("/") else ""


def _arguments(program: Program) -> tuple[str, ...]:
    """Return the arguments of the script."""
    return (program.script_argv or program.argv)[1:]


def _followed(root: Root, program: Program, file: str, environ: Mapping[str, str], depth: int) -> Program:
    """Return the program that a shell script starts with its arguments."""
    arguments, text = _arguments(program), _text(root, file)
    on = any(word in text for word in PASSES_ARGUMENTS)
    if not on and program.unknown_starter:  # the script reads no argument
        program = changed(program, row=UNKNOWN, unknown_starter="", concurrent=(), argv=program.script_argv)
    if len(text) >= MAX_SCRIPT and program.row is UNKNOWN:
        return changed(program, not_inspected=f"{program.script} (longer than {MAX_SCRIPT} characters)")
    program = changed(
        program,
        contradicted_by=program.contradicted_by or contradicting(text),
        script_counts_jobs=counts_jobs(program, text),
    )
    named = _has_background(text) or any(name in text for name in (ENDINGS[0], *SEVERAL, *COMMAND_TABLES))
    if not named and (not on or not _worth(arguments)):
        return program
    seen = program.environ(environ)
    if not named and text.rstrip().endswith('\nexec "$@"') and not program.script_argv:
        inner = recognise(arguments, seen)
        if inner.row is UNKNOWN:  # variables that the script exports have no effect
            return _placed(program, inner, program.insert_at)
    from mkl_launch.program.shell.lexer import Unclear
    from mkl_launch.program.shell.script import main_of, started

    def follow(arguments: tuple[str, ...]) -> tuple[Started, ...]:
        values = {**seen, **script_values(root, file, text)}
        return started(text, values, arguments, lambda path: _settings_text(root, path), root.exists)

    try:
        commands = follow(arguments)
    except Unclear as problem:
        return changed(program, not_inspected=f"{program.script} ({problem})")
    several = any(command.in_background for command in commands)

    def recognised(command: Started) -> Program:
        found = recognise(command.words, seen)
        return _look(root, found, found.environ(seen), depth + 1) if several else found

    chosen = main_of(commands, recognised)
    chosen = _look(root, chosen, chosen.environ(seen), depth + 1)
    if chosen.row is UNKNOWN and not chosen.interpreter and not chosen.multipliers:
        return program if not program.unknown_starter else changed(program, script="")
    place = program.script_at if program.script_argv else program.insert_at
    at = _place_in_arguments(commands, chosen, arguments, follow)
    return _placed(program, changed(chosen, insert_at=at), place)


def _place_in_arguments(
    commands: tuple[Started, ...],
    chosen: Program,
    arguments: tuple[str, ...],
    follow: Callable[[tuple[str, ...]], tuple[Started, ...]],
) -> int | None:
    """Return the index, in a script's arguments, of the first of the chosen program; None if there is none.

    It is 0 if the script gives one more argument before its own to that program, and to no other. This is
    tried with one of the arguments that would be added, and with a word.
    """
    inner = recognise(arguments)
    if commands[-1].words == arguments and chosen.argv == inner.argv:
        return inner.insert_at
    if not chosen.row.arguments:
        return None
    more = f"{chosen.row.arguments[0].option}=1"
    for word in (more, MARK):
        with_more = follow((word, *arguments))
        without = [tuple(part for part in command.words if part != word) for command in with_more]
        getting = [recognise(command.words) for command in with_more if word in command.words]
        same = without == [command.words for command in commands]
        if not (same and len(getting) == 1 and getting[0].row is chosen.row and word in getting[0].argv):
            return None
    return 0


def _has_background(text: str) -> bool:
    """Return whether a script seems to start commands in the background."""
    return text.count("&\n") + text.count("& done") > text.count("&&\n")


def _worth(arguments: tuple[str, ...]) -> bool:
    """Return whether the arguments start a known program, or a Python, whose libraries count."""
    inner = recognise(arguments)
    return bool(inner.row is not UNKNOWN or inner.interpreter or inner.script.endswith((".sh", ".py")))


def _placed(program: Program, chosen: Program, place: int | None) -> Program:
    """Return the program that a script starts. `place`: the index of its words in the command line."""
    at = None if place is None or chosen.insert_at is None else place + chosen.insert_at
    return changed(
        chosen,
        insert_at=at,
        interpreter=chosen.interpreter or program.interpreter,
        assigned=(*program.assigned, *chosen.assigned),
        multipliers=(*program.multipliers, *chosen.multipliers),
        env_cleared_by=program.env_cleared_by or chosen.env_cleared_by,
        affinity_narrowed_by=program.affinity_narrowed_by or chosen.affinity_narrowed_by,
        unknown_starter="",
        script="",
        contradicted_by=program.contradicted_by,
    )


def _supervised(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """Return the programs that a supervisor starts."""
    from mkl_launch.program.settings_files.web_servers import supervised_commands

    path, text = program.settings_file
    here = path.rpartition("/")[0]
    commands, included = supervised_commands(text.replace(HERE, here), environ, program.argv)
    for pattern in included[:MAX_FILES]:
        folder = pattern.rpartition("/")[0]
        folder = folder if folder.startswith("/") else f"{path.rpartition('/')[0] or '.'}/{folder}"
        begin, _, end = pattern.rpartition("/")[2].partition("*")
        names = [name for name in root.names(folder) if name.startswith(begin) and name.endswith(end)]
        for name in names[:MAX_FILES]:
            lines = root.read(f"{folder}/{name}").text.replace(HERE, folder)
            commands += supervised_commands(lines, environ)[0]
    return tuple(
        changed(program, copies=command.copies, assigned=(*command.assigned, *program.assigned))
        for command in commands[:MAX_FILES]
        for program in _of_command(root, command, {**environ, **dict(command.assigned)})
    )
