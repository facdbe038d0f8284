"""Schedulers that put several jobs on one machine without a limit that the jobs can see. One row each."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Scheduler(Record):
    """A scheduler, and the environment variables of its jobs.

    A job has one of `variables`, with a value that begins with `value`, or a variable whose name begins
    with `prefix`. If `reserved` is named, a cpuset narrower than the machine is exclusive only with that
    variable; otherwise every such cpuset is. `granted` has the number of CPUs that the job may use on
    this machine.
    """

    name: str
    variables: tuple[str, ...]
    source: str
    prefix: str = ""
    value: str = ""
    reserved: str = ""
    granted: str = ""


SCHEDULERS = (
    Scheduler(
        "AWS Batch",
        ("AWS_BATCH_JOB_ID",),
        "https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html",
    ),
    Scheduler(
        "Amazon ECS",
        ("ECS_CONTAINER_METADATA_URI_V4", "ECS_CONTAINER_METADATA_URI"),
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html",
    ),
    Scheduler(
        "HTCondor",
        (),
        "https://htcondor.readthedocs.io/en/latest/users-manual/services-for-jobs.html",
        prefix="_CONDOR_",
    ),
    Scheduler(
        "HTCondor",
        ("BATCH_SYSTEM",),
        "https://htcondor.readthedocs.io/en/latest/users-manual/services-for-jobs.html",
        value="HTCondor",
    ),
    Scheduler(
        "LSF",
        ("LSB_JOBID",),
        "https://www.ibm.com/docs/en/spectrum-lsf/10.1.0?topic=variables-environment-set-job-execution",
    ),
    Scheduler(
        "Grid Engine",
        ("NSLOTS", "SGE_TASK_ID"),
        "https://manpages.debian.org/bookworm/gridengine-common/sge_submit.1.en.html",
    ),
    Scheduler("PBS", ("PBS_JOBID",), "https://github.com/openpbs/openpbs/blob/master/doc/man1/qsub.1B"),
    Scheduler(
        "Flux", ("FLUX_JOB_ID",), "https://flux-framework.readthedocs.io/projects/flux-core/en/latest/"
    ),
    Scheduler(
        "Nomad",
        ("NOMAD_ALLOC_ID",),
        "https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings",
        reserved="NOMAD_CPU_CORES",
    ),
    Scheduler(
        "Slurm",
        ("SLURM_JOB_ID", "SLURM_JOBID"),
        "https://slurm.schedmd.com/srun.html#SECTION_OUTPUT-ENVIRONMENT-VARIABLES",
        granted="SLURM_CPUS_ON_NODE",
    ),
    Scheduler(
        "JupyterHub",
        ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_USER"),
        "https://jupyterhub.readthedocs.io/en/stable/reference/spawners.html",
    ),
    Scheduler(
        "YARN",
        ("CONTAINER_ID",),
        "https://hadoop.apache.org/docs/stable/hadoop-yarn/hadoop-yarn-site/YARN.html",
        value="container_",
    ),
    Scheduler(
        "Mesos",
        ("MESOS_TASK_ID", "MESOS_SANDBOX"),
        "https://mesos.apache.org/documentation/latest/sandbox/",
    ),
    Scheduler(
        "Cloud Foundry",
        ("CF_INSTANCE_GUID", "VCAP_APPLICATION"),
        "https://docs.cloudfoundry.org/devguide/deploy-apps/environment-variable.html",
    ),
    Scheduler("Heroku", ("DYNO",), "https://devcenter.heroku.com/articles/dynos"),
)


def scheduler(environ: Mapping[str, str]) -> tuple[Scheduler, str] | None:
    """Return the scheduler of this job and the variable that proves it; None if no scheduler is known."""
    for row in SCHEDULERS:
        for name in row.variables:
            value = environ.get(name)
            if value and value.startswith(row.value):
                return row, name
        if row.prefix:
            for name in environ:
                if name.startswith(row.prefix):
                    return row, name
    return None


def has_the_machine(row: Scheduler, environ: Mapping[str, str], online: int) -> bool:
    """Return whether the scheduler grants the job all of the `online` CPUs."""
    return (positive(environ.get(row.granted)) or 0) >= online
