"""Settings files whose values count as variables that are not set: of Airflow and of ms-swift.

Imported only for these.
"""

from __future__ import annotations

from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Program
from mkl_launch.program.settings_files.web_servers import MAX_TEXT, named_values, sections
from mkl_launch.tables.command_row import SWIFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

EXECUTOR, SINCE_3 = ("AIRFLOW__CORE__EXECUTOR", "LocalExecutor"), "apache_airflow_core"


def settings_as_variables(
    root: Root, program: Program, environ: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return the variables of a program that its settings file, or else its version, gives a value.

    https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html,
    https://github.com/modelscope/ms-swift/blob/main/swift/cli/main.py
    """
    row, text = program.row, program.settings_file[1][:MAX_TEXT]
    wanted = {*row.worker_variables, *dict(row.single_process_unless)} - environ.keys()
    if row.settings_kind == SWIFT:
        pairs = dict(named_values(text))
    else:
        pairs = {
            f"AIRFLOW__{section}__{name}".upper(): value
            for section, values in sections(text)
            for name, value in values.items()
        }
        if EXECUTOR[0] in wanted - pairs.keys() and _has(root, program, environ, SINCE_3):
            pairs.update((EXECUTOR,))
    return tuple((name, value) for name, value in pairs.items() if name in wanted)


def _has(root: Root, program: Program, environ: Mapping[str, str], distribution: str) -> bool:
    """Return whether the Python of a program has a distribution."""
    from mkl_launch.program.probe import installed, libraries

    own = libraries(root, program, environ)
    return bool(own and installed(root, own.python, (distribution,)))
