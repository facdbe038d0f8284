"""Command lines of servers of models, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, Line

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://github.com/pytorch/serve/blob/master/docker/README.md": (
        Line("torchserve --start --ncs --model-store /models", "torchserve", EACH, added=True),
        Line(
            "/usr/local/bin/dockerd-entrypoint.sh serve",
            "torchserve",
            EACH,
            {},
            {
                "/usr/local/bin/dockerd-entrypoint.sh": "#!/bin/bash\nset -e\nshift 1\n"
                "torchserve --start --ts-config /x/config.properties\ntail -f /dev/null\n"
            },
        ),
    ),
    "https://github.com/awslabs/multi-model-server/blob/master/docker/README.md": (
        Line("multi-model-server --start --models m=x.mar", "multi-model-server", EACH, added=True),
    ),
    "https://github.com/aws/sagemaker-inference-toolkit": (
        Line(
            "serve",
            "serve",
            EACH,
            {},
            {"/usr/local/bin/serve": "#!/usr/bin/python3\nfrom sagemaker_inference import x\n"},
            added=True,
        ),
        Line("serve", "serve", 2, {"SAGEMAKER_MODEL_SERVER_WORKERS": "2"}, added=True),
        Line(
            "serve",
            "serve",
            EACH,
            {"SAGEMAKER_MULTI_MODEL": "true", "SAGEMAKER_TFS_VERSION": "2.20", "SAGEMAKER_PROGRAM": "x"},
            added=True,
        ),
        Line(
            "serve",
            "serve",
            1,
            {"SAGEMAKER_MULTI_MODEL": "false", "SAGEMAKER_TFS_VERSION": "2.20"},
            added=True,
        ),
        Line("serve run app:app", "serve", EACH, added=True),
        Line(
            "python /usr/local/bin/dockerd-entrypoint.py serve",
            "serve",
            EACH,
            {},
            {
                "/usr/local/bin/dockerd-entrypoint.py": "import shlex, subprocess, sys\nif sys.argv[1] == 'serve':\n"
                "    from sagemaker_x import serving\n    serving.main()\n"
                "else:\n    subprocess.check_call(shlex.split(' '.join(sys.argv[1:])))\n"
            },
            added=True,
        ),
    ),
    "https://github.com/aws/deep-learning-containers/tree/main/scripts/docker": (
        Line(
            "bash -m /usr/local/bin/dockerd_entrypoint.sh /usr/local/bin/tf_serving_entrypoint.sh --port=1",
            "tf_serving_entrypoint.sh",
            1,
            added=True,
        ),
        Line(
            "/usr/local/bin/entrypoint.sh tensorflow_model_server --port=8500",
            "tensorflow_model_server",
            1,
            {},
            {"/usr/local/bin/entrypoint.sh": '#!/bin/bash\nset -e\nexec "$@"\n'},
            added=True,
        ),
    ),
    "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/": (
        Line(
            "/opt/nvidia/nvidia_entrypoint.sh tritonserver --model-repository=/m",
            "tritonserver",
            1,
            added=True,
        ),
    ),
    "https://docs.bentoml.com/en/latest/": (
        Line("bentoml serve-gunicorn /bento --workers 3", "bentoml", 3, added=True),
        Line("bentoml serve-gunicorn /bento", "bentoml", 1, added=True),
        Line("bentoml serve service:svc --api-workers 4", "bentoml", 1, added=True),
        Line("bentoml serve .", "bentoml", 1, added=True),
    ),
    "https://mlserver.readthedocs.io/en/latest/": (
        Line("mlserver start /models", "mlserver", 4, {"MLSERVER_PARALLEL_WORKERS": "4"}, added=True),
        Line("mlserver start .", "mlserver", 1, added=True),
    ),
    "https://mlflow.org/docs/latest/cli.html": (
        Line("mlflow models serve -m models:/x/1 -h 0.0.0.0 -w 3", "mlflow", 3, added=True),
        Line("mlflow server --host 0.0.0.0", "mlflow", 4, added=True),
        Line("mlflow server --workers 2 --host 0.0.0.0", "mlflow", 2, added=True),
    ),
    "https://docs.seldon.ai/seldon-core-1/configuration/wrappers-and-sdks/python-language-wrapper/python_server": (
        Line(
            "seldon-core-microservice Model --service-type MODEL",
            "seldon-core-microservice",
            2,
            {"GUNICORN_WORKERS": "2"},
            added=True,
        ),
        Line("seldon-core-microservice Model --workers 3", "seldon-core-microservice", 3, added=True),
        Line(
            "seldon-core-microservice Model",
            "seldon-core-microservice",
            4,
            {"GRPC_WORKERS": "4"},
            added=True,
        ),
        Line(
            "sh -c 'exec seldon-core-microservice $MODEL_NAME --service-type $SERVICE_TYPE'",
            "seldon-core-microservice",
            1,
        ),
    ),
    "https://kserve.github.io/website/docs/": (
        Line("python -m huggingfaceserver --model_name=m --workers=2", "kserve", 2, added=True),
        Line("python -m sklearnserver --model_dir /m", "kserve", 1, added=True),
    ),
    "https://github.com/kserve/kserve/blob/master/config/runtimes/kserve-predictiveserver.yaml": (
        Line(
            "python -m predictiveserver --model_name=m --model_dir=/mnt/models --http_port=8080 --framework=sklearn --nthread=1 --workers=2",
            "kserve",
            2,
            added=True,
        ),
        Line(
            "python -m predictiveserver --model_dir=/mnt/models --framework=lightgbm --workers=2",
            "kserve",
            1,
            added=True,
        ),
        Line("python -m autogluonserver --model_dir=/mnt/models", "kserve", 1, added=True),
        Line("python -m catboostserver --model_dir=/mnt/models --workers 2", "kserve", 2, added=True),
    ),
    "https://learn.microsoft.com/azure/machine-learning/how-to-inference-server-http": (
        Line("azmlinfsrv --entry_script score.py", "azmlinfsrv", 3, {"WORKER_COUNT": "3"}, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/": (
        Line("node server.js --workers 4", "node", 1, added=True),
        Line("java -jar gunicorn.jar -w 4", "java", 1, added=True),
    ),
    "https://github.com/kserve/kserve/blob/master/config/runtimes/kserve-tritonserver.yaml": (
        Line(
            "/opt/nvidia/nvidia_entrypoint.sh tritonserver --model-store=/mnt/models --grpc-port=9000 --http-port=8080",
            "tritonserver",
            1,
            added=True,
        ),
    ),
    "https://github.com/SeldonIO/MLServer/blob/master/Dockerfile": (
        Line(
            "/bin/sh -c '. $CONDA_PATH/etc/profile.d/conda.sh && source ./hack/activate-env.sh $MLSERVER_ENV_TARBALL && mlserver start $MLSERVER_MODELS_DIR'",
            "mlserver",
            1,
            {"CONDA_PATH": "/opt/conda", "MLSERVER_MODELS_DIR": "/mnt/models"},
        ),
    ),
    "https://github.com/SeldonIO/seldon-core/blob/master/wrappers/s2i/python/s2i/bin/run": (
        Line(
            "/bin/sh -c 'exec seldon-core-microservice $MODEL_NAME --service-type $SERVICE_TYPE'",
            "seldon-core-microservice",
            1,
            {"MODEL_NAME": "M", "SERVICE_TYPE": "MODEL"},
        ),
    ),
    "https://github.com/kserve/kserve/blob/master/python/sklearnserver/README.md": (
        Line(
            "python -m sklearnserver --model_name=sklearn-iris --model_dir=/mnt/models --http_port=8080 --workers=2",
            "kserve",
            2,
            added=True,
        ),
    ),
    "https://docs.ray.io/en/latest/serve/api/index.html#serve-run": (
        Line("serve run --host 0.0.0.0 app:deployment", "serve", EACH, added=True),
    ),
    "https://mlflow.org/docs/latest/cli.html#mlflow-server-more": (
        Line(
            "mlflow server --backend-store-uri=postgresql://db/mlflow --default-artifact-root=./mlruns --host=0.0.0.0 --port=5000",
            "mlflow",
            4,
            added=True,
        ),
    ),
    "https://docs.bentoml.com/en/latest/reference/bentoml/cli.html": (
        Line(
            "python -m bentoml serve service:acestep --host 0.0.0.0 --port 3000", "bentoml", 1, added=True
        ),
    ),
    "https://github.com/Yelp/dumb-init": (
        Line("dumb-init -- node server/src/index.js", "node", 1, added=True),
    ),
    "https://mlserver.readthedocs.io/en/latest/reference/settings.html": (
        Line(
            "mlserver start /mnt/models",
            "mlserver",
            4,
            {},
            {"/mnt/models/settings.json": '{"debug": true, "parallel_workers": 4}'},
            added=True,
        ),
        Line("mlserver start /models", "mlserver", 1, {"MLSERVER_PARALLEL_WORKERS": "0"}, added=True),
    ),
    "https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/": (
        Line(
            "mlflow models serve -m models:/yolo6/1 --no-conda --port 5001 --host 0.0.0.0",
            "mlflow",
            1,
            added=True,
        ),
        Line(
            "poetry run mlflow models serve -m models/meta_model -h 0.0.0.0 -p 5001",
            "mlflow",
            1,
            added=True,
        ),
        Line(
            "/usr/local/bin/entrypoint.sh bentoml serve /bento",
            "bentoml",
            1,
            {},
            {
                "/usr/local/bin/entrypoint.sh": '#!/bin/bash\nset -e\nif [ "${1:0:1}" = \'-\' ]; then\n    set -- bentoml serve "$@" /bento\nfi\nexec "$@"\n'
            },
            added=True,
        ),
        Line(
            "bash -c 'mlflow server --host 127.0.0.1 --port 8080 & jupyter lab --ip 0.0.0.0'", "mlflow", 4
        ),
        Line("bentoml serve service:svc --reload", "bentoml", 1, added=True),
    ),
    "https://docs.ray.io/en/latest/serve/production-guide/": (
        Line("serve run /config.yaml", "serve", EACH, added=True),
    ),
    "https://github.com/kserve/kserve/blob/master/config/runtimes/kserve-huggingfaceserver.yaml": (
        Line(
            "python -m huggingfaceserver --model_name=m --model_dir=/mnt/models --backend=vllm --tensor-parallel-size=2",
            "kserve",
            2,
            added=True,
        ),
        Line(
            "python -m xgbserver --model_name=m --model_dir=/mnt/models --http_port=8080 --nthread=1",
            "kserve",
            1,
            added=True,
        ),
    ),
    "https://mlflow.org/docs/latest/api_reference/cli.html#mlflow-server": (
        Line(
            "mlflow server --host 0.0.0.0 --port 5000 --backend-store-uri sqlite:////mlflow/mlflow.db --serve-artifacts",
            "mlflow",
            4,
            added=True,
        ),
        Line("mlflow server --host 0.0.0.0 --port 5000 --workers 2", "mlflow", 2, added=True),
    ),
    "https://github.com/triton-inference-server/server": (
        Line(
            "/s.sh",
            "tritonserver",
            2,
            {},
            {
                "/s.sh": '#!/bin/bash\nset -e\ncd /models\nuvicorn management:app --port 8004 &\nMGMT_PID=$!\necho "started $MGMT_PID"\nexec tritonserver \\\n    --model-repository=/models \\\n    --http-port=8002\n'
            },
        ),
    ),
    "https://github.com/pytorch/serve/blob/master/docker/dockerd-entrypoint.sh": (
        Line(
            "sh -c 'torchserve --start --ncs --model-store /m --models all && tail -f /dev/null'",
            "torchserve",
            EACH,
        ),
    ),
    "https://github.com/kserve/kserve": (
        Line(
            "/bin/sh -lc 'mkdir -p /tmp/m && uvicorn ai.adapter:app --port 8081 --workers 4 & exec mlserver start /mnt/models'",
            "mlserver",
            5,
        ),
    ),
    "https://nodejs.org/api/cli.html": (
        Line("node --max-old-space-size=4096 dist/server.js --workers 4", "node", 1, added=True),
    ),
    "https://github.com/deepjavalibrary/djl-serving/blob/master/serving/docker/dockerd-entrypoint.sh": (
        Line(
            "/usr/local/bin/dockerd-entrypoint.sh serve",
            "djl-serving",
            8,
            {"OMP_NUM_THREADS": "1"},
            {
                "/usr/local/bin/dockerd-entrypoint.sh": '#!/bin/bash\n#set -e\n\nif [[ "$1" = "serve" ]]; then\n  shift 1\n  code=77\n  while [[ code -eq 77 ]]; do\n    /usr/bin/djl-serving "$@"\n    code=$?\n  done\n  exit $code\nelse\n  set -e\n  eval "$@"\nfi\n'
            },
        ),
        Line(
            "/usr/local/bin/dockerd-entrypoint.sh serve",
            "djl-serving",
            2,
            {"SERVING_MAX_WORKERS": "2"},
            {
                "/usr/local/bin/dockerd-entrypoint.sh": '#!/bin/bash\n#set -e\n\nif [[ "$1" = "serve" ]]; then\n  shift 1\n  code=77\n  while [[ code -eq 77 ]]; do\n    /usr/bin/djl-serving "$@"\n    code=$?\n  done\n  exit $code\nelse\n  set -e\n  eval "$@"\nfi\n'
            },
        ),
    ),
    "https://docs.djl.ai/master/docs/serving/serving/docs/configurations_global.html": (
        Line("djl-serving -m resnet18=file:///opt/models/r", "djl-serving", 8, added=True),
    ),
    "https://docs.docker.com/reference/dockerfile/#entrypoint": (
        Line(
            "sh -c '/e.sh tensorflow_model_server --port=8500'",
            "tensorflow_model_server",
            1,
            {},
            {"/e.sh": '#!/bin/sh\nexec "$@"\n'},
        ),
    ),
    "https://github.com/bentoml/BentoML": (
        Line(
            "/usr/local/bin/entrypoint.sh bentoml serve-gunicorn /bento",
            "bentoml",
            1,
            {},
            {
                "/usr/local/bin/entrypoint.sh": '#!/usr/bin/env bash\nset -Eeuo pipefail\n_is_sourced() {\n  [ "${#FUNCNAME[@]}" -ge 2 ] \\\n    && [ "${FUNCNAME[0]}" = \'_is_sourced\' ] \\\n    && [ "${FUNCNAME[1]}" = \'source\' ]\n}\n\n_main() {\n  if [ "${1:0:1}" = \'-\' ]; then\n    set -- bentoml serve-gunicorn "$@" /bento\n  fi\n  exec "$@"\n}\n\nif ! _is_sourced; then\n  _main "$@"\nfi\n'
            },
            added=True,
        ),
    ),
    "https://github.com/ftgomez/model-deployment": (
        Line(
            "/bin/sh -c 'bentoml serve src/runners.py:${BENTO_SERVICE_NAME}'",
            "bentoml",
            1,
            {"BENTO_SERVICE_NAME": "svc"},
        ),
    ),
    "https://github.com/rahulunair/xpu_ray": (
        Line(
            "/start_serving.sh",
            "serve",
            8,
            {},
            {
                "/start_serving.sh": '#!/bin/bash\nset -e\nset -x\n\nexport RAY_SERVE_ENABLE_EXPERIMENTAL_STREAMING=1\nexport RAY_SERVE_HTTP_OPTIONS=\'{"host": "0.0.0.0", "port": 9002}\'\nexport RAY_ADDRESS="0.0.0.0:6379"\n\nray start --head\npython3 -m serve run serve:entrypoint\n'
            },
        ),
    ),
    "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html": (
        Line(
            "/usr/bin/triton_serving_entrypoint.sh",
            "tritonserver",
            1,
            {},
            {
                "/usr/bin/triton_serving_entrypoint.sh": '#!/bin/bash \n\ntritonserver --model-repository=/models \\\n"$@"\n'
            },
        ),
    ),
    "https://github.com/megh21/product-match-server": (
        Line(
            "tritonserver --model-repository=/models --model-control-mode=explicit",
            "tritonserver",
            1,
            added=True,
        ),
    ),
    "https://github.com/MiroslavPakanec/MNIST-autoencoder": (
        Line(
            "bash /run_mlflow.sh",
            "mlflow",
            4,
            {"BACKEND_STORE_URI": "x", "MLFLOW_CONTAINER_PORT": "1"},
            {
                "/run_mlflow.sh": "mlflow server --backend-store-uri ${BACKEND_STORE_URI} \\\n              --default-artifact-root ${DEFAULT_ARTIFACT_ROOT} \\\n              --no-serve-artifacts \\\n              --host 0.0.0.0 \\\n              --port ${MLFLOW_CONTAINER_PORT}\n"
            },
        ),
    ),
    "https://github.com/microsoft/AzureTRE": (
        Line(
            "bash /startup.sh",
            "mlflow",
            3,
            {"MLFLOW_SERVER_WORKERS": "3"},
            {
                "/startup.sh": 'mlflow server \\\n    --backend-store-uri "$MLFLOW_SERVER_FILE_STORE" \\\n    --default-artifact-root "$MLFLOW_SERVER_DEFAULT_ARTIFACT_ROOT" \\\n    --host "$MLFLOW_SERVER_HOST" \\\n    --port "$MLFLOW_SERVER_PORT" \\\n    --workers "$MLFLOW_SERVER_WORKERS"\n'
            },
        ),
    ),
    "https://github.com/ThinkAwt-Inc/Scalable-Dev": (
        Line(
            "/usr/bin/tf_serving_entrypoint.sh",
            "tf_serving_entrypoint.sh",
            1,
            {},
            {
                "/usr/bin/tf_serving_entrypoint.sh": '#!/bin/bash\n\ntensorflow_model_server --port=8500 --rest_api_port="${PORT}" --model_config_file="${MODEL_BASE_PATH}"/"${MODEL_CONFIG_FILE}" "$@"\n'
            },
            added=True,
        ),
    ),
    "https://github.com/tensorflow/serving/blob/master/tensorflow_serving/model_servers/server.cc": (
        Line(
            "tensorflow_model_server --model_config_file=/models/models.config --allow_version_labels_for_unavailable_models=true --rest_api_port=8501",
            "tensorflow_model_server",
            1,
            added=True,
        ),
    ),
    "https://github.com/tensorflow/serving/blob/master/tensorflow_serving/tools/docker/Dockerfile": (
        Line(
            "/serve_model.sh",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config "$@"\n'
            },
            added=True,
        ),
        Line(
            "/serve_model.sh --enable_batching",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\nenv \nexec tensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config \\\n"$@"\n'
            },
            added=True,
        ),
        Line(
            "/serve_model.sh",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": "#!/bin/bash\n\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config\n"
            },
        ),
        Line(
            "/serve_model.sh",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\nif [ $# -gt 0 ]; then exec "$@"; fi\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config "$@"\n'
            },
        ),
        Line(
            "/serve_model.sh",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\nif curl y; then python check.py "$@"; fi\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config "$@"\n'
            },
        ),
        Line(
            "/serve_model.sh m1",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\nMODEL=$1\nshift\ntensorflow_model_server --model_name=$MODEL "$@"\n'
            },
        ),
        Line(
            "sh -c '/serve_model.sh'",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config "$@"\n'
            },
        ),
        Line(
            "tini -- /serve_model.sh",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config "$@"\n'
            },
            added=True,
        ),
        Line(
            "bash /serve_model.sh",
            "tensorflow_model_server",
            1,
            {},
            {
                "/serve_model.sh": '#!/bin/bash\n\ntensorflow_model_server --port=8500 --rest_api_port=8501 --model_config_file=/models/models.config "$@"\n'
            },
            added=True,
        ),
    ),
    "https://mlflow.org/docs/latest/cli.html#mlflow-models-serve": (
        Line(
            "/bin/bash -c 'mlflow server --backend-store-uri=\"sqlite:////project/mlflow/mlflow.db\" --host 0.0.0.0 --port 6000 --workers 2'",
            "mlflow",
            2,
        ),
    ),
    "https://github.com/mikic202/IUM-2024Z": (
        Line(
            "/r.sh",
            "torchserve",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\n\ntorchserve --start --model-store . --models name=test_model.mar --ts-config config.properties --disable-token-auth\n\n# prevent docker exit\ntail -f /dev/null\n"
            },
        ),
    ),
    "https://github.com/mlopscommunity/engineering.labs": (
        Line(
            "/r.sh serve",
            "torchserve",
            8,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -e\n\nif [[ "$1" = "serve" ]]; then\n    shift 1\n    torchserve --start --model-store model_store --models all #--ts-config /home/model-server/config.properties\nelse\n    eval "$@"\nfi\n\n# prevent docker exit\ntail -f /dev/null\n'
            },
        ),
    ),
    "https://github.com/pytorch/serve/blob/master/docs/configuration.md": (
        Line(
            "/r.sh serve",
            "torchserve",
            8,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -e\n\nif [[ "$1" = "serve" ]]; then\n    shift 1\n    echo "RUNNING TORCHSERVE"\n    torchserve --start --ts-config /home/model-server/config.properties --model-store=model-store --models=mol_gnn.mar\nelse\n    eval "$@"\nfi\n\n# prevent docker exit\ntail -f /dev/null\n'
            },
        ),
        Line(
            "/r.sh serve",
            "torchserve",
            8,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -e\n\nif [[ "$1" = "serve" ]]; then\n    shift 1\n    torchserve --start --ncs --model-store model-store --models bert=bert.mar\nelse\n    eval "$@"\nfi\n\n# prevent docker exit\ntail -f /dev/null\n'
            },
        ),
        Line(
            "/r.sh",
            "torchserve",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\nset -e\ntorchserve \\\n     --start \\\n     --ts-config=/home/model-server/config.properties \\\n     --models \\\n     brain_mri_vnet=brain_mri_vnet.mar, \\\n     --model-store \\\n     /home/model-server/model-store\n\ntail -f /dev/null\n"
            },
        ),
    ),
}
