"""Wrappers: Python project managers, tracers, profilers. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.wrapper_row import Wrapper

UV = "https://docs.astral.sh/uv/reference/cli/#uv-run"
UV_VALUES = (
    *("--with", "--with-editable", "--with-requirements", "--extra", "--no-extra", "--group", "--no-group"),
    *(
        "--only-group",
        "-p",
        "--python",
        "--project",
        "--directory",
        "--env-file",
        "--index",
        "--default-index",
    ),
    *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--package", "--from", "--cache-dir"),
    *(
        "--config-file",
        "-P",
        "--upgrade-package",
        "--refresh-package",
        "--reinstall-package",
        "--link-mode",
    ),
    *("-C", "--config-setting", "--resolution", "--prerelease", "--exclude-newer", "--index-strategy"),
    *("--color", "--keyring-provider", "--python-platform", "--allow-insecure-host", "-w"),
    *("-b", "--build-constraints", "-c", "--constraints", "--overrides", "--torch-backend"),
    *("--fork-strategy", "--upgrade-group", "--prerelease-package", "--exclude-newer-package"),
    *("--config-settings-package", "--no-binary-package", "--no-build-package", "--no-sources-package"),
    "--no-build-isolation-package",
)
CONDA = "https://docs.conda.io/projects/conda/en/latest/commands/run.html"
CONDA_VALUES = (
    "-n",
    "--name",
    "-p",
    "--prefix",
    "--cwd",
    "-r",
    "--root-prefix",
    "-a",
    "--attach",
    "-e",
    "--env",
)

ROWS: tuple[Wrapper, ...] = (
    # Python project managers
    Wrapper(
        "uv",
        UV,
        value_options=UV_VALUES,
        subcommands=("run", "tool run"),
        module_options=("-m", "--module"),
        takes_version=True,
    ),
    Wrapper(
        "uvx",
        "https://docs.astral.sh/uv/reference/cli/#uv-tool-run",
        value_options=UV_VALUES,
        takes_version=True,
    ),
    Wrapper(
        "poetry",
        "https://python-poetry.org/docs/cli/#run",
        value_options=("-C", "--directory", "-P", "--project"),
        subcommands=("run",),
    ),
    Wrapper("pipenv", "https://pipenv.pypa.io/en/latest/commands.html#run", subcommands=("run",)),
    Wrapper(
        "pdm",
        "https://pdm-project.org/latest/reference/cli/#run",
        value_options=("-p", "--project", "--venv", "-c", "--config"),
        subcommands=("run",),
    ),
    Wrapper("rye", "https://rye.astral.sh/guide/commands/run/", subcommands=("run",)),
    Wrapper(
        "hatch",
        "https://hatch.pypa.io/latest/cli/reference/#hatch-run",
        value_options=("-e", "--env", "-p", "--project", "--data-dir", "--cache-dir", "--config"),
        subcommands=("run",),
        takes_environment=True,
    ),
    Wrapper(
        "pipx",
        "https://pipx.pypa.io/stable/docs/#pipx-run",
        value_options=(
            *("--spec", "--python", "--pip-args", "-i", "--index-url", "--backend", "--with"),
            *("--python-args", "--fetch-python", "--cooldown"),
        ),
        subcommands=("run",),
        takes_version=True,
    ),
    Wrapper("conda", CONDA, value_options=CONDA_VALUES, subcommands=("run",)),
    Wrapper("mamba", CONDA, value_options=CONDA_VALUES, subcommands=("run",), aliases=("micromamba",)),
    Wrapper(
        "pixi",
        "https://pixi.sh/latest/reference/cli/pixi/run/",
        value_options=("-e", "--environment", "--manifest-path", "-m", "--color"),
        subcommands=("run", "exec"),
    ),
    # Programs that start a Python script or module
    Wrapper(
        "coverage",
        "https://coverage.readthedocs.io/en/latest/cmd.html#cmd-run",
        value_options=(
            "--rcfile",
            "--source",
            "--omit",
            "--include",
            "--concurrency",
            "--context",
            "--data-file",
        ),
        subcommands=("run",),
        python=True,
        module_options=("-m", "--module"),
    ),
    Wrapper(
        "memray",
        "https://bloomberg.github.io/memray/run.html",
        value_options=("-o", "--output", "--live-port", "-p"),
        subcommands=("run",),
        python=True,
        module_options=("-m",),
    ),
    Wrapper(
        "debugpy",
        "https://github.com/microsoft/debugpy#debugpy-cli-usage",
        value_options=(
            "--listen",
            "--connect",
            "--log-to",
            "--configure-subProcess",
            "--configure-qt",
            "--configure-node",
        ),
        python=True,
        module_options=("-m",),
    ),
    Wrapper(
        "cProfile",
        "https://docs.python.org/3/library/profile.html",
        value_options=("-o", "-s"),
        python=True,
        module_options=("-m",),
        aliases=("profile",),
    ),
    Wrapper(
        "scalene",
        "https://github.com/plasma-umass/scalene#usage",
        value_options=(
            *("-o", "--outfile", "-c", "--config", "--profile-interval", "--cpu-percent-threshold"),
            "--profile-only",
        ),
        subcommands=("run", ""),
        python=True,
        module_options=("-m",),
    ),
    Wrapper(
        "viztracer",
        "https://viztracer.readthedocs.io/en/latest/basic_usage.html",
        value_options=("-o", "--output_file", "--output_dir", "--tracer_entries", "--max_stack_depth"),
        python=True,
        module_options=("-m", "--module"),
    ),
    Wrapper(
        "kernprof",
        "https://kernprof.readthedocs.io/en/latest/",
        value_options=("-o", "--outfile", "-s", "--setup", "-p", "--prof-mod"),
        python=True,
        module_options=("-m",),
    ),
    # Tracers and agents
    Wrapper(
        "opentelemetry-instrument",
        "https://opentelemetry.io/docs/zero-code/python/",
        value_options=(
            *(
                "--traces_exporter",
                "--metrics_exporter",
                "--logs_exporter",
                "--service_name",
                "--id_generator",
            ),
            *("--exporter_otlp_endpoint", "--propagators", "--resource_attributes", "--tracer_provider"),
            *("--disabled_instrumentations", "--exporter_otlp_protocol", "--configurator", "--distro"),
        ),
    ),
    Wrapper("ddtrace-run", "https://ddtrace.readthedocs.io/en/stable/installation_quickstart.html"),
    Wrapper(
        "newrelic-admin",
        "https://docs.newrelic.com/docs/apm/agents/python-agent/installation/python-agent-admin-script-advanced-usage/",
        subcommands=("run-program", "run-python"),
    ),
    Wrapper(
        "py-spy",
        "https://github.com/benfred/py-spy#usage",
        value_options=("-o", "--output", "-f", "--format", "-r", "--rate", "-d", "--duration"),
        subcommands=("record", "top"),
    ),
    Wrapper(
        "strace",
        "https://man7.org/linux/man-pages/man1/strace.1.html",
        value_options=("-o", "-e", "-p", "-s", "-E", "-u", "-P", "-a", "-b", "-I", "-O", "-S", "-U", "-X"),
        aliases=("ltrace",),
    ),
    Wrapper(
        "perf",
        "https://man7.org/linux/man-pages/man1/perf-record.1.html",
        value_options=("-e", "--event", "-o", "--output", "-F", "--freq", "-c", "--call-graph", "-r", "-I"),
        subcommands=("stat", "record", "trace"),
    ),
    Wrapper("valgrind", "https://valgrind.org/docs/manual/manual-core.html#manual-core.started"),
    Wrapper(
        "time",
        "https://man7.org/linux/man-pages/man1/time.1.html",
        value_options=("-f", "--format", "-o", "--output"),
    ),
    Wrapper(
        "nsys",
        "https://docs.nvidia.com/nsight-systems/UserGuide/index.html#cli-profile-command-switch-options",
        value_options=(
            *("-o", "--output", "-t", "--trace", "-s", "--sample", "-d", "--duration", "-y", "--delay"),
            *(
                "-c",
                "--capture-range",
                "-f",
                "--force-overwrite",
                "-b",
                "--backtrace",
                "-w",
                "--show-output",
            ),
            *(
                "-x",
                "--stop-on-exit",
                "-e",
                "--env-var",
                "-n",
                "--inherit-environment",
                "-p",
                "--nvtx-capture",
            ),
        ),
        subcommands=("profile", "launch"),
    ),
    Wrapper(
        "ncu",
        "https://docs.nvidia.com/nsight-compute/NsightComputeCli/index.html#command-line-options",
        value_options=(
            *(
                "-o",
                "--export",
                "-k",
                "--kernel-name",
                "-c",
                "--launch-count",
                "-s",
                "--launch-skip",
                "--set",
            ),
            *("--section", "--metrics", "--target-processes", "--replay-mode"),
        ),
    ),
    Wrapper(
        "vtune",
        "https://www.intel.com/content/www/us/en/docs/vtune-profiler/user-guide/2025-4/vtune-command-line-interface.html",
        value_options=(
            "-collect",
            "-c",
            "-r",
            "-result-dir",
            "-knob",
            "-k",
            "-d",
            "-duration",
            "-search-dir",
        ),
    ),
    Wrapper(
        "logfire",
        "https://logfire.pydantic.dev/docs/reference/cli/",
        value_options=("--exclude", "--region", "--logfire-url"),
        subcommands=("run",),
        python=True,
        module_options=("-m", "--module"),
    ),
)
