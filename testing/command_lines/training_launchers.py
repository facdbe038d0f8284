"""Command lines of launchers of a training, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, Line, gpus

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://github.com/aws/deep-learning-containers/tree/main/scripts/docker": (
        Line(
            "/usr/local/bin/entrypoint.sh torchrun --nproc-per-node 4 train.py",
            "torchrun",
            4,
            {},
            {
                "/usr/local/bin/entrypoint.sh": '#!/bin/bash\nset -e\nif [ -f x ]; then\n  export A=b\nfi\nexec "$@"\n'
            },
            added=True,
        ),
    ),
    "https://docs.pytorch.org/docs/stable/elastic/run.html": (
        Line(
            "/srv/r.sh",
            "torchrun",
            8,
            {},
            {
                "/srv/r.sh": '#!/bin/bash\nset -euo pipefail\n\nSCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\n\nNPROC_PER_NODE="${SFT_NPROC:-8}"\n\ntorchrun --standalone --nnodes=1 --nproc_per_node="${NPROC_PER_NODE}" \\\n    -m verl.trainer.fsdp_sft_trainer \\\n    --config-path "${SCRIPT_DIR}" \\\n    "$@"\n'
            },
        ),
        Line(
            "bash /r.sh 4 saves/x",
            "torchrun",
            4,
            {"HOME": "/root"},
            {
                "/r.sh": "# bash examples/sft/gsm8k/run_qwen_05_peft.sh 1 saves\nset -x\nif [ \"$#\" -lt 2 ]; then\n    echo \"Usage: run_qwen_05_peft.sh <nproc_per_node> <save_path> [other_configs...]\"\n    exit 1\nfi\nnproc_per_node=$1\nsave_path=$2\n# Shift the arguments so $@ refers to the rest\nshift 2\ntorchrun --standalone --nnodes=1 --nproc_per_node=$nproc_per_node \\\n     -m verl.trainer.fsdp_sft_trainer \\\n    data.train_files=$HOME/data/gsm8k/train.parquet \\\n    optim.lr=1e-4 \\\n    data.prompt_dict_keys=['question'] \\\n    +data.response_dict_keys=['answer'] \\\n    trainer.default_local_dir=$save_path $@\n"
            },
        ),
        Line(
            "bash /r.sh",
            "torchrun",
            8,
            {},
            {
                "/r.sh": '#!/bin/bash\nGPT_ARGS="--num-layers 24 \\\n          --hidden-size 1024 \\\n          --fp16"\nGPUS=8\nDISTRIBUTED_ARGS="--nproc_per_node ${GPUS} --nnodes 1"\ntorchrun $DISTRIBUTED_ARGS pretrain_gpt_synthetic.py $GPT_ARGS\n'
            },
        ),
        Line(
            "bash /job.sh",
            "torchrun",
            8,
            {"SLURM_JOB_NODELIST": "n1"},
            {
                "/job.sh": '#!/bin/bash\nnnodes=1\nnproc_per_node=8\ntorchrunpath=/opt/bin/torchrun\n\nnodes=( $( scontrol show hostnames $SLURM_JOB_NODELIST ) )\nnodes_array=($nodes)\nhead_node=${nodes_array[0]}\nhead_node_ip=$(srun --nodes=1 --ntasks=1 -w "$head_node" hostname --ip-address)\n\necho Node IP: $head_node_ip\nexport LOGLEVEL=INFO\n\nCUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7 srun $torchrunpath \\\n--nnodes $nnodes \\\n--nproc_per_node $nproc_per_node \\\n--rdzv_id $RANDOM \\\n--rdzv_backend c10d \\\n--rdzv_endpoint $head_node_ip:29500 \\\nsrc/train.py\n'
            },
        ),
        Line(
            "bash /job.sh",
            "torchrun",
            3,
            {},
            {
                "/job.sh": "#!/bin/bash\nHOST=$(scontrol show hostname $SLURM_NODELIST | head -n 1) \nNODES=${NODES:-1}        \nLOCAL_RANK=${PMI_RANK}\n\ntorchrun    --nproc_per_node=3 \\\n    --nnodes=$NODES \\\n    --node_rank=${LOCAL_RANK} \\\n    --master_addr=$HOST \\\n    train_lightning.py\n"
            },
        ),
        Line(
            "/l.sh 8 --lr 1",
            "torchrun",
            8,
            {},
            {
                "/l.sh": '#!/bin/bash\nNUM_PROC=$1\nshift\npython -m torch.distributed.launch --nproc_per_node=$NUM_PROC --master_addr 127.0.0.16 --master_port 29516 \\\nfinetune.py --distributed "$@"\n'
            },
        ),
        Line(
            "/sm.sh --x 1",
            "torchrun",
            4,
            {"SM_NUM_NODES": "2", "SM_NUM_GPUS": "4", "SM_CURRENT_NODE_RANK": "0"},
            {
                "/sm.sh": '#!/bin/bash\nset -ex\nNNODES=$SM_NUM_NODES\nNODE_RANK=$SM_CURRENT_NODE_RANK\nNPROC_PER_NODE=$SM_NUM_GPUS\nMASTER_ADDR=$SM_MASTER_ADDR\n\ntorchrun \\\n  --nproc_per_node=$NPROC_PER_NODE \\\n  --nnodes=$NNODES \\\n  --node_rank=$NODE_RANK \\\n  main.py "$@"\n'
            },
        ),
        Line(
            "torchrun --standalone --nnodes=1 --nproc-per-node=4 train.py --nproc-per-node 2",
            "torchrun",
            4,
            added=True,
        ),
        Line("torchrun --nproc_per_node 4 -m pkg.train -w 3", "torchrun", 4, added=True),
        Line(
            "torchrun --nnodes=2 --nproc_per_node=2 --rdzv_id=1 --rdzv_endpoint=h:1 t.py",
            "torchrun",
            2,
            added=True,
        ),
        Line("torchrun --nproc-per-node=cpu train.py", "torchrun", EACH, added=True),
        Line("torchrun --nproc_per_node=auto train.py", "torchrun", EACH, added=True),
        Line(
            "torchrun --nproc_per_node=gpu train.py",
            "torchrun",
            2,
            {"CUDA_VISIBLE_DEVICES": "0,1"},
            added=True,
        ),
        Line(
            "python -m torch.distributed.launch --nproc_per_node=2 --use_env t.py",
            "torchrun",
            2,
            added=True,
        ),
        Line("torchrun train.py", "torchrun", 3, {"PET_NPROC_PER_NODE": "3"}, added=True),
        Line("torchrun --nproc-per-node 4 -m train 8x7b.yaml", "torchrun", 4, added=True),
        Line("torchrun app.py", "torchrun", 1, added=True),
        Line(
            "torchrun train.py", "torchrun", 4, {"PET_NPROC_PER_NODE": "4", "PET_NNODES": "2"}, added=True
        ),
        Line("torchrun train.py", "torchrun", EACH, {"PET_NPROC_PER_NODE": "auto"}, added=True),
        Line(
            "sh -c 'torchrun --nnodes=$NNODES --nproc_per_node=${GPUS_PER_NODE:-8} --node_rank=$RANK --master_addr=$MASTER_ADDR train.py'",
            "torchrun",
            8,
            {"NNODES": "2", "RANK": "0", "MASTER_ADDR": "m"},
        ),
        Line(
            "nsys profile -o r -t cuda,nvtx torchrun --standalone --nproc-per-node 2 t.py",
            "torchrun",
            2,
            added=True,
        ),
    ),
    "https://huggingface.co/docs/accelerate/basic_tutorials/launch": (
        Line(
            "accelerate launch --num_processes 2 --cpu train.py --num_processes 4",
            "accelerate",
            1,
            added=True,
        ),
        Line(
            "accelerate launch --multi_gpu --num-processes=4 --mixed_precision fp16 t.py",
            "accelerate",
            4,
            added=True,
        ),
        Line(
            "accelerate launch --num_machines 2 --num_processes 8 --machine_rank 0 t.py",
            "accelerate",
            4,
            added=True,
        ),
        Line("accelerate-launch --num_processes=3 t.py", "accelerate-launch", 3, added=True),
        Line(
            "python -m accelerate.commands.launch --num_processes=2 t.py",
            "accelerate-launch",
            2,
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            4,
            {},
            {
                "/c.yaml": "compute_environment: LOCAL_MACHINE\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch t.py",
            "accelerate",
            3,
            {"HOME": "/root"},
            {"/root/.cache/huggingface/accelerate/default_config.yaml": "num_processes: 3\n"},
            added=True,
        ),
    ),
    "https://www.deepspeed.ai/getting-started/": (
        Line("deepspeed --num_gpus=2 train.py --deepspeed", "deepspeed", 2, added=True),
        Line(
            "deepspeed train.py --num_gpus 8",
            "deepspeed",
            4,
            {"CUDA_VISIBLE_DEVICES": "0,1,2,3"},
            added=True,
        ),
        Line(
            "deepspeed --hostfile=/none --no_ssh --node_rank=0 --num_gpus 4 train.py --deepspeed z.json",
            "deepspeed",
            4,
            added=True,
        ),
    ),
    "https://docs.conda.io/projects/conda/en/latest/commands/run.html": (
        Line("micromamba run -n base torchrun --nproc-per-node 2 t.py", "torchrun", 2, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html": (
        Line(
            "timeout --signal=TERM 1h torchrun --standalone --nproc_per_node=4 train.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://github.com/huggingface/accelerate/blob/v1.15.0/src/accelerate/commands/launch.py": (
        Line("accelerate launch --cpu --num_processes 2 train.py", "accelerate", 1, added=True),
        Line(
            "accelerate launch --cpu --num_processes 4 --num_machines 2 --mpirun_hostfile /h t.py",
            "accelerate",
            2,
            added=True,
        ),
        Line(
            "accelerate launch --num_processes 4 t.py",
            "accelerate",
            1,
            {"HOME": "/root"},
            {
                "/root/.cache/huggingface/accelerate/default_config.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: 'NO'\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --multi_gpu --num_processes 4 t.py",
            "accelerate",
            4,
            {"HOME": "/root"},
            {
                "/root/.cache/huggingface/accelerate/default_config.yaml": "distributed_type: 'NO'\nnum_processes: 1\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            1,
            {},
            {"/c.yaml": "distributed_type: MULTI_CPU\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"},
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            4,
            {},
            {
                "/c.yaml": "distributed_type: MULTI_CPU\nmpirun_config:\n  mpirun_ccl: '1'\n  mpirun_hostfile: /root/hostfile\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            2,
            {},
            {"/c.yaml": "distributed_type: FSDP\nnum_machines: 2\nnum_processes: 4\n"},
            added=True,
        ),
    ),
    "https://docs.nvidia.com/nsight-systems/UserGuide/": (
        Line(
            "nsys profile -t cuda,nvtx -o out torchrun --nproc_per_node 4 train.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://github.com/huggingface/open-r1": (
        Line(
            "accelerate launch --config_file /recipes/zero2.yaml --num_processes 2 --main_process_port 29500 src/open_r1/grpo.py --config c.yaml",
            "accelerate",
            2,
            {},
            {
                "/recipes/zero2.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 8\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --config_file=/recipes/zero3.yaml src/open_r1/sft.py --num_train_epochs 1",
            "accelerate",
            EACH,
            {},
            {
                "/recipes/zero3.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 8\n"
            },
            added=True,
        ),
    ),
    "https://slurm.schedmd.com/srun.html": (
        Line(
            "srun python -m torch.distributed.run --nproc_per_node 4 --master_port 29500 train.py",
            "torchrun",
            4,
            added=True,
        ),
        Line(
            "srun torchrun --standalone --nnodes=1 --nproc-per-node=2 train.py", "torchrun", 2, added=True
        ),
        Line(
            "bash -c 'OMP_NUM_THREADS=8 torchrun --standalone --nproc_per_node=$SLURM_GPUS_ON_NODE t.py'",
            "torchrun",
            4,
            {"SLURM_GPUS_ON_NODE": "4"},
        ),
        Line(
            "sh -xeuc 'torchrun --master-addr h --nnodes $SLURM_NNODES --node-rank $SLURM_NODEID --nproc-per-node gpu main.py'",
            "torchrun",
            2,
            {"SLURM_NNODES": "2", "SLURM_NODEID": "0", "CUDA_VISIBLE_DEVICES": "0,1"},
        ),
    ),
    "https://docs.pytorch.org/docs/stable/elastic/quickstart.html": (
        Line(
            "torchrun --nnodes=1:2 --nproc_per_node=4 --rdzv_id=100 --rdzv_backend=c10d --rdzv_endpoint=localhost:6000 t.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://lightning.ai/docs/fabric/stable/fundamentals/launch.html": (
        Line("fabric run --accelerator=cpu --devices=2 train.py", "fabric", 2, added=True),
        Line("lightning run model finetune.py --devices 4", "lightning", 1, added=True),
    ),
    "https://github.com/jzhang38/TinyLlama/blob/main/PRETRAIN.md": (
        Line(
            "lightning run model --node-rank=0 --main-address=172.16.101.5 --accelerator=cuda --devices=8 --num-nodes=2 pretrain/tinyllama.py --devices 4",
            "lightning",
            8,
            added=True,
        ),
        Line(
            "srun -N 1 --gres=gpu:4 lightning run model --node-rank=0 --devices=4 --num-nodes=2 pretrain/tinyllama.py",
            "lightning",
            4,
            added=True,
        ),
    ),
    "https://github.com/ACondaway/PI-DEX/blob/HEAD/scripts/train_ddp.sh": (
        Line(
            "/s.sh --dry --procs 4 --name x -- t.py --lr 1",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nN=1\nwhile [[ $# -gt 0 ]]; do\n  case "$1" in\n    --procs) N="$2"; shift 2 ;;\n    --name) NAME="$2"; shift 2 ;;\n    --dry) shift; continue ;;\n    --) shift; break ;;\n    *) echo "$1?" >&2; exit 2 ;;\n  esac\ndone\nRUN=(python)\nif [[ $N -gt 1 ]]; then\n  RUN=(torchrun --nproc-per-node="$N")\nfi\nexec "${RUN[@]}" "$@"\n'
            },
        ),
        Line(
            "/s.sh -n 3 t.py",
            "torchrun",
            3,
            {},
            {
                "/s.sh": '#!/bin/sh\nparse() {\n  while true; do\n    case $1 in\n      -n) N=$2; shift 2;;\n      *) FILE=$1; break;;\n    esac\n  done\n}\nparse "$@"\ntorchrun --nproc_per_node=${N:-1} $FILE\n'
            },
        ),
    ),
    "https://github.com/DesertsP/Hybrid-Supervised-Segmentation/blob/HEAD/scripts/train_ddp.sh": (
        Line(
            "/s.sh 4 train.py c.yaml",
            "torchrun",
            4,
            {},
            {
                "/s.sh": "#!/bin/bash\nPY=python3\n$PY -m torch.distributed.launch --nproc_per_node=$1 $2 --config $3\n$PY eval.py --config $3\n"
            },
        ),
        Line(
            "bash -c 'accelerate launch --multi_gpu --num_processes 4 t.py; python report.py'",
            "accelerate",
            4,
        ),
    ),
    "https://docs.pytorch.org/tutorials/recipes/xeon_run_cpu.html": (
        Line(
            "python -m torch.backends.xeon.run_cpu --ninstances 4 --ncores-per-instance 2 infer.py",
            "run_cpu",
            4,
            added=True,
        ),
    ),
    "https://colossalai.org/docs/basics/launch_colossalai": (
        Line("colossalai run --nproc_per_node 4 train.py --batch 8", "colossalai", 4, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nproc-invocation.html": (
        Line("sh -c 'torchrun --nproc_per_node=$(nvidia-smi -L | wc -l) t.py'", "torchrun", 1),
    ),
    "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html#slots": (
        Line("mpirun -np 2 -npernode 1 torchrun --nproc-per-node 4 t.py", "torchrun", 4, added=True),
        Line("srun -n 2 torchrun --nproc-per-node 4 t.py", "torchrun", EACH, added=True),
        Line(
            "srun -N 2 --ntasks-per-node=1 accelerate launch --multi_gpu --num_processes 8 --num_machines 2 t.py",
            "accelerate",
            4,
            added=True,
        ),
    ),
    "https://www.deepspeed.ai/training/": (
        Line(
            "deepspeed --include localhost:0,1 src/train.py --yaml_config ./c.yaml",
            "deepspeed",
            2,
            added=True,
        ),
        Line(
            "deepspeed --include=localhost:4,5,6,7 --master_port 54567 train_re_decouple.py --cuda",
            "deepspeed",
            4,
            added=True,
        ),
        Line(
            "bash -c 'cd .. && nohup deepspeed --include localhost:0,1,2,3,4,5,6,7 --master_port=9912 src/train_bash.py --deepspeed ds.json'",
            "deepspeed",
            EACH,
        ),
    ),
    "https://github.com/kubernetes-sigs/kueue/tree/main/examples": (
        Line(
            "torchrun --nproc_per_node=2 --nnodes=$(PET_NNODES) --rdzv_backend=c10d train.py --epochs 3",
            "torchrun",
            2,
            added=True,
        ),
        Line("torchrun", "torchrun", 1, added=True),
    ),
    "https://huggingface.co/docs/accelerate/usage_guides/deepspeed": (
        Line(
            "/train.sh --lr 1",
            "accelerate",
            2,
            {},
            {
                "/train.sh": '#!/bin/bash\n\nCONFIG_FILE="/workspace/zero3.yaml"\necho start\naccelerate launch  --config_file "$CONFIG_FILE" /workspace/train.py "$@"\n\necho done\n',
                "/workspace/zero3.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 2\n",
            },
        ),
        Line(
            "/train.sh",
            "torchrun",
            2,
            {},
            {
                "/train.sh": '#!/bin/bash\nset -e\nSCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\ncd "$SCRIPT_DIR"\nLAUNCHER_CMD=${MAD_RUNNER:-"torchrun --standalone --nproc_per_node=2"}\n$LAUNCHER_CMD train.py --deepspeed\n'
            },
        ),
        Line(
            "python -m torch.distributed.launch --nproc_per_node=4 --nnodes=1 --node_rank=0 --master_addr=192.168.1.1 --master_port=1234 t.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://github.com/open-compass/VLMEvalKit/blob/main/scripts/run.sh": (
        Line(
            "/s.sh --data x",
            "torchrun",
            1,
            {},
            {
                "/s.sh": "#!/bin/bash\nset -x\nexport GPU=$(nvidia-smi --list-gpus | wc -l)\ntorchrun --nproc-per-node=$GPU run.py ${@:1}\n"
            },
        ),
    ),
    "https://github.com/matteocarnevale/Thesis/blob/main/sequencer/distributed_train.sh": (
        Line(
            "bash /s.sh 4 --lr 1",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nNUM_PROC=$1\nshift\n CUDA_VISIBLE_DEVICES=0 python3 -m torch.distributed.run --nproc_per_node=$NUM_PROC train.py "$@"\n'
            },
        ),
        Line(
            "/s.sh 4 --lr 1",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/zsh\nNUM_GPU=$1\nshift\ntorchrun --rdzv_backend=c10d --rdzv_endpoint=localhost:0 --nnodes=1 --nproc_per_node=${NUM_GPU} "$@"\n'
            },
        ),
        Line(
            "bash /s.sh train cfg 4",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\n\nset -x\n\nFILE=$1\nCONFIG=$2\nGPUS=$3\nNNODES=${NNODES:-1}\nPORT=${PORT:-$((28500 + $RANDOM % 2000))}\n\nif command -v torchrun &> /dev/null\nthen\n  PYTHONPATH="$(dirname $0)/..":$PYTHONPATH OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 \\\n    torchrun --nnodes=${NNODES} \\\n    --master_port=${PORT} \\\n    --nproc_per_node=${GPUS} \\\n    tools/${FILE}.py ${CONFIG} --launcher pytorch "${@:4}"\nelse\n  python -m torch.distributed.launch --nproc_per_node=${GPUS} tools/${FILE}.py\nfi\n'
            },
        ),
        Line(
            "bash /s.sh 2",
            "torchrun",
            2,
            {},
            {
                "/s.sh": '#!/bin/bash\nset -e\nNUM_GPUS=${1:-8}\nCONFIG=${2:-"c.yaml"}\necho "GPUs: $NUM_GPUS"\ntorchrun \\\n    --nproc_per_node=$NUM_GPUS \\\n    --master_port=29500 \\\n    scripts/train.py \\\n    --config "$CONFIG" \\\n    "${@:3}"\n'
            },
        ),
        Line(
            "bash /s.sh",
            "torchrun",
            2,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\nset -euo pipefail\nNPROC=${1:-2}; shift || true\ntorchrun --nproc_per_node ${NPROC} train.py --distributed 1 "$@"\n'
            },
        ),
        Line(
            "bash /s.sh 3 --a",
            "torchrun",
            3,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\n\nset -x\nNGPUS=$1\nPY_ARGS="${@:2}"\n\ntorchrun --nproc_per_node=${NGPUS} train.py --launcher pytorch ${PY_ARGS}\n'
            },
        ),
        Line(
            "bash /s.sh /my_train.sh",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nGPUS="${GPUS:-4}"           # default\nexport PYTHONUNBUFFERED=1\n\ntorchrun --standalone --no_python --nproc_per_node="${GPUS}" bash "$@"\n'
            },
        ),
        Line(
            "bash /s.sh",
            "deepspeed",
            4,
            {"GPUS_PER_NODE": "4", "NUM_NODES": "2", "TRAIN_FILE": "t.py"},
            {
                "/s.sh": "#!/bin/bash\nexport RANK=0\nexport WORLD_SIZE=$((NUM_NODES * GPUS_PER_NODE))\n\ndeepspeed --num_gpus=${GPUS_PER_NODE} ${TRAIN_FILE} ${RUN_ARGS}\n"
            },
        ),
    ),
    "https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/": (
        Line(
            "/opt/nvidia/nvidia_entrypoint.sh torchrun --nproc_per_node=2 train.py",
            "torchrun",
            2,
            added=True,
        ),
        Line("env NPROC_PER_NODE=4 swift sft --model m", "swift", 4, added=True),
        Line(
            "env FORCE_TORCHRUN=1 NPROC_PER_NODE=2 llamafactory-cli train c.yaml",
            "llamafactory-cli",
            2,
            added=True,
        ),
    ),
    "https://www.gnu.org/software/bash/manual/bash.html": (
        Line("sh -c 'seq 4 | xargs -P4 -I{} torchrun --nproc_per_node 1 t.py {}'", "torchrun", 4),
    ),
    "https://github.com/Miraclove/DevAssistant": (
        Line(
            "sh -c 'TRANSFORMERS_VERBOSITY=info torchrun --nproc_per_node=4 train.py config.yaml --deepspeed=deepspeed_z3_config_bf16.json'",
            "torchrun",
            4,
        ),
    ),
    "https://github.com/sihunc-flwls/hallo/blob/HEAD/train.sh": (
        Line(
            "accelerate launch -m --config_file accelerate_config.yaml --machine_rank 0 --main_process_ip 0.0.0.0 --main_process_port 20055 --num_machines 1 --num_processes 1 scripts.train_stage1 --config ./configs/train/stage1.yaml",
            "accelerate",
            1,
            added=True,
        ),
    ),
    "https://huggingface.co/docs/accelerate/package_reference/cli#accelerate-launch": (
        Line(
            "/r.sh",
            "accelerate",
            8,
            {},
            {
                "/r.sh": '#!/bin/bash\nnum_nodes=1\nnum_processes=8\nconfig_file="/configs/deepspeed_llama.yaml"\nBATCH_SIZE_PER_GPU=4\nTOTAL_BATCH_SIZE=128\nGRADIENT_ACC_STEPS=$(($TOTAL_BATCH_SIZE / ${num_processes} / $BATCH_SIZE_PER_GPU))\naccelerate launch \\\n  --config_file ${config_file} \\\n  --num_processes ${num_processes} \\\n  --num_machines ${num_nodes} \\\n  ./entrypoints/ft.py\n',
                "/configs/deepspeed_llama.yaml": "distributed_type: DEEPSPEED\nnum_processes: 4\n",
            },
        ),
        Line(
            "/r.sh m",
            "accelerate",
            1,
            {},
            {
                "/r.sh": '#! /bin/bash\npip install lighteval lighteval[math]\n#lighteval vllm \\\n#"model_name=$1,revision=main,tensor_parallel_size=8" \\\naccelerate launch -m lighteval accelerate \\\n"model_name=$1,revision=main,dtype=bfloat16" \\\n"custom|hellaswag|0|1" \\\n--custom-tasks "tasks.py"\n'
            },
        ),
        Line(
            "/train.sh configs/run1.yaml --max_train_steps 2000",
            "accelerate",
            4,
            {},
            {
                "/train.sh": '#!/usr/bin/env bash\nset -e\nCONFIG="${1:?Usage: $0 <config.yaml> [--output_dir ...] ...}"\nshift\nexport PYTHONWARNINGS="ignore:distutils:DeprecationWarning,ignore:distutils:UserWarning"\naccelerate launch -m nexus.train.main --config "$CONFIG" "$@"\n',
                **gpus(4),
            },
        ),
        Line(
            "/train.sh",
            "accelerate",
            1,
            {},
            {
                "/train.sh": '#!/usr/bin/env bash\nset -euo pipefail\n\nCONFIG="${1:-configs/default.yaml}"\n\necho "Starting training with config: $CONFIG"\n\naccelerate launch src/train.py --config "$CONFIG"\n'
            },
        ),
        Line(
            "/go.sh -c x.yaml",
            "accelerate-launch",
            2,
            {},
            {
                "/go.sh": '#!/bin/bash\n\nHOME_DIR="/home/p"\nACCELERATE_CONFIG_FILE="${HOME_DIR}/.cache/huggingface/accelerate/default_config.yaml"\nCONFIG_FILE=""\nwhile getopts "c:" opt; do\n  case "$opt" in\n    c) CONFIG_FILE="$OPTARG" ;;\n    *) echo "Usage: $0 -c <config_file>"; exit 1 ;;\n  esac\ndone\n\nCONFIG_FILE="${HOME_DIR}/smolvencoder/vision/${CONFIG_FILE}"\n\nPYTHONPATH=$(pwd) python -u -m accelerate.commands.launch \\\n    --config_file $ACCELERATE_CONFIG_FILE \\\n        m4/training/main.py \\\n        --config $CONFIG_FILE\n',
                "/home/p/.cache/huggingface/accelerate/default_config.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: MULTI_GPU\nnum_machines: 1\nnum_processes: 2\n",
            },
        ),
        Line("accelerate launch axolotl_launcher.py mixtral_axolotl.yml", "accelerate", 1, added=True),
        Line(
            "/train.sh",
            "accelerate",
            3,
            {},
            {
                "/train.sh": "#!/usr/bin/env bash\n\nset -e\n\nnohup accelerate launch \\\n  --num_processes 3 \\\n  --config_file /z3.yaml train_trl.py \\\n  --config zero3.yaml\n",
                "/z3.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nmachine_rank: 0\nnum_machines: 1\nnum_processes: 8\n",
            },
        ),
        Line(
            "sh -c 'accelerate launch --multi_gpu --num_processes $((NNODES * 8)) --num_machines $NNODES --machine_rank $RANK t.py'",
            "accelerate",
            8,
            {"NNODES": "2", "RANK": "0"},
        ),
    ),
    "https://github.com/jiachunjin/stunning-octo-parakeet": (
        Line(
            "accelerate launch --config_file /cfg/deepspeed --main_process_port 30002 --num_processes 8 runner/down_proj/llava_distill.py --config config/down_proj/llava_distill.yaml",
            "accelerate",
            8,
            {},
            {"/cfg/deepspeed": "distributed_type: DEEPSPEED\nnum_processes: 4\n"},
            added=True,
        ),
    ),
    "https://github.com/jamesafranke/ViT_clouds": (
        Line(
            "torchrun --nnodes=1:2 --nproc_per_node=4 --rdzv_id=100 --rdzv_backend=c10d --rdzv_endpoint=localhost:6000 torchrun_test.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://github.com/modelscope/ms-swift/blob/main/swift/cli/main.py": (
        Line(
            "swift sft --model Qwen/Qwen2.5-1.5B-Instruct --dataset d.jsonl --train_type full --dataloader_num_workers 4",
            "swift",
            1,
            added=True,
        ),
        Line(
            "sh -c 'CUDA_VISIBLE_DEVICES=0,1,2,3 NPROC_PER_NODE=4 swift sft yaml/qwen2.5_7b_full_sft.yaml'",
            "swift",
            4,
        ),
        Line("sh -c 'CUDA_VISIBLE_DEVICES=0 swift sft yaml/qwen2.5_7b_full_sft.yaml'", "swift", 1),
        Line("swift pt --model m", "swift", 3, {"NPROC_PER_NODE": "3"}, added=True),
        Line("megatron export --model m", "megatron", EACH, {"NPROC_PER_NODE": "auto"}, added=True),
        Line(
            "swift sft /x.yaml",
            "swift",
            2,
            {},
            {"/x.yaml": "model: m\nENV:\n  NPROC_PER_NODE: 2\n  OMP_NUM_THREADS: 1\n"},
            added=True,
        ),
        Line(
            "swift rlhf /x.json --model m",
            "swift",
            4,
            {"NPROC_PER_NODE": "4"},
            {"/x.json": '{\n  "ENV": {\n    "NPROC_PER_NODE": "2"\n  }\n}\n'},
            added=True,
        ),
    ),
    "https://github.com/hiyouga/LLaMA-Factory/blob/main/examples/README.md": (
        Line("llamafactory-cli train x.yaml", "llamafactory-cli", 1, {"NPROC_PER_NODE": "4"}, added=True),
        Line(
            "lmf train x.yaml",
            "llamafactory-cli",
            4,
            {"NPROC_PER_NODE": "4", "FORCE_TORCHRUN": "true"},
            added=True,
        ),
        Line("lmf train x.yaml", "llamafactory-cli", 3, {"CUDA_VISIBLE_DEVICES": "0,1,2"}, added=True),
        Line("megatron sft x.yaml", "megatron", 2, {"NPROC_PER_NODE": "2"}, added=True),
        Line(
            "sh -c 'FORCE_TORCHRUN=1 NNODES=2 NODE_RANK=1 MASTER_ADDR=192.168.0.1 MASTER_PORT=29500 llamafactory-cli train examples/train_lora/llama3_lora_sft.yaml'",
            "llamafactory-cli",
            4,
            {"CUDA_VISIBLE_DEVICES": "0,1,2,3"},
        ),
        Line("llamafactory-cli train Touchstone-GPT_sft_lora.yaml", "llamafactory-cli", 1, added=True),
    ),
    "https://www.deepspeed.ai/getting-started/#resource-configuration-multi-node": (
        Line(
            "deepspeed --hostfile /job/h train.py --deepspeed_config c.json",
            "deepspeed",
            4,
            {},
            {"/job/h": "worker-1 slots=4\nworker-2 slots=4\n"},
            added=True,
        ),
        Line(
            "deepspeed train.py", "deepspeed", 2, {}, {"/job/hostfile": "localhost slots=2\n"}, added=True
        ),
    ),
    "https://docs.mosaicml.com/projects/composer/en/stable/trainer/using_the_trainer.html": (
        Line(
            "composer -n 4 train/train.py yamls/x.yaml",
            "composer",
            4,
            {},
            {"/usr/local/bin/composer": "#!/usr/bin/python3\nfrom composer.cli.launcher import main\n"},
            added=True,
        ),
    ),
    "https://github.com/InternLM/xtuner": (
        Line(
            "xtuner train c.py --deepspeed deepspeed_zero2",
            "xtuner",
            8,
            {"NPROC_PER_NODE": "8"},
            added=True,
        ),
    ),
    "https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/distributed/launch_en.html": (
        Line("python -m paddle.distributed.launch --nproc_per_node 4 train.py", "fleetrun", 4, added=True),
    ),
    "https://www.mindspore.cn/docs/en/master/features/parallel/msrun_launcher.html": (
        Line(
            "msrun --worker_num=8 --local_worker_num=4 --master_port=8118 train.py", "msrun", 4, added=True
        ),
    ),
    "https://intel.github.io/intel-extension-for-pytorch/cpu/latest/tutorials/performance_tuning/launch_script.html": (
        Line("ipexrun --ninstances 2 --ncores-per-instance 4 infer.py", "ipexrun", 2, added=True),
    ),
    "https://apptainer.org/docs/user/latest/cli/apptainer_exec.html": (
        Line(
            "apptainer exec --nv --bind /data:/data img.sif torchrun --nproc_per_node 2 t.py",
            "torchrun",
            2,
            added=True,
        ),
        Line(
            "singularity --quiet exec --env A=b --pwd /w -B /d i.sif bash -c 'torchrun --nproc-per-node 4 t.py'",
            "torchrun",
            4,
        ),
    ),
    "https://www.paddlepaddle.org.cn/": (
        Line(
            "python -m paddle.distributed.launch --gpus 0,1,2 --log_dir l train.py --nproc_per_node 9",
            "fleetrun",
            3,
            added=True,
        ),
    ),
    "https://docs.pytorch.org/torchtune/stable/tune_cli.html": (
        Line(
            "/t.sh",
            "tune",
            4,
            {},
            {
                "/t.sh": "#!/bin/bash\n\nCUDA_VISIBLE_DEVICES=0,1,2,3\n\n# Clear prev output\nrm -rf output\nmkdir output\n\ntune run --nproc_per_node 4 /lfs/local/0/x/full_finetune_distributed.py --config /lfs/local/0/x/configs/config.yaml\n"
            },
        ),
        Line(
            "/t.sh",
            "tune",
            2,
            {},
            {
                "/t.sh": "#!/bin/bash\nsource ~/.bash_profile\nconda activate tune\ntune run --nnodes 1 --nproc-per-node 2 custom_full_finetune_distributed.py  --config cfgs/custom_config.yaml\n"
            },
        ),
        Line(
            "tune run --nproc_per_node 4 -m cs229.full_finetune_distributed --config configs/config.yaml",
            "tune",
            4,
            added=True,
        ),
        Line(
            "tune run --nproc_per_node 4 full_finetune_distributed --config llama2/7B_full_finetune_distributed",
            "tune",
            4,
            added=True,
        ),
        Line(
            "tune run lora_finetune_single_device --config llama2/7B_lora_single_device",
            "tune",
            1,
            added=True,
        ),
    ),
    "https://docs.nvidia.com/deploy/nvidia-smi/index.html": (
        Line(
            "/t.sh",
            "torchrun",
            2,
            {},
            {
                "/t.sh": "#!/bin/bash\nN=$(nvidia-smi --query-gpu=name --format=csv,noheader | wc -l)\ntorchrun --nproc_per_node=$N t.py\n",
                **gpus(2),
            },
        ),
        Line(
            "/t.sh",
            "torchrun",
            1,
            {},
            {"/t.sh": "#!/bin/bash\nN=$(nvidia-smi -L | wc -l)\ntorchrun --nproc_per_node=$N t.py\n"},
        ),
    ),
    "https://github.com/arhanjain/UWLab": (
        Line(
            "/launch.sh",
            "torchrun",
            2,
            {"CONFIG_PATH": "c.yaml", "MY_SCRIPT": "t.py"},
            {
                "/launch.sh": '#!/bin/bash\nset -e\nNUM_GPUS=$(nvidia-smi --list-gpus | wc -l)\nif [ -z "$CONFIG_PATH" ]; then\n    echo "ERROR: No config file provided."\n    exit 1\nfi\nif [ "$NUM_GPUS" -gt 1 ] && [ ! -z "$MY_SCRIPT" ]; then\n    CMD="torchrun --standalone --nnodes=1 --nproc_per_node=$NUM_GPUS $MY_SCRIPT --distributed --config $CONFIG_PATH"\n    exec $CMD\nelse\n    exec python $MY_SCRIPT --config $CONFIG_PATH\nfi\n',
                **gpus(2),
            },
        ),
    ),
    "https://mywiki.wooledge.org/ProcessManagement": (
        Line(
            "/r.sh",
            "torchrun",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor i in 0 1; do\n  CUDA_VISIBLE_DEVICES=$i torchrun --nproc_per_node=2 t.py --cfg $i &\ndone\nwait\n"
            },
        ),
    ),
    "https://github.com/mmmmayi/Grad-W": (
        Line(
            "bash /run.sh",
            "torchrun",
            2,
            {},
            {
                "/run.sh": "#!/bin/bash\n#SBATCH -o temp.out\n#SBATCH --gres=gpu:2\n#SBATCH --cpus-per-task=16\n#####SBATCH -p new\ntorchrun --standalone --nnodes=1 --nproc_per_node=2 train.py\n"
            },
        ),
    ),
    "https://github.com/He-Wenhao/ML-LinearSpace": (
        Line(
            "bash /torchrun_script.sh",
            "torchrun",
            4,
            {},
            {
                "/torchrun_script.sh": "export MASTER_ADDR=$(scontrol show hostname ${SLURM_NODELIST} | head -n 1)\n\ntorchrun --nnodes=5 --nproc_per_node=4 --rdzv_id=100 --rdzv_backend=c10d --rdzv_endpoint=$MASTER_ADDR:29400 train_parallel_2.py\n"
            },
        ),
    ),
    "https://github.com/marcellobarylli/Recurrent-Parameter-Generation": (
        Line(
            "bash /trainable.sh",
            "accelerate",
            1,
            {},
            {
                "/trainable.sh": "accelerate launch \\\n  --main_process_port=29803 \\\n  --num_processes=1 \\\n  --gpu_ids='1' \\\n  --num_machines=1 \\\n  --mixed_precision=bf16 \\\n  --dynamo_backend=no \\\n  trainable.py \\\n"
            },
        ),
    ),
    "https://github.com/rivergold/rdl": (
        Line(
            "bash /run_train.sh",
            "accelerate",
            2,
            {},
            {
                "/run_train.sh": '# python train.py \\\n#     --cfg_path "./config/base.yaml"\n\n# accelerate launch \\\n#     --config_file ./config/accelerate_config.yaml \\\n#     train.py\n\naccelerate launch \\\n    --config_file /config/accelerate-deepspeed.yaml \\\n    train.py \\\n    --cfg_path "./config/base-gpu1.yaml" \\\n    --work_dir "./out/train_out"\n',
                "/config/accelerate-deepspeed.yaml": "distributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 2\n",
            },
        ),
    ),
    "https://github.com/allenai/FineGrainedRLHF": (
        Line(
            "bash /train_baseline.sh",
            "accelerate",
            4,
            {},
            {
                "/train_baseline.sh": "accelerate launch \\\n    --main_process_port 29500 \\\n    --num_machines 1 \\\n    --machine_rank 0 \\\n    --num_processes 4 \\\n    --mixed_precision bf16 \\\n    --multi_gpu \\\n    train_baseline.py --config baseline_config.yml\n"
            },
        ),
    ),
    "https://github.com/Elijah-Bodden/My-Simulacrum": (
        Line(
            "bash /run.bash",
            "accelerate",
            2,
            {},
            {
                "/run.bash": 'cd /workspace\nrm -rf /workspace/axolotl\ngit clone https://github.com/OpenAccess-AI-Collective/axolotl.git\ncd axolotl\npip install --no-deps -e .\nwget https://raw.githubusercontent.com/x/config.yml\nCUDA_VISIBLE_DEVICES="" python -m axolotl.cli.preprocess config.yml\naccelerate launch -m axolotl.cli.train config.yml\n',
                **gpus(2),
            },
        ),
    ),
    "https://github.com/moreh-dev/quickstart": (
        Line(
            "bash /script.sh",
            "accelerate",
            1,
            {},
            {
                "/script.sh": "TRANSFORMERS_VERBOSITY=info TOKENIZERS_PARALLELISM=true accelerate launch \\\n     --config_file config.yaml train.py \\\n     --lr 0.000001 \\\n     --num-epochs 3 \\\n     --output-dir mistral\n"
            },
        ),
    ),
    "https://github.com/lun2hang/playgemma_textcls_sft": (
        Line(
            "bash /gemma2b_sft_chat.sh",
            "accelerate",
            1,
            {},
            {
                "/gemma2b_sft_chat.sh": "accelerate launch --config_file ../trl/examples/accelerate_configs/multi_gpu.yaml --num_processes=1 \\\n    ../trl/examples/scripts/sft.py \\\n    --model_name /DATA/jupyter/personal/gemma-2b \\\n    --dataset_name OpenAssistant/oasst_top1_2023-08-25 \\\n    --use_peft \\\n    --output_dir gemma-finetuned-openassistant\n"
            },
        ),
    ),
    "https://github.com/c00cjz00/LLAMA-on-HPC": (
        Line(
            "srun --job-name demo --nodes 2 --gpus-per-node 4 --cpus-per-task 16 --ntasks-per-node 1 bash -c 'torchrun --nproc_per_node 4 train.py'",
            "torchrun",
            4,
        ),
    ),
    "https://github.com/Shujun-He/RibonanzaNet2": (
        Line(
            "bash /job.sh",
            "accelerate",
            8,
            {},
            {
                "/job.sh": "#!/bin/bash\n#SBATCH --nodes 1\n#SBATCH --gpus-per-node=8\n\n/lustre/fs0/scratch/shujun/miniconda3/envs/torch/bin/accelerate launch --config_file /FSDP.yaml run.py --config_path configs/benchmark.yaml\n",
                "/FSDP.yaml": "distributed_type: FSDP\nnum_machines: 1\nnum_processes: 8\n",
            },
        ),
    ),
    "https://github.com/Fenriro37/GRPO-Summarization": (
        Line(
            "/train.sh --epochs 3",
            "torchrun",
            2,
            {},
            {
                "/train.sh": '#!/bin/bash\n\necho "--- train.sh: Current directory is $(pwd) ---"\nls -l /workspace\necho "--- train.sh: Executing python script with args: $@ ---"\n\nNUM_GPUS=2\n\ntorchrun --nproc_per_node=$NUM_GPUS /workspace/train.py "$@"\n'
            },
        ),
    ),
    "https://github.com/brynelee/deepspeedtrial": (
        Line(
            "bash /r.sh",
            "deepspeed",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\n# x\ndeepspeed ds_train.py --epoch 1 --deepspeed --deepspeed_config ds_config.json\n",
                **gpus(4),
            },
        ),
    ),
    "https://github.com/yxuansu/OpenAlpaca": (
        Line(
            "/r.sh",
            "deepspeed",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\ndeepspeed --include localhost:0,1,2,3,4,5,6,7 --master_addr 127.0.0.1 --master_port 28457 train_sft.py --model openllama --data_path ../data/openalpaca.json\n"
            },
        ),
    ),
    "https://github.com/sudy-super/coencoder_utils": (
        Line(
            "bash /r.sh",
            "deepspeed",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\nexport HF_HOME=/workspace\nexport MASTER_PORT=29500\ndeepspeed --hostfile=hostfile --num_nodes=4 --num_gpus=8 finetune_new.py --deepspeed ds_config_new.json\n"
            },
        ),
    ),
    "https://www.deepspeed.ai/getting-started/#resource-configuration-single-node": (
        Line(
            "/r.sh exp 0,1,2",
            "deepspeed",
            3,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -eux\nname=$1\ngpus=$2\nexport WORK_DIR=`pwd`\nOUTPUT=${WORK_DIR}/output/${name}\nif [ -d $OUTPUT ]; then\n    echo "${OUTPUT} exist."\nelse\n    mkdir -p ${OUTPUT}\nfi\ndeepspeed --include localhost:$2  --master_port 23857 ${WORK_DIR}/train.py --output_dir ${OUTPUT}\n'
            },
        ),
    ),
    "https://github.com/ryanyxw/phdbrainstorm": (
        Line(
            "bash /r.sh",
            "accelerate",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\naccelerate launch -m lm_eval --model hf \\\n    --model_args pretrained=meta-llama/Meta-Llama-3-8B \\\n    --tasks mmlu,wikitext\\\n    --batch_size auto:4\n",
                **gpus(4),
            },
        ),
    ),
    "https://github.com/FGinfinite/Qualitiy-Gate": (
        Line(
            "/r.sh",
            "accelerate",
            2,
            {},
            {
                "/r.sh": "#!/bin/bash\nexport CUDA_VISIBLE_DEVICES=1,4\n\naccelerate launch -m lm_eval --model hf \\\n    --model_args pretrained=m,peft=x \\\n    --tasks mmlu\n",
                **gpus(8),
            },
        ),
    ),
    "https://github.com/jusjinuk/RL2": (
        Line(
            "bash /r.sh",
            "torchrun",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\ntorchrun \\\n    --nproc_per_node=8 \\\n    -m RL2.trainer.ppo \\\n    train_data.path=Chenmien/OpenReasonerZero \\\n    trainer.save_freq=32 \\\n    rollout.save_trajectories=true\n"
            },
        ),
    ),
    "https://github.com/zhaohaidao/RL2": (
        Line(
            "bash /r.sh",
            "torchrun",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\ntorchrun \\\n    --standalone \\\n    --nnodes=1 \\\n    --nproc_per_node=8 \\\n    -m RL2.trainer.ppo \\\n    data.train_data_path=x\n"
            },
        ),
    ),
    "https://github.com/lorr1/Megatron-LM": (
        Line(
            "bash /r.sh",
            "torchrun",
            5,
            {},
            {
                "/r.sh": '\nGPUS_PER_NODE=5\n# Change for multinode config\nMASTER_ADDR=localhost\nMASTER_PORT=6002\nNNODES=1\nNODE_RANK=0\nWORLD_SIZE=$(($GPUS_PER_NODE*$NNODES))\n\nDISTRIBUTED_ARGS="--nproc_per_node $GPUS_PER_NODE --nnodes $NNODES --node_rank $NODE_RANK --master_addr $MASTER_ADDR --master_port $MASTER_PORT"\n\npython -m torch.distributed.launch $DISTRIBUTED_ARGS \\\n       pretrain_gpt2.py \\\n       --config configs/pretrain_gpt2_wikitext.yaml\n\n       # nlprun -a kgoel `bash examples/run.sh`\n'
            },
        ),
    ),
    "https://github.com/sridharakella/Vmware-VRX-NSX-Vcenter": (
        Line(
            "bash /r.sh",
            "torchrun",
            2,
            {"NUM_TRAINERS": "2", "NUM_NODES": "3"},
            {
                "/r.sh": "#!/bin/bash\nexport NCCL_DEBUG=WARN\ntorchrun \\\n--nproc_per_node=$NUM_TRAINERS \\\n--nnodes=$NUM_NODES \\\n--node_rank=$NODE_RANK \\\n--master_addr=$MASTER_ADDR \\\n--master_port=$MASTER_PORT \\\n./main.py\n"
            },
        ),
    ),
    "https://github.com/msrasys/nnscaler": (
        Line(
            "/r.sh",
            "torchrun",
            2,
            {},
            {
                "/r.sh": "#!/bin/bash --login\n\ntorchrun --nproc_per_node=2  --nnodes=1    \\\n        examples/nlp/gpt/train.py --policy=PASMegatronWSRTP --lrw --fp16 | tee -a LogForMegatronRecompute.txt\n"
            },
        ),
    ),
    "https://github.com/modelscope/ms-swift/tree/main/examples/train/multi-node/swift": (
        Line(
            "bash /r.sh",
            "swift",
            4,
            {},
            {
                "/r.sh": "CUDA_VISIBLE_DEVICES=0,1,2,3 \\\nNNODES=2 \\\nNODE_RANK=1 \\\nMASTER_ADDR=xxx.xxx.xxx.xxx \\\nNPROC_PER_NODE=4 \\\nswift sft \\\n      --model Qwen/Qwen2.5-7B-Instruct \\\n      --train_type lora \\\n      --dataset swift/self-cognition#1000 \\\n      --gradient_checkpointing_kwargs '{\"use_reentrant\": false}' \\\n      --model_name swift-robot\n"
            },
        ),
    ),
    "https://github.com/puzhiyuan/AiO": (
        Line(
            "bash /r.sh",
            "swift",
            8,
            {},
            {
                "/r.sh": "CUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7 \\\nNPROC_PER_NODE=8 \\\nswift sft \\\n    --model /root/m \\\n    --dataloader_num_workers 8 \\\n    --gradient_checkpointing_kwargs '{\"use_reentrant\": false}' \n"
            },
        ),
    ),
    "https://github.com/modelscope/ms-swift/tree/main/examples/pytorch": (
        Line(
            "bash /r.sh",
            "torchrun",
            4,
            {},
            {
                "/r.sh": "# 4 * 22GB VRAM\nnproc_per_node=4\nCUDA_VISIBLE_DEVICES=0,1,2,3 \\\ntorchrun \\\n    --nproc_per_node=$nproc_per_node \\\n    --master_port 29500 \\\n    src/llm_sft.py \\\n    --dataset_sample -1 \\\n    --gradient_accumulation_steps $(expr 16 / $nproc_per_node) \\\n    --hub_token 'your-sdk-token' \\\n"
            },
        ),
    ),
}
