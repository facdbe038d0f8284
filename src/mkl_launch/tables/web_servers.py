"""Web servers and process supervisors. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import SERVING, Command

# The CPUs are not divided by the threads of a worker (`--threads 4`). Measured: four threads that call
# PyTorch at once on 2 CPUs make 420 to 890 calls a second with 2 OpenMP threads each, and 300 to 400 with
# 1.
ROWS: tuple[Command, ...] = (
    Command(
        "gunicorn",
        SERVING,
        "https://docs.gunicorn.org/en/stable/settings.html#workers",
        one_process=False,
        worker_options=("-w", "--workers"),
        option_variables=("GUNICORN_CMD_ARGS",),
        worker_variables=("WEB_CONCURRENCY",),
        single_process_options=("--check-config", "--print-config", "--version", "-v"),
        settings_kind="code",
        settings_options=("-c", "--config"),
        settings_default=("gunicorn.conf.py",),
    ),
    Command(
        "uvicorn",
        SERVING,
        "https://www.uvicorn.org/settings/#production",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("UVICORN_WORKERS", "WEB_CONCURRENCY"),
        single_process_options=("--reload",),
    ),
    Command(
        "hypercorn",
        SERVING,
        "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html",
        one_process=False,
        worker_options=("-w", "--workers"),
        settings_kind="toml",
        settings_options=("-c", "--config"),
    ),
    Command(
        "uwsgi",
        SERVING,
        "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#processes",
        one_process=False,
        worker_options=("-p", "--processes", "--workers"),
        worker_variables=("UWSGI_PROCESSES", "UWSGI_WORKERS"),
        aliases=("pyuwsgi", "uwsgi-core"),
        settings_kind="ini",
        settings_options=("--ini", "-i", "--yaml", "--yml", "-y", "--json", "-j"),
    ),
    Command(
        "fastapi",
        SERVING,
        "https://fastapi.tiangolo.com/deployment/server-workers/",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("WEB_CONCURRENCY",),
        subcommand="run",
    ),
    Command(
        "granian",
        SERVING,
        "https://github.com/emmett-framework/granian#options",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("GRANIAN_WORKERS",),
    ),
    Command(
        "sanic",
        SERVING,
        "https://sanic.dev/en/guide/running/running.html",
        one_process=False,
        worker_options=("-w", "--workers"),
        single_process_options=("--single-process", "--debug", "--dev"),
        per_cpu_options=("--fast",),
    ),
    Command(
        "mod_wsgi-express",
        SERVING,
        "https://github.com/GrahamDumpleton/mod_wsgi#getting-started",
        one_process=False,
        worker_options=("--processes",),
        subcommand="start-server",
    ),
    Command(
        "supervisord",
        SERVING,
        "https://supervisord.org/configuration.html#program-x-section-settings",
        one_process=False,
        settings_kind="programs",
        settings_options=("-c", "--configuration"),
        settings_default=(
            *("supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf"),
            "/etc/supervisor/supervisord.conf",
        ),
    ),
    Command(
        "honcho",
        SERVING,
        "https://honcho.readthedocs.io/en/latest/using_procfiles.html",
        one_process=False,
        subcommand="start",
        aliases=("foreman",),
        settings_kind="programs",
        settings_options=("-f", "--procfile"),
        settings_default=("Procfile",),
    ),
    Command(
        "circusd",
        SERVING,
        "https://circus.readthedocs.io/en/latest/configuration/",
        one_process=False,
        settings_kind="programs",
    ),
    *(
        Command(
            name,
            SERVING,
            "https://github.com/Unitech/pm2/blob/master/lib/binaries/Runtime4Docker.js",
            one_process=False,
            worker_options=("-i", "--instances"),
            per_cpu_values=("max", "0"),
            negative_offset=0,
            subcommand=subcommand,
        )
        for name, subcommand in (("pm2", "start"), ("pm2-runtime", ""))
    ),
    Command("daphne", SERVING, "https://github.com/django/daphne#running"),
    Command(
        "waitress-serve",
        SERVING,
        "https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html",
    ),
    Command("flask", SERVING, "https://flask.palletsprojects.com/en/stable/cli/", subcommand="run"),
    Command(
        "streamlit",
        SERVING,
        "https://docs.streamlit.io/develop/api-reference/cli/run",
        subcommand="run",
    ),
    *(
        Command(
            name,
            SERVING,
            source,
            one_process=False,
            worker_options=("--num-procs",),
            per_cpu_values=("0",),
            subcommand="serve",
        )
        for name, source in (
            ("panel", "https://panel.holoviz.org/how_to/server/commandline.html"),
            ("bokeh", "https://docs.bokeh.org/en/latest/docs/reference/command/subcommands/serve.html"),
        )
    ),
)
