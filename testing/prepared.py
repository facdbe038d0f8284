"""What some programs that start one command need first: links, a package, an encrypted file, settings."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

from testing.environments import environment
from testing.npm import modules
from testing.wrapped import environ

# Docker builds tini under another name; Debian calls the script of many images `wait-for-it`.
LINKS = {"docker-init": "tini", "wait-for-it.sh": "wait-for-it"}
PYENV = Path.home() / ".pyenv"
FILES = {
    "rc.json": '{"one": {"A": "b"}}',
    "shell.nix": 'derivation { name = "none"; system = builtins.currentSystem; builder = "/bin/sh"; }\n',
    # What `doppler run --passphrase secret --fallback FILE` has written: {"A":"b"}.
    "doppler": "4:base64:500000:8c1kY6GrpaE=-KQBqckxOmip2P0To-kPt4zSbTlNT5ZQOcJi4UB/+Tf2AxtWVqq18=",
    "etc/doas.conf": "permit nopass keepenv root\n",
}
PACKAGE, INFO = "gunicorn-1-py3-none-any.whl", "gunicorn-1.dist-info"


def prepare(place: Path, packages: Path | None = None) -> None:
    """Fill a folder with what they need. Skips the test if the programs of npm are not there.

    `packages` has the Gunicorn of the package that uvx and pipx install; without it, it is the real one.
    """
    for name in ("bin", "etc", "nix"):
        (place / name).mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text)
    for name, target in LINKS.items():
        (place / "bin" / name).symlink_to(f"/usr/bin/{target}")
    (place / "node_modules").symlink_to(modules())
    (real,) = environment("wrappers").glob("lib/python3*/site-packages")
    _write_package(place, packages or real)
    _write_secret(place)


def variables(place: Path) -> dict[str, str]:
    """Return an environment in which they find it, and each other."""
    given = environ(place, "starters")
    given["PATH"] += f":{environment('wrappers')}/bin:{modules()}/.bin"
    return {
        **given,
        "DOPPLER_TOKEN": "dp.st.none",
        "LOGFIRE_SEND_TO_LOGFIRE": "false",
        "NIX_BUILD_SHELL": "/bin/bash",
        "NIX_CONFIG": "build-users-group =",
        "NIX_REMOTE": "local",
        **{f"NIX_{name}_DIR": f"{place}/nix/{name}" for name in ("STORE", "STATE", "LOG", "CONF")},
        "PYENV_ROOT": str(PYENV),
        "PYENV_VERSION": "system",
        "SOPS_AGE_KEY_FILE": f"{place}/key",
        "SUPERVISOR_CONFIG_PATH": f"{place}/supervisord.conf",
        "npm_config_update_notifier": "false",
    }


def with_etc(place: Path) -> list[str]:
    """Return the words before a command that show it files in /etc that this machine has not."""
    mounted = f'mount -t overlay overlay -o lowerdir={place}/etc:/etc /etc && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", mounted, "sh"]


def _write_package(place: Path, packages: Path) -> None:
    """Write a package whose command is the Gunicorn in a folder, so that none is fetched."""
    files = {
        "gunicorn.pth": f"{packages}\n",
        f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: gunicorn\nVersion: 1\n",
        f"{INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{INFO}/entry_points.txt": "[console_scripts]\ngunicorn = gunicorn.__main__:run\n",
    }
    with zipfile.ZipFile(place / PACKAGE, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
        package.writestr(f"{INFO}/RECORD", "".join(f"{name},,\n" for name in (*files, f"{INFO}/RECORD")))


def _write_secret(place: Path) -> None:
    """Write a file that sops decrypts with the key in another one."""
    if not shutil.which("age-keygen"):
        return
    (place / "plain.yaml").write_text("A: b\n")
    _run(place, "age-keygen", "-o", "key")
    public = _run(place, "age-keygen", "-y", "key").strip()
    sops = environment("starters") / "bin" / "sops"
    (place / "secret.yaml").write_text(_run(place, str(sops), "encrypt", "--age", public, "plain.yaml"))


def _run(place: Path, *command: str) -> str:
    return subprocess.run(command, cwd=place, check=True, capture_output=True, text=True).stdout
