"""Stand-ins for AWS's Deep Learning Containers: the ENTRYPOINT, the CMD and the shape of the scripts, none of the code.

Each is started through the installed launcher under a real quota; the program at the end writes down its words and
how many threads it was given. docs/aws-images.md has every image.
"""

# ruff: noqa: E501  # lines of scripts
from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.cgroups import limited, why_not
from testing.images import IMAGE as PREPARED_IMAGE
from testing.process import PATH
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

    from testing.podman import Podman

ENDS = (  # the programs, which tell what has reached them
    "llama-server text-embeddings-router tensorflow_model_server torchrun gunicorn uvicorn ray vllm train nginx"
    " standard-supervisor multi-model-server nvidia-smi"
)
TELL = '#!/bin/sh\n[ "${0##*/}" = %s ] && echo "${0##*/} $* ${OMP_NUM_THREADS-unset}" >>%s\nexit 0\n'
HANDS_ON = (
    '#!/bin/bash\nset -e\nFILE=/x/libcuda.so.1\nif [ -f "$FILE" ]; then\n'
    "  NEWEST=$(readlink \"$FILE\" | cut -d'.' -f 3-)\n"
    '  if [ -n "$NEWEST" ]; then\n    export LD_LIBRARY_PATH=/x:${LD_LIBRARY_PATH}\n  fi\nfi\nexec "$@"\n'
)
VARIABLES_TO_OPTIONS = (
    "PREFIX=\"SM_X_\"\nARGS=()\nwhile IFS='=' read -r key value; do\n"
    "    name=$(echo \"${key#\"${PREFIX}\"}\" | tr '[:upper:]' '[:lower:]' | tr '_' '-')\n"
    '    if [ "$value" = "true" ]; then\n        ARGS+=("--${name}")\n'
    '    else\n        ARGS+=("--${name}")\n        if [ -n "$value" ]; then\n'
    '            ARGS+=("$value")\n        fi\n    fi\ndone < <(env | grep "^${PREFIX}" || true)\n'
)


class Image(NamedTuple):
    """Scripts by their names, ENTRYPOINT and CMD, the program at the end, its words, its threads."""

    scripts: dict[str, str]
    words: str
    program: str
    arguments: str
    threads: str
    environ: dict[str, str] = {}  # noqa: RUF012  # never written to


# Under a quota of 2 CPUs: 2 threads in one process, 1 in each of two, none where the program gives its own.
IMAGES = {
    "pytorch, EC2": Image(
        {"entrypoint.sh": HANDS_ON},
        "entrypoint.sh torchrun --nproc-per-node 2 t.py",
        "torchrun",
        "--nproc-per-node 2 t.py",
        "1",
    ),
    "pytorch, SageMaker": Image(
        {
            "start_with_right_hostname.sh": "#!/usr/bin/env bash\nbash telemetry.sh >/dev/null 2>&1 || true\n"
            'CUDA=$(true)\nif [ "$CUDA" = "True" ]; then\n  bash compat.sh\nfi\n'
            'if [[ "$1" = "train" ]]; then\n  HOST=$(true)\n  train\nelse\n  eval "$@"\nfi\n'
        },
        "bash -m start_with_right_hostname.sh gunicorn -w 2 app:app",
        "gunicorn",
        "-w 2 app:app",
        "1",
    ),
    "pytorch, SageMaker, train": Image(
        {
            "start_with_right_hostname.sh": '#!/usr/bin/env bash\nif [[ "$1" = "train" ]]; then\n  train\n'
            'else\n  eval "$@"\nfi\n'
        },
        "bash -m start_with_right_hostname.sh train",
        "train",
        "",
        "2",
    ),
    "tensorflow inference": Image(
        {
            "dockerd_entrypoint.sh": "#!/bin/bash\nPACKAGE=$(true | grep x | cut -d ' ' -f 1)\n"
            'if [[ ${PACKAGE} == *"gpu"* ]]; then\n  source compat.sh\nfi\nexec "$@"\n',
            "tf_serving_entrypoint.sh": '#!/bin/bash\nexec tensorflow_model_server --port=8500 "$@"\n',
        },
        "bash -m dockerd_entrypoint.sh tf_serving_entrypoint.sh",
        "tensorflow_model_server",
        "--port=8500 --tensorflow_intra_op_parallelism=2 --tensorflow_inter_op_parallelism=2",
        "2",
    ),
    "scikit-learn, serve": Image(
        {
            "serve": "#!/usr/bin/env python3\nimport os, sys\n# from sagemaker_x.serving import main\n"
            "os.execvp('multi-model-server', ['multi-model-server', '--start'])\n"
        },
        "serve",
        "multi-model-server",
        "--start",
        "1",
        {"SAGEMAKER_MODEL_SERVER_WORKERS": "2"},
    ),
    "llama.cpp, EC2": Image(
        {
            "serve": '#!/bin/bash\nbash telemetry.sh >/dev/null 2>&1 || true\nKEY=()\nif [ -n "${KEY_:-}" ]; then\n'
            '  KEY=(--api-key "${KEY_}")\nfi\nexec llama-server --host 0.0.0.0 "${KEY[@]}" "$@"\n'
        },
        "serve --model /m.gguf",
        "llama-server",
        "--host 0.0.0.0 --model /m.gguf",
        "2",
    ),
    "llama.cpp, SageMaker": Image(
        {
            "serve": f"#!/bin/bash\nset -euo pipefail\n{VARIABLES_TO_OPTIONS}"
            'llama-server --port 8081 ${ARGS[@]+"${ARGS[@]}"} &\nPID=$!\n'
            'stop() { kill "${PID}" 2>/dev/null || true; }\nwait "${PID}"\nexec nginx -g "daemon off;"\n'
        },
        "serve serve",
        "llama-server",
        "--port 8081",
        "2",
    ),
    "TEI": Image(
        {
            "entrypoint.sh": '#!/bin/bash\nif [[ -z "${ID}" ]]; then\n    exit 1\nfi\nexport MODEL_ID="${ID}"\n'
            "exec text-embeddings-router --port 8080\n"
        },
        "entrypoint.sh",
        "text-embeddings-router",
        "--port 8080",
        "2",
        {"ID": "m"},
    ),
    "Ray, EC2": Image(
        {
            "dockerd_entrypoint.sh": "#!/bin/bash\nset -e\nif command -v no-such-smi >/dev/null 2>&1; then\n"
            "    N=$(no-such-smi | wc -l)\nelse\n    N=0\nfi\nray start --head --num-gpus=${N}\nsleep 0.01\n"
            'if [ $# -gt 0 ]; then\n    T="$1"\nelse\n    exit 1\nfi\nexec serve run "${T}"\n',
            "serve": "#!/usr/bin/env python3\n",
        },
        "dockerd_entrypoint.sh app:app",
        "ray",
        "start --head --num-gpus=0",
        "unset",
    ),
    "vllm, EC2": Image(
        {
            "dockerd_entrypoint.sh": '#!/bin/bash\nbash telemetry.sh >/dev/null 2>&1 || true\nvllm serve "$@"\n'
        },
        "dockerd_entrypoint.sh --model m --tensor-parallel-size 2",
        "vllm",
        "serve --model m --tensor-parallel-size 2",
        "1",
    ),
    "openfold3": Image(
        {
            "serve": "#!/bin/bash\nset -e\nif command -v no-such-smi >/dev/null 2>&1; then\n    bash compat.sh\nfi\n"
            "exec gunicorn \\\n    --workers 1 \\\n    --threads 8 \\\n    app:app\n"
        },
        "serve",
        "gunicorn",
        "--workers 1 --threads 8 app:app",
        "2",
    ),
    "whisperx, SageMaker": Image(
        {
            "sagemaker_entrypoint.sh": "#!/usr/bin/env bash\nset -euo pipefail\n"
            'export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}"\nif [ "${1:-serve}" = "serve" ]; then\n'
            '  shift || true\nfi\nexec uvicorn app:app \\\n  --port 8080 \\\n  "$@"\n'
        },
        "sagemaker_entrypoint.sh serve --workers 2",
        "uvicorn",
        "app:app --port 8080 --workers 2",
        "1",
    ),
}


def put_programs(image: Image, folder: Path, told: Path) -> Path:
    """Write the image's scripts and the programs at the end, which append their words to `told`."""
    programs = folder / "bin"
    programs.mkdir()
    texts = dict.fromkeys(ENDS.split(), TELL % (image.program, told))
    for file, text in {**texts, **image.scripts}.items():
        (programs / file).write_text(text)
        (programs / file).chmod(0o755)
    return programs


def first_words(told: Path) -> list[str]:
    """Return what the first program wrote down."""
    return told.read_text().split("\n")[0].split()


def expected(image: Image) -> list[str]:
    """Return the words of the program at the end and its number of threads."""
    return f"{image.program} {image.arguments} {image.threads}".split()


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_starts_its_program_with_the_expected_threads(
    name: str, tmp_path: Path, launcher: str
) -> None:
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    image, told = IMAGES[name], tmp_path / "told"
    programs = put_programs(image, tmp_path, told)
    environ = {"PATH": f"{programs}:{PATH}", **image.environ}
    with limited(quota=2.0) as limit:
        argv = list(limit.command([launcher, "-q", "--", *image.words.split()]))
        subprocess.run(argv, env=environ, cwd=tmp_path, check=False, timeout=300, stdin=subprocess.DEVNULL)
    assert first_words(told) == expected(image)


@pytest.mark.parametrize("name", IMAGES)
def test_a_container_of_an_image_starts_its_program_with_the_expected_threads(
    name: str, tmp_path: Path, podman: Podman
) -> None:
    """The image's ENTRYPOINT and CMD, behind the launcher's, in a real container with two CPUs."""
    image, told = IMAGES[name], tmp_path / "told"
    put_programs(image, tmp_path, told)
    path = f"/opt/mkl-launch/bin:{tmp_path}/bin:{PATH}"
    environ = (f"--env={name}={value}" for name, value in {"PATH": path, **image.environ}.items())
    options = ("--cpus", "2", f"--volume={tmp_path}:{tmp_path}", f"--workdir={tmp_path}", *environ)
    podman.run(PREPARED_IMAGE, *image.words.split(), options=options)
    assert first_words(told) == expected(image)


def test_every_image_is_documented() -> None:
    page = (PROJECT / "docs" / "aws-images.md").read_text(encoding="utf-8")
    for name in IMAGES:
        kind = {"TEI": "Text Embeddings Inference"}.get(name, name.partition(",")[0])
        assert f"| {kind}" in page
