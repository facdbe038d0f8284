"""Entry scripts and lines of a shell as people write them, and what they start on a machine with 8 CPUs.

The commands of each were seen by running it with stand-ins for the programs that it names.
"""

# ruff: noqa: E501  # a line of a script is one line
from __future__ import annotations

from testing.command_lines.line import Line

ENTRY = "/entrypoint.sh"


def script(text: str) -> dict[str, str]:
    """Return the files of a container with this entry script."""
    return {ENTRY: "#!/bin/bash\n" + text}


LINES: tuple[Line, ...] = (
    Line(
        "/entrypoint.sh -w 3 -p 9000",
        "gunicorn",
        3,
        {},
        script(
            'WORKERS=1\nwhile getopts "w:p:h" opt; do\n  case "$opt" in\n    w) WORKERS="$OPTARG" ;;\n    p) PORT="$OPTARG" ;;\n    h) echo usage; exit 0 ;;\n    *) exit 2 ;;\n  esac\ndone\nshift $((OPTIND-1))\nexec gunicorn -w "$WORKERS" -b ":${PORT:-8000}" app:app "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        1,
        {},
        script(
            'WORKERS=1\nwhile getopts "w:p:h" opt; do\n  case "$opt" in\n    w) WORKERS="$OPTARG" ;;\n    p) PORT="$OPTARG" ;;\n    h) echo usage; exit 0 ;;\n    *) exit 2 ;;\n  esac\ndone\nshift $((OPTIND-1))\nexec gunicorn -w "$WORKERS" -b ":${PORT:-8000}" app:app "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh -p80 -w6 -- --preload",
        "gunicorn",
        6,
        {},
        script(
            'WORKERS=1\nwhile getopts "w:p:h" opt; do\n  case "$opt" in\n    w) WORKERS="$OPTARG" ;;\n    p) PORT="$OPTARG" ;;\n    h) echo usage; exit 0 ;;\n    *) exit 2 ;;\n  esac\ndone\nshift $((OPTIND-1))\nexec gunicorn -w "$WORKERS" -b ":${PORT:-8000}" app:app "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh -n 4 train.py --epochs 2",
        "torchrun",
        4,
        {},
        script(
            'NPROC=2\nwhile getopts ":n:d" o; do\n    case "${o}" in\n        n)\n            NPROC=${OPTARG}\n            ;;\n        d)\n            set -x\n            ;;\n    esac\ndone\nshift "$((OPTIND - 1))"\ntorchrun --standalone --nproc_per_node=${NPROC} "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh -d",
        "gunicorn",
        4,
        {},
        script(
            "while getopts w:d o; do case $o in w) W=$OPTARG;; d) D=1;; esac; done\nexec gunicorn --workers=${W:-4} ${D:+--log-level debug} app:app\n"
        ),
    ),
    Line(
        "/entrypoint.sh worker",
        "celery",
        3,
        {},
        script(
            'set -e\ncase "$1" in\n  web) shift; exec gunicorn -w 4 proj.wsgi "$@";;\n  worker)\n    shift\n    exec celery -A proj worker -c 3 "$@"\n    ;;\n  beat) exec celery -A proj beat -l info ;;\n  \'shell\' | "bash") exec bash -l ;;\n  *) exec "$@";;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh beat",
        "",
        1,
        {},
        script(
            'set -e\ncase "$1" in\n  web) shift; exec gunicorn -w 4 proj.wsgi "$@";;\n  worker)\n    shift\n    exec celery -A proj worker -c 3 "$@"\n    ;;\n  beat) exec celery -A proj beat -l info ;;\n  \'shell\' | "bash") exec bash -l ;;\n  *) exec "$@";;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh python manage.py migrate",
        "",
        1,
        {},
        script(
            'set -e\ncase "$1" in\n  web) shift; exec gunicorn -w 4 proj.wsgi "$@";;\n  worker)\n    shift\n    exec celery -A proj worker -c 3 "$@"\n    ;;\n  beat) exec celery -A proj beat -l info ;;\n  \'shell\' | "bash") exec bash -l ;;\n  *) exec "$@";;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh worker -c 5 -Q q",
        "celery",
        5,
        {},
        script(
            'set -e\ncase "$1" in\n  web) shift; exec gunicorn -w 4 proj.wsgi "$@";;\n  worker)\n    shift\n    exec celery -A proj worker -c 3 "$@"\n    ;;\n  beat) exec celery -A proj beat -l info ;;\n  \'shell\' | "bash") exec bash -l ;;\n  *) exec "$@";;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh shell",
        "",
        1,
        {},
        script(
            'set -e\ncase "$1" in\n  web) shift; exec gunicorn -w 4 proj.wsgi "$@";;\n  worker)\n    shift\n    exec celery -A proj worker -c 3 "$@"\n    ;;\n  beat) exec celery -A proj beat -l info ;;\n  \'shell\' | "bash") exec bash -l ;;\n  *) exec "$@";;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script(
            'CMD="${1:-web}"\nshift || true\ncase "$CMD" in\n  "web"|"serve") exec gunicorn -w 3 a:b "$@" ;;\n  "worker") exec celery -A a worker "$@" ;;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "celery",
        2,
        {"APP_ROLE": "Worker"},
        script(
            'case "${APP_ROLE,,}" in\n  web) exec gunicorn -w 4 a:b ;;\n  worker) exec celery -A a worker --concurrency=${CELERYD_CONCURRENCY:-2} ;;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh -w 4 app:app",
        "gunicorn",
        4,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nset -e\nif [ "${1#-}" != "$1" ]; then\n  set -- gunicorn "$@"\nfi\nexec "$@"\n'
        },
    ),
    Line(
        "/entrypoint.sh uvicorn app:app --workers 2",
        "uvicorn",
        2,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nset -e\nif [ "${1#-}" != "$1" ]; then\n  set -- gunicorn "$@"\nfi\nexec "$@"\n'
        },
    ),
    Line(
        "/entrypoint.sh --workers 2",
        "uvicorn",
        2,
        {},
        script('if [ "${1:0:1}" = \'-\' ]; then\n  set -- uvicorn app:app "$@"\nfi\nexec "$@"\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script('if [ $# -eq 0 ]; then\n  set -- gunicorn -w 3 a:b\nfi\nexec "$@"\n'),
    ),
    Line(
        "/entrypoint.sh uvicorn a:b",
        "uvicorn",
        2,
        {},
        script('set -- "$@" --workers "${WORKERS:-2}"\nexec "$@"\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        5,
        {},
        {"/entrypoint.sh": '#!/bin/sh\n[ $# -gt 0 ] || set -- gunicorn -w 5 a:b\nexec "$@"\n'},
    ),
    Line(
        "/entrypoint.sh gunicorn a:b",
        "gunicorn",
        4,
        {},
        script(
            'if [ "$1" = "gunicorn" ]; then\n  shift\n  set -- gunicorn --workers "${GUNICORN_WORKERS:-4}" --bind 0.0.0.0:8000 "$@"\nfi\nexec gosu app "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script(': "${WORKERS:=4}" "${PORT:=80}"\nexec gunicorn --workers="$WORKERS" -b ":$PORT" a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        17,
        {},
        script("export WEB_CONCURRENCY=${WEB_CONCURRENCY:-$(( 2 * $(nproc) + 1 ))}\nexec gunicorn a:b\n"),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        1,
        {},
        script("WEB_CONCURRENCY=$(( $(nproc) / 2 ))\nexec gunicorn a:b\n"),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        17,
        {},
        script(
            'WORKERS=$(python -c "import multiprocessing as mp; print(mp.cpu_count() * 2 + 1)")\nexec gunicorn -w $WORKERS a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        8,
        {},
        script(
            "WORKERS=$(python3 -c 'import os; print(len(os.sched_getaffinity(0)))')\nexec gunicorn -w $WORKERS a:b\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script(
            'CORES=$(grep -c ^processor /proc/cpuinfo)\nWORKERS=$((CORES > 4 ? 4 : CORES))\nexec gunicorn -w "$WORKERS" a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        17,
        {},
        script('CORES=$(nproc --all)\nlet "WORKERS=CORES*2+1"\nexec gunicorn -w $WORKERS a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        17,
        {},
        script('WORKERS=$(echo "$(nproc) * 2 + 1" | bc)\nexec gunicorn -w $WORKERS a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nCPUS="$(getconf _NPROCESSORS_ONLN)"\nif [ "$CPUS" -gt 4 ]; then CPUS=4; fi\nexec gunicorn -w "$CPUS" a:b\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script('WORKERS=$(( $(nproc) < 4 ? $(nproc) : 4 ))\nexec gunicorn -w "$WORKERS" a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script("NUM_CORES=`nproc`\nexec gunicorn --workers `expr $NUM_CORES / 2` a:b\n"),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script(
            'ARGS=(\n  --workers "${W:-3}"  # number\n  --bind 0.0.0.0:80\n)\nARGS+=(--timeout 30)\nexec gunicorn "${ARGS[@]}" a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        6,
        {"WORKERS": "6"},
        script(
            'declare -a CMD\nCMD=(gunicorn a:b)\n[[ -n "${WORKERS:-}" ]] && CMD+=(-w "$WORKERS")\nexec "${CMD[@]}"\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script(
            'ARGS="--workers 3"\nARGS="$ARGS --preload"\nARGS+=" --timeout 9"\nexec gunicorn $ARGS a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"EXTRA_ARGS": "-w 3 --preload"},
        script('IFS=" " read -r -a EXTRA <<< "$EXTRA_ARGS"\nexec gunicorn "${EXTRA[@]}" a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"SPEC": "3:x"},
        script('W="${SPEC%%:*}"\nexec gunicorn -w "$W" a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        5,
        {"WORKERS": "5"},
        {"/entrypoint.sh": '#!/bin/sh\nexec gunicorn ${WORKERS:+-w "$WORKERS"} ${RELOAD:+--reload} a:b\n'},
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script(
            'VENV=/opt/venv\nPYTHON=${PYTHON:-$VENV/bin/python3}\nexec "$PYTHON" -m gunicorn -w 3 a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script(
            'cat > /tmp/gunicorn.conf.py <<EOF\nworkers = 4\nbind = ":80"\nEOF\nexec gunicorn -c /tmp/gunicorn.conf.py a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"WORKERS": "3"},
        script(
            "cat <<EOF > /etc/gunicorn.py\nworkers = ${WORKERS:-1}\nEOF\nexec gunicorn --config /etc/gunicorn.py a:b\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "",
        1,
        {},
        script(
            "cat >/etc/motd <<-'EOF'\n\tgunicorn -w 9 a:b\n\tEOF\n: <<'COMMENT'\nexec gunicorn -w 9 a:b\nCOMMENT\npython app.py\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        2,
        {},
        script(
            "python - <<'PY'\nimport os\nos.system('gunicorn -w 9 a:b')\nPY\npython3 <<EOF || exit 1\nprint('it''s')\nEOF\nexec gunicorn -w 2 a:b\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script(
            "trap 'kill -TERM $PID' TERM INT\ngunicorn -w 4 a:b &\nPID=$!\nwait $PID\ntrap - TERM INT\nwait $PID\nEXIT=$?\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        5,
        {},
        script("celery -A x worker -c 2 &\ngunicorn -w 3 a:b &\nwait -n\nexit $?\n"),
    ),
    Line(
        "/entrypoint.sh",
        "",
        4,
        {},
        script("for i in $(seq 4); do\n  python worker.py --id $i &\ndone\nwait\n"),
    ),
    Line(
        "/entrypoint.sh",
        "rq",
        3,
        {"NUM_WORKERS": "3"},
        script('for i in $(seq 1 "${NUM_WORKERS:-1}"); do\n  rq worker default &\ndone\nwait\n'),
    ),
    Line(
        "/entrypoint.sh",
        "celery",
        6,
        {},
        script('for i in 1 2 3; do\n  celery -A x worker -c 2 -n "w$i@%h" &\ndone\nwait\n'),
    ),
    Line("/entrypoint.sh", "", 4, {}, script("for ((i=0;i<4;i++)); do python worker.py $i & done; wait\n")),
    Line(
        "/entrypoint.sh",
        "uvicorn",
        4,
        {},
        script(
            'for i in {1..4}; do\n  uvicorn a:b --port 800$i &\n  pids+=($!)\ndone\nwait "${pids[@]}"\n'
        ),
    ),
    Line("/entrypoint.sh", "", 1, {}, script("while true; do python worker.py; sleep 5; done\n")),
    Line(
        "/entrypoint.sh",
        "celery",
        3,
        {},
        script("while :; do\n  celery -A x worker -c 3\n  echo died; sleep 1\ndone\n"),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        2,
        {},
        script("until gunicorn -w 2 a:b; do\n  echo restart >&2\n  sleep 1\ndone\n"),
    ),
    Line("/entrypoint.sh", "", 3, {}, script("python a.py &\npython b.py &\npython c.py &\nwait\n")),
    Line(
        "/entrypoint.sh",
        "",
        8,
        {},
        script(
            "for gpu in 0 1 2 3 4 5 6 7; do\n  CUDA_VISIBLE_DEVICES=$gpu python infer.py --shard $gpu &\ndone\nwait\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "",
        4,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nN=4\ni=0\nwhile [ $i -lt $N ]; do\n  python worker.py "$i" &\n  i=$((i+1))\ndone\nwait\n'
        },
    ),
    Line("sh -c 'seq 4 | xargs -P 4 -I{} python worker.py {}'", "", 4, {}, {}),
    Line("sh -c 'ls *.csv | xargs -n1 -P$(nproc) python convert.py'", "", 8, {}, {}),
    Line("bash -c 'parallel --ungroup -j+0 \"python x.py {}\" ::: $(seq 10)'", "", 8, {}, {}),
    Line(
        "sh -c 'find /data -name \"*.wav\" -print0 | xargs -0 -n 1 -P 3 python -u asr.py --threads 1'",
        "",
        3,
        {},
        {},
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nif [ "$(id -u)" = "0" ]; then\n  chown -R app /data\n  exec su-exec app gunicorn -w 4 a:b\nfi\nexec gunicorn -w 4 a:b\n'
        },
    ),
    Line(
        "/entrypoint.sh gunicorn -w 4 a:b",
        "gunicorn",
        4,
        {},
        script('if [ "$(id -u)" = "0" ]; then\n  exec gosu "${APP_USER:-app}" "$0" "$@"\nfi\nexec "$@"\n'),
    ),
    Line("/entrypoint.sh", "gunicorn", 3, {}, script('exec su -s /bin/sh -c "gunicorn -w 3 a:b" app\n')),
    Line("/entrypoint.sh", "gunicorn", 3, {}, script("su - app -c 'cd /app && exec gunicorn -w 3 a:b'\n")),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        script(
            'if command -v newrelic-admin >/dev/null 2>&1 && [ -n "$NEW_RELIC_KEY" ]; then\n  exec newrelic-admin run-program gunicorn -w 4 a:b\nelse\n  exec gunicorn -w 4 a:b\nfi\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"GUNICORN_OPTS": "-w 3"},
        script("eval exec gunicorn $GUNICORN_OPTS a:b\n"),
    ),
    Line("/entrypoint.sh", "gunicorn", 3, {"START": "gunicorn -w 3 a:b"}, script('eval "exec $START"\n')),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"START": "cd /app && gunicorn -w 3 a:b"},
        script('exec bash -c "$START"\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        2,
        {},
        script('. /etc/profile\n. "$HOME/.bashrc"\nexec gunicorn -w 2 a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            **script(". /app/env.sh\nexec gunicorn -w $WORKERS a:b\n"),
            "/app/env.sh": "export WORKERS=3\n",
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            **script(". /app/env.sh\nexec gunicorn -w $WORKERS a:b\n"),
            "/app/env.sh": "WORKERS=${WORKERS:-3}\n",
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        {
            **script('source "$(dirname "$0")/common.sh"\nstart_server\n'),
            "/common.sh": "start_server() {\n  exec gunicorn -w 4 a:b\n}\n",
        },
    ),
    Line(
        "/app/bin/run.sh",
        "gunicorn",
        4,
        {},
        {
            "/app/bin/run.sh": '#!/bin/bash\nDIR="$( cd "$( dirname "${BASH_SOURCE[0]}" )" && pwd )"\n. "$DIR/lib.sh"\nrun_server 4\n',
            "/app/bin/lib.sh": 'run_server() { local n=$1; exec gunicorn -w "$n" a:b; }\n',
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        {
            **script("exec /app/start-web.sh\n"),
            "/app/start-web.sh": "#!/bin/sh\nexec gunicorn -w 4 a:b\n",
        },
    ),
    Line(
        "/app/entrypoint.sh -w 2",
        "gunicorn",
        2,
        {},
        {
            "/app/entrypoint.sh": '#!/bin/sh\nexec "$(dirname "$0")/start-web.sh" "$@"\n',
            "/app/start-web.sh": '#!/bin/sh\nexec gunicorn "$@" a:b\n',
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {},
        {
            **script("cd /app\nbash ./run.sh prod\n"),
            "/app/run.sh": '#!/bin/sh\nif [ "$1" = prod ]; then exec gunicorn -w 4 a:b; fi\nexec flask run\n',
        },
    ),
    Line(
        "/entrypoint.sh /app/start.sh",
        "gunicorn",
        3,
        {},
        {
            **script('set -e\npython manage.py migrate\nexec "$@"\n'),
            "/app/start.sh": "#!/bin/sh\nexec gunicorn -w 3 a:b\n",
        },
    ),
    Line(
        "tini -g -- /entrypoint.sh web",
        "gunicorn",
        4,
        {},
        script(
            'set -e\ncase "$1" in\n  web) shift; exec gunicorn -w 4 proj.wsgi "$@";;\n  worker)\n    shift\n    exec celery -A proj worker -c 3 "$@"\n    ;;\n  beat) exec celery -A proj beat -l info ;;\n  \'shell\' | "bash") exec bash -l ;;\n  *) exec "$@";;\nesac\n'
        ),
    ),
    Line(
        "/entrypoint.sh start_web",
        "gunicorn",
        4,
        {},
        script(
            'start_web() {\n  exec gunicorn -w 4 a:b\n}\nstart_worker() {\n  exec celery -A x worker -c 2\n}\n"$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh worker",
        "celery",
        2,
        {},
        script(
            'start_web() { exec gunicorn -w 4 a:b; }\nstart_worker() { exec celery -A x worker -c 2; }\ncmd="start_$1"\nshift\n$cmd "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh server",
        "gunicorn",
        3,
        {},
        script(
            'main() {\n  case "$1" in\n    server) run_server ;;\n    *) exec "$@" ;;\n  esac\n}\nrun_server()\n{\n  exec gunicorn -w "${WORKERS}" a:b\n}\nWORKERS=${WORKERS:-3}\nmain "$@"\n'
        ),
    ),
    Line('bash -euxo pipefail -c "gunicorn -w 3 a:b"', "gunicorn", 3, {}, {}),
    Line('sh -lc "cd /app; gunicorn -w 3 a:b"', "gunicorn", 3, {}, {}),
    Line('bash --login -c "exec gunicorn -w 3 a:b"', "gunicorn", 3, {}, {}),
    Line('bash --noprofile --norc -e -o pipefail -c "exec gunicorn -w 3 a:b"', "gunicorn", 3, {}, {}),
    Line("sh -c 'exec \"$@\"' sh gunicorn -w 3 a:b", "gunicorn", 3, {}, {}),
    Line('sh -c \'"$0" "$@"\' gunicorn -w 3 a:b', "gunicorn", 3, {}, {}),
    Line("sh -c '${0} ${1+\"$@\"}' gunicorn -w 3 a:b", "gunicorn", 3, {}, {}),
    Line(
        'sh -c "\n  set -e\n  python manage.py migrate --noinput\n  # start\n  gunicorn \\\\\n    -w 3 \\\\\n    a:b\n"',
        "gunicorn",
        3,
        {},
        {},
    ),
    Line('sh -c "exec gunicorn --workers ${WORKERS:-$((2*$(nproc)+1))} a:b"', "gunicorn", 17, {}, {}),
    Line("sh -c 'gunicorn -w 3 a:b 2>&1 | tee /log; exit ${PIPESTATUS[0]}'", "gunicorn", 3, {}, {}),
    Line("bash -c 'exec > >(tee -a /log) 2>&1; gunicorn -w 3 a:b'", "gunicorn", 3, {}, {}),
    Line("sh -c 'nohup gunicorn -w 3 a:b > log 2>&1 & tail -f log'", "gunicorn", 3, {}, {}),
    Line("bash -c 'gunicorn -w 3 a:b |& ts'", "gunicorn", 3, {}, {}),
    Line(
        "gunicorn a:b", "gunicorn", 3, {"GUNICORN_CMD_ARGS": "-c /etc/g.py"}, {"/etc/g.py": "workers = 3\n"}
    ),
    Line("gunicorn a:b -c file:/etc/g.py", "gunicorn", 3, {}, {"/etc/g.py": "workers = 3\n"}),
    Line(
        "sh -c 'cd /app && gunicorn --config=python:proj.gunicorn_conf proj.wsgi'",
        "gunicorn",
        3,
        {},
        {"/app/proj/gunicorn_conf.py": "workers = 3\n"},
    ),
    Line("hypercorn -c file:/h.py a:b", "hypercorn", 3, {}, {"/h.py": "workers = 3\n"}),
    Line("sh /start.sh", "gunicorn", 3, {}, {"/start.sh": "#!/bin/sh\r\nexec gunicorn -w 3 a:b\r\n"}),
    Line(
        "/start.sh", "gunicorn", 3, {}, {"/start.sh": "#!/usr/bin/env -S bash -e\nexec gunicorn -w 3 a:b\n"}
    ),
    Line("/start.sh", "gunicorn", 3, {}, {"/start.sh": "#! /bin/busybox sh\nexec gunicorn -w 3 a:b\n"}),
    Line(
        "/start.sh",
        "gunicorn",
        3,
        {},
        {
            "/start.sh": '#!/bin/sh -e\nwait_for() {\n  until nc -z "$1" "$2"; do sleep 1; done\n}\nwait_for db 5432\nexec gunicorn -w 3 a:b # production\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "",
        1,
        {},
        script(
            'echo "Starting: gunicorn -w 9 a:b"\nlogger -t app "celery -A x worker -c 4"\nexec python app.py\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "",
        1,
        {},
        script(
            'usage() {\n  echo "usage: $0 web"; exit 1\n}\n[ $# -eq 0 ] && usage\nexec gunicorn -w 9 a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "",
        1,
        {},
        script(
            "pip install gunicorn uvicorn celery\n# exec gunicorn -w 9 a:b\nif false; then gunicorn -w 9 a:b; fi\npython app.py --server gunicorn -w 9\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "",
        1,
        {},
        script('pkill -f "gunicorn -w 4" || true\npgrep celery\npython app.py\n'),
    ),
    Line(
        "/entrypoint.sh",
        "mpirun",
        4,
        {},
        script('mpirun --allow-run-as-root -np "${NP:-4}" --bind-to none python train.py\n'),
    ),
    Line(
        "sh -c 'OMP_NUM_THREADS=1 torchrun --standalone --nproc-per-node=${NPROC:-4} t.py --nproc 9'",
        "torchrun",
        4,
        {},
        {},
    ),
    Line(
        "/entrypoint.sh tensorflow_model_server --port=8500",
        "tensorflow_model_server",
        1,
        {},
        script('set -e\nexec "$@"\n'),
        added=True,
    ),
    Line(
        "/entrypoint.sh --port=8500",
        "tensorflow_model_server",
        1,
        {},
        script('exec tensorflow_model_server --model_base_path=/m "$@"\n'),
    ),
    Line(
        "/entrypoint.sh tensorflow_model_server --port=8500",
        "tensorflow_model_server",
        1,
        {},
        script(
            'case "$1" in tensorflow_model_server) shift; set -- tensorflow_model_server "$@" --model_name=x;; esac\nexec "$@"\n'
        ),
    ),
    Line(
        "/entrypoint.sh --workers 3 -p 90",
        "gunicorn",
        3,
        {},
        script(
            'set -e\nARGS=$(getopt -o w:p: --long workers:,port: -n "$0" -- "$@")\neval set -- "$ARGS"\nwhile true; do\n  case "$1" in\n    -w|--workers) WORKERS="$2"; shift 2 ;;\n    -p|--port) PORT="$2"; shift 2 ;;\n    --) shift; break ;;\n  esac\ndone\nexec gunicorn -w "${WORKERS:-1}" -b ":${PORT:-80}" a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh --workers 5 -x y",
        "gunicorn",
        5,
        {},
        script(
            'POSITIONAL=()\nwhile [[ $# -gt 0 ]]; do\n  key="$1"\n  case $key in\n    -w|--workers) WORKERS="$2"; shift; shift ;;\n    --preload) PRELOAD=--preload; shift ;;\n    *) POSITIONAL+=("$1"); shift ;;\n  esac\ndone\nset -- "${POSITIONAL[@]}"\ngunicorn --workers "${WORKERS:-2}" $PRELOAD a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh --workers=6 --debug",
        "gunicorn",
        6,
        {},
        script(
            'while (( "$#" )); do\n  case "$1" in\n    --workers=*) WORKERS="${1#*=}" ;;\n    --debug) DEBUG=1 ;;\n  esac\n  shift\ndone\nexec gunicorn -w $WORKERS a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh --workers=4",
        "uvicorn",
        4,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nfor arg; do\n  case $arg in\n    --workers=*) W="${arg##*=}";;\n  esac\ndone\nuvicorn a:b --workers $W\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"WEB_WORKERS": "3"},
        script('ROLE=WEB\nVAR="${ROLE}_WORKERS"\nexec gunicorn -w "${!VAR}" a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        4,
        {"WORKERS": "12"},
        script("(( WORKERS > 4 )) && WORKERS=4\nexec gunicorn -w $WORKERS a:b\n"),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        2,
        {},
        script("if [[ -v WORKERS ]]; then W=$WORKERS; else W=2; fi\nexec gunicorn -w $W a:b\n"),
    ),
    Line("/entrypoint.sh", "gunicorn", 3, {}, script("exec -a web gunicorn -w 3 a:b\n")),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script("bash <<EOF\nset -e\ncd /app\nexec gunicorn -w 3 a:b\nEOF\n"),
    ),
    Line("/entrypoint.sh", "gunicorn", 3, {}, script("su app <<EOF\ngunicorn -w 3 a:b\nEOF\n")),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            **script("set -a\n. /app/.env\nset +a\nexec gunicorn a:b\n"),
            "/app/.env": "# web\nWEB_CONCURRENCY=3\nX='a b'\n",
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            **script("export $(grep -v '^#' /app/.env | xargs)\nexec gunicorn a:b\n"),
            "/app/.env": "# web\nWEB_CONCURRENCY=3\n",
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {"/entrypoint.sh": "#!/bin/sh\nulimit -n 65535 && umask 0002 && exec gunicorn -w 3 a:b\n"},
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {"/entrypoint.sh": "#!/bin/sh\nexec ${CMD:-gunicorn -w 3 a:b}\n"},
    ),
    Line("/entrypoint.sh celery -A x worker -c 2", "celery", 2, {}, script('exec "${@:-gunicorn}"\n')),
    Line(
        "/entrypoint.sh serve",
        "gunicorn",
        3,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nif [ "$#" -gt 0 ] && [ "$1" != "serve" ]; then\n  exec "$@"\nfi\nexec gunicorn -w 3 a:b\n'
        },
    ),
    Line(
        "/entrypoint.sh celery -A x worker -c 2",
        "celery",
        2,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nif [ "$#" -gt 0 ] && [ "$1" != "serve" ]; then\n  exec "$@"\nfi\nexec gunicorn -w 3 a:b\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        2,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\ncase $# in\n  0) set -- gunicorn -w 2 a:b ;;\n  1) set -- "$1" a:b ;;\nesac\n"$@" &\nchild=$!\ntrap "kill $child" TERM\nwait "$child"\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "celery",
        5,
        {},
        script(
            'pids=()\ngunicorn -w 3 a:b & pids+=($!)\ncelery -A x worker -c 2 & pids+=("$!")\nfor p in "${pids[@]}"; do wait "$p"; done\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        5,
        {},
        {
            **script("/app/worker.sh &\nexec /app/web.sh\n"),
            "/app/worker.sh": "#!/bin/sh\nexec celery -A x worker -c 2\n",
            "/app/web.sh": "#!/bin/sh\nexec gunicorn -w 3 a:b\n",
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            **script(
                'for f in /docker-entrypoint.d/*.sh; do\n  [ -x "$f" ] && "$f"\ndone\nexec gunicorn -w 3 a:b\n'
            ),
            "/docker-entrypoint.d/10-x.sh": "#!/bin/sh\necho hi\n",
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nn=0\nuntil [ "$n" -ge 5 ]; do\n  python manage.py migrate && break\n  n=$((n+1))\n  sleep 2\ndone\nexec gunicorn -w 3 a:b\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "",
        2,
        {},
        script("(cd /a && python serve.py --port 1) &\n(cd /b && python serve.py --port 2) &\nwait\n"),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        2,
        {},
        script(
            'if [ "${WORKERS:-}" = "auto" ] || [ -z "${WORKERS:-}" ]; then\n  WORKERS=$(( $(nproc) / 4 ))\nfi\n[ "$WORKERS" -lt 1 ] && WORKERS=1\nexec gunicorn -w "$WORKERS" a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "torchrun",
        4,
        {"CUDA_VISIBLE_DEVICES": "0,1,2,3"},
        script(
            "N=$(echo $CUDA_VISIBLE_DEVICES | tr ',' '\\n' | wc -l)\ntorchrun --nproc_per_node=$N t.py\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "torchrun",
        4,
        {"CUDA_VISIBLE_DEVICES": "0,1,2,3"},
        script(
            "IFS=',' read -ra GPUS <<< \"$CUDA_VISIBLE_DEVICES\"\nNPROC=${#GPUS[@]}\ntorchrun --nproc_per_node=$NPROC t.py\n"
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script('app() {\n  local workers="${1:-1}"; shift\n  gunicorn -w "$workers" "$@"\n}\napp 3 a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script(
            'function run_web {\n  exec gunicorn -w 3 a:b\n}\nfunction run_worker() {\n  exec celery -A x worker\n}\nROLE=${ROLE:-web}\n"run_${ROLE}"\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        {
            "/entrypoint.sh": '#!/bin/sh\nis_web() { [ "${ROLE:-web}" = web ]; }\nif is_web; then exec gunicorn -w 3 a:b; else exec celery -A x worker -c 2; fi\n'
        },
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {"X": "1"},
        script('case "$X" in\n  1) N=3 ;&\n  2) echo two ;;\n  *) N=9 ;;\nesac\nexec gunicorn -w $N a:b\n'),
    ),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script('RUN="poetry run"\n$RUN python manage.py migrate\nexec $RUN gunicorn -w 3 a:b\n'),
    ),
    Line("/entrypoint.sh", "gunicorn", 3, {}, script("exec 3>&1 4>&2\n{ gunicorn -w 3 a:b; } >&3 2>&4\n")),
    Line(
        "/entrypoint.sh",
        "gunicorn",
        3,
        {},
        script(
            'echo "workers=3" > /tmp/x\nset -o nounset -o errexit\nexec \\\n  gunicorn \\\n  --workers 3 \\\n  --bind "0.0.0.0:8000" \\\n  --config \\\n  /etc/none.py \\\n  a:b\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "celery",
        4,
        {"QUEUES": "a b"},
        script(
            'for q in $QUEUES; do\n  celery -A x worker -Q "$q" -c 2 -n "$q@%h" &\ndone\nwait -n\nkill $(jobs -p)\n'
        ),
    ),
    Line(
        "/entrypoint.sh",
        "celery",
        4,
        {"QUEUES": "a,b"},
        script('for q in ${QUEUES//,/ }; do\n  celery -A x worker -Q "$q" -c 2 &\ndone\nwait\n'),
    ),
    Line(
        "/entrypoint.sh",
        "celery",
        4,
        {"QUEUES": "a,b"},
        script(
            "for q in $(echo $QUEUES | tr ',' ' '); do\n  celery -A x worker -Q \"$q\" -c 2 &\ndone\nwait\n"
        ),
    ),
    Line("sh -c 'curl -s http://x/gunicorn -w 4 | sh -s -- gunicorn'", "", 1, {}, {}),
)
