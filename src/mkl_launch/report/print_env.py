"""The formats of `--print-env`: assignments for shells, containers, systemd and GitHub Actions. Pure."""

from __future__ import annotations

from mkl_launch.core.option_names import APPLIED, LINE_FORMATS
from mkl_launch.policy.plan import Plan
from mkl_launch.report.document import as_json

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%")


def assignments(plan: Plan, kind: str) -> str:
    """Return the settings in the format of --print-env.

    `sh`: commands of a POSIX shell; `docker`: an env-file; `kubernetes`: a part of a pod spec; `ecs`: of a
    task definition; `systemd`: a file for EnvironmentFile=; `github`: lines for $GITHUB_ENV.
    """
    values = {setting.name: setting.value for setting in plan.settings if setting.value is not None}
    if kind in LINE_FORMATS:
        quote = _for_systemd if kind == "systemd" else str
        return "\n".join(f"{name}={quote(value)}" for name, value in values.items() if value.isprintable())
    if kind == "sh":
        lines = [_exported(name, value) for name, value in values.items()]
        lines += [f"unset {setting.name}" for setting in plan.settings if setting.value is None]
        # With the note a launcher that is started later in that shell knows these values for its program.
        return "\n".join([*lines, _exported(APPLIED, plan.environ[APPLIED])])
    if kind == "ecs":  # ContainerDefinition.environment: a number as a value is refused
        return as_json([{"name": name, "value": value} for name, value in values.items()])
    # A JSON string is a YAML string; "$(NAME)" would be replaced (Container.env in the Kubernetes API).
    lines = [
        f"  - name: {name}\n    value: {as_json(value.replace('$(', '$$('))}"
        for name, value in values.items()
    ]
    return "\n".join(["env:", *lines])


def unprintable(plan: Plan, kind: str) -> tuple[str, ...]:
    """Return the names of the settings whose values this format cannot contain.

    These have one UTF-8 line for each variable: docker-run(1), --env-file; systemd.exec(5),
    EnvironmentFile=; https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    odd = (setting.name for setting in plan.settings if not (setting.value or "").isprintable())
    return tuple(odd) if kind in LINE_FORMATS else ()


def _for_systemd(value: str) -> str:
    """Return a value for EnvironmentFile=: in double quotes if a character has a meaning there.

    In double quotes, a backslash protects a double quote, a backslash, a dollar and a backquote.
    """
    if value and all(character in _PLAIN for character in value):
        return value
    return (
        '"' + "".join(f"\\{character}" if character in '"\\$`' else character for character in value) + '"'
    )


def _exported(name: str, value: str) -> str:
    """Return a shell command that exports a variable, with unprintable characters escaped."""
    if value.isprintable():
        return f"export {name}={quoted(value)}"
    # A command substitution strips trailing newlines, so a last character is added and removed again.
    data = "".join(f"\\0{byte:03o}" for byte in value.encode("utf-8", "surrogateescape"))
    return f"export {name}; {name}=$(printf %b '{data}_'); {name}=${{{name}%_}}"


def quoted(text: str) -> str:
    """Return a text as one word of a POSIX shell. shlex.quote does the same, but imports `re`."""
    if text and all(character in _PLAIN for character in text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
