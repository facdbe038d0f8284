"""The options and the settings file of `accelerate launch`, which other tools pass on to it."""

from __future__ import annotations

# Options without a value, of `accelerate launch`.
ACCELERATE_FLAGS = (
    *(
        "--quiet",
        "-q",
        "--cpu",
        "--multi_gpu",
        "--tpu",
        "--use_deepspeed",
        "--use_fsdp",
        "--use_megatron_lm",
    ),
    *(
        "--dynamo_use_fullgraph",
        "--dynamo_use_dynamic",
        "--dynamo_use_regional_compilation",
        "--module",
        "-m",
    ),
    *("--use_parallelism_config", "--same_network", "--no_python", "--tpu_cluster", "--no_tpu_cluster"),
    *("--tpu_use_sudo", "--downcast_bf16", "--debug", "--enable_cpu_affinity", "--ipex", "--use_xpu"),
)
# accelerate starts several processes only with one of these options, by its settings file, or on several
# GPUs. Otherwise it starts one process and ignores `--num_processes` (`launch_command` in
# https://github.com/huggingface/accelerate/blob/v1.15.0/src/accelerate/commands/launch.py).
ACCELERATE_SEVERAL = (
    *("--multi_gpu", "--use_fsdp", "--use_deepspeed", "--use_megatron_lm", "--tpu", "--mpirun_hostfile"),
)
ACCELERATE_SETTINGS = (
    "$HF_HOME/accelerate/default_config.yaml",
    "$XDG_CACHE_HOME/huggingface/accelerate/default_config.yaml",
    "$HOME/.cache/huggingface/accelerate/default_config.yaml",
)
