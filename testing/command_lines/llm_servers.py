"""Command lines of servers of language models, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, Line

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://github.com/aws/deep-learning-containers/tree/main/scripts/docker": (
        Line(
            "/usr/bin/serve --model /m.gguf",
            "llama-server",
            1,
            {},
            {
                "/usr/bin/serve": "#!/bin/bash\nbash /x/telemetry.sh >/dev/null 2>&1 || true\nKEY=()\n"
                'if [ -n "${LLAMA_API_KEY:-}" ]; then\n  KEY=(--api-key "${LLAMA_API_KEY}")\nfi\n'
                'exec llama-server --host 0.0.0.0 --port 8080 "${KEY[@]}" "$@"\n'
            },
        ),
        Line(
            "/usr/bin/serve serve",
            "llama-server",
            1,
            {},
            {
                "/usr/bin/serve": "#!/bin/bash\nset -euo pipefail\nARGS=()\nwhile IFS='=' read -r key value; do\n"
                '  case "${key}" in\n    "${P}MODEL"|"${P}PORT") continue ;;\n  esac\n  ARGS+=("--${key}")\n'
                "done < <(env | grep '^P_' || true)\nllama-server --port 8081 \"${ARGS[@]}\" &\nPID=$!\n"
                'stop() { kill "${PID}"; }\ntrap stop EXIT\nenvsubst <a >b\nexec nginx -g "daemon off;"\n'
            },
        ),
        Line(
            "/usr/bin/serve",
            "sglang",
            2,
            {},
            {"/usr/bin/serve": '#!/bin/bash\npython3 -m sglang.launch_server --tp 2 "$@"\n'},
        ),
        Line(
            "/usr/local/bin/dockerd_entrypoint.sh --model m --tensor-parallel-size 4",
            "vllm",
            4,
            {},
            {"/usr/local/bin/dockerd_entrypoint.sh": '#!/bin/bash\nbash /x.sh || true\nvllm serve "$@"\n'},
        ),
        Line(
            "/usr/local/bin/sagemaker_entrypoint.sh",
            "vllm",
            1,
            {},
            {
                "/usr/local/bin/sagemaker_entrypoint.sh": "#!/bin/bash\nFILE=$(mktemp)\ntrap 'rm -f x' EXIT\n"
                'if ! python3 args.py >"${FILE}"; then\n  exit 1\nfi\nARGS=()\n'
                'while IFS= read -r -d \'\' token; do\n  ARGS+=("${token}")\ndone <"${FILE}"\n'
                'exec standard-supervisor python3 -m vllm.entrypoints.openai.api_server "${ARGS[@]}"\n'
            },
        ),
        Line(
            "./entrypoint.sh",
            "text-embeddings-router",
            1,
            {"ID": "m"},
            {
                "/entrypoint.sh": '#!/bin/bash\nif [[ -z "${ID}" ]]; then\n  exit 1\nfi\nexec text-embeddings-router --port 80\n'
            },
        ),
    ),
    "https://docs.vllm.ai/en/latest/deployment/docker.html": (
        Line("vllm serve mistralai/Mistral-7B-v0.1", "vllm", 1, added=True),
        Line("vllm serve m --tensor_parallel_size 4", "vllm", 4, added=True),
        Line("python3 -m vllm.entrypoints.openai.api_server --model m -tp 2 -pp 2", "vllm", 4, added=True),
        Line(
            "python -m vllm.entrypoints.api_server --model m --tensor-parallel-size=8",
            "vllm",
            8,
            added=True,
        ),
        Line("vllm serve m --data-parallel-size 2 --tensor-parallel-size 2", "vllm", 4, added=True),
    ),
    "https://docs.sglang.ai/get_started/install.html": (
        Line("python3 -m sglang.launch_server --model-path m --tp 2 --dp 2", "sglang", 4, added=True),
        Line("sglang serve --model-path m --tp-size 2", "sglang", 2, added=True),
    ),
    "https://huggingface.co/docs/text-generation-inference/quicktour": (
        Line(
            "text-generation-launcher --model-id m --num-shard 2", "text-generation-launcher", 2, added=True
        ),
        Line(
            "text-generation-launcher --model-id m",
            "text-generation-launcher",
            4,
            {"NUM_SHARD": "4"},
            added=True,
        ),
        Line(
            "text-generation-launcher --sharded false",
            "text-generation-launcher",
            1,
            {"NUM_SHARD": "4"},
            added=True,
        ),
        Line("text-embeddings-router --model-id m", "text-embeddings-router", 1, added=True),
    ),
    "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/": (
        Line("trtllm-serve m --tp_size 4", "trtllm-serve", 4, added=True),
    ),
    "https://docs.litellm.ai/docs/proxy/deploy": (
        Line("litellm --config c.yaml --port 4000 --num_workers 8", "litellm", 8, added=True),
    ),
    "https://huggingface.co/docs/text-generation-inference/reference/launcher#numshard": (
        Line(
            "text-generation-launcher --model-id bigscience/bloom --num-shard 2",
            "text-generation-launcher",
            2,
            added=True,
        ),
    ),
    "https://github.com/huggingface/text-generation-inference/blob/main/tgi-entrypoint.sh": (
        Line(
            "/tgi-entrypoint.sh --json-output --model-id x",
            "text-generation-launcher",
            1,
            {},
            {
                "/tgi-entrypoint.sh": "#!/bin/bash\n\nldconfig 2>/dev/null || echo 'no ldconfig'\n\nsource ./.venv/bin/activate\n\nexec text-generation-launcher $@\n"
            },
        ),
        Line(
            "/tgi-entrypoint.sh --model-id m --num-shard 2",
            "text-generation-launcher",
            2,
            {},
            {
                "/tgi-entrypoint.sh": "#!/bin/bash\nldconfig 2>/dev/null || echo 'unable to refresh ld cache'\nsource ./.venv/bin/activate\nexec text-generation-launcher $@\n"
            },
        ),
    ),
    "https://github.com/huggingface/text-embeddings-inference#cpu": (
        Line(
            "/bin/sh -c 'apt-get update && apt-get install -y curl && text-embeddings-router --json-output --model-id BAAI/bge --auto-truncate'",
            "text-embeddings-router",
            1,
        ),
    ),
    "https://docs.nvidia.com/nsight-systems/UserGuide/": (
        Line(
            "nsys profile -o report --trace=cuda,nvtx python -m vllm.entrypoints.openai.api_server --model m --tensor-parallel-size 2",
            "vllm",
            2,
            added=True,
        ),
    ),
    "https://lmdeploy.readthedocs.io/": (
        Line(
            "lmdeploy serve api_server internlm/Intern-S1 --tp 8 --server-port 23333",
            "lmdeploy",
            EACH,
            added=True,
        ),
    ),
    "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html": (
        Line(
            "bash -c 'python -m vllm.entrypoints.openai.api_server --model ${MODEL} --port ${PORT} --host ${HOST}'",
            "vllm",
            1,
            {"MODEL": "m", "PORT": "80", "HOST": "::"},
        ),
        Line(
            "/run.sh",
            "vllm",
            2,
            {},
            {
                "/run.sh": "#!/bin/bash\nset -e\ncd .\nmkdir -p logs\nMODEL=./m\nPYTHON=python\nexport VLLM_USE_FLASHINFER_SAMPLER=0\nCUDA_VISIBLE_DEVICES=0 $PYTHON -m vllm.entrypoints.openai.api_server \\\n  --model $MODEL --port 8001 &\nPID_0=$!\nCUDA_VISIBLE_DEVICES=1 $PYTHON -m vllm.entrypoints.openai.api_server \\\n  --model $MODEL --port 8002 &\nPID_1=$!\nwait\n"
            },
        ),
    ),
    "https://docs.sglang.ai/advanced_features/router.html": (
        Line("python3 -m sglang_router.launch_server --model-path m --dp-size 4", "sglang", 4, added=True),
        Line("aphrodite run m -tp 2", "aphrodite", 2, added=True),
    ),
    "https://docs.vllm.ai/en/latest/serving/distributed_serving.html": (
        Line(
            "vllm serve Qwen/Qwen2.5-0.5B-Instruct --tensor-parallel-size 1 --gpu-memory-utilization 0.06",
            "vllm",
            1,
            added=True,
        ),
        Line(
            "vllm serve --config /etc/vllm/config.yaml",
            "vllm",
            2,
            {},
            {
                "/etc/vllm/config.yaml": "model: meta-llama/Llama-3\nhost: 0.0.0.0\ntensor-parallel-size: 2\nport: 8000\n"
            },
            added=True,
        ),
        Line(
            "/bin/bash -c 'vllm serve $MODEL --tensor-parallel-size ${TP:-2} --pipeline-parallel-size 2'",
            "vllm",
            4,
            {"MODEL": "m"},
        ),
        Line(
            "bash -c 'bash /vllm-workspace/multi-node-serving.sh leader --ray_cluster_size=2; python3 -m vllm.entrypoints.openai.api_server --port 8080 --model m --tensor-parallel-size 8'",
            "vllm",
            EACH,
        ),
        Line(
            "python3 -m vllm.entrypoints.openai.api_server --model=m --tensor-parallel-size=$(TP)",
            "vllm",
            1,
            added=True,
        ),
        Line("vllm serve m -tp 2 -dp 2 --enable-expert-parallel", "vllm", 4, added=True),
    ),
    "https://docs.sglang.ai/basic_usage/": (
        Line(
            "python -m sglang.launch_server --model-path meta-llama/Llama-3.1-8B-Instruct --port 30000 --tp 8 --ep 8 --host 0.0.0.0",
            "sglang",
            EACH,
            added=True,
        ),
    ),
    "https://nvidia.github.io/TensorRT-LLM/quick-start-guide.html": (
        Line(
            "trtllm-serve serve m --host 0.0.0.0 --port 8000 --tp_size 8 --ep_size 1",
            "trtllm-serve",
            EACH,
            added=True,
        ),
        Line(
            "trtllm-serve nvidia/Nemotron --max_batch_size 32 --trust_remote_code",
            "trtllm-serve",
            1,
            added=True,
        ),
    ),
    "https://github.com/marieai/marie-ai/blob/main/config/sglang/sglang-qwq-x8.sh": (
        Line(
            "python3 -m sglang.launch_server --model-path Qwen/QwQ-32B --host 0.0.0.0 --port 8000 --trust-remote-code --dp-size 4 --tp 2 --pp-size 1 --mem-fraction-static 0.7",
            "sglang",
            EACH,
            added=True,
        ),
    ),
    "https://github.com/Adlik/vllm/blob/main/README.md": (
        Line(
            "python3 -m vllm.entrypoints.api_server --model /model --tensor-parallel-size 2 --host 0.0.0.0 --port 48000 --dtype half",
            "vllm",
            2,
            added=True,
        ),
    ),
    "https://mlserver.readthedocs.io/en/latest/reference/settings.html": (
        Line(
            "text-generation-launcher --model-id=m --port=8000 --num-shard=2",
            "text-generation-launcher",
            2,
            added=True,
        ),
        Line("python -m lightllm.server.api_server --model_dir m --tp 8", "lightllm", EACH, added=True),
    ),
    "https://docs.ray.io/en/latest/serve/production-guide/": (
        Line(
            "python3 -m vllm.entrypoints.openai.api_server --host=0.0.0.0 --model=m --pipeline-parallel-size=2 --tensor-parallel-size=2",
            "vllm",
            4,
            added=True,
        ),
        Line("python3 -m dynamo.vllm --model m --tensor-parallel-size 2", "vllm", 2, added=True),
        Line(
            "text-embeddings-router --model-id BAAI/bge --port 80 --max-concurrent-requests 512",
            "text-embeddings-router",
            1,
            added=True,
        ),
        Line("llama-server -m /m.gguf --host 0.0.0.0 -t 4 -np 2", "llama-server", 1, added=True),
        Line("ollama serve", "ollama", 1, added=True),
        Line("litellm --config /c.yaml --num_workers 2 --detailed_debug", "litellm", 2, added=True),
        Line("litellm --config /c.yaml --run_hypercorn --num_workers 2", "litellm", 1, added=True),
    ),
    "https://docs.sglang.ai/references/multi_node_deployment/multi_node.html": (
        Line(
            "python3 -m sglang.launch_server --model-path m --tp 16 --dist-init-addr 172.16.4.52:20000 --nnodes 2 --node-rank 0",
            "sglang",
            EACH,
            added=True,
        ),
        Line(
            "vllm serve m --tensor-parallel-size=4 --pipeline-parallel-size=2 --nnodes 2 --node-rank 0",
            "vllm",
            4,
            added=True,
        ),
        Line("vllm serve m -tp=2", "vllm", 2, added=True),
    ),
    "https://pipx.pypa.io/stable/docs/#pipx-run": (
        Line("uvx --from litellm litellm --num_workers 2", "litellm", 2, added=True),
    ),
    "https://docs.sglang.ai/advanced_features/server_arguments.html": (
        Line(
            "/run_sglang_server.sh",
            "sglang",
            1,
            {},
            {
                "/run_sglang_server.sh": '#!/usr/bin/env bash\nset -euo pipefail\nSGLANG_MODEL_PATH="${SGLANG_MODEL_PATH:-Qwen/Qwen2.5-Coder-7B-Instruct}"\nSGLANG_PORT="${SGLANG_PORT:-30000}"\n\npython3 -m sglang.launch_server \\\n  --model-path "${SGLANG_MODEL_PATH}" \\\n  --port "${SGLANG_PORT}"\n'
            },
        ),
        Line(
            "python -m sglang.launch_server --model-path Qwen/Qwen3.6-27B --port 8000 --tp-size 8 --mem-fraction-static 0.8 --context-length 262144",
            "sglang",
            8,
            added=True,
        ),
        Line("sglang serve --model-path m --tp 4", "sglang", 4, added=True),
        Line(
            "python3 -m sglang.launch_server --model-path m --tp 8 --dp 8 --enable-dp-attention --port 30000",
            "sglang",
            8,
            added=True,
        ),
        Line(
            "python -m sglang.launch_server --model m --tp-size 16 --dp-size 4 --enable-dp-attention --nnodes 2 --node-rank 0",
            "sglang",
            EACH,
            added=True,
        ),
    ),
    "https://docs.vllm.ai/en/latest/cli/bench/serve/": (
        Line(
            "/bench.sh",
            "vllm",
            2,
            {},
            {
                "/bench.sh": "#!/bin/bash\nvllm serve m --tensor-parallel-size 2 &\nserver_pid=$!\nuntil curl -s localhost:8000/health; do sleep 1; done\nvllm bench serve --model m --num-prompts 100\n"
            },
        ),
    ),
    "https://docs.vllm.ai/en/latest/cli/run-batch.html": (
        Line(
            "vllm run-batch -i in.jsonl -o out.jsonl --model m --tensor-parallel-size 2",
            "vllm",
            2,
            added=True,
        ),
    ),
    "https://github.com/ggml-org/llama.cpp/blob/master/docs/docker.md": (
        Line("/app/llama-server -m /models/m.gguf -t 4 --host 0.0.0.0", "llama-server", 1, added=True),
    ),
    "https://github.com/ollama/ollama/blob/main/docs/docker.md": (
        Line(
            "/bin/sh -c '/bin/ollama serve & pid=$!; sleep 5; ollama pull llama3; wait $pid'", "ollama", 1
        ),
    ),
    "https://docs.vllm.ai/en/latest/serving/data_parallel_deployment/": (
        Line(
            "vllm serve m --data-parallel-size 4 --data-parallel-size-local 2 --headless",
            "vllm",
            2,
            added=True,
        ),
        Line(
            "vllm serve m -dp 2 -dpl 1 --data-parallel-start-rank 1 -dpa 10.0.0.1 --headless -tp 2",
            "vllm",
            2,
            added=True,
        ),
        Line(
            "vllm serve m --data-parallel-size=8 --data-parallel-size-local=4 -tp=2", "vllm", 8, added=True
        ),
        Line("vllm serve m --data-parallel-size 4 --data-parallel-size-local 0", "vllm", 1, added=True),
    ),
    "https://github.com/Mikeriess/Synth_data": (
        Line(
            "/run_vllm_small.sh",
            "vllm",
            4,
            {},
            {
                "/run_vllm_small.sh": "#!/bin/bash\npython -m vllm.entrypoints.openai.api_server \\\n    --model google/gemma-2-9b-it \\\n    --gpu-memory-utilization 1.0 \\\n    --tensor-parallel-size 4 \\\n    --host 0.0.0.0 \\\n    --port 8000\n"
            },
        ),
    ),
    "https://github.com/wagerc97/gpt-oss-alignment": (
        Line(
            "bash /vllm.sh",
            "vllm",
            8,
            {},
            {
                "/vllm.sh": "python -u \\\n\t-m vllm.entrypoints.openai.api_server \\\n\t--host 0.0.0.0 \\\n\t--port 8010 \\\n\t--model openai/gpt-oss-20b \\\n\t--served-model-name code-gen \\\n\t--tensor-parallel-size 8\n"
            },
        ),
    ),
    "https://github.com/ggaaooppeenngg/vllm": (
        Line(
            "bash /run_d.sh",
            "vllm",
            4,
            {},
            {
                "/run_d.sh": 'VLLM_LOGGING_LEVEL=INFO CUDA_VISIBLE_DEVICES=4,5,6,7 vllm serve /home/mw/input/gwjxjern \\\n    --port 8200 \\\n    --max-model-len 4096 \\\n    --gpu-memory-utilization 0.8 \\\n    --tensor_parallel_size=4 \\\n    --trust-remote-code \\\n    --kv-transfer-config \\\n    \'{"kv_connector":"PyNcclConnector","kv_role":"kv_consumer","kv_rank":1,"kv_buffer_size":1000e9,"kv_producers_size":1,"tensor_parallel_multiplier":1,"kv_parallel_size":2}\'\n'
            },
        ),
    ),
    "https://github.com/thomas-roth/iTRAP": (
        Line(
            "bash /start_vlm_server.sh",
            "vllm",
            2,
            {},
            {
                "/start_vlm_server.sh": "CUDA_VISIBLE_DEVICES=2,3 TOKENIZERS_PARALLELISM=true python -m vllm.entrypoints.openai.api_server \\\n --model /home/troth/x \\\n --host 0.0.0.0 --port 8000 --tensor-parallel-size 2 \\\n --gpu-memory-utilization 0.33 --max-model-len 32768 \\\n --served-model-name qwen2-vl\n"
            },
        ),
    ),
    "https://github.com/williamolofssonmaronen/llama-docker-ubuntu25.04": (
        Line(
            "/entrypoint.sh",
            "ollama",
            1,
            {},
            {
                "/entrypoint.sh": '#!/bin/bash\nset -e\n\necho "Pulling llama3 model inside container..."\nollama pull llama3\n\nexec ollama serve --host 0.0.0.0\n\nchmod +x entrypoint.sh\n'
            },
        ),
    ),
    "https://github.com/ollama/ollama/blob/main/llm/llama_server.go": (
        Line(
            "/e.sh",
            "ollama",
            1,
            {"OLLAMA_MODEL": "m"},
            {
                "/e.sh": '#!/bin/sh\nset -e\nollama serve &\nuntil ollama list > /dev/null 2>&1; do\n  sleep 2\ndone\nollama pull "$OLLAMA_MODEL"\n# Wait for the server process to prevent container exit\nwait\n'
            },
        ),
    ),
    "https://github.com/RubricLab/inference": (
        Line(
            "python -m sglang.launch_server --model-path Qwen/Qwen3-8B --host 0.0.0.0 --port 8000 --grammar-backend llguidance",
            "sglang",
            1,
            added=True,
        ),
    ),
    "https://github.com/marieai/marie-ai": (
        Line(
            "python3 -m sglang.launch_server --model-path Qwen/QwQ-32B --host 0.0.0.0 --port 8000 --trust-remote-code --attention-backend flashinfer --quantization fp8 --chat-template qwen2-vl --dp-size 4 --tp 2 --pp-size 1 --schedule-policy fcfs --schedule-conservativeness 0.1 --max-running-requests 64 --mem-fraction-static 0.7",
            "sglang",
            8,
            added=True,
        ),
    ),
    "https://github.com/OrigamiDream/text-generation-inference": (
        Line(
            "/r.sh",
            "text-generation-launcher",
            2,
            {"HF_MODEL_ID": "m", "SM_NUM_GPUS": "2"},
            {
                "/r.sh": '#!/bin/bash\nif [[ -z "${HF_MODEL_ID}" ]]; then\n  echo "HF_MODEL_ID must be set"\n  exit 1\nfi\nexport MODEL_ID="${HF_MODEL_ID}"\nif [[ -n "${SM_NUM_GPUS}" ]]; then\n  export NUM_SHARD="${SM_NUM_GPUS}"\nfi\nif [[ -n "${HF_MODEL_PEFT}"]]; then\n  export PEFT="${PEFT}"\nfi\n\ntext-generation-launcher --port 8080\n'
            },
        ),
    ),
    "https://github.com/LAION-AI/Open-Assistant": (
        Line(
            "/r.sh",
            "text-generation-launcher",
            2,
            {"NUM_SHARDS": "2"},
            {
                "/r.sh": '#!/bin/bash\nmkdir -p $HOME/.cache/huggingface\necho -n "$HF_TOKEN" > $HOME/.cache/huggingface/token\nnum_shards=${NUM_SHARDS:-1}\nmodel_id=${MODEL_ID:-"OpenAssistant/oasst-sft-1-pythia-12b"}\nexport HF_HOME=$HOME/.cache/huggingface\n/opt/miniconda/envs/text-generation/bin/python /worker/download_model.py\n\ntext-generation-launcher --model-id $model_id --num-shard $num_shards &\n\nexport INFERENCE_SERVER_URL="http://localhost:80"\n\n/opt/miniconda/envs/worker/bin/python /worker &\n\nwait -n\n\nexit $?\n'
            },
        ),
    ),
    "https://huggingface.co/docs/text-embeddings-inference/cli_arguments": (
        Line(
            "/r.sh",
            "text-embeddings-router",
            1,
            {},
            {
                "/r.sh": '#!/bin/sh\nset -eu\nMODEL_ID="${LOCAL_EMBEDDINGS_MODEL:-intfloat/multilingual-e5-large-instruct}"\nPORT="${TEI_PORT:-8504}"\nexec text-embeddings-router --model-id "$MODEL_ID" --port "$PORT"\n'
            },
        ),
    ),
    "https://docs.litellm.ai/docs/proxy/cli": (
        Line("litellm --port 4000 --config /app/config.yaml --num_workers 8", "litellm", 8, added=True),
    ),
    "https://github.com/fuheaven/lightllm": (
        Line(
            "bash /r.sh",
            "lightllm",
            2,
            {},
            {
                "/r.sh": "# first\nLOADWORKER=18 CUDA_VISIBLE_DEVICES=6,7 python -m lightllm.server.api_server --model_dir /m --tp 2 --port 8089 --enable_fa3\n\n# second\nHF_ALLOW_CODE_EVAL=1 lm_eval --model local-completions --tasks gsm8k --batch_size 500\n"
            },
        ),
    ),
    "https://github.com/koyeb/example-vllm": (
        Line(
            "/bin/sh -c 'python3 -m vllm.entrypoints.openai.api_server     --model ${MODEL_NAME:-meta-llama/Meta-Llama-3.1-8B-Instruct}     ${REVISION:+--revision \"$REVISION\"}'",
            "vllm",
            1,
        ),
    ),
    "https://github.com/mk622/LLaVA": (
        Line(
            "/r.sh --tensor-parallel-size 4 --model m",
            "vllm",
            4,
            {},
            {
                "/r.sh": '#!/usr/bin/env bash\nset -euo pipefail\nexec python3 -m vllm.entrypoints.openai.api_server \\\n  --host 0.0.0.0 \\\n  --port 8000 \\\n  "$@"\n'
            },
        ),
    ),
    "https://github.com/Fluder-Paradyne/vllm_inference": (
        Line(
            "/bin/sh -c 'python -m vllm.entrypoints.api_server --model $model --tensor-parallel-size $gpu'",
            "vllm",
            2,
            {"model": "m", "gpu": "2"},
        ),
    ),
    "https://docs.vllm.ai/en/latest/configuration/engine_args/#parallelconfig": (
        Line(
            "python3 -m vllm.entrypoints.openai.api_server --model Infermatic/L --host 0.0.0.0 --port 8000 --tensor-parallel-size 2 --pipeline-parallel-size 3 --max-model-len 8000 --disable-log-requests --trust-remote-code",
            "vllm",
            6,
            added=True,
        ),
        Line(
            "bash /r.sh",
            "vllm",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\npython -m vllm.entrypoints.openai.api_server \\\n    --model=${M} \\\n    --served-model-name=gpt-4 \\\n    --tensor-parallel-size=4 \\\n    --port=8003 &\n"
            },
        ),
    ),
}
