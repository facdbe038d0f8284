"""llama-server on a model of random weights: it computes on as many threads as there are CPUs."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import time
from pathlib import Path

import pytest

from testing.cgroups import limited, why_not
from testing.debian_testing import FOLDER, PROGRAM, wrapper
from testing.environments import environment
from testing.process import parse_environ
from testing.project import skip_or_fail
from testing.servers import PATIENCE, free_ports, listens

MODEL = """
import sys

import gguf
import numpy

WIDTH, INNER, WORDS = 64, 128, 300
BYTES = [b"<0x%02X>" % number for number in range(256)]
NAMES = [b"<unk>", b"<s>", b"</s>", *BYTES, *(b"word%d" % number for number in range(WORDS - 259))]
SHAPES = {
    "token_embd": (WORDS, WIDTH),
    "output": (WORDS, WIDTH),
    "output_norm": (WIDTH,),
    "blk.0.attn_norm": (WIDTH,),
    "blk.0.ffn_norm": (WIDTH,),
    **{f"blk.0.attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")},
    "blk.0.ffn_gate": (INNER, WIDTH),
    "blk.0.ffn_up": (INNER, WIDTH),
    "blk.0.ffn_down": (WIDTH, INNER),
}
writer = gguf.GGUFWriter(sys.argv[1], "llama")
writer.add_context_length(512)
writer.add_embedding_length(WIDTH)
writer.add_block_count(1)
writer.add_feed_forward_length(INNER)
writer.add_head_count(4)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_tokenizer_model("llama")
writer.add_token_list(NAMES)
writer.add_token_scores([0.0] * WORDS)
writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * (WORDS - 259))
random = numpy.random.default_rng(1)
for name, shape in SHAPES.items():
    writer.add_tensor(f"{name}.weight", random.normal(0, 0.02, shape).astype(numpy.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the model and with the program, started by a script."""
    if not (FOLDER / PROGRAM).exists():
        # Not a failure in CI either: Debian's testing suite may be without it for days.
        pytest.skip("llama-server is not fetched: python testing/debian_testing.py")
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    python = environment("applications") / "bin" / "python"
    subprocess.run([str(python), "-c", MODEL, str(tmp_path / "model.gguf")], check=True)
    (tmp_path / "llama-server").write_text(wrapper())
    (tmp_path / "llama-server").chmod(0o755)
    return tmp_path


def threads(place: Path, launch: list[str], quota: float) -> tuple[bytes | None, int]:
    """Return LLAMA_ARG_THREADS, and the number of threads of the server after it has computed."""
    port = free_ports()["inference"]
    words = [str(place / "llama-server"), "-m", str(place / "model.gguf"), "--port", str(port)]
    log = place / "log"
    backend = next((FOLDER / "usr/lib/x86_64-linux-gnu/ggml").glob("*/libggml-cpu-x64.so"))
    with limited(quota=quota) as limit, log.open("wb") as file:
        server = subprocess.Popen(
            limit.command([*launch, *words]),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={"PATH": "/usr/bin:/bin", "HOME": str(place), "GGML_BACKEND_PATH": str(backend)},
        )
        try:
            listens(port, log)
            assert len(complete(port)["content"]) > 0
            environ = parse_environ(Path(f"/proc/{server.pid}/environ").read_bytes())
            return environ.get(b"LLAMA_ARG_THREADS"), len(list(Path(f"/proc/{server.pid}/task").iterdir()))
        finally:
            server.kill()
            server.wait()


def complete(port: int) -> dict[str, str]:
    """Return what the model writes, as soon as it is loaded."""
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("POST", "/completion", json.dumps({"prompt": "a", "n_predict": 4}))
            answer = connection.getresponse()
            text = answer.read()
        if answer.status == http.client.OK:
            written: dict[str, str] = json.loads(text)
            return written
        assert time.monotonic() < deadline, text
        time.sleep(0.1)


def test_llama_server_computes_on_the_threads_of_the_quota(place: Path, launcher: str) -> None:
    """One thread computes under a quota of one CPU, and one more under a quota of two."""
    one = threads(place, [launcher, "-q", "--"], 1.0)
    two = threads(place, [launcher, "-q", "--"], 2.0)
    assert (one[0], two[0]) == (b"1", b"2")
    assert two[1] == one[1] + 1


def test_without_launch_llama_server_ignores_the_quota(place: Path) -> None:
    one, two = threads(place, [], 1.0), threads(place, [], 2.0)
    assert one == two
    assert one[0] is None
