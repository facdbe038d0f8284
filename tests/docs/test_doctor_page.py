"""The page and the example of the doctor agree with what it prints, and the example runs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from mkl_launch.report.doctor.diagnosis import VERDICTS
from mkl_launch.report.doctor.document import document
from mkl_launch.report.doctor.openmetrics import openmetrics
from mkl_launch.report.doctor.run import examine
from mkl_launch.report.doctor.table import HEADINGS
from mkl_launch.tables.container_paths import CONTAINER_PATHS
from testing.hosts import Box, Host
from testing.project import PROJECT

PAGE = (PROJECT / "docs" / "doctor.md").read_text(encoding="utf-8")
FOLDER = PROJECT / "examples" / "doctor"
(MANIFEST,) = yaml.safe_load_all((FOLDER / "daemonset.yaml").read_text(encoding="utf-8"))
POD: dict[str, Any] = MANIFEST["spec"]["template"]["spec"]


def test_the_page_has_every_column_and_verdict() -> None:
    for heading in HEADINGS:
        assert f"\n| {heading} |" in PAGE
    for verdict in VERDICTS:
        assert f"\n| `{verdict}` |" in PAGE
    for row in CONTAINER_PATHS:
        assert f"`{row.runtime}`" in PAGE


def test_the_page_shows_a_real_run() -> None:
    """`python -m testing.five_containers` writes it."""
    (shown,) = re.findall(r"```text\n\$ mkl-launch --doctor\n(.*?)```", PAGE, re.DOTALL)
    assert shown.split("\n")[0].split() == " ".join(HEADINGS).split()
    assert "5 containers, " in shown
    assert "throttled" in shown


def test_the_page_has_every_field_and_metric(tmp_path: Path) -> None:
    host = Host(tmp_path, [Box(1, quota=1, busy=2, throttled=9)])
    times = iter((1.0, 3.0))
    found = examine(host.root, 2, lambda: next(times), host.advance)
    shown = json.loads(json.dumps(document(found)))
    (container,) = shown["containers"]
    for field in (*shown, *container["throttled"], *container["would_set"]):
        assert f"`{field}`" in PAGE, field
    for field in container:
        assert f"`.{field}`" in PAGE, field
    families = list(text_string_to_metric_families(openmetrics(found) + "\n"))
    assert len(families) == 13
    for family in families:
        assert f"`{family.name}`" in PAGE, family.name
        for label in family.samples[0].labels:
            assert f"`{label}`" in PAGE, label


@pytest.mark.parametrize("version", ["1.30", kubernetes_validate.latest_version()])
def test_kubernetes_accepts_the_manifest(version: str) -> None:
    kubernetes_validate.validate(MANIFEST, version, strict=True)
    assert POD["hostPID"]


def test_the_manifest_writes_a_file_for_the_collector(launcher: str, tmp_path: Path) -> None:
    """The file appears when it is complete, and under the name that the page has."""
    (container,) = POD["containers"]
    mount, groups = container["volumeMounts"]
    assert groups["mountPath"] == "/sys/fs/cgroup"
    (script,) = container["args"]
    assert mount["mountPath"] in script
    words = [*container["command"], script.replace(mount["mountPath"], str(tmp_path))]
    environ = {"PATH": f"{Path(launcher).parent}:{os.environ['PATH']}"}
    with subprocess.Popen(words, env=environ, start_new_session=True) as process:
        try:
            file = tmp_path / "mkl_launch.prom"
            deadline = time.monotonic() + 300
            while not file.exists():
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.1)
            text = file.read_text(encoding="utf-8")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    assert "mkl_launch_doctor_sample_seconds" in {f.name for f in text_string_to_metric_families(text)}
    assert POD["volumes"][0]["hostPath"]["path"] in (FOLDER / "README.md").read_text(encoding="utf-8")
