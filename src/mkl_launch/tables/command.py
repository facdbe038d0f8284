"""What a row of the table of commands can say."""

from __future__ import annotations

from mkl_launch.core.record import Record

SERVING = "serving"
TRAINING = "training"


class Argument(Record):
    """An argument that is added before the user's own, as `option=value`.

    Its value is the user's number in the first of the `follows` variables that has one, else the quantity.
    Not added where one of the `unless` options is there or the user set one of the `unless_set` variables.
    Where an `alone` one is added, it is the only one.
    """

    option: str
    quantity: str
    unless: tuple[str, ...]
    follows: tuple[str, ...] = ()
    unless_set: tuple[str, ...] = ()
    alone: bool = False


class ConfigFile(Record):
    """A Java .properties file in which a server is told its workers.

    Found by `variable`, else by `option`, else at `default` in the working directory. The first of its
    `workers` and its `models` are overridden by variables (`prefix` and the name in capitals) only where it
    says so itself (`switch`).
    """

    variable: str
    option: str
    default: str
    prefix: str
    workers: tuple[str, ...] = ("default_workers_per_model", "NUM_WORKERS")
    models: str = "load_models"
    each_model: str = ""  # JSON, with workers for each model
    store: str = "model_store"
    store_option: str = "--model-store"
    models_option: str = "--models"
    switch: str = "enable_envvars_config"
    jvm_options: str = "vmargs"


# A JVM counts the CPUs of the mask or, as is its default, of the quota, rounded up.
JVM_VARIABLE = "JAVA_TOOL_OPTIONS"
JVM_STRONGER = ("JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")  # the one below the command line, the other above
JVM_COUNT = "-XX:ActiveProcessorCount="
JVM_BLIND = "-XX:-UseContainerSupport"  # to the quota


class Command(Record):
    """A program: how its work looks and how many processes it computes in.

    The number of processes is told by the last of the `node_options` (processes on each machine), else of
    the `worker_options`, or by one in a variable that holds options (`option_variables`), or by its file of
    settings, or by a variable. Where none tells, it is `workers`; None: one for each CPU.
    """

    name: str
    profile: str
    source: str
    one_process: bool = True
    worker_options: tuple[str, ...] = ()
    factors: tuple[tuple[str, ...], ...] = ()  # options whose numbers are multiplied
    option_variables: tuple[str, ...] = ()
    worker_variables: tuple[str, ...] = ()
    workers: int | None = 1
    flags: tuple[str, ...] = ()  # its options without a value, where others may follow behind a script
    pairs: tuple[str, ...] = ()  # its options with two values
    bare: bool = False  # the row is for the name alone, without arguments
    # The row is for this one only, of one word or several; arguments are added behind it.
    subcommand: str = ""
    modules: tuple[str, ...] = ()  # of `python -m`, where that is not the name
    aliases: tuple[str, ...] = ()  # other names of the same program
    arguments: tuple[Argument, ...] = ()
    config: ConfigFile | None = None
    jvm: bool = False  # "each CPU" is each that its JVM counts
    one_where: tuple[str, ...] = ()  # variables of images in which it is one process by default
    # Variables and the values with which it starts processes on demand, of which nobody knows the number.
    many_where: tuple[tuple[str, str], ...] = ()
    # It gives each process that it starts its own OMP_NUM_THREADS, if there is none.
    shares_out: bool = False
    # It is one process and starts no other, so that pinning its threads narrows no child's mask.
    starts_no_others: bool = False
    # It divides the CPUs by options of its own and ends with an error where OMP_NUM_THREADS says otherwise.
    contradicts: bool = False
    # It may bind each process that it starts to CPUs, of which OpenMP then starts a thread each.
    binds: bool = False
    # The variables of the table that it reads itself; None: what its libraries read, as of any program.
    reads: tuple[str, ...] | None = None
    # The distribution and its version from which it sizes its own pools if it computes on GPUs; older ones
    # do so if they start several processes.
    own_threads: tuple[str, int, int] | None = None
    # Variables that say as much as the `factors`, in their order.
    factor_variables: tuple[tuple[str, ...], ...] = ()
    needs: str = ""  # in words, for the documentation
    node_options: tuple[str, ...] = ()
    divisors: tuple[str, ...] = ()  # options with the number of machines that share the processes
    every_cpu: tuple[str, ...] = ("auto",)  # values that mean one for each CPU
    every_gpu: tuple[str, ...] = ()  # values that mean one for each GPU; "" is its default
    # Options and the values with which the command is one process, whatever number is given.
    single: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    # Options and the values without which the command is one process.
    needed: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    only_set: tuple[tuple[str, str], ...] = ()  # variables and the values without which it is one process
    without: tuple[str, ...] = ()  # options with which it is one process
    # Options with which it is several, whatever its file of settings says; the last one despite `without`.
    several: tuple[str, ...] = ()
    with_every_cpu: tuple[str, ...] = ()  # options with which it is one for each CPU
    below_zero: int | None = None  # what is added to a number below 0, beside the CPUs
    separator: str = ""  # parts its command line into several, whose numbers are summed
    settings: str = ""  # the kind of its file of settings, as `server_config` reads it
    settings_options: tuple[str, ...] = ()  # that name this file
    settings_default: tuple[str, ...] = ()  # where it is, if none does
    evidence: tuple[str, ...] = ()  # its file has one of these in it; the name alone says too little
    evidence_variables: tuple[str, ...] = ()  # variables that say as much where there is no such file
    common: bool = False  # its name is an ordinary word, which says too little behind an unknown command


UNKNOWN = Command("", TRAINING, "")
