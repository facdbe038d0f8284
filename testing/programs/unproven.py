"""Why no test starts a program: the last column of "From source" on docs/programs.md."""

from __future__ import annotations

NO_REGISTRY = "in no package registry"
IN_IMAGES = "read by scripts of images, which are in no package registry"
ELSEWHERE = "in no registry of Python, Debian or npm packages"
WEIGHTS = "starts vLLM so that another process hands it weights between GPUs"
GPUS = "its package computes on GPUs only"
TORCHVISION = "imports torchvision, which did not load beside PyTorch for CPUs"
NOT_TRIED = "not tried yet"  # what has no row here

REASONS = {
    **dict.fromkeys(
        (
            *("TENSORFLOW_INTER_OP_PARALLELISM", "TENSORFLOW_INTRA_OP_PARALLELISM"),
            *("TENSORFLOW_SESSION_PARALLELISM", "SAGEMAKER_TFS_INTRA_OP_PARALLELISM"),
            "SAGEMAKER_TFS_INTER_OP_PARALLELISM",
        ),
        IN_IMAGES,
    ),
    **dict.fromkeys(
        (
            *("tensorflow_model_server", "tf_serving_entrypoint.sh", "tritonserver", "ovms"),
            *("text-embeddings-router", "ollama serve", "text-generation-launcher", "hivemind", "my_init"),
            "julia",
        ),
        NO_REGISTRY,
    ),
    **dict.fromkeys(("sglang", "trtllm-serve", "lmdeploy serve", "aphrodite run", "lightllm"), GPUS),
    "djl-serving": ELSEWHERE,
    "trl vllm-serve": WEIGHTS,
    **dict.fromkeys(("mdrun", "mdrun_mpi"), "a name of older releases, which are in no package registry"),
    **dict.fromkeys(("composer", "xtuner train"), TORCHVISION),
}
