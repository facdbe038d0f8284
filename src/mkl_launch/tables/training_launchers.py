"""Launchers of training on several processes, mostly of PyTorch. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.accelerate import ACCELERATE_FLAGS, ACCELERATE_SETTINGS, ACCELERATE_SEVERAL
from mkl_launch.tables.command_row import SWIFT, TRAINING, Command

# The program's script follows the first word that is no option, so no option may seem to have no value.
ONLY_VALUES = ("--help",)

ROWS: tuple[Command, ...] = (
    # torchtune hands the options before the recipe to torchrun.
    *(
        Command(
            name,
            TRAINING,
            source,
            one_process=False,
            starts_ranks=True,
            worker_options=("--nproc-per-node", "--nproc_per_node"),
            abbreviates=True,
            worker_variables=("PET_NPROC_PER_NODE",),
            per_cpu_values=("auto", "cpu"),
            per_gpu_values=("auto", "gpu"),
            flags=(
                *("--standalone", "--no-python", "--no_python", "--run-path", "--run_path"),
                *("-m", "--module", "--use-env", "--use_env"),
            ),
            subcommand=subcommand,
            modules=modules,
            is_common_word=name == "tune",
        )
        for name, source, subcommand, modules in (
            (
                "torchrun",
                "https://docs.pytorch.org/docs/stable/elastic/run.html",
                "",
                ("torch.distributed.run", "torch.distributed.launch"),
            ),
            ("tune", "https://docs.pytorch.org/torchtune/stable/tune_cli.html", "run", ()),
        )
    ),
    *(
        Command(
            name,
            TRAINING,
            "https://huggingface.co/docs/accelerate/package_reference/cli#accelerate-launch",
            one_process=False,
            starts_ranks=True,
            worker_options=("--num_processes", "-n"),
            machine_count_options=("--num_machines",),
            per_gpu_values=("",),
            flags=ACCELERATE_FLAGS,
            single_process_options=("--cpu",),
            multi_process_options=ACCELERATE_SEVERAL,
            subcommand=subcommand,
            modules=modules,
            settings_kind="yaml",
            settings_options=("--config_file",),
            settings_default=ACCELERATE_SETTINGS,
        )
        for name, subcommand, modules in (
            ("accelerate", "launch", ("accelerate.commands.accelerate_cli",)),
            ("accelerate-launch", "", ("accelerate.commands.launch",)),
        )
    ),
    Command(
        "deepspeed",
        TRAINING,
        "https://www.deepspeed.ai/getting-started/#resource-configuration-single-node",
        one_process=False,
        starts_ranks=True,
        worker_options=("-i", "--include", "--num_gpus", "--num_accelerators"),
        abbreviates=True,
        per_gpu_values=("",),
        flags=(
            *("--force_multi", "--no_python", "--module", "--no_local_rank", "--bind_cores_to_rank"),
            *("--save_pid", "--no_ssh", "--no_ssh_check", "-q", "--quiet"),
        ),
        modules=("deepspeed.launcher.runner",),
        settings_kind="hosts",
        settings_options=("--hostfile", "-H"),
        settings_default=("/job/hostfile",),
    ),
    # `lightning run model` until version 2.2 (https://github.com/Lightning-AI/pytorch-lightning/pull/19442).
    *(
        Command(
            name,
            TRAINING,
            "https://github.com/Lightning-AI/pytorch-lightning/blob/master/src/lightning/fabric/cli.py",
            one_process=False,
            starts_ranks=True,
            worker_options=("--devices",),
            flags=ONLY_VALUES,
            subcommand=subcommand,
            modules=modules,
        )
        for name, subcommand, modules in (
            ("fabric", "run", ("lightning.fabric.cli", "lightning_fabric.cli")),
            ("lightning", "run model", ()),
        )
    ),
    Command(
        "colossalai",
        TRAINING,
        "https://github.com/hpcaitech/ColossalAI/blob/main/colossalai/cli/launcher/__init__.py",
        one_process=False,
        starts_ranks=True,
        worker_options=("--nproc_per_node",),
        flags=("--ssh-port", "-m"),
        subcommand="run",
    ),
    Command(
        "run_cpu",
        TRAINING,
        "https://github.com/pytorch/pytorch/blob/main/torch/backends/xeon/run_cpu.py",
        one_process=False,
        starts_ranks=True,
        worker_options=("--ninstances",),
        flags=(
            *(
                "--multi-instance",
                "--latency-mode",
                "--latency_mode",
                "--throughput-mode",
                "--throughput_mode",
            ),
            *(
                "--use-logical-core",
                "--disable-numactl",
                "--disable-taskset",
                "--disable-iomp",
                "--skip-cross-node-cores",
            ),
            *(
                "--enable-tcmalloc",
                "--enable-jemalloc",
                "--use-default-allocator",
                "-m",
                "--module",
                "--no-python",
            ),
        ),
        sets_child_threads=True,
        modules=("torch.backends.xeon.run_cpu",),
    ),
    Command(
        "llamafactory-cli",
        TRAINING,
        "https://github.com/hiyouga/LLaMA-Factory/blob/main/src/llamafactory/launcher.py",
        one_process=False,
        starts_ranks=True,
        worker_variables=("NPROC_PER_NODE",),
        per_gpu_values=("",),
        subcommand="train",
        aliases=("lmf",),
        single_process_without_gpus_unless=("FORCE_TORCHRUN", "USE_MCA"),
    ),
    # PHP's package manager has this name, too.
    Command(
        "composer",
        TRAINING,
        "https://github.com/mosaicml/composer/blob/main/composer/cli/launcher.py",
        one_process=False,
        starts_ranks=True,
        worker_options=("-n", "--nproc"),
        worker_variables=("LOCAL_WORLD_SIZE",),
        per_gpu_values=("",),
        flags=("-v", "--verbose", "-m", "--module_mode", "-c", "--command_mode"),
        evidence=("composer.cli",),
        is_common_word=True,
    ),
    Command(
        "xtuner",
        TRAINING,
        "https://github.com/InternLM/xtuner/blob/main/xtuner/entry_point.py",
        one_process=False,
        starts_ranks=True,
        worker_variables=("NPROC_PER_NODE",),
        subcommand="train",
    ),
    Command(
        "fleetrun",
        TRAINING,
        "https://github.com/PaddlePaddle/Paddle/blob/develop/python/paddle/distributed/launch/context/args_envs.py",
        one_process=False,
        starts_ranks=True,
        worker_options=("--nproc_per_node",),
        device_options=("--devices", "--gpus", "--npus", "--xpus"),
        worker_variables=("PADDLE_NPROC_PER_NODE",),
        per_gpu_values=("",),
        flags=ONLY_VALUES,
        modules=("paddle.distributed.launch", "paddle.distributed.fleet.launch"),
    ),
    Command(
        "msrun",
        TRAINING,
        "https://github.com/mindspore-ai/mindspore/blob/master/mindspore/python/mindspore/parallel/cluster/run.py",
        one_process=False,
        starts_ranks=True,
        per_machine_options=("--local_worker_num",),
        workers=8,
        flags=ONLY_VALUES,
    ),
    Command(
        "ipexrun",
        TRAINING,
        "https://github.com/intel/intel-extension-for-pytorch/tree/main/intel_extension_for_pytorch/launcher",
        one_process=False,
        starts_ranks=True,
        worker_options=("--ninstances", "--nprocs-per-node"),
        sets_child_threads=True,
        modules=("intel_extension_for_pytorch.cpu.launch",),
    ),
    *(
        Command(
            name,
            TRAINING,
            "https://github.com/modelscope/ms-swift/blob/main/swift/cli/main.py",
            one_process=False,
            starts_ranks=True,
            worker_variables=("NPROC_PER_NODE",),
            per_cpu_values=("auto", "cpu"),
            per_gpu_values=("auto", "gpu"),
            subcommand=subcommand,
            settings_kind=SWIFT,
        )
        for name, subcommands in (
            ("swift", ("pt", "sft", "rlhf", "infer")),
            ("megatron", ("pt", "sft", "rlhf", "export")),
        )
        for subcommand in subcommands
    ),
)
