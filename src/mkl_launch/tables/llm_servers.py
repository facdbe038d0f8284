"""Servers of language models. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import SERVING, Command

LLAMA = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"
TEI = "https://github.com/huggingface/text-embeddings-inference#docker"
OLLAMA = "https://github.com/ollama/ollama/blob/main/llm/llama_server.go"
OLLAMA_NEEDS = "`num_thread` in a request, where it is older than its use of llama-server"
SGLANG = "https://docs.sglang.ai/advanced_features/server_arguments.html"

ROWS: tuple[Command, ...] = (
    Command("llama-server", SERVING, LLAMA, reads_directly=("LLAMA_ARG_THREADS",)),
    Command("text-embeddings-router", SERVING, TEI),
    Command(
        "ollama",
        SERVING,
        OLLAMA,
        one_process=False,
        reads_directly=("LLAMA_ARG_THREADS",),
        user_action=OLLAMA_NEEDS,
        subcommand="serve",
    ),
    Command(
        "vllm",
        SERVING,
        "https://docs.vllm.ai/en/latest/configuration/engine_args/#parallelconfig",
        one_process=False,
        factors=(
            ("--tensor-parallel-size", "-tp"),
            ("--pipeline-parallel-size", "-pp"),
            ("--data-parallel-size", "-dp"),
        ),
        abbreviates=True,
        machine_count_options=("--nnodes",),
        modules=("vllm.entrypoints", "dynamo.vllm"),
        client_words=("bench serve", "chat", "complete", "collect-env"),
        # https://docs.vllm.ai/en/latest/serving/data_parallel_deployment/
        local_factor=("--data-parallel-size-local", "-dpl"),
        factor_variables=(
            ("SM_VLLM_TENSOR_PARALLEL_SIZE",),
            ("SM_VLLM_PIPELINE_PARALLEL_SIZE",),
            ("SM_VLLM_DATA_PARALLEL_SIZE",),
        ),
        # At the start, vLLM uses the mask and the quota; for serving, one thread:
        # https://github.com/vllm-project/vllm/pull/49919
        sizes_pools_since=("vllm", 0, 27),
        settings_kind="factors",
        settings_options=("--config",),
    ),
    Command(
        "sglang",
        SERVING,
        SGLANG,
        one_process=False,
        factors=(
            ("--tp", "--tp-size", "--tensor-parallel-size"),
            ("--pp", "--pp-size", "--pipeline-parallel-size"),
            ("--dp", "--dp-size", "--data-parallel-size"),
        ),
        machine_count_options=("--nnodes",),
        modules=("sglang.launch_server", "sglang_router.launch_server", "dynamo.sglang"),
        client_words=("sglang.bench_serving",),
        shared_options=("--enable-dp-attention",),
        factor_variables=(
            ("SM_SGLANG_TP", "SM_SGLANG_TP_SIZE", "SM_SGLANG_TENSOR_PARALLEL_SIZE"),
            ("SM_SGLANG_PP_SIZE", "SM_SGLANG_PIPELINE_PARALLEL_SIZE"),
            ("SM_SGLANG_DP_SIZE", "SM_SGLANG_DATA_PARALLEL_SIZE"),
        ),
        settings_kind="factors",
        settings_options=("--config",),
    ),
    Command(
        "trtllm-serve",
        SERVING,
        "https://nvidia.github.io/TensorRT-LLM/commands/trtllm-serve.html",
        one_process=False,
        factors=(("--tp_size",), ("--pp_size",)),
    ),
    Command(
        "lmdeploy",
        SERVING,
        "https://lmdeploy.readthedocs.io/en/latest/llm/api_server.html",
        one_process=False,
        factors=(("--tp",), ("--dp",)),
        subcommand="serve",
    ),
    Command(
        "text-generation-launcher",
        SERVING,
        "https://huggingface.co/docs/text-generation-inference/reference/launcher#numshard",
        one_process=False,
        worker_options=("--num-shard",),
        worker_variables=("NUM_SHARD",),
        per_gpu_values=("",),
        single_process_values=((("--sharded",), ("false",)),),
        aliases=("lorax-launcher",),
    ),
    Command(
        "litellm",
        SERVING,
        "https://docs.litellm.ai/docs/proxy/cli",
        one_process=False,
        worker_options=("--num_workers",),
        worker_variables=("NUM_WORKERS", "DEFAULT_NUM_WORKERS_LITELLM_PROXY"),
        single_process_options=("--run_hypercorn",),
    ),
    Command(
        "aphrodite",
        SERVING,
        "https://aphrodite.pygmalion.chat/usage/openai/",
        one_process=False,
        factors=(("--tensor-parallel-size", "-tp"), ("--pipeline-parallel-size", "-pp")),
        subcommand="run",
    ),
    Command(
        "lightllm",
        SERVING,
        "https://github.com/ModelTC/lightllm/blob/main/docs/EN/source/tutorial/api_server_args_zh.rst",
        one_process=False,
        factors=(("--tp",), ("--dp",)),
        modules=("lightllm.server",),
    ),
)
