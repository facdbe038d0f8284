"""The record types of the tables of commands."""

from __future__ import annotations

from mkl_launch.core.record import Record

SERVE = "serve"  # the subcommand of vLLM, whose row has none because its modules have none
SERVING = "serving"
TRAINING = "training"
AIRFLOW, SWIFT = "airflow", "swift"  # kinds of settings files whose values count as variables
SERVICES = "services"  # the kind of settings that are a folder of services


class Argument(Record):
    """An argument that is added before the user's own, as `option=value`.

    The value is the number that the user set in one of the `follows` variables (the first that has one),
    else the quantity. The argument is left out if the user gave one of the `unless` options or set one of
    the `unless_set` variables. If an `exclusive` argument is added, no other one is.
    """

    option: str
    quantity: str
    unless: tuple[str, ...]
    follows: tuple[str, ...] = ()
    unless_set: tuple[str, ...] = ()
    exclusive: bool = False


class ConfigFile(Record):
    """A Java .properties file that sets the number of workers of a server.

    The path is in `variable`, else in `option`, else it is `default` in the working directory. Environment
    variables (`prefix` and the name in capitals) override the first of `workers`, and `models`, if the file
    sets `switch` to true.
    """

    variable: str
    option: str
    default: str
    prefix: str
    workers: tuple[str, ...] = ("default_workers_per_model", "NUM_WORKERS")
    models: str = "load_models"
    each_model: str = ""  # a property with JSON: the workers of each model
    store: str = "model_store"
    store_option: str = "--model-store"
    models_option: str = "--models"
    switch: str = "enable_envvars_config"
    jvm_options: str = "vmargs"


# A JVM counts the CPUs of the mask or, by default, of the quota, rounded up.
JVM_VARIABLE = "JAVA_TOOL_OPTIONS"
# Both override JVM_VARIABLE. The command line overrides the first and not the second.
JVM_OVERRIDING = ("JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
JVM_COUNT = "-XX:ActiveProcessorCount="
JVM_IGNORES_QUOTA = "-XX:-UseContainerSupport"  # the JVM ignores the quota


class Command(Record):
    """A program: its profile, its number of processes, and the arguments and variables that it reads.

    The number of processes is taken from the first of these that has one: the last of the
    `per_machine_options`, the last of the `worker_options`, one of these options in a variable
    (`option_variables`), the settings file, the `worker_variables`. Otherwise it is `workers`; None is one
    process for each CPU.
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
    # Options without a value. If there are any, the options of a script may follow the program's own.
    flags: tuple[str, ...] = ()
    two_value_options: tuple[str, ...] = ()
    options_after_dashes: bool = False  # the options after `--` are the program's own, too
    # Options whose value is the next word, and not the subcommand.
    options_before_subcommand: tuple[str, ...] = ()
    abbreviates: bool = False  # it takes the beginning of a long option for the option
    letters: str = ""  # options of one letter without a value, before others in one word: `-Rw 4`
    without_arguments_only: bool = False  # the row applies to the name without any argument
    # The row applies to this subcommand, of one or more words. Arguments are inserted after it.
    subcommand: str = ""
    modules: tuple[str, ...] = ()  # names for `python -m` that differ from `name`
    # First arguments, or modules, with which it is a client of a server: the row does not apply.
    client_words: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # other names of the same program
    arguments: tuple[Argument, ...] = ()
    config: ConfigFile | None = None
    jvm: bool = False  # "each CPU" is each CPU that its JVM counts
    # Variables of images: if one of them is set, the program is one process by default.
    single_process_if_set: tuple[str, ...] = ()
    # Variables and values: the program starts processes on demand, and their number is not known.
    on_demand_if: tuple[tuple[str, str], ...] = ()
    # The program sets OMP_NUM_THREADS for each process that it starts, unless the variable is set.
    sets_child_threads: bool = False
    # The program starts no other process, so pinning its threads narrows no child's mask.
    has_no_children: bool = False
    # The program starts a script several times. A shell script starts it for its main work.
    starts_ranks: bool = False
    # The program divides the CPUs by its own options and fails if OMP_NUM_THREADS differs from them.
    rejects_omp_num_threads: bool = False
    # The program may bind each process that it starts to CPUs; OpenMP then starts a thread for each of
    # them.
    binds_children: bool = False
    binding_options: tuple[str, ...] = ()  # it binds them only with one of these options
    # Variables of the table that the program itself reads. None: those that its libraries read.
    reads_directly: tuple[str, ...] | None = None
    # A distribution and its version: from this version on, the program sizes its own thread pools if it
    # computes on GPUs. Older versions do so if they start several processes.
    sizes_pools_since: tuple[str, int, int] | None = None
    # Variables with the same meaning as `factors`, in the same order.
    factor_variables: tuple[tuple[str, ...], ...] = ()
    user_action: str = ""  # what the user has to do, for the documentation
    device_options: tuple[str, ...] = ()  # options with a list of devices, a process for each of them
    per_machine_options: tuple[str, ...] = ()  # options with the number of processes on each machine
    machine_count_options: tuple[str, ...] = ()  # options with the number of machines
    machine_count_variables: tuple[str, ...] = ()  # variables with the number of machines
    host_options: tuple[str, ...] = ()  # options with machines and their numbers of slots, `a:4,b:4`
    per_cpu_values: tuple[str, ...] = ("auto",)  # values that mean one process for each CPU
    per_gpu_values: tuple[str, ...] = ()  # values that mean one process for each GPU; "" is the default
    # Options and values: the program is one process, even if a number of processes is given.
    single_process_values: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    # A name in the settings file: without it, the program is one process.
    single_process_unless_setting: str = ""
    # Options and values: without them, the program is one process.
    multi_process_values: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    # Variables and words: the program is one process unless the value has one of the words.
    single_process_unless: tuple[tuple[str, tuple[str, ...]], ...] = ()
    # Variables: the program is one process on fewer than two GPUs, unless one of them is true.
    single_process_without_gpus_unless: tuple[str, ...] = ()
    single_process_options: tuple[str, ...] = ()  # options that make the program one process
    # Options that make the program several processes, even if the settings file says one. The last of them
    # also overrides `single_process_options`.
    multi_process_options: tuple[str, ...] = ()
    daemon_options: tuple[str, ...] = ()  # options with which the program goes on in the background
    per_cpu_options: tuple[str, ...] = ()  # options that mean one process for each CPU
    negative_offset: int | None = None  # a number N below 0 means CPUs + N + this offset
    program_separator: str = ""  # separates the programs of one command line; their numbers are summed
    # Options with the last of the `factors` on this machine alone.
    local_factor: tuple[str, ...] = ()
    # Options with which the last of the `factors` divides the processes of the others.
    shared_options: tuple[str, ...] = ()
    # The options with a value of a program that starts the command which its only operand names. The words
    # after `--` are that command's arguments. Without `--`, the operand is a line for a shell.
    command_value_options: tuple[str, ...] = ()
    unread_endings: tuple[str, ...] = ()  # of settings files that are not read
    names_instances: bool = False  # the words after the subcommand name instances, or are their number
    settings_kind: str = ""  # the format of the settings file, a key of `server_config`
    settings_options: tuple[str, ...] = ()  # options with the path of the settings file
    settings_default: tuple[str, ...] = ()  # paths that are tried if there is no such option
    settings_variables: tuple[str, ...] = ()  # variables with the path of the settings file
    # Options with a folder of settings files: the program starts an instance of itself for each of them.
    instance_folder_options: tuple[str, ...] = ()
    # Several programs have this name. It is this one if its file contains one of these words.
    evidence: tuple[str, ...] = ()
    evidence_variables: tuple[str, ...] = ()  # variables that prove the same if the file cannot be read
    is_common_word: bool = False  # an ordinary word, which may be data in an unknown command's arguments


UNKNOWN = Command("", TRAINING, "")
