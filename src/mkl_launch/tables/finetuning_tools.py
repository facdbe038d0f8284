"""Tools that start a launcher of training with options of their own command line. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.accelerate import ACCELERATE_SETTINGS, ACCELERATE_SEVERAL
from mkl_launch.tables.command_row import SERVING, TRAINING, Command

TRL = "https://huggingface.co/docs/trl/clis"

ROWS: tuple[Command, ...] = (
    # The options of accelerate stand among those of the script, or in the file of `--config`. The names
    # that `--accelerate_config` knows are files of TRL, which say 8: without 8 GPUs, accelerate fails.
    *(
        Command(
            "trl",
            TRAINING,
            TRL,
            one_process=False,
            starts_ranks=True,
            worker_options=("--num_processes",),
            machine_count_options=("--num_machines",),
            per_gpu_values=("",),
            single_process_options=("--cpu",),
            single_process_values=((("--accelerate_config",), ("single_gpu",)),),
            multi_process_options=ACCELERATE_SEVERAL,
            subcommand=subcommand,
            settings_kind="yaml",
            settings_options=("--accelerate_config", "--config_file", "--config"),
            settings_default=ACCELERATE_SETTINGS,
        )
        for subcommand in ("sft", "dpo", "grpo", "kto", "reward", "rloo", "distillation")
    ),
    Command(
        "trl",
        SERVING,
        "https://github.com/huggingface/trl/blob/main/trl/scripts/vllm_serve.py",
        one_process=False,
        factors=(("--tensor_parallel_size",), ("--data_parallel_size",)),
        subcommand="vllm-serve",
    ),
    # The options after `--` are those of accelerate or torchrun.
    *(
        Command(
            "axolotl",
            TRAINING,
            "https://docs.axolotl.ai/docs/cli.html#launcher-arguments",
            one_process=False,
            starts_ranks=True,
            worker_options=("--num_processes", "--nproc_per_node"),
            machine_count_options=("--num_machines",),
            per_gpu_values=("", "auto", "gpu"),
            options_after_dashes=True,
            single_process_options=("--cpu",),
            single_process_values=((("--launcher",), ("python",)),),
            multi_process_options=ACCELERATE_SEVERAL,
            subcommand=subcommand,
            settings_kind="yaml",
            settings_options=("--config_file",),
            settings_default=ACCELERATE_SETTINGS,
        )
        for subcommand in ("train", "evaluate", "inference")
    ),
    # With the scheduler `local_cwd`, all processes of all replicas run here; the others start them
    # elsewhere.
    *(
        Command(
            "torchx",
            TRAINING,
            "https://docs.pytorch.org/torchx/latest/components/distributed.html",
            one_process=False,
            starts_ranks=True,
            worker_options=("-j", "--j"),
            workers=workers,
            multi_process_values=((("-s", "--scheduler"), ("local_cwd",)),),
            subcommand=component,
        )
        for component, workers in (("dist.ddp", 2), ("dist.spmd", 1))
    ),
)
