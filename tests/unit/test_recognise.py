"""The program of a command line: its name, its arguments, its number of processes."""

from __future__ import annotations

import shlex
import time
from typing import Any

import pytest

from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.program.entry_scripts import inspect_files
from mkl_launch.program.jvm import counted_by_jvm
from mkl_launch.program.own_options import last_option
from mkl_launch.program.recognise import recognise
from mkl_launch.program.settings_files import model_servers, python
from mkl_launch.program.shell.expansion import expand
from mkl_launch.program.shell.lexer import tokens
from mkl_launch.program.shell.script import started
from mkl_launch.program.words import and_list, single_command
from mkl_launch.program.workers import Workers, count_workers
from mkl_launch.program.wrapper_concurrency import commands_at_a_time
from mkl_launch.tables.all_commands import COMMANDS, UNKNOWN

SERVER = "tensorflow_model_server"


def line(text: str) -> tuple[str, ...]:
    return tuple(shlex.split(text))


@pytest.mark.parametrize(
    "text",
    [
        f"{SERVER} |--port=1",
        f"/usr/bin/{SERVER} |--port=1",
        f"{SERVER}|",
        f"env {SERVER} |--port=1",
        f"env -u A -C /srv B=c D== {SERVER} |--port=1",
        f"env -i PATH=/bin {SERVER} |-v",
        f"env - {SERVER} |",
        f"env -- {SERVER} |",
        f"/usr/bin/nice -n 5 {SERVER} |",
        f"nice -5 {SERVER} |",
        f"nice --adjustment=5 {SERVER} |",
        f"nohup {SERVER} |",
        f"stdbuf -oL {SERVER} |",
        f"stdbuf -o L {SERVER} |",
        f"timeout -s INT 10 {SERVER} |",
        f"timeout --preserve-status 10 {SERVER} |",
        f"tini -- {SERVER} |--port=1",
        f"/sbin/tini -g -p SIGTERM -e 143 -- {SERVER} |",
        f"/sbin/docker-init -- {SERVER} |",
        f"dumb-init --rewrite 15:2 -- {SERVER} |",
        f"dumb-init -c {SERVER} |",
        f"catatonit -- {SERVER} |",
        f"gosu nobody:nogroup {SERVER} |",
        f"su-exec 1000 {SERVER} |",
        f"setpriv --reuid 1000 --init-groups {SERVER} |",
        f"setsid -w {SERVER} |",
        f"ionice -c 3 {SERVER} |",
        f"chroot --userspec=1:1 /srv {SERVER} |",
        f"chroot --userspec 1:1 --groups 1 /srv {SERVER} |",
        f"chrt -f 50 {SERVER} |",
        f"taskset -c 0-1 {SERVER} |",
        f"taskset 0x3 {SERVER} |",
        f"numactl -C 0-1 --membind=0 {SERVER} |",
        f"busybox nice -n 5 {SERVER} |",
        f"tini -- env A=b nice gosu me {SERVER} |--port=1",
        f"python /usr/local/bin/dockerd-entrypoint.py {SERVER} |",
        f"bash -m /usr/local/bin/dockerd_entrypoint.sh {SERVER} |--port=1",
        f"python3.11 -u -W ignore -X utf8 /opt/{SERVER} |--port=1",
    ],
)
def test_finds_the_program_and_its_arguments(text: str) -> None:
    before, _, after = text.partition("|")
    argv = (*line(before), *line(after))
    program = recognise(argv)
    assert program.row.name == SERVER
    assert program.insert_at == len(line(before))
    assert program.argv[1:] == line(after)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (f"{SERVER} --port=1", (SERVER, "--port=1")),
        (f"exec {SERVER} --port=1\n", (SERVER, "--port=1")),
        (f"  exec env A=b {SERVER}", (SERVER,)),
        (f"A=b C=d {SERVER}", (SERVER,)),
        (f"{SERVER} --name='a b' --x=\"c 'd'\" e\"f\"g ''", (SERVER, "--name=a b", "--x=c 'd'", "efg", "")),
        (f"{SERVER} --model_name=${{MODEL_NAME}} $MORE", (SERVER, "--model_name=${MODEL_NAME}", "$MORE")),
        (f"{SERVER} a#b", (SERVER, "a#b")),
    ],
)
@pytest.mark.parametrize("shell", ["sh -c", "/bin/bash -lc", "bash -o pipefail -e -c", "tini -- dash -exc"])
def test_recognises_one_simple_command_in_a_shell(shell: str, script: str, words: tuple[str, ...]) -> None:
    program = recognise((*line(shell), script, "argument zero"))
    assert (program.row.name, program.argv) == (SERVER, words)
    assert program.insert_at is None, "a script cannot be added to"


@pytest.mark.parametrize(
    "script",
    [
        f"cd /srv && {SERVER}",
        f"true; {SERVER}",
        f". venv/bin/activate; exec {SERVER}",
        f"set -e\nsource x\nexport A=b\n{SERVER}",
        f"./migrate.sh && {SERVER}",
        f"{SERVER} &",
        f"{SERVER} & wait",
        f"{SERVER} | tee log",
        f"{SERVER} > log 2>&1",
        f"{SERVER} >> log 2>/dev/null </dev/null",
        f"{SERVER} $(flags)",
        f'{SERVER} "$(flags)"',
        f"{SERVER} `flags`",
        f'{SERVER} "`flags`"',
        f"{SERVER} a\\ b",
        f"( {SERVER} )",
        f"{{ {SERVER}; }}",
        f"{SERVER} # all",
        f"# first\n{SERVER}",
        f"{SERVER}\ntrue",
        f"{SERVER}; echo it has ended",
        f"{SERVER} || exit 1",
        f"while true; do {SERVER}; sleep 1; done",
        f"if [ -f x ]; then {SERVER} -a; else {SERVER}; fi",
        f"[ -z '' ] && exec {SERVER}; exec gunicorn -w 4",
        f"[ -n '' ] && exec gunicorn -w 4; exec {SERVER}",
        f"case a in b) gunicorn -w 4;; a|c) {SERVER};; esac",
        f"f() {{ gunicorn -w 4; }}\n{SERVER}",
        f"cat <<END >file\ngunicorn -w 4\nEND\n{SERVER}",
        f"eval '{SERVER}'",
        f"command {SERVER}",
        f"sh -c 'exec {SERVER}'",
    ],
)
def test_recognises_the_last_command_of_a_script(script: str) -> None:
    for shell in ("sh -c", "bash -ec", "bash -c --"):
        program = recognise((*line(shell), script), {})
        assert program.row.name == SERVER
        assert program.insert_at is None


@pytest.mark.parametrize(
    "script",
    [
        f"{SERVER} 'a",
        f"{SERVER} $(flags",
        f"if true; then {SERVER}",
        f"{SERVER} ; fi",
        f"cat <<END\n{SERVER}",
        "(" * 100 + SERVER,
        SERVER + " x" * 5000,
        f"{SERVER} {'x' * 40000}",
    ],
)
def test_reports_a_script_that_is_not_followed(script: str) -> None:
    program = recognise(("sh", "-c", script), {})
    assert program.row is UNKNOWN
    assert program.not_inspected


@pytest.mark.parametrize("name", ["ecosystem.config.js", "process.yml", "pm2.json"])
def test_names_a_settings_file_that_is_not_read(name: str) -> None:
    for text in (f"pm2-runtime start {name} --env production", f"pm2 --no-daemon start -n web {name}"):
        program = inspect_files(Root("/nowhere"), recognise(line(text), {}), {})
        assert program.not_inspected == name
    program = inspect_files(Root("/nowhere"), recognise(line(f"pm2 start app.js -- {name}"), {}), {})
    assert not program.not_inspected


@pytest.mark.parametrize(
    "script",
    ["", f"# {SERVER}", f"echo {SERVER}", f"grep {SERVER} file", f"exit 0; {SERVER}", "$DEBUG"],
)
def test_recognises_no_program_in_a_script_without_one(script: str) -> None:
    program = recognise(("sh", "-c", script), {})
    assert (program.row, program.insert_at) == (UNKNOWN, None)


@pytest.mark.parametrize(
    ("script", "environ", "number"),
    [
        ("gunicorn -w ${WORKERS:-4} app", {}, 4),
        ("gunicorn -w ${WORKERS:-4} app", {"WORKERS": "3"}, 3),
        ('gunicorn -w "$WORKERS" app', {"WORKERS": "3"}, 3),
        ("gunicorn -w $WEB_CONCURRENCY app", {"WEB_CONCURRENCY": "5"}, 5),
        ("gunicorn -w ${WORKERS} app", {}, 1),
        ("gunicorn $ARGS app", {"ARGS": "-k gevent -w 6"}, 6),
        ("gunicorn -w ${WORKERS-2} app", {"WORKERS": ""}, 1),
        ("WORKERS=3; gunicorn -w $WORKERS app", {"WORKERS": "2"}, 3),
        ("export WEB_CONCURRENCY=3; gunicorn app", {}, 3),
        ("WEB_CONCURRENCY=3 gunicorn app", {"WEB_CONCURRENCY": "2"}, 3),
        (": ${WORKERS:=7}; gunicorn -w $WORKERS app", {}, 7),
        ("[ -f x ] && WORKERS=3; gunicorn -w $WORKERS app", {"WORKERS": "2"}, 1),
        ('if [ "$MODE" = web ]; then gunicorn -w 2 app; else celery worker -c 3; fi', {"MODE": "web"}, 2),
        ('if [ "$MODE" = web ]; then gunicorn -w 2 app; else celery worker -c 3; fi', {}, 3),
        ("gunicorn -w $(nproc) app", {}, 8),
        ("gunicorn -w $(nproc) app", {"OMP_NUM_THREADS": "2"}, 2),
        ("gunicorn -w $(nproc --all) app", {"OMP_NUM_THREADS": "2"}, 8),
        ("gunicorn -w $((2 * 4)) app", {}, 8),
        ("gunicorn -w $((N / 2)) app", {"N": "6"}, 3),
        ("gunicorn -w $((${N} - 1)) app", {"N": "4"}, 3),
        ("gunicorn -w $((N + $(cat x))) app", {"N": "4"}, 1),
        ("gunicorn -w $((N)) app", {}, 1),
        ("gunicorn -w $(nproc --ignore=2) app", {}, 6),
        ("gunicorn -w $(nproc | head -1) app", {}, 1),
        ("gunicorn -w 2 app & celery -A x worker -c 3", {}, 5),
        ("celery -A x worker -c 3 & gunicorn -w 2 app & wait -n", {}, 5),
        ("gunicorn -w 2 app; celery -A x worker -c 3", {}, 3),
    ],
)
def test_expands_variables_of_a_script(script: str, environ: dict[str, str], number: int) -> None:
    program = recognise(("sh", "-c", script), environ)
    assert count_workers(program, program.environ(environ), 8).number == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "python",
        "python -",
        "python -c gunicorn",
        "python -Ic gunicorn",
        "python -m",
        "python train.py gunicorn",
        "env",
        "env A=b",
        "tini",
        "tini --",
        "gosu gunicorn",
        "timeout gunicorn",
        "nice -n gunicorn",
        "sh",
        "sh gunicorn",
        "sh -c",
        "bash -o",
        "sh script.sh -c gunicorn",
        "unheard-of gunicorn",
        "unheard-of --backend gunicorn --workers 4",
        "unheard-of train gunicorn -w 4",
        "unheard-of node app.js",
        "unheard-of cat gunicorn app",
        "grep gunicorn -w 4 app:app",
        "pip install gunicorn uvicorn",
        "echo gunicorn -w 4 app:app",
        "poetry add gunicorn",
        "uv pip install gunicorn -w 4",
        "conda install gunicorn -w",
        "dask scheduler",
        "airflow db migrate",
        "mlflow run gunicorn",
        "serve",
        "ray status",
        "celery beat",
        "mkl-launch --workers gunicorn",
    ],
)
def test_does_not_guess_an_unknown_program(text: str) -> None:
    assert recognise(line(text)).row is UNKNOWN


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("python -m gunicorn app", "gunicorn"),
        ("python3 -u -m uvicorn app", "uvicorn"),
        ("python -Im celery -A x worker", "celery"),
        ("python -m vllm.entrypoints.openai.api_server", "vllm"),
        ("python -m torch.distributed.run x.py", "torchrun"),
        ("python -m torch.distributed.launch x.py", "torchrun"),
    ],
)
def test_recognises_a_python_module(text: str, name: str) -> None:
    program = recognise(line(text))
    assert program.row.name == name
    assert program.interpreter == line(text)[0]


def test_leaves_adding_arguments_to_an_inner_launcher() -> None:
    program = recognise(line(f"env mkl-launch --cpus 2 -q -- tini {SERVER} --port=1"))
    assert (program.row.name, program.insert_at) == (SERVER, None)


def test_adds_arguments_after_the_subcommand() -> None:
    program = recognise(line("nice ray --log-level x start --head"))
    assert program.insert_at == 5
    assert program.argv == line("ray --log-level x start --head")


def test_counts_variables_of_a_wrapper_as_the_users() -> None:
    for text in ("env A=b C= python x", "sh -c 'A=b C= exec python x'", "env A=x env A=b C= python x"):
        assert dict(recognise(line(text)).assigned) == {"A": "b", "C": ""}
        assert recognise(line(text)).environ({"A": "a", "D": "d"}) == {"A": "b", "C": "", "D": "d"}


def test_needs_a_double_dash_for_tini() -> None:
    """`tini server` starts, `tini server --x=1` is refused by tini itself."""
    for text in (f"tini {SERVER}", f"tini -g {SERVER}", f"catatonit {SERVER}"):
        program = recognise(line(text))
        assert (program.row.name, program.insert_at) == (SERVER, None)


def test_recognises_a_wrapper_that_narrows_the_mask() -> None:
    for text in ("taskset -c 0 python x", "taskset 3 python x", "nice numactl --physcpubind=0 python x"):
        assert recognise(line(text)).affinity_narrowed_by in ("taskset", "numactl")
    assert recognise(line("numactl --membind=0 python x")).affinity_narrowed_by is None


def test_recognises_a_wrapper_that_empties_the_environment() -> None:
    assert recognise(line("tini -- env -i A=b python x")).env_cleared_by == "env -i"
    assert recognise(line("env - python x")).env_cleared_by == "env -"
    assert recognise(line("env python -i")).env_cleared_by is None
    assert recognise(line("sudo -nu app python x")).env_cleared_by == "sudo"
    assert recognise(line("sudo -Eu app python x")).env_cleared_by is None
    assert recognise(line("sudo -uE python x")).env_cleared_by == "sudo"
    assert recognise(line("doas -u app python x")).env_cleared_by == "doas"
    assert recognise(line("sops exec-env --pristine file python")).env_cleared_by == "sops --pristine"


@pytest.mark.parametrize(
    "text",
    [
        "unheard-of gunicorn app",
        "/docker-entrypoint.sh gunicorn app",
        "unheard-of --verbose=1 gunicorn app",
        "unheard-of --log x -- gunicorn app",
        "unheard-of run gunicorn app:app",
        "unheard-of -v gunicorn app:create()",
        "unheard-of tini -- gunicorn app",
        "unheard-of python -m gunicorn app",
        "unheard-of sh -c 'gunicorn app'",
        "unheard-of -- other-thing -- gunicorn app",
        "tini -- unheard-of gunicorn app",
    ],
)
def test_suspects_a_known_command_behind_an_unknown_one(text: str) -> None:
    program = recognise(line(text))
    assert program.row.name == "gunicorn"
    assert program.unknown_starter.endswith(("unheard-of", "docker-entrypoint.sh"))
    assert program.insert_at is None


def test_splits_words_as_a_shell_does() -> None:
    for script in ("a 'b c' d\"e f\"", "a  b\tc", "'' a", "a=b 'c'd", 'a\\ b "c\\"d"'):
        words = [part for word in tokens(script) for part in expand(word, {})]  # type: ignore[arg-type]
        assert tuple(words) == line(script)


# How many processes


def case(text: str, number: int | None, reason: str, **environ: str) -> Any:
    return pytest.param(text, environ, number, reason, id=" ".join([text, *environ.values()]))


PER_CPU = None


@pytest.mark.parametrize(
    ("text", "environ", "number", "reason"),
    [
        case("gunicorn -Rw 4 a:b", 4, "-w 4"),
        case("gunicorn -DRw4 a:b", 4, "-w 4"),
        case("gunicorn -w=4 a:b", 4, "-w 4"),
        case("uwsgi --http :80 --process 4", 4, "--processes 4"),
        case("deepspeed --num_gpu 2 train.py", 2, "--num_gpus 2"),
        case("torchrun --nproc-per 2 train.py --nproc-per 4", 2, "--nproc_per_node 2"),
        case("dramatiq tasks --process=3", 3, "--processes 3"),
        case("vllm serve m --tensor-parallel 2", 2, "--tensor-parallel-size 2"),
        case("vllm serve m --tensor-parallel-size 2 --tens 4", 4, "--tensor-parallel-size 4"),
        case("gunicorn app", 1, "its default"),
        case("gunicorn -w 3 app", 3, "-w 3"),
        case("gunicorn -w3 app", 3, "-w 3"),
        case("gunicorn --workers=3 app", 3, "--workers 3"),
        case("gunicorn -w 2 -w 3 app", 3, "-w 3"),
        case("gunicorn -w many app", 1, "its default"),
        case("gunicorn -w 3 --workers 2 app", 2, "--workers 2"),
        case("gunicorn --workers 2 -w 3 app", 3, "-w 3"),
        case("gunicorn app", 4, "WEB_CONCURRENCY=4", WEB_CONCURRENCY="4"),
        case("gunicorn app", 5, "GUNICORN_CMD_ARGS --workers 5", GUNICORN_CMD_ARGS="-b :80 --workers=5"),
        case("gunicorn -w 2 app", 2, "-w 2", GUNICORN_CMD_ARGS="-w 5", WEB_CONCURRENCY="4"),
        case("gunicorn app", 5, "GUNICORN_CMD_ARGS -w 5", GUNICORN_CMD_ARGS="-w 5", WEB_CONCURRENCY="4"),
        case("env WEB_CONCURRENCY=4 gunicorn app", 4, "WEB_CONCURRENCY=4", WEB_CONCURRENCY="2"),
        case("uvicorn --workers 3 app:a", 3, "--workers 3"),
        case("uvicorn app:a", 4, "WEB_CONCURRENCY=4", WEB_CONCURRENCY="4"),
        case("uwsgi --processes 3", 3, "--processes 3"),
        case("uwsgi -p 3", 3, "-p 3"),
        case("torchrun --nproc-per-node 3 x", 3, "--nproc-per-node 3"),
        case("torchrun --nproc_per_node=cpu x", PER_CPU, "--nproc_per_node cpu"),
        case("torchrun x", 1, "its default"),
        case("torchrun --nproc-per-node=2 --standalone x --nproc-per-node=4", 2, "--nproc-per-node 2"),
        case("torchrun --master_port 99 --nproc-per-node 2 -m x -w", 2, "--nproc-per-node 2"),
        case("torchrun x --nproc-per-node=4", 1, "its default"),
        case("celery -A x worker", PER_CPU, "its default, one for each CPU"),
        case("celery -A x worker -c 3", 3, "-c 3"),
        case("celery -A x worker --autoscale=6,2", 6, "--autoscale 6,2"),
        case("celery -A x worker", 5, "CELERY_WORKER_CONCURRENCY=5", CELERY_WORKER_CONCURRENCY="5"),
        case("celery -A x beat -c 3", 1, "its default"),
        case("celery multi start 3 -A x -c 2", 6, "3 instances"),
        case("celery multi start a -A x b --concurrency=1", 2, "2 instances"),
        case("celery multi start -A x a -c2 b", 2, "1 instances"),
        case("celery multi start a b -c:2 3", 4, "2 instances", CELERY_WORKER_CONCURRENCY="1"),
        case("ray start --head", PER_CPU, "its default, one for each CPU"),
        case("xargs -n 1 -P 4 python t.py", 4, "xargs -P 4"),
        case("xargs -n 1 -P 2 gunicorn -w 3 a:b", 6, "xargs -P 2, 3 each: -w 3"),
        case("parallel -j50% ./a.out :::: list", 4, "parallel -j 50%"),
        case("accelerate launch --cpu --num_processes 2 t.py", 1, "--cpu"),
        case("multi-model-server --start", PER_CPU, "its default, one for each CPU"),
        case("vllm serve m -tp 2", 2, "-tp 2"),
        case("vllm serve m -tp 2 --data-parallel-size=3", 6, "-tp 2, --data-parallel-size 3"),
        case("vllm serve m", 1, "its default"),
        case("serve", 3, "SAGEMAKER_MODEL_SERVER_WORKERS=3", SAGEMAKER_MODEL_SERVER_WORKERS="3"),
        case("serve", PER_CPU, "its default, one for each CPU", SAGEMAKER_PROGRAM="inference.py"),
        case("serve", 1, "its default"),
        case("serve run app", PER_CPU, "its default, one for each CPU"),
        case("serve", 1, "its default", SAGEMAKER_TFS_VERSION="2.19"),
        case(
            "serve",
            2,
            "SAGEMAKER_TFS_INSTANCE_COUNT=2",
            SAGEMAKER_TFS_VERSION="2.19",
            SAGEMAKER_TFS_INSTANCE_COUNT="2",
        ),
        case("python x.py", 1, "its default"),
    ],
)
def test_counts_the_processes_of_a_command(
    text: str, environ: dict[str, str], number: int | None, reason: str
) -> None:
    program = inspect_files(Root("/nowhere"), recognise(line(text), environ), environ)
    found = count_workers(program, program.environ(environ), 8)
    assert found == Workers(number or 8, reason, per_cpu=number is None)


MMS = next(row for row in COMMANDS if row.name == "multi-model-server")
assert MMS.config


@pytest.mark.parametrize(
    ("text", "environ", "path"),
    [
        ("multi-model-server --start", {}, "config.properties"),
        ("multi-model-server --mms-config /a", {}, "/a"),
        ("multi-model-server --mms-config=/a", {}, "/a"),
        ("multi-model-server --mms-config /a", {"MMS_CONFIG_FILE": "/b"}, "/b"),
        ("multi-model-server --mms-config /a", {"MMS_CONFIG_FILE": ""}, ""),
    ],
)
def test_finds_the_configuration_of_a_server(text: str, environ: dict[str, str], path: str) -> None:
    assert MMS.config
    given = last_option(line(text), (MMS.config.option,))[1]
    assert model_servers.config_path(MMS.config, given, environ) == path


def test_recognises_the_format_of_a_configuration() -> None:
    text = "# comment\n! other\n\n a=1\nb = 2\nc: 3\nd 4\ne\n f = x \\\n   y\ng==\r\nh=\ni=j\\\\\nk=:l\n"
    letters = {"a": "1", "b": "2", "c": "3", "d": "4", "e": "", "f": "x y", "g": "=", "h": ""}
    assert model_servers.read_properties(text) == {**letters, "i": "j\\\\", "k": ":l"}


@pytest.mark.parametrize(
    ("config", "text", "environ", "number"),
    [
        ("default_workers_per_model=2", "", {}, 2),
        ("NUM_WORKERS=3", "", {}, 3),
        ("default_workers_per_model=2\nNUM_WORKERS=3", "", {}, 2),
        ("default_workers_per_model=0\nNUM_WORKERS=3", "", {}, 3),
        ("default_workers_per_model=2\nload_models=a.mar, b.mar", "", {}, 4),
        ("default_workers_per_model=2\nload_models=ALL", "", {}, 6),
        ("default_workers_per_model=2", "--models all", {}, 6),
        ("enable_envvars_config=true\nNUM_WORKERS=2", "", {"MMS_NUM_WORKERS": "3"}, 2),
        ("enable_envvars_config=true\nNUM_WORKERS=2", "", {"MMS_LOAD_MODELS": "a.mar,b"}, 4),
        ("default_workers_per_model=1$$ZERO$$", "", {"ZERO": "0"}, 10),
        ('default_workers_per_model=2\nmodels={"a": {"1.0": {"minWorkers": 5}}}', "", {}, 2),
        ("default_workers_per_model=2\nload_models=a.mar", "--models a=a.mar b=b.mar c --start", {}, 6),
        ("default_workers_per_model=2", "", {"MMS_DEFAULT_WORKERS_PER_MODEL": "3"}, 2),
        (
            "enable_envvars_config=true\ndefault_workers_per_model=2",
            "",
            {"MMS_DEFAULT_WORKERS_PER_MODEL": "3"},
            3,
        ),
        ("default_workers_per_model=$$WORKERS$$", "", {"WORKERS": "3"}, 3),
        ("default_workers_per_model=$$WORKERS$$", "", {}, None),
        ("default_workers_per_model=two", "", {}, None),
        ("", "", {"MMS_DEFAULT_WORKERS_PER_MODEL": "3"}, None),
        ("vmargs=-Xmx1g", "", {}, None),
    ],
)
def test_reads_the_workers_of_a_configuration(
    config: str, text: str, environ: dict[str, str], number: int | None
) -> None:
    program = recognise(("multi-model-server", *line(text)))
    said = tuple(model_servers.read_properties(config).items())
    program = changed(program, properties=said, archives=("a.mar", "b.mar", "c"))
    found = count_workers(program, environ, 8)
    assert (found.number, found.per_cpu) == (number or 8, number is None)


@pytest.mark.parametrize(
    ("config", "number"),
    [
        ('models={"a": {"1.0": {"minWorkers": 5, "maxWorkers": 6}}}\nload_models=a.mar', 5),
        ('models={"a": {"1.0": {"minWorkers": 3}, "2.0": {"minWorkers": 4}}}\nload_models=a=x.mar', 4),
        ('models={\\\n"a": {\\\n"1.0": {"minWorkers": 3}}}\nload_models=a.mar,b.mar', 3 + 8),
        ('default_workers_per_model=2\nmodels={"a": {"1.0": {"minWorkers": 3}}}\nload_models=ALL', 3 + 2),
        ('default_workers_per_model=2\nmodels={"a": {"1.0": {}}}\nload_models=a.mar', 2),
        ("default_workers_per_model=2\nmodels=[1]\nload_models=a.mar", 2),
        ("default_workers_per_model=2\nmodels={\nload_models=a.mar", 2),
        ("NUM_WORKERS=2", None),
    ],
)
def test_reads_the_workers_of_a_configuration_of_torchserve(config: str, number: int | None) -> None:
    said = tuple(model_servers.read_properties(config).items())
    program = changed(recognise(("torchserve",)), properties=said, archives=("a.mar", "b.mar"))
    found = count_workers(program, {}, 8)
    assert (found.number, found.per_cpu) == (number or 8, number is None)


@pytest.mark.parametrize(
    ("options", "vmargs", "number"),
    [
        ("-Xmx1g", "", 2),
        ("-XX:ActiveProcessorCount=5", "", 5),
        ("-XX:ActiveProcessorCount=5 -XX:ActiveProcessorCount=6", "", 6),
        ("-XX:ActiveProcessorCount=5", "-XX:ActiveProcessorCount=7", 7),
        ("-XX:ActiveProcessorCount=x", "", 2),
        ("-XX:-UseContainerSupport", "", 8),
        ("-Xmx1g", "-Xms1g -XX:-UseContainerSupport", 8),
    ],
)
def test_knows_the_cpus_that_a_jvm_counts(options: str, vmargs: str, number: int) -> None:
    program = changed(recognise(("multi-model-server",)), properties=(("vmargs", vmargs),))
    found = counted_by_jvm(program, {}, options, (8, 1.5))
    assert found
    assert found.number == number


def test_reads_options_of_a_jvm_that_override_its_count() -> None:
    program = recognise(("torchserve",))
    count = "-XX:ActiveProcessorCount="
    assert counted_by_jvm(program, {}, "", (8, None)) is None
    assert counted_by_jvm(program, {"_JAVA_OPTIONS": "-Xmx1g"}, "", (8, None)) is None
    stronger = {"JDK_JAVA_OPTIONS": f"{count}3", "_JAVA_OPTIONS": f"{count}4"}
    assert counted_by_jvm(program, stronger, f"{count}2", (8, 1)) == Workers(4, f"{count}4")
    program = changed(program, properties=(("vmargs", f"{count}5"),))
    assert counted_by_jvm(program, {"JDK_JAVA_OPTIONS": f"{count}3"}, "", (8, 1)) == Workers(5, f"{count}5")


@pytest.mark.parametrize(
    "text",
    [
        "${a:-" * 6000,
        "(" * 30_000,
        "$(" * 15_000,
        "`" * 32_000,
        "if " * 10_000,
        "a=(" * 8000,
        "f() { f; f; }\nf",
    ],
    ids=["defaults", "groups", "commands", "backquotes", "conditions", "arrays", "functions"],
)
def test_gives_up_a_hostile_script_soon(text: str) -> None:
    begin = time.process_time()
    assert recognise(("sh", "-c", text), {}).row is UNKNOWN
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    ("text", "number", "per_cpu"),
    [
        ("workers = 3", 3, False),
        ("import multiprocessing as m\nworkers = m.cpu_count() * 2 + 1", 17, True),
        ("import os\nworkers = len(os.sched_getaffinity(0))", 8, True),
        ("import os\nworkers = int(os.environ['N'])", 5, False),
        ("import os\nn = os.getenv('M')\nworkers = 2 if n is None else int(n)", 2, False),
        ("workers = min(4, 6)\nworkers -= 1", None, False),
        ("for workers in range(3): pass", None, False),
        ("if unknown():\n    workers = 3", None, False),
        ("workers = open('/etc/hosts')", None, False),
        ("workers = __import__('os').system('false')", None, False),
        ("workers = 9 ** 9 ** 9", None, False),
        ("workers = 'x' * 10 ** 9", None, False),
        ("workers = True", None, False),
        ("workers = 0", None, False),
        ("workers = (", None, False),
        ("workers = " + "(" * 5000, None, False),
        ("x = '\\d'\nworkers = 3", 3, False),
        ("def workers(): return 3", None, False),
    ],
)
def test_reads_workers_from_a_settings_file_in_python(
    text: str, number: int | None, *, per_cpu: bool
) -> None:
    assert python.workers(text, {"N": "5"}, 8) == (number, per_cpu)


VALUES = {"N": "2", "PORT": "80", "EMPTY": "", "TWO": "a b", "GLOB": "*", "A": "x"}


@pytest.mark.parametrize(
    "line",
    [
        "gunicorn -w 4 a:b",
        "exec gunicorn -w $N --bind=0.0.0.0:${PORT} a:b",
        "exec  gunicorn\t-w $N ",
        "gunicorn $EMPTY -b:$PORT$EMPTY-$A a:b",
        "gunicorn $UNSET a$UNSET:b",
        "/bin/$A.py $A.$A",
    ],
)
def test_reads_a_simple_line_as_the_full_grammar_does(line: str) -> None:
    (found,) = started(line, VALUES)
    assert single_command(line, VALUES) == found.words


@pytest.mark.parametrize(
    "line",
    [
        *("a $TWO", "a $GLOB", "a $1", "a $@", "a $$", "a ${N:-4}", "a ${N", "a 'b'", "a && b", "a; b"),
        *(
            "A=1 a",
            "time a",
            "eval a",
            "exec -a x a",
            "a *.py",
            "a >b",
            "a \\ b",
            "a\nb",
            "a ~",
            "a #b",
            "",
        ),
        *("$UNSET", "a $(b)", "a `b`", "a {1..4}", "a & b", "! a", "a $'b'", "a ${!N}", "a b$"),
    ],
)
def test_leaves_a_complex_line_to_the_full_grammar(line: str) -> None:
    assert single_command(line, VALUES) == ()


def test_keeps_variables_in_a_line_without_their_values() -> None:
    assert single_command("a $N", None) == ()
    assert single_command("a b", None) == ("a", "b")


@pytest.mark.parametrize(
    "line",
    [
        "python manage.py migrate && gunicorn -w $N a:b",
        "cd /app && exec gunicorn a:b",
        "mkdir b && a && cd b && cd ./c && gunicorn -w $N a:b",
        "sleep 5&&./a&& ./b --x=$A",
        "source activate x && ./a",
    ],
)
def test_reads_sequential_commands_as_the_full_grammar_does(line: str) -> None:
    assert and_list(line, VALUES) == tuple(one.words for one in started(line, VALUES))


@pytest.mark.parametrize(
    "line",
    [
        *("exec a && b", "export N=3 && a $N", "false && a", "test -f /x && a", "exit && a", "a && b & c"),
        *(
            "a &&",
            "&& a",
            "a && b || c",
            "a && $TWO",
            "set -- x && a",
            ": && a",
            "a && N=3",
            "cd /a && cd /b",
            "cd - && a",
            "pushd /app && a",
        ),
    ],
)
def test_leaves_conditional_commands_to_the_full_grammar(line: str) -> None:
    assert and_list(line, VALUES) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), ("0", 8), ("50%", 4), ("+2", 10), ("-2", 6), ("-20", 1), ("3 of 2", 2), ("3 of 5", 3),
        ("+-1", 1), ("--5", 1), ("%", 1), ("3%%", 1), ("", 1), ("9" * 30, 1), ("3 of x", 3),
    ],
)  # fmt: skip
def test_reads_the_number_of_commands_at_a_time(text: str, number: int) -> None:
    assert commands_at_a_time(text, 8)[0] == number


def test_counts_a_program_without_words_beside_another() -> None:
    program = recognise(("sh", "-c", "parallel -j4 ::: & gunicorn -w 2 a:b"), {})
    assert count_workers(program, {}, 8).number >= 1
