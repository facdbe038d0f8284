"""Command lines of tools that start a launcher of training, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import Line, gpus

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://huggingface.co/docs/trl/clis": (
        Line(
            "trl sft --model_name_or_path Qwen/Qwen2.5-0.5B --dataset_name stanfordnlp/imdb",
            "trl",
            1,
            added=True,
        ),
        Line(
            "trl sft --model_name_or_path Qwen/Qwen2.5-0.5B --dataset_name stanfordnlp/imdb --num_processes 4",
            "trl",
            4,
            {},
            gpus(8),
            added=True,
        ),
        Line(
            "trl sft --config /sft_config.yaml",
            "trl",
            4,
            {},
            {
                "/sft_config.yaml": "model_name_or_path: Qwen/Qwen2.5-0.5B\ndataset_name: stanfordnlp/imdb\nnum_processes: 4\n",
                **gpus(8),
            },
            added=True,
        ),
        Line(
            "trl dpo --model_name_or_path m --dataset_name d --accelerate_config zero2",
            "trl",
            8,
            {},
            gpus(8),
            added=True,
        ),
        Line(
            "trl dpo --model_name_or_path m --dataset_name d --accelerate_config single_gpu",
            "trl",
            1,
            {},
            gpus(2),
            added=True,
        ),
        Line(
            "trl grpo --config /c.yaml --accelerate_config /zero3.yaml",
            "trl",
            2,
            {},
            {
                "/c.yaml": "learning_rate: 1e-4\n",
                "/zero3.yaml": "distributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 2\n",
            },
            added=True,
        ),
        Line(
            "trl vllm-serve --model Qwen/Qwen2.5-7B --tensor_parallel_size 2 --data_parallel_size 4",
            "trl",
            8,
            added=True,
        ),
    ),
    "https://docs.axolotl.ai/docs/cli.html#launcher-arguments": (
        Line(
            "axolotl train configs/axolotl/qwen1_5b_lora.yaml",
            "axolotl",
            2,
            {},
            gpus(2),
            added=True,
        ),
        Line(
            "axolotl train config.yml",
            "axolotl",
            4,
            {},
            gpus(4),
            added=True,
        ),
        Line(
            "axolotl train config.yml --launcher torchrun -- --nproc_per_node=2 --nnodes=1",
            "axolotl",
            2,
            {},
            gpus(4),
            added=True,
        ),
        Line(
            "axolotl train config.yml --launcher accelerate -- --config_file=/accelerate_config.yml --num_processes=3",
            "axolotl",
            3,
            {},
            {"/accelerate_config.yml": "distributed_type: MULTI_GPU\nnum_processes: 4\n"},
            added=True,
        ),
        Line(
            "axolotl train config.yml --launcher python",
            "axolotl",
            1,
            {},
            gpus(4),
            added=True,
        ),
    ),
    "https://docs.pytorch.org/torchx/latest/components/distributed.html": (
        Line("torchx run -s local_cwd dist.ddp -j 1x4 --script main.py", "torchx", 4, added=True),
        Line("torchx run -s local_cwd dist.ddp -j 2x4 --script main.py", "torchx", 8, added=True),
        # Its own parser takes these, too.
        Line("torchx run -slocal_cwd dist.ddp -j1x4 --script main.py", "torchx", 4, added=True),
        Line("torchx run -s=local_cwd dist.ddp --j=1:2x3 -m main", "torchx", 6, added=True),
        Line(
            "torchx run --scheduler local_cwd dist.ddp --script main.py -- --epochs 1",
            "torchx",
            2,
            added=True,
        ),
        Line(
            "torchx run -s kubernetes -cfg queue=default dist.ddp -j 2x4 --script main.py",
            "torchx",
            1,
            added=True,
        ),
    ),
    "https://github.com/axolotl-ai-cloud/axolotl": (
        Line(
            "/run.sh",
            "axolotl",
            2,
            {"AXOLOTL_LAUNCHER": "torchrun", "AXOLOTL_LAUNCHER_ARGS": "-- --nproc_per_node=2"},
            {
                "/run.sh": '#!/bin/bash\nset -eux\n\nexport NCCL_SOCKET_IFNAME="^docker0,lo"\nexport NCCL_IB_DISABLE=0\n\naxolotl preprocess train.yaml\naxolotl train train.yaml --launcher ${AXOLOTL_LAUNCHER} ${AXOLOTL_LAUNCHER_ARGS}\n'
            },
        ),
    ),
}
