"""The examples of several processes are accepted by the tools that read them, and start as documented.

So does the page from run_cpu and ipexrun: it has all their options, and what it says of them is so.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from dockerfile_parse import DockerfileParser

from mkl_launch.core.cpulist import parse
from testing.environments import environment
from testing.process import PATH, report, said, start
from testing.project import PROJECT, skip_or_fail
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = PROJECT / "examples"
MPIJOB = EXAMPLES / "mpi-operator" / "mpijob.yaml"
PYTORCHJOB = EXAMPLES / "pytorchjob" / "pytorchjob.yaml"
SCRIPTS = sorted(EXAMPLES.glob("slurm/*.sbatch"))
CLUSTER = EXAMPLES / "ray" / "cluster.yaml"
BATCH = EXAMPLES / "aws-batch" / "job-definition.json"
DOCKERFILE = EXAMPLES / "instances" / "Dockerfile"
COMPOSE = EXAMPLES / "instances" / "compose.yaml"
TO_DEPLOY = [MPIJOB, PYTORCHJOB, *SCRIPTS, CLUSTER, BATCH, DOCKERFILE, COMPOSE]
FOLDERS = sorted({file.parent for file in TO_DEPLOY})
TRAIN = "/workspace/train.py"
CORES = len(os.sched_getaffinity(0))
each_file = pytest.mark.parametrize("file", TO_DEPLOY, ids=lambda file: f"{file.parent.name}/{file.name}")

# What a rank or an instance has: its CPUs, and which of how many the launcher took it for.
TELL = """
import json, os
note = dict(word.partition("=")[::2] for word in os.environ.get("MKL_LAUNCH_APPLIED", "").split())
told = {"mask": sorted(os.sched_getaffinity(0)), "rank": note.get("--ranks")}
os.write(1, (json.dumps(told) + "\\n").encode())
"""


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def yaml_of(file: Path) -> dict[str, Any]:
    """Return the document of a file, with a copy for each use of an anchor."""
    document: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(text_of(file))))
    return document


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_jsonschema(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


# --- Kubeflow

# Of kubeflow.org/v2beta1, whose definition has 570 kB: pods, which Kubernetes' own schema is for.
# https://github.com/kubeflow/mpi-operator/blob/master/pkg/apis/kubeflow/v2beta1/types.go
NUMBER, WORD, POLICY = {"type": "integer", "minimum": 0}, {"type": "string"}, {"type": "object"}


def fields(*required: str, **known: Any) -> dict[str, Any]:
    """Return the schema of an object with these fields and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": known,
    }


def one_of(*words: str) -> dict[str, Any]:
    return {"enum": words}


REPLICAS = fields(
    "template",
    replicas=NUMBER,
    restartPolicy=one_of("Never", "OnFailure"),
    template=POLICY,
)
RUN_POLICY = fields(
    activeDeadlineSeconds=NUMBER,
    backoffLimit=NUMBER,
    cleanPodPolicy=one_of("None", "Running", "All"),
    managedBy=WORD,
    schedulingPolicy=POLICY,
    suspend={"type": "boolean"},
    ttlSecondsAfterFinished=NUMBER,
)
MPIJOB_SCHEMA = fields(
    *("apiVersion", "kind", "metadata", "spec"),
    apiVersion=one_of("kubeflow.org/v2beta1"),
    kind=one_of("MPIJob"),
    metadata=POLICY,
    spec=fields(
        "mpiReplicaSpecs",
        launcherCreationPolicy=one_of("AtStartup", "WaitForWorkersReady"),
        mpiImplementation=one_of("OpenMPI", "Intel", "MPICH"),
        mpiReplicaSpecs=fields("Launcher", Launcher=REPLICAS, Worker=REPLICAS),
        runLauncherAsWorker={"type": "boolean"},
        runPolicy=RUN_POLICY,
        slotsPerWorker=NUMBER,
        sshAuthMountPath=WORD,
    ),
)
# Prints the fields of a PyTorchJob that Kubeflow's and Kubernetes' models lack, or have another type for.
MODELS = """
import json, sys
import kubeflow.training.models as own
from kubernetes.client import models as kubernetes

PLAIN = {"str": str, "int": int, "bool": bool, "object": object}

def wrong(kind, value, place):
    if kind in PLAIN:
        return [] if isinstance(value, PLAIN[kind]) else [f"{place}: not {kind}"]
    of, _, inner = kind.rstrip(")]").replace("[", "(").partition("(")
    if of == "list":
        return [fault for one in value for fault in wrong(inner, one, place)]
    if of == "dict":
        inner = inner.partition(", ")[2]
        return [fault for name, one in value.items() for fault in wrong(inner, one, f"{place}.{name}")]
    model = getattr(own, kind, None) or getattr(kubernetes, kind)
    attributes = {name: attribute for attribute, name in model.attribute_map.items()}
    found = [f"{place}.{name}: unknown" for name in value if name not in attributes]
    known = {attributes[name]: one for name, one in value.items() if name in attributes}
    model(**known)
    for attribute, one in known.items():
        found += wrong(model.openapi_types[attribute], one, f"{place}.{model.attribute_map[attribute]}")
    return found

print(json.dumps(wrong("KubeflowOrgV1PyTorchJob", json.load(sys.stdin), "")))
"""


def replicas(file: Path) -> dict[str, Any]:
    (found,) = (field for name, field in yaml_of(file)["spec"].items() if name.endswith("ReplicaSpecs"))
    assert isinstance(found, dict)
    return found


def container(file: Path, replica: str) -> dict[str, Any]:
    (found,) = replicas(file)[replica]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def mpi_operator_takes(folder: Path, job: dict[str, Any]) -> str:
    """Return the errors by the fields of its API; nothing for a correct document."""
    (folder / "schema.json").write_text(json.dumps(MPIJOB_SCHEMA), encoding="utf-8")
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    done = check_jsonschema("--schemafile", str(folder / "schema.json"), str(folder / "job.json"))
    return done.stdout if done.returncode else ""


def training_operator_takes(job: dict[str, Any]) -> list[str]:
    """Return the errors by the models of its SDK, such as missing fields; nothing if correct."""
    command = [str(environment("launchers") / "bin" / "python"), "-c", MODELS]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("version", ["1.30", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("file", [MPIJOB, PYTORCHJOB], ids=lambda file: file.stem)
def test_kubernetes_takes_the_pods(file: Path, version: str) -> None:
    for replica in replicas(file).values():
        spec = {"template": replica["template"]}
        spec["template"]["spec"]["restartPolicy"] = "Never"  # the operators set it
        job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job"}, "spec": spec}
        kubernetes_validate.validate(job, version, strict=True)


def test_the_mpi_operator_takes_the_job(tmp_path: Path) -> None:
    assert mpi_operator_takes(tmp_path, yaml_of(MPIJOB)) == ""


@pytest.mark.parametrize("broken", [{"slots": 2}, {"slotsPerWorker": "2"}, {"mpiReplicaSpecs": {}}])
def test_the_mpi_operator_refuses_a_broken_job(tmp_path: Path, broken: dict[str, Any]) -> None:
    job = yaml_of(MPIJOB)
    job["spec"].update(broken)
    assert mpi_operator_takes(tmp_path, job)


def test_the_training_operator_takes_the_job() -> None:
    job = yaml_of(PYTORCHJOB)
    assert job["apiVersion"] == "kubeflow.org/v1"
    assert training_operator_takes(job) == []


def test_the_training_operator_refuses_a_broken_job() -> None:
    job = yaml_of(PYTORCHJOB)
    job["spec"].update({"nprocPerNode": 2, "replicaSpecs": {}})
    job["spec"]["pytorchReplicaSpecs"]["Master"]["template"]["spec"]["containers"][0]["arguments"] = []
    assert training_operator_takes(job) == [
        ".spec.replicaSpecs: unknown",
        ".spec.nprocPerNode: not str",
        ".spec.pytorchReplicaSpecs.Master.template.spec.containers.arguments: unknown",
    ]


def test_the_training_operator_finds_the_containers_by_name() -> None:
    """https://www.kubeflow.org/docs/components/trainer/legacy-v1/user-guides/pytorch/."""
    assert {container(PYTORCHJOB, replica)["name"] for replica in replicas(PYTORCHJOB)} == {"pytorch"}


def test_there_are_as_many_ranks_as_slots() -> None:
    words = container(MPIJOB, "Launcher")["args"]
    slots = yaml_of(MPIJOB)["spec"]["slotsPerWorker"] * replicas(MPIJOB)["Worker"]["replicas"]
    assert int(words[words.index("-n") + 1]) == slots


@pytest.mark.parametrize(
    ("file", "field", "environ"),
    [
        (MPIJOB, "slotsPerWorker", "OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE={}"),
        (
            *(PYTORCHJOB, "nprocPerNode"),
            "TORCHELASTIC_RUN_ID=x OMP_NUM_THREADS=1 LOCAL_RANK=1 LOCAL_WORLD_SIZE={}",
        ),
    ],
    ids=["MPIJob", "PyTorchJob"],
)
def test_a_rank_has_the_threads_of_its_page(
    launcher: str, tmp_path: Path, file: Path, field: str, environ: str
) -> None:
    """On a machine with 72 CPUs, where the worker's limit is a quota."""
    limit = container(file, "Worker")["resources"]["limits"]["cpu"]
    sysroot(tmp_path, Spec(sockets=2, cores=18, threads=2, quota=float(limit)))
    words = environ.format(yaml_of(file)["spec"][field]).split()
    variables = {name: value for name, _, value in (word.partition("=") for word in words)}
    asked = [launcher, "-q", "--sysroot", str(tmp_path), "--json", "--", "python", TRAIN]
    assert report(asked, variables)["budget"]["threads"] == 4
    assert "four threads" in text_of(file.parent / "README.md")
    assert f"a limit of {limit} CPUs" in text_of(file.parent / "README.md")


# --- torchrun, as the operator and AWS Batch start it


def own_cpus(launcher: str, rank: int, size: int) -> list[int]:
    """Return the mask of a rank of torchrun here: its share, where the CPUs are this container's alone."""
    environ = {"TORCHELASTIC_RUN_ID": "x", "LOCAL_RANK": str(rank), "LOCAL_WORLD_SIZE": str(size)}
    budget = report([launcher, "-q", "--json", "--", "python"], environ)["budget"]
    return sorted(parse(budget["cpus"]) if budget["exclusive"] else os.sched_getaffinity(0))


def ranks_of(
    launcher: str, folder: Path, words: list[str], environ: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the reports of the ranks in a container of these words, through its ENTRYPOINT."""
    (folder / "train.py").write_text(TELL, encoding="utf-8")
    words = [word.replace(TRAIN, str(folder / "train.py")) for word in words]
    path = f"{Path(launcher).parent}:{environment('frameworks') / 'bin'}:{PATH}"
    done = start([launcher, "-q", "--", *words], {"PATH": path, "MKL_LAUNCH_LOG": "quiet", **environ})
    assert done.returncode == 0, done
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]
    return sorted(found, key=lambda one: str(one["rank"]))


def test_the_ranks_of_the_pytorchjob_have_their_shares(launcher: str, tmp_path: Path) -> None:
    """With the variables that the operator sets: https://github.com/kubeflow/trainer/pull/1840."""
    told = {"NPROC_PER_NODE": yaml_of(PYTORCHJOB)["spec"]["nprocPerNode"], "NNODES": "1", "NODE_RANK": "0"}
    told |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    environ = {f"PET_{name}": value for name, value in told.items()}
    found = ranks_of(launcher, tmp_path, container(PYTORCHJOB, "Master")["args"], environ)
    assert found == [{"mask": own_cpus(launcher, rank, 2), "rank": f"{rank}/2"} for rank in (0, 1)]


def batch_job() -> dict[str, Any]:
    job: dict[str, Any] = json.loads(text_of(BATCH))
    return job


def batch_refuses(job: dict[str, Any]) -> str:
    """Return the errors by AWS's own model of the request; nothing for a correct one."""
    model = ServiceModel(Loader().load_service_model("batch", "service-2"))
    shape = model.operation_model("RegisterJobDefinition").input_shape
    return str(ParamValidator().validate(job, shape).generate_report())


def test_batch_takes_the_job_definition() -> None:
    job = batch_job()
    assert batch_refuses(job) == ""
    assert job["type"] == "multinode"
    assert [group["targetNodes"] for group in job["nodeProperties"]["nodeRangeProperties"]] == ["0:"]


def test_batch_refuses_a_broken_job_definition() -> None:
    job = batch_job()
    job["nodeProperties"]["nodeRangeProperties"][0]["container"]["entryPoint"] = ["mkl-launch"]
    del job["nodeProperties"]["mainNode"]
    refused = batch_refuses(job)
    assert "Unknown parameter in nodeProperties.nodeRangeProperties[0].container" in refused
    assert 'Missing required parameter in nodeProperties: "mainNode"' in refused


def test_the_ranks_of_the_batch_job_have_their_shares(launcher: str, tmp_path: Path) -> None:
    """On the main node, which alone lacks the variable with its own address."""
    (group,) = batch_job()["nodeProperties"]["nodeRangeProperties"]
    words = [word.replace("29500", str(free_port())) for word in group["container"]["command"]]
    environ = {"AWS_BATCH_JOB_NUM_NODES": "1", "AWS_BATCH_JOB_NODE_INDEX": "0"}
    found = ranks_of(launcher, tmp_path, words, environ)
    assert found == [{"mask": own_cpus(launcher, rank, 2), "rank": f"{rank}/2"} for rank in (0, 1)]


# --- Slurm


@pytest.fixture
def slurm(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which Slurm's commands parse their words, but find no controller."""
    if not (shutil.which("sbatch") and shutil.which("srun")):
        skip_or_fail("sbatch and srun are not installed (slurm-client)")
    settings = {
        "ClusterName": "none",
        "SlurmctldHost": "localhost(127.0.0.1)",
        "SlurmctldPort": free_port(),
        "AuthType": "auth/none",
        "CredType": "cred/none",
        "TaskPlugin": "task/affinity",
        "MessageTimeout": 2,
        "NodeName": "none",
        "PartitionName": "all Nodes=none",
    }
    lines = [f"{name}={value}\n" for name, value in settings.items()]
    (tmp_path / "slurm.conf").write_text("".join(lines), encoding="utf-8")
    return {"SLURM_CONF": str(tmp_path / "slurm.conf"), "SLURM_CPUS_PER_TASK": "8"}


def srun_lines() -> list[str]:
    """Return every `srun` of the scripts and their page, with `true` for the launcher."""
    files = sorted(SCRIPTS[0].parent.iterdir())
    lines = [line for file in files for line in text_of(file).splitlines() if line.startswith("srun ")]
    return [line.partition("mkl-launch")[0] + "true" for line in lines]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_sbatch_accepts_the_script(script: Path, slurm: dict[str, str]) -> None:
    """With a wrong option it would not get so far."""
    assert start(["bash", "-n", str(script)]).returncode == 0
    done = start(["sbatch", str(script)], slurm)
    assert b"Unable to contact slurm controller" in done.stderr, done


@pytest.mark.parametrize("line", srun_lines())
def test_srun_accepts_the_line(line: str, slurm: dict[str, str]) -> None:
    done = start(["sh", "-c", line], slurm)
    assert b"Unable to contact slurm controller" in done.stderr, done


@pytest.mark.parametrize(
    ("right", "wrong", "refused"),
    [
        ("--ntasks-per-node=4", "--ntasks-per-machine=4", b"unrecognized option"),
        ("--time=01:00:00", "--time=an-hour", b"Invalid --time specification"),
        ("--nodes=2", "--nodes=two", b"not a valid node count"),
    ],
)
def test_sbatch_refuses_a_broken_script(
    tmp_path: Path, slurm: dict[str, str], right: str, wrong: str, refused: bytes
) -> None:
    script = tmp_path / "broken.sbatch"
    script.write_text(text_of(SCRIPTS[-1]).replace(right, wrong), encoding="utf-8")
    assert refused in start(["sbatch", str(script)], slurm).stderr


# --- Ray

# Reads a cluster as `ray up` does, and prints the last command of a worker as it is run there.
UP = """
import json, sys
from ray.autoscaler._private.command_runner import _with_interactive
from ray.autoscaler._private.util import prepare_config, validate_config, with_head_node_ip

config = prepare_config(json.load(sys.stdin))
validate_config(config)
(command,) = with_head_node_ip(config["worker_start_ray_commands"][-1:], "10.0.0.10")
print(" ".join(_with_interactive(command)))
"""


def ray_up(cluster: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    command = [str(environment("workers") / "bin" / "python"), "-c", UP]
    return subprocess.run(command, input=json.dumps(cluster), capture_output=True, text=True, check=False)


def test_ray_refuses_a_broken_cluster() -> None:
    done = ray_up({**yaml_of(CLUSTER), "worker_commands": []})
    assert done.returncode == 1
    assert "'worker_commands' was unexpected" in done.stderr


def test_a_worker_of_the_cluster_starts_with_its_cpus_and_without_a_number_of_threads(
    launcher: str, tmp_path: Path
) -> None:
    """As `ray up` runs it, with a stand-in for Ray: test_workers.py has Ray itself."""
    done = ray_up(yaml_of(CLUSTER))
    assert done.returncode == 0, done.stderr
    assert "export OMP_NUM_THREADS=1" in done.stdout
    ray = tmp_path / "ray"
    ray.write_text('#!/bin/sh\necho "started $* with ${OMP_NUM_THREADS-no number}"\n', encoding="utf-8")
    ray.chmod(0o755)
    path = f"{tmp_path}:{Path(launcher).parent}:{PATH}"
    (tmp_path / ".bashrc").write_text(f"export PATH={path}\n", encoding="utf-8")
    shell = start(["sh", "-c", done.stdout], {"HOME": str(tmp_path), "MKL_LAUNCH_LOG": "quiet"})
    cpus = report([launcher, "-q", "--json", "--", "python"])["budget"]["logical"]
    (said_so,) = re.findall("started (.*)", shell.stdout.decode())
    assert said_so == f"start --num-cpus={cpus} --address=10.0.0.10:6379 with no number"


# --- Instances


def entry() -> list[str]:
    """Return the ENTRYPOINT and the CMD of the image."""
    parsed = DockerfileParser(fileobj=io.BytesIO(DOCKERFILE.read_bytes())).structure
    words = {part["instruction"]: part["value"] for part in parsed}
    return [*json.loads(words["ENTRYPOINT"]), *json.loads(words["CMD"])]


def published() -> range:
    (ports,) = yaml_of(COMPOSE)["services"]["scoring"]["ports"]
    first, last = map(int, ports.partition(":")[0].split("-"))
    return range(first, last + 1)


def two_free_ports() -> int:
    """Return the first of two that end in 0 and 1, as those of the example."""
    for port in range(20000, 30000, 10):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError


# Its CPUs, and the process that gunicorn itself is.
APP = """
import json, os

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"mask": sorted(os.sched_getaffinity(0)), "server": os.getppid()}).encode()]
"""


def ask(port: int) -> dict[str, Any]:
    """Return the answer of the server on this port, as soon as there is one."""
    deadline = time.monotonic() + 300
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, f"nobody listens on port {port}"
            time.sleep(0.05)


def parent(pid: int) -> int:
    """Return the parent of a process; 0 if the process has ended."""
    try:
        return int(text_of(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[1])
    except FileNotFoundError:
        return 0


@contextlib.contextmanager
def serving(launcher: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """Yield the image's command with the real gunicorn, on ports that are free here."""
    (folder / "scoring.py").write_text(APP, encoding="utf-8")
    port = two_free_ports()
    words = [word.replace("0.0.0.0:808", f"127.0.0.1:{port // 10}") for word in entry()]
    environ = {"PATH": f"{environment('workers') / 'bin'}:{PATH}", "MKL_LAUNCH_LOG": "quiet"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [launcher, *words[1:]],
            env=environ,
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    try:
        yield process, [port + number for number in range(len(published()))]
    finally:
        process.kill()  # the instances end with it
        process.wait()


def test_an_instance_listens_on_each_published_port() -> None:
    words = entry()
    count = int(words[words.index("--instances") + 1])
    (bind,) = (word for word in words if "{instance}" in word)
    ports = [int(bind.rpartition(":")[2].replace("{instance}", str(number))) for number in range(count)]
    assert ports == list(published())


def test_compose_takes_the_file() -> None:
    done = check_jsonschema("--builtin-schema", "vendor.compose-spec", str(COMPOSE))
    assert done.returncode == 0, done.stdout
    assert (COMPOSE.parent / yaml_of(COMPOSE)["services"]["scoring"]["build"] / "Dockerfile").samefile(
        DOCKERFILE
    )


def test_the_servers_have_cores_of_their_own_and_come_back(launcher: str, tmp_path: Path) -> None:
    with serving(launcher, tmp_path) as (process, ports):
        found = [ask(port) for port in ports]
        if CORES > 1 and report([launcher, "-q", "--json", "--", "python"])["budget"]["exclusive"]:
            assert not set(found[0]["mask"]) & set(found[1]["mask"])
        os.kill(found[1]["server"], signal.SIGKILL)
        deadline = time.monotonic() + 300
        # Its worker may still answer for a second, as a child of somebody else.
        while (again := ask(ports[1])["server"]) == found[1]["server"] or parent(again) != process.pid:
            assert time.monotonic() < deadline, f"{again} is no server that was started again"
            time.sleep(0.05)
        assert ask(ports[0]) == found[0]
        process.terminate()
        assert process.wait(timeout=300) == 0


# --- All of them


@each_file
def test_no_number_of_threads_is_written_down(file: Path) -> None:
    text = text_of(file).replace("OMP_NUM_THREADS=auto", "")
    assert not re.search(r"(NUM_THREADS|PARALLELISM|AFFINITY|BLOCKTIME)", text)


@each_file
def test_the_launcher_has_every_option_of_an_example(file: Path, launcher: str) -> None:
    known = said([launcher, "--help"])
    text = re.sub(r'[",]', " ", text_of(file))
    starts = re.findall(r"mkl-launch((?: +--[a-z][a-z-]+(?: +[^-\s]\S*)?)*) +--(?: |$)", text)
    assert starts or "mkl-launch --" not in text
    for option in re.findall(r"--[a-z-]+", " ".join(starts)):
        assert option in known, option


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_example_is_on_the_page_of_its_folder(folder: Path) -> None:
    for file in TO_DEPLOY:
        assert file.parent != folder or f"({file.name})" in text_of(folder / "README.md"), file
