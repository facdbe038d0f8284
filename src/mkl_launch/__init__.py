"""Sets threads and affinity to the CPUs that a container really has, then execs its command."""

__version__ = "0.2.0"
