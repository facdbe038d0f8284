"""Web servers and process supervisors. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import SERVICES, SERVING, Command

# The CPUs are not divided by the threads of a worker (`--threads 4`). Measured: four threads that call
# PyTorch at once on 2 CPUs make 420 to 890 calls a second with 2 OpenMP threads each, and 300 to 400 with
# 1.
# https://github.com/Unitech/pm2/blob/master/lib/binaries/CLI.js
PM2_VALUES = (
    *("-n", "--name", "-i", "--instances", "--interpreter", "--interpreter-args", "--node-args"),
    *("-o", "--output", "-e", "--error", "-l", "--log", "--log-type", "--log-date-format", "--env"),
    *("-p", "--pid", "-k", "--kill-timeout", "--listen-timeout", "--max-memory-restart", "--only"),
    *("--restart-delay", "--exp-backoff-restart-delay", "--max-restarts", "-u", "--user", "--uid", "--gid"),
    *("--namespace", "--cwd", "--hp", "-c", "--cron", "--cron-restart", "--watch-delay", "--delay"),
    *("--ignore-watch", "--stop-exit-codes", "--ext", "--parallel", "--filter-env", "--web"),
)

ROWS: tuple[Command, ...] = (
    Command(
        "gunicorn",
        SERVING,
        "https://docs.gunicorn.org/en/stable/settings.html#workers",
        one_process=False,
        worker_options=("-w", "--workers"),
        option_variables=("GUNICORN_CMD_ARGS",),
        worker_variables=("WEB_CONCURRENCY",),
        daemon_options=("-D", "--daemon"),
        letters="DR",
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
        abbreviates=True,
        worker_variables=("UWSGI_PROCESSES", "UWSGI_WORKERS"),
        daemon_options=("-d", "--daemonize"),
        aliases=("pyuwsgi", "uwsgi-core"),
        settings_kind="ini",
        settings_options=("--ini", "-i", "--yaml", "--yml", "-y", "--json", "-j"),
        settings_variables=("UWSGI_INI", "UWSGI_YAML", "UWSGI_JSON"),
        instance_folder_options=("--emperor",),
    ),
    Command(
        "fastapi",
        SERVING,
        "https://fastapi.tiangolo.com/deployment/server-workers/",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("WEB_CONCURRENCY",),
        subcommand="run",
        modules=("fastapi_cli",),
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
        single_process_options=("--debug-mode",),
    ),
    Command(
        "supervisord",
        SERVING,
        "https://supervisord.org/configuration.html#program-x-section-settings",
        one_process=False,
        modules=("supervisor.supervisord",),
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
        aliases=("foreman", "forego", "goreman", "overmind"),
        settings_kind="programs",
        settings_options=("-f", "--procfile"),
        settings_default=("Procfile",),
    ),
    Command(
        "hivemind",
        SERVING,
        "https://github.com/DarthSim/hivemind#usage",
        one_process=False,
        settings_kind="programs",
        settings_default=("Procfile",),
    ),
    Command(
        "circusd",
        SERVING,
        "https://circus.readthedocs.io/en/latest/configuration/",
        one_process=False,
        modules=("circus.circusd",),
        settings_kind="programs",
    ),
    # Supervisors of services, a folder each. `/init` of s6-overlay is a wrapper.
    *(
        Command(
            name,
            SERVING,
            source,
            one_process=False,
            settings_kind=SERVICES,
            settings_default=("/etc/service",),
        )
        for name, source in (
            ("runsvdir", "https://smarden.org/runit/runsvdir.8.html"),
            ("s6-svscan", "https://skarnet.org/software/s6/s6-svscan.html"),
            ("my_init", "https://github.com/phusion/baseimage-docker#adding-additional-daemons"),
        )
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
            command_value_options=PM2_VALUES,
            unread_endings=(".json", ".yml", ".yaml", ".config.js", ".config.cjs", ".config.mjs"),
        )
        for name, subcommand in (("pm2", "start"), ("pm2-runtime", ""))
    ),
    Command("daphne", SERVING, "https://github.com/django/daphne#running"),
    Command(
        "waitress-serve",
        SERVING,
        "https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html",
        modules=("waitress",),
    ),
    Command("flask", SERVING, "https://flask.palletsprojects.com/en/stable/cli/", subcommand="run"),
    # Of Flask-Dramatiq. Applications have commands of this name, too, so only the option counts.
    Command(
        "flask",
        SERVING,
        "https://flask-dramatiq.readthedocs.io/en/latest/reference.html",
        one_process=False,
        worker_options=("-p", "--processes"),
        subcommand="worker",
    ),
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
    Command(
        "litestar",
        SERVING,
        "https://github.com/litestar-org/litestar/blob/main/litestar/cli/commands/core.py",
        one_process=False,
        worker_options=("-W", "--wc", "--web-concurrency"),
        worker_variables=("WEB_CONCURRENCY",),
        subcommand="run",
        single_process_options=("-r", "--reload"),
    ),
    Command(
        "robyn",
        SERVING,
        "https://github.com/sparckles/Robyn/blob/main/robyn/argument_parser.py",
        one_process=False,
        worker_options=("--processes",),
        per_cpu_options=("--fast",),
        single_process_options=("--dev",),
    ),
    Command(
        "functions-framework",
        SERVING,
        "https://github.com/GoogleCloudPlatform/functions-framework-python/blob/main/src/functions_framework/_http/gunicorn.py",
        one_process=False,
        worker_variables=("WORKERS",),
        single_process_options=("--debug",),
        modules=("functions_framework",),
    ),
    Command(
        "open-webui",
        SERVING,
        "https://docs.openwebui.com/getting-started/env-configuration/#uvicorn_workers",
        one_process=False,
        worker_variables=("UVICORN_WORKERS",),
        subcommand="serve",
    ),
    Command(
        "langflow",
        SERVING,
        "https://docs.langflow.org/configuration-cli",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("LANGFLOW_WORKERS",),
        per_cpu_values=("-1",),  # two for each CPU, and one more
        subcommand="run",
    ),
    Command(
        "docling-serve",
        SERVING,
        "https://github.com/docling-project/docling-serve/blob/main/docling_serve/__main__.py",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("UVICORN_WORKERS", "WEB_CONCURRENCY"),
        subcommand="run",
    ),
    Command(
        "rasa",
        SERVING,
        "https://github.com/RasaHQ/rasa/blob/main/rasa/core/utils.py",
        one_process=False,
        worker_variables=("SANIC_WORKERS",),
        subcommand="run",
        settings_kind="endpoints",
        settings_options=("--endpoints",),
        settings_default=("endpoints.yml",),
        single_process_unless_setting="lock_store",  # its processes share a store of locks
    ),
    Command(
        "feast",
        SERVING,
        "https://docs.feast.dev/reference/feature-servers/python-feature-server",
        one_process=False,
        worker_options=("-w", "--workers"),
        per_cpu_values=("-1",),  # two for each CPU, and one more
        subcommand="serve",
    ),
)
