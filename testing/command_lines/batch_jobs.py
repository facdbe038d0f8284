"""Command lines of batch jobs, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, Line

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://github.com/aws/deep-learning-containers/tree/main/scripts/docker": (
        Line(
            "/usr/local/bin/sagemaker_entrypoint.sh serve",
            "ray",
            EACH,
            {},
            {
                "/usr/local/bin/sagemaker_entrypoint.sh": '#!/bin/bash\nset -e\nif [ "$1" = "serve" ]; then\n'
                "  ray start --head --port=6379 --num-gpus=${N}\n  sleep 5\n  serve start --http-port=8000\n"
                "  if [ -f /c.yaml ]; then\n    serve run /c.yaml &\n  else\n    exit 1\n  fi\n"
                "  for i in {1..30}; do\n    if curl -s x; then\n      break\n    fi\n  done\n"
                '  python /app/serve.py\nelse\n  exec "$@"\nfi\n'
            },
        ),
    ),
    "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/": (
        Line("mpirun --allow-run-as-root -n 2 tritonserver --model-repository=/m", "mpirun", 2, added=True),
    ),
    "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html": (
        Line(
            "/r.sh",
            "mpirun",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\nmpirun -np 4 -H localhost:1,horovod0:1,horovod1:1,horovod2:1 \\\n   -bind-to none -map-by slot \\\n   -x NCCL_DEBUG=INFO -x LD_LIBRARY_PATH -x PATH \\\n   -mca pml ob1 -mca btl ^openib \\\n   python /examples/pytorch_mnist.py\n"
            },
        ),
        Line("mpirun -np 4 python train.py -n 8", "mpirun", 4, added=True),
        Line(
            "mpirun --allow-run-as-root -np 2 -H localhost:2 -bind-to none -x PATH a.out",
            "mpirun",
            2,
            added=True,
        ),
        Line("mpirun -np 16 -npernode 8 python t.py", "mpirun", 8, added=True),
        Line("mpirun -N 8 python t.py", "mpirun", 8, added=True),
        Line("mpirun --map-by ppr:8:node -np 16 python t.py", "mpirun", 8, added=True),
        Line("mpirun -nolocal python t.py", "mpirun", EACH, added=True),
        Line("mpirun -np 1 a.out : -np 3 b.out", "mpirun", 4, added=True),
        Line("mpiexec.hydra -n 16 -ppn 8 ./a.out", "mpiexec.hydra", 8, added=True),
        Line("mpiexec -n 4 ./a.out", "mpiexec", 4, added=True),
        Line("horovodrun -np 4 -H localhost:4 python t.py", "horovodrun", 4, added=True),
        Line("srun -n 8 -N 2 python t.py", "srun", 4, added=True),
        Line("srun --ntasks-per-node=4 -N 2 python t.py", "srun", 4, added=True),
        Line(
            "mpirun --allow-run-as-root -n 1 tritonserver --model-repository=/m --grpc-port=8001 : -n 1 tritonserver --model-repository=/m --grpc-port=8004",
            "mpirun",
            2,
            added=True,
        ),
        Line(
            "mpirun --hostfile /etc/mpi/hostfile python t.py",
            "mpirun",
            2,
            {},
            {"/etc/mpi/hostfile": "w-0 slots=2\nw-1 slots=2\n"},
            added=True,
        ),
        Line(
            "mpirun -np 4 --hostfile /etc/mpi/hostfile python t.py",
            "mpirun",
            2,
            {},
            {"/etc/mpi/hostfile": "w-0 slots=2\nw-1 slots=2\n"},
            added=True,
        ),
    ),
    "https://docs.ray.io/en/latest/cluster/cli.html": (
        Line("ray start --head --port=6379 --block", "ray", EACH, added=True),
        Line("/bin/bash -lc -- 'ulimit -n 65536; ray start --head --block'", "ray", EACH),
        Line(
            "bash -c 'ray start --head --block --object-manager-port=8076 --include-dashboard=true --dashboard-host=0.0.0.0'",
            "ray",
            8,
        ),
        Line(
            "ray start --head --block --num-cpus=6 --num-gpus=4 --memory=64000000000 --log-style=record",
            "ray",
            6,
            added=True,
        ),
        Line("bash -lc 'ray start --head --port=6379 --num-cpus=0 --block'", "ray", EACH),
        Line(
            "sh -c 'ray start --address=$HEAD:6379 --num-cpus=$(nproc) --block'", "ray", EACH, {"HEAD": "h"}
        ),
    ),
    "https://docs.dask.org/en/stable/deploying-cli.html": (
        Line("dask worker tcp://s:8786 --nworkers 4 --nthreads 2", "dask", 4, added=True),
        Line("dask worker tcp://s:8786 --nworkers=-1", "dask", EACH, added=True),
        Line("dask worker tcp://s:8786 --nworkers -2", "dask", 7, added=True),
        Line("dask worker tcp://s:8786 --nworkers auto", "dask", EACH, added=True),
        Line("dask-worker tcp://s:8786", "dask-worker", 1, added=True),
        Line(
            "tini -g -- /usr/bin/prepare.sh dask worker s:8786 --nworkers 2",
            "dask",
            2,
            {},
            {
                "/usr/bin/prepare.sh": '#!/bin/bash\nset -x\nif [ "$X" ]; then\n  apt install -y $X\nfi\n"$@"\n'
            },
            added=True,
        ),
    ),
    "https://github.com/sbartek/simple-spark/blob/master/worker.sh": (
        Line(
            "/worker.sh",
            "spark-class",
            EACH,
            {"SPARK_HOME": "/spark", "MASTER_URL": "spark://m:7077"},
            {
                "/worker.sh": "#!/bin/bash\n. $SPARK_HOME/bin/load-spark-env.sh\n"
                "$SPARK_HOME/bin/spark-class org.apache.spark.deploy.worker.Worker --webui-port 8081 $MASTER_URL\n"
            },
        ),
    ),
    "https://spark.apache.org/docs/latest/spark-standalone.html": (
        Line(
            "/opt/spark/bin/spark-class org.apache.spark.deploy.worker.Worker -c 2 spark://m:7077",
            "spark-class",
            2,
            added=True,
        ),
        Line(
            "spark-class org.apache.spark.deploy.worker.Worker spark://m:7077",
            "spark-class",
            3,
            {"SPARK_WORKER_CORES": "3"},
            added=True,
        ),
    ),
    "https://spark.apache.org/docs/latest/submitting-applications.html": (
        Line("spark-submit --master local[4] app.py 1000", "spark-submit", 4, added=True),
        Line("spark-submit --master 'local[*]' app.py", "spark-submit", EACH, added=True),
        Line("spark-submit --master yarn --deploy-mode cluster app.py", "spark-submit", 1, added=True),
        Line("spark-submit --master k8s://https://h:443 app.py", "spark-submit", 1, added=True),
    ),
    "https://pytest-xdist.readthedocs.io/en/stable/distribution.html": (
        Line("pytest -n 4", "pytest", 4, added=True),
        Line("pytest -n auto tests", "pytest", EACH, added=True),
        Line("pytest -nlogical", "pytest", 1, added=True),
        Line("python -m pytest --numprocesses=3", "pytest", 3, added=True),
        Line("pytest", "pytest", 2, {"PYTEST_ADDOPTS": "-q -n 2"}, added=True),
        Line("pytest -q tests", "pytest", 1, added=True),
    ),
    "https://docs.locust.io/en/stable/running-distributed.html": (
        Line("locust -f l.py --processes 4", "locust", 4, added=True),
        Line("locust -f l.py --processes -1", "locust", EACH, added=True),
    ),
    "https://docs.julialang.org/en/v1/manual/distributed-computing/": (
        Line("julia -p 4 x.jl -p 2", "julia", 4, added=True),
        Line("julia -p auto x.jl", "julia", EACH, added=True),
        Line("Rscript x.R", "Rscript", 1, added=True),
        Line("R --vanilla -f x.R", "R", 1, added=True),
    ),
    "https://opentelemetry.io/docs/zero-code/python/": (
        Line("python -m coverage run --source x -m pytest -n 2", "pytest", 2, added=True),
    ),
    "https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example": (
        Line('/bin/sh -c "mpirun -np 4 python t.py"', "mpirun", 4),
    ),
    "https://github.com/triton-inference-server/tensorrtllm_backend/blob/main/scripts/launch_triton_server.py": (
        Line(
            "mpirun --allow-run-as-root -n 1 /opt/tritonserver/bin/tritonserver --model-repository=/m : -n 1 /opt/tritonserver/bin/tritonserver --model-repository=/m",
            "mpirun",
            2,
            added=True,
        ),
    ),
    "https://docs.ray.io/en/latest/cluster/cli.html#ray-start": (
        Line("ray start --head --num-cpus=4 --block", "ray", 4, added=True),
    ),
    "https://luigi.readthedocs.io/en/stable/running_luigi.html": (
        Line("luigi --module my_tasks MyTask --workers 4", "luigi", 4, added=True),
        Line(
            "python -m luigi --module my_tasks MyTask --local-scheduler --workers=3", "luigi", 3, added=True
        ),
    ),
    "https://man7.org/linux/man-pages/man1/taskset.1.html": (
        Line("taskset -c 0-3 mpirun -np 4 python t.py", "mpirun", 4, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/time.1.html": (
        Line("/usr/bin/time -v mpirun -np 2 ./a.out", "mpirun", 2, added=True),
    ),
    "https://github.com/kubeflow/mpi-operator/tree/master/examples": (
        Line("bash -c 'mpirun -np 2 --hostfile /etc/mpi/hostfile python t.py'", "mpirun", 2),
        Line("bash -c 'mpirun -np 2 python t.py; python report.py'", "mpirun", 2),
        Line(
            "mpirun -np 2 -bind-to none -map-by slot -x PATH -mca pml ob1 -mca btl ^openib python bench.py",
            "mpirun",
            1,
            {"OMPI_MCA_orte_default_hostfile": "/etc/mpi/hostfile"},
            {"/etc/mpi/hostfile": "w-0.w.default.svc slots=1\nw-1.w.default.svc slots=1\n"},
            added=True,
        ),
        Line(
            "mpirun --bind-to none -map-by slot -x PATH python mnist.py",
            "mpirun",
            4,
            {"OMPI_MCA_orte_default_hostfile": "/etc/mpi/hostfile"},
            {"/etc/mpi/hostfile": "w-0 slots=4\nw-1 slots=4\n"},
            added=True,
        ),
        Line(
            "bash -c 'until mpirun -np 16 nvidia-smi; do sleep 5; done; mpirun -np ${NP} -bind-to none all_reduce_perf -b 8 -f 4'",
            "mpirun",
            8,
            {"NP": "16", "OMPI_MCA_orte_default_hostfile": "/etc/mpi/hostfile"},
            {"/etc/mpi/hostfile": "w-0 slots=8\nw-1 slots=8\n"},
        ),
        Line(
            "mpirun -n 2 /home/mpiuser/pi",
            "mpirun",
            1,
            {"I_MPI_HYDRA_HOST_FILE": "/etc/mpi/hostfile", "I_MPI_PERHOST": "1"},
            {"/etc/mpi/hostfile": "pi-0.pi.default.svc:1\npi-1.pi.default.svc:1\n"},
            added=True,
        ),
        Line(
            "mpirun -n 4 /home/mpiuser/pi",
            "mpirun",
            2,
            {"HYDRA_HOST_FILE": "/etc/mpi/hostfile"},
            {"/etc/mpi/hostfile": "pi-0.pi.default.svc:2\npi-1.pi.default.svc:2\n"},
            added=True,
        ),
        Line("mpirun -np 2 ./a.out -f 4", "mpirun", 2, {}, {"/4": "a:1\n"}, added=True),
    ),
    "https://www.gnu.org/software/findutils/manual/html_node/find_html/Controlling-Parallelism.html": (
        Line("xargs -P 2 -n 1 mpirun -np 3 ./a.out", "mpirun", 6, added=True),
    ),
    "https://docs.nvidia.com/nsight-systems/UserGuide/": (
        Line("mpirun -np 4 nsys profile -o report-%p ./myApp", "mpirun", 4, added=True),
    ),
    "https://slurm.schedmd.com/srun.html": (
        Line(
            "bash /r.sh",
            "srun",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\n#SBATCH -p GPU48Go\n#SBATCH --gres=gpu:1\n#SBATCH -c 4\n#SBATCH --array=[0-4]%2\n\nsrun singularity run --nv --bind /data_GPU/:/data_GPU /data_GPU/carbure_image.sif python /data_GPU/gpu_array_demo.py --task_id $SLURM_ARRAY_TASK_ID\n"
            },
        ),
        Line(
            "srun --mpi=pmix -p student -N 2 --ntasks=8 --ntasks-per-node=4 --cpus-per-task=16 env OMP_NUM_THREADS=16 ./build",
            "srun",
            4,
            added=True,
        ),
        Line("srun -n4 --cpus-per-task=2 --mpi=pmix python t.py", "srun", 4, added=True),
        Line("srun -N 2 -n 8 --container-image=/x.sqsh python t.py", "srun", 4, added=True),
        Line("srun python train.py", "srun", 4, {"SLURM_NTASKS": "4"}, added=True),
        Line(
            "srun --cpu-bind=none python t.py",
            "srun",
            4,
            {"SLURM_NTASKS": "8", "SLURM_NNODES": "2"},
            added=True,
        ),
        Line(
            "srun -n 2 apptainer exec --nv i.sif python t.py", "srun", 2, {"SLURM_NTASKS": "8"}, added=True
        ),
    ),
    "https://docs.ray.io/en/latest/cluster/vms/user-guides/launching-clusters/on-premises.html": (
        Line("ray start --address=ray-head:6379 --block", "ray", EACH, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nproc-invocation.html": (
        Line("sh -c 'mpirun -np $(nproc) ./a.out'", "mpirun", EACH),
    ),
    "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html#slots": (
        Line("mpirun -H localhost:4 python t.py", "mpirun", 4, added=True),
        Line("mpirun -np 8 -H a:4,b:4 python t.py", "mpirun", 4, added=True),
        Line(
            "horovodrun -np 16 -H server1:4,server2:4,server3:4,server4:4 python train.py",
            "horovodrun",
            4,
            added=True,
        ),
        Line("mpirun -np 2 -H localhost:4 python t.py", "mpirun", 2, added=True),
        Line("mpirun -np 4 --host a,a,b,b python t.py", "mpirun", 2, added=True),
        Line("mpirun -np 2 pytest tests", "mpirun", 2, added=True),
        Line("mpirun -np 2 tritonserver --model-repository=/m", "mpirun", 2, added=True),
    ),
    "https://github.com/kubernetes-sigs/kueue/tree/main/examples": (
        Line(
            "mpirun -np 4 --hostfile /etc/mpi/hostfile -bind-to none -map-by slot -x NCCL_DEBUG=INFO -x LD_LIBRARY_PATH -mca pml ob1 python train.py",
            "mpirun",
            4,
            added=True,
        ),
        Line("mpirun --allow-run-as-root -np $(NP) python train.py", "mpirun", EACH, added=True),
    ),
    "https://numpy.org/doc/stable/reference/global_state.html": (
        Line("taskset -c 0-3 nice -n 10 python -m pytest -n 2 tests", "pytest", 2, added=True),
    ),
    "https://scikit-learn.org/stable/computing/parallelism.html": (
        Line("ipcluster start -n 4", "ipcluster", 4, added=True),
        Line("Rscript --vanilla /opt/run.R --cores 4", "Rscript", 1, added=True),
        Line(
            "spark-submit --master local[2] --conf spark.executor.memory=4g /opt/job.py",
            "spark-submit",
            2,
            added=True,
        ),
        Line("spark-submit --conf spark.master=local[3] /opt/job.py", "spark-submit", 3, added=True),
        Line("spark-submit /opt/job.py", "spark-submit", 2, {"MASTER": "local[2]"}, added=True),
        Line("kedro run --runner=ParallelRunner", "kedro", EACH, added=True),
        Line("kedro run --pipeline train", "kedro", 1, added=True),
        Line(
            "kedro run -r ParallelRunner --runner-params is_async=True,max_workers=3",
            "kedro",
            3,
            added=True,
        ),
        Line("kedro run --runner ParallelRunner --runner-params=max_workers=2", "kedro", 2, added=True),
        Line("kedro run --runner ThreadRunner --runner-params=max_workers=2", "kedro", 1, added=True),
    ),
    "https://github.com/ucphhpc/hpc_course/blob/main/module3/python_bonus/job.sh": (
        Line(
            "mpiexec apptainer exec img.sif /opt/conda/bin/python task_farm.py", "mpiexec", EACH, added=True
        ),
    ),
    "https://github.com/mathias77515/Pipeline/blob/main/main.sh": (
        Line("bash -c 'mpirun -np $SLURM_NTASKS python main.py'", "mpirun", 2, {"SLURM_NTASKS": "2"}),
        Line("srun apptainer exec --bind a:b c.sif python x.py", "srun", 1, added=True),
        Line("mpirun -np 111 python3 script.py", "mpirun", 111, added=True),
    ),
    "https://distributed.dask.org/en/stable/worker.html": (
        Line("dask-worker tcp://s:8786 --nprocs 4 --nthreads 1", "dask-worker", 4, added=True),
        Line("dask worker --nworkers 2 --nthreads 4 tcp://s:8786", "dask", 2, added=True),
        Line(
            "python -m distributed.cli.dask_worker tcp://s:8786 --nworkers 3", "dask-worker", 3, added=True
        ),
        Line("locust -f /l.py --headless --processes 2 -u 10", "locust", 2, added=True),
        Line("pytest -n auto --dist loadscope tests/", "pytest", EACH, added=True),
        Line("julia --threads 4 -p 2 x.jl", "julia", 2, added=True),
        Line("R CMD BATCH x.R", "R", 1, added=True),
    ),
    "https://docs.ray.io/en/latest/serve/production-guide/": (
        Line(
            "bash -c 'ulimit -n 65536; ray start --head --dashboard-host=0.0.0.0 --num-cpus=2 --block'",
            "ray",
            2,
        ),
    ),
    "https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/": (
        Line(
            "horovodrun -np 4 --min-np 2 --host-discovery-script ./d.sh python train.py",
            "horovodrun",
            4,
            added=True,
        ),
        Line("mpirun --map-by ppr:2:node --bind-to core -np 4 python t.py", "mpirun", 2, added=True),
        Line("mpiexec -n 2 -ppn 2 -genv I_MPI_PIN_DOMAIN=omp python t.py", "mpiexec", 2, added=True),
    ),
    "https://shiny.posit.co/r/articles/share/deploy-docker/": (
        Line("R -e \"shiny::runApp('/app', host='0.0.0.0', port=3838)\"", "R", 1, added=True),
        Line("julia --project=. -e 'import Pluto; Pluto.run()'", "julia", 1, added=True),
    ),
    "https://github.com/codebyzeb/BabyLM": (
        Line(
            "srun torchrun --nnodes 1 --nproc_per_node 1 --rdzv_id 3 --rdzv_backend c10d --rdzv_endpoint h:29500 train.py x",
            "srun",
            1,
            added=True,
        ),
    ),
    "https://horovod.readthedocs.io/en/stable/running_include.html": (
        Line("horovodrun -np 2 --hosts a:1,b:1 python cifar10_horovod.py", "horovodrun", 1, added=True),
        Line("horovodrun --autotune --num-proc 4 python train.py -np 9", "horovodrun", 4, added=True),
        Line("horovodrun --tcp --mpi --verbose -np 4 python train.py", "horovodrun", 4, added=True),
        Line(
            "horovodrun --blacklist-cooldown-range 60 300 -np 4 --min-np 2 python train.py",
            "horovodrun",
            4,
            added=True,
        ),
    ),
    "https://distributed.dask.org/en/stable/deploying-cli.html": (
        Line(
            "dask worker --nworkers 2 --nthreads 2 --memory-limit 4GiB tls://scheduler:8786",
            "dask",
            2,
            added=True,
        ),
    ),
    "https://docs.docker.com/reference/dockerfile/#cmd": (
        Line(
            "locust -f locustfile.py --headless -u 100 -r 10 --host http://gunicorn:8000",
            "locust",
            1,
            added=True,
        ),
    ),
    "https://docs.julialang.org": (
        Line("julia --threads auto --procs 2 --project x.jl", "julia", 2, added=True),
    ),
    "https://docs.open-mpi.org/": (
        Line(
            "mpirun -machinefile /m -np 6 ./a.out",
            "mpirun",
            4,
            {},
            {"/m": "# nodes\na:4\nb:4\n"},
            added=True,
        ),
    ),
    "https://www.uvicorn.org/settings/": (
        Line("pytest --cov gunicorn -k 'workers and 4'", "pytest", 1, added=True),
    ),
    "https://github.com/ndif-team/ndif": (
        Line(
            "/ray-head-start.sh",
            "ray",
            8,
            {},
            {
                "/ray-head-start.sh": '#!/bin/bash\n\nresources=`python -m src.ray.resources --head`\n\nray start --head \\\n    --resources="$resources" \\\n    --port=6379 \\\n    --object-manager-port=8076 \\\n    --include-dashboard=true \\\n    --dashboard-host=0.0.0.0 \\\n    --metrics-export-port=8267\n    \nserve deploy src/ray/config/ray_config.yml\n\ntail -f /dev/null\n'
            },
        ),
    ),
    "https://github.com/guoqiao/docker-ray-cluster": (
        Line(
            "/start_head.sh",
            "ray",
            8,
            {},
            {
                "/start_head.sh": "#!/bin/bash\n\nray start --head \\\n    --port=6379 \\\n    --include-dashboard=true \\\n    --disable-usage-stats \\\n    --block \\\n    --verbose\n"
            },
        ),
    ),
    "https://docs.ray.io/en/latest/ray-core/configure.html": (
        Line(
            "/e.sh",
            "ray",
            8,
            {"RAY_MODE": "worker", "RAY_ADDRESS": "h:6379"},
            {
                "/e.sh": '#!/usr/bin/env bash\nset -euo pipefail\nif [ "${RAY_MODE:-head}" = "head" ]; then\n  exec ray start --head \\\n       --port=6379 \\\n       --block\n\nelif [ "${RAY_MODE}" = "worker" ]; then\n  exec ray start --address="${RAY_ADDRESS:-127.0.0.1:6379}" \\\n       --disable-usage-stats \\\n       --block\n\nelse\n  exec "$@"\nfi\n'
            },
        ),
        Line(
            "/e.sh",
            "ray",
            1,
            {},
            {
                "/e.sh": '#!/bin/bash\necho "Starting Ray head node..."\nray start --head \\\n    --dashboard-host 0.0.0.0 \\\n    --port=6379 \\\n    --include-dashboard true \\\n    --metrics-export-port=8080 \\\n    --num-cpus 1\n\nsleep 10\n\npython /app/scripts/deploy_simple_serve.py\n\ntail -f /dev/null\n'
            },
        ),
    ),
    "https://github.com/noabauma/3d-shampoo": (
        Line(
            "bash /launch.sh",
            "srun",
            1,
            {},
            {
                "/launch.sh": "#!/bin/bash -l\n\n#SBATCH --nodes=1\n#SBATCH --ntasks=1\n#SBATCH --ntasks-per-node=1\n\nexport MASTER_ADDR=$(hostname)\nexport MASTER_PORT=1234\n\nsrun python ds_pp.py --deepspeed_config ds_config.json\n"
            },
        ),
    ),
    "https://github.com/vaibhav-nayak/Spark-High-Volume": (
        Line(
            "/opt/spark/bin/spark-submit --master k8s://https://kubernetes.default.svc --deploy-mode cluster --name spark-job --conf spark.executor.instances=2 local:///app/main.py",
            "spark-submit",
            1,
            added=True,
        ),
    ),
    "https://github.com/systemsomicslab/MSLipidMapper": (
        Line(
            "/r.sh",
            "R",
            2,
            {},
            {
                "/r.sh": "#!/bin/sh\nR -e \"library(dplyr)\"\nR -e \"plumber::pr_run(plumber::pr('/srv/app/plumber.R'), port=9000, host='0.0.0.0')\" &\nR -e \"shiny::runApp('/srv/app', host='0.0.0.0', port=1028)\"\n"
            },
        ),
    ),
    "https://github.com/gontcharovd/minimal-shiny-app": (
        Line(
            "/bin/sh -c 'R -e \"shiny::runApp('\"'\"'app.R'\"'\"', host = '\"'\"'0.0.0.0'\"'\"', port = 3838)\"'",
            "R",
            1,
        ),
    ),
    "https://github.com/myminseok/R-buildpack": (
        Line(
            "/r.sh",
            "R",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\nsource /root/.bashrc\n\nsource /.profile.d/r_environment.sh\nR -e \"shiny::runApp('/shiny/001-hello', port=8080, host='0.0.0.0')\"\n"
            },
        ),
    ),
    "https://stat.ethz.ch/R-manual/R-devel/library/utils/html/Rscript.html": (
        Line("Rscript /tmp/start_plumber.R", "Rscript", 1, added=True),
    ),
    "https://github.com/pidajay/tpu": (
        Line(
            "bash /train.sh",
            "mpirun",
            8,
            {},
            {
                "/train.sh": "~/anaconda3/envs/tensorflow_p36/bin/mpirun -np 8 -hostfile hosts.txt -mca plm_rsh_no_tree_spawn 1 \\\n        -bind-to socket -map-by slot \\\n        -x HOROVOD_HIERARCHICAL_ALLREDUCE=1 -x HOROVOD_FUSION_THRESHOLD=16777216 \\\n        -x NCCL_MIN_NRINGS=4 -x LD_LIBRARY_PATH -x PATH -mca pml ob1 -mca btl ^openib \\\n        -x TF_CPP_MIN_LOG_LEVEL=0 \\\n        python mnasnet_main_hvd.py --use_tpu=False --train_batch_size=256\n"
            },
        ),
    ),
    "https://github.com/tczhangzhi/pytorch-distributed": (
        Line(
            "bash /start.sh",
            "horovodrun",
            4,
            {},
            {
                "/start.sh": "python multiprocessing_distributed.py\nCUDA_VISIBLE_DEVICES=0,1,2,3 python -m torch.distributed.launch --nproc_per_node=4 distributed.py\nCUDA_VISIBLE_DEVICES=0,1,2,3 python -m torch.distributed.launch --nproc_per_node=4 apex_distributed.py\nHOROVOD_WITH_PYTORCH=1 CUDA_VISIBLE_DEVICES=0,1,2,3 horovodrun -np 4 -H localhost:4 --verbose python horovod_distributed.py\n"
            },
        ),
    ),
}
