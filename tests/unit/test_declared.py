"""Limits from outside: a pod's by the Downward API, an ECS task's by the endpoint of the agent."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.host.declared import read_declared
from mkl_launch.host.ecs import MetadataError, task_limit
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import Declared
from testing.agent import agent, says
from testing.process import lines, machine, report, said, start, values

if TYPE_CHECKING:
    import http.server
    from collections.abc import Callable
    from pathlib import Path

LIMIT, REQUEST, ECS = "MKL_LAUNCH_CPU_LIMIT", "MKL_LAUNCH_CPU_REQUEST", "ECS_CONTAINER_METADATA_URI_V4"


# Kubernetes


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2", 2.0),
        ("2000", 2.0),
        ("1500m", 1.5),
        ("1500", 1.5),
        ("500", 0.5),
        ("8", 8.0),
        ("9", 0.009),
        ("2.5", 2.5),
        ("0", None),
        ("", None),
    ],
)
def test_reads_an_amount_with_either_divisor(text: str, amount: float | None) -> None:
    failures: list[str] = []
    assert read_declared(Root(), {REQUEST: text}, 8, failures) == Declared(request=amount)
    assert failures == []


@pytest.mark.parametrize("text", ["abc", "-1", "1e9", "nan", "inf", "1 2", "9" * 30, "2CPU"])
def test_reports_a_bad_amount_as_a_failure_only(text: str) -> None:
    failures: list[str] = []
    assert read_declared(Root(), {LIMIT: text}, 8, failures) == Declared()
    assert failures[0].startswith(f"{LIMIT}={text}: not a CPU count")


def test_reads_a_file_of_a_downward_api_volume(tmp_path: Path) -> None:
    (tmp_path / "cpu_request").write_text("1500\n")
    failures: list[str] = []
    found = read_declared(
        Root(), {REQUEST: str(tmp_path / "cpu_request"), LIMIT: str(tmp_path)}, 8, failures
    )
    assert found == Declared(request=1.5)
    assert "not a regular file" in failures[0]


def test_does_not_print_the_text_of_a_bad_file(tmp_path: Path) -> None:
    """It may be any file, with anything in it."""
    (tmp_path / "token").write_text("secret\n")
    failures: list[str] = []
    assert read_declared(Root(), {LIMIT: str(tmp_path / "token")}, 8, failures) == Declared()
    assert failures[0].startswith(f"{LIMIT}={tmp_path / 'token'}: not a CPU count")
    assert "secret" not in failures[0]


def pod(launcher: str, place: Path, quota: str = "max", *options: str, **environ: str) -> dict[str, Any]:
    root = machine(place)
    (root / "sys/fs/cgroup").mkdir(parents=True, exist_ok=True)
    (root / "sys/fs/cgroup/cpu.max").write_text(f"{quota} 100000\n")
    return report([launcher, "--sysroot", str(root), "--json", *options], environ)


@pytest.mark.parametrize(
    ("words", "environ", "expected"),
    [
        ("max", {REQUEST: "2500"}, (2, None)),
        ("max", {REQUEST: "2"}, (2, None)),
        ("max", {REQUEST: "2", LIMIT: "7910"}, (2, None)),  # the node's allocatable CPUs: no limit
        ("max", {LIMIT: "4"}, (8, None)),
        ("400000", {REQUEST: "2", LIMIT: "4"}, (4, "PASSIVE")),
        ("400000 --basis request", {REQUEST: "2", LIMIT: "4"}, (2, "PASSIVE")),
        ("max --basis limit", {REQUEST: "2"}, (8, None)),
        ("max --cpus 3", {REQUEST: "2"}, (3, "PASSIVE")),
        ("max", {REQUEST: "64000"}, (8, None)),
    ],
)
def test_counts_with_the_request_without_a_limit(
    launcher: str, tmp_path: Path, words: str, environ: Any, expected: tuple[int, str]
) -> None:
    """The first of the words is the quota."""
    found = pod(launcher, tmp_path, *words.split(), **environ)
    assert (found["budget"]["threads"], values(found)["OMP_WAIT_POLICY"]) == expected
    assert values(found)["KMP_AFFINITY"] is None, "a pod without CPUs of its own"
    assert found["warnings"] == []


def test_uses_the_declared_limit_if_no_control_group_is_visible(launcher: str, tmp_path: Path) -> None:
    root = machine(tmp_path)
    (root / "proc/self/mountinfo").write_text("")
    found = report([launcher, "--sysroot", str(root), "--json"], {LIMIT: "3000"})
    assert (found["budget"]["quota_cpus"], found["budget"]["threads"]) == (3, 3)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({LIMIT: "63770", REQUEST: "4000"}, (4, None)),  # what such a node has for pods, in thousandths
        ({LIMIT: "64", REQUEST: "4"}, (4, None)),  # the same with the divisor 1, which rounds up
        ({LIMIT: "63770", REQUEST: "4000", "MKL_LAUNCH_BASIS": "limit"}, (64, None)),
        ({LIMIT: "57600", REQUEST: "4000"}, (57, "PASSIVE")),  # nine tenths: some limit
        ({LIMIT: "6000", REQUEST: "4000"}, (6, "PASSIVE")),
        ({LIMIT: "63770", REQUEST: "63770"}, (63, "PASSIVE")),  # who asks for all of it may mean it
        ({LIMIT: "63770"}, (63, "PASSIVE")),
    ],
)
def test_ignores_a_limit_as_large_as_the_node_if_no_group_is_visible(
    launcher: str, tmp_path: Path, environ: dict[str, str], expected: tuple[int, str | None]
) -> None:
    """As in gVisor: what the Downward API shows for a limit that is not set is no limit."""
    root = machine(tmp_path, 64)
    (root / "proc/self/mountinfo").write_text("")
    found = report([launcher, "--sysroot", str(root), "--json"], environ)
    assert (found["budget"]["threads"], values(found)["OMP_WAIT_POLICY"]) == expected
    assert values(found)["KMP_AFFINITY"] is None
    reason = "63.77 CPUs by MKL_LAUNCH_CPU_LIMIT count as no limit: "
    if environ == {LIMIT: "63770", REQUEST: "4000"}:
        (why,) = [line for line in found["budget"]["why"] if line.startswith(reason)]
        assert why in said([launcher, "--sysroot", str(root), "--explain=all"], environ)


def test_reports_a_request_as_a_request(launcher: str, tmp_path: Path) -> None:
    """Nothing enforces it."""
    found = pod(launcher, tmp_path, **{REQUEST: "2500"})
    reasons = {setting["name"]: setting["reason"] for setting in found["settings"]}
    assert reasons["OMP_NUM_THREADS"] == "8 cores, a request of 2.5 CPUs"
    beside = pod(launcher, tmp_path, "400000", **{REQUEST: "2500"})
    reasons = {setting["name"]: setting["reason"] for setting in beside["settings"]}
    assert reasons["OMP_NUM_THREADS"] == "8 cores, a quota of 4 CPUs"


def test_a_report_says_whether_it_counts_with_limit_or_request(launcher: str, tmp_path: Path) -> None:
    found = pod(launcher, tmp_path, **{REQUEST: "2500"})
    assert "counting with 2.5 CPUs: the pod's request, by MKL_LAUNCH_CPU_REQUEST" in found["budget"]["why"]


# Amazon ECS


@pytest.mark.parametrize(
    ("limits", "cpus"),
    [
        ({"Limits": {"CPU": 0.25, "Memory": 512}}, 0.25),
        ({"Limits": {"CPU": 2, "Memory": 512}}, 2.0),
        ({"Limits": {"Memory": 512}}, None),
        ({"Limits": {}}, None),
        ({}, None),
    ],
)
def test_reads_the_limit_of_an_ecs_task(limits: dict[str, Any], cpus: float | None) -> None:
    with agent(says(limits)) as (uri, asked):
        assert task_limit(uri) == cpus
    assert asked == ["/v4/id/task"]


@pytest.mark.parametrize("cpu", [-1, 0, "2", True, [2], {}, 1e9, float("nan"), float("inf")])
def test_ignores_impossible_limits_of_an_ecs_agent(cpu: object) -> None:
    with (
        agent(says({"Limits": {"CPU": cpu}})) as (uri, _),
        pytest.raises(MetadataError, match=r"Limits\.CPU"),
    ):
        task_limit(uri)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[]", b"null", b'"x"', b'{"Limits": []}', b'{"Limits": 3}']
)
def test_a_malformed_answer_of_an_ecs_agent_is_an_error(body: bytes) -> None:
    with agent(says(body)) as (uri, _), pytest.raises(MetadataError):
        task_limit(uri)


def hangs(_: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(10)


def drops(request: http.server.BaseHTTPRequestHandler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


def floods(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 65536)


@pytest.mark.parametrize(
    "answer",
    [
        hangs,
        drops,
        floods,
        says({}, 404),
        says({}, 500),
        says({}, 302, Location="http://127.0.0.1:1/"),
    ],
    ids=["hangs", "drops", "floods", "refuses", "fails", "redirects"],
)
def test_a_silent_ecs_agent_costs_less_than_a_second(answer: Callable[[Any], None]) -> None:
    with agent(answer) as (uri, asked):
        begin = time.monotonic()
        with pytest.raises(MetadataError):
            task_limit(uri)
        assert time.monotonic() - begin < 3.5  # 0.9 s, and a machine that is busy
    assert set(asked) == {"/v4/id/task"}


# What comes first, and what drips after it.
DRIPS = {
    "the status line": (b"", b"H"),
    "a header": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: a\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "the length of a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "a body without an end": (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    "a body of a known length": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
}


def dripping(first: bytes, then: bytes) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    """Answer with a byte every 50 ms, so that no read times out, for 4 s, so that every launch ends."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.wfile.write(first)
        for _ in range(80):
            request.wfile.write(then)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize("what", DRIPS)
def test_a_slow_ecs_agent_costs_less_than_a_second(what: str) -> None:
    with agent(dripping(*DRIPS[what])) as (uri, asked):
        begin = time.monotonic()
        with pytest.raises(MetadataError, match=r"^TimeoutError: "):
            task_limit(uri)
        assert time.monotonic() - begin < 3.5  # 0.9 s, and a machine that is busy
    assert asked == ["/v4/id/task"]


def test_a_slow_ecs_agent_does_not_prevent_the_start(launcher: str) -> None:
    with agent(dripping(*DRIPS["a header"])) as (uri, _):
        begin = time.monotonic()
        done = start([launcher, "--", "echo", "started"], {ECS: uri})
        assert time.monotonic() - begin < 3.5  # 0.9 s, and a launch on a machine that is busy
    assert done.stdout == b"started\n"
    assert f"{ECS}: TimeoutError: " in lines(done)[0]


def test_retries_an_ecs_agent_that_starts_later() -> None:
    answers = iter([says({}, 503), says({}, 503), says({"Limits": {"CPU": 2}})])

    def in_turn(request: http.server.BaseHTTPRequestHandler) -> None:
        next(answers)(request)

    with agent(in_turn) as (uri, asked):
        assert task_limit(uri) == 2
    assert len(asked) == 3


@pytest.mark.parametrize(
    "uri",
    [
        *("http://example.com/v4", "http://93.184.215.14/v4", "http://10.0.0.1/v4", "http://localhost/v4"),
        *(
            "https://169.254.170.2/v4",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "169.254.170.2",
            "x",
            "http://",
        ),
        *("http://[::ffff:8.8.8.8]/", "http://127.0.0.1:99999/", "http://0x7f000001/"),
    ],
)
def test_asks_no_other_host_than_an_ecs_agent(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it connects"))
    with pytest.raises(MetadataError) as refused:
        task_limit(uri)
    assert uri not in str(refused.value), "it is nobody's business"


@pytest.mark.parametrize("path", ["a secret", "secret\x01", "secr\u00e9t", "secret\x7f"])
def test_does_not_print_a_bad_uri_of_an_ecs_agent(path: str) -> None:
    with pytest.raises(MetadataError) as refused:
        task_limit(f"http://127.0.0.1:9/v4/{path}")
    assert str(refused.value) == "not an HTTP URI with an IP address"


def no_http(request: http.server.BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"secret\r\n\r\n")


def test_does_not_print_an_answer_that_is_not_http() -> None:
    with (
        agent(no_http) as (uri, _),
        pytest.raises(MetadataError, match=r"^BadStatusLine$"),
    ):
        task_limit(uri)


def test_launches_with_one_thread_in_an_ecs_task_of_one_cpu(launcher: str) -> None:
    with agent(says({"Limits": {"CPU": 1}})) as (uri, _):
        found = report([launcher, "--json"], {ECS: uri})
        done = start([launcher, "--", "sh", "-c", "echo $OMP_NUM_THREADS $OMP_WAIT_POLICY"], {ECS: uri})
    assert (found["budget"]["quota_cpus"], found["budget"]["exclusive"]) == (1, False)
    assert "quota of 1 CPU: the ECS task, by its metadata" in found["budget"]["why"]
    assert done.stdout == b"1 PASSIVE\n"


def test_launches_in_an_ecs_task_without_agent(launcher: str) -> None:
    done = start([launcher, "--", "echo", "started"], {ECS: "http://127.0.0.1:9/v4/id"})
    assert done.stdout == b"started\n"
    assert f"{ECS}: ConnectionRefusedError" in lines(done)[0]
