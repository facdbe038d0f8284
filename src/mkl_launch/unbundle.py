"""Import the modules of the launcher from a bundle (see `bundle`): 10 us a module in place of 55.

`prepared` executes this file with HOME, the folder of the launcher.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="name-defined,arg-type"
# ruff: noqa: ANN001, ANN201, ANN204, F821

import posix
import sys
from _frozen_importlib import ModuleSpec
from marshal import loads


class Bundle:
    """A finder and loader: `index` has the place and the size of each module's code in the file."""

    def __init__(self, path, index):
        self.path = path
        self.index = index

    def find_spec(self, name, path=None, target=None):  # noqa: ARG002
        """A spec as that of a module in a file of its own, for `__file__` and tracebacks."""
        if name not in self.index:
            return None
        spec = ModuleSpec(name, self, origin=self.index[name][2])
        spec.has_location = True
        if name == "mkl_launch":
            spec.submodule_search_locations = [HOME]
        return spec

    def create_module(self, spec):  # noqa: ARG002
        """As any other."""
        return

    def exec_module(self, module):
        """Run the module's code."""
        start, size, _ = self.index[module.__name__]
        descriptor = posix.open(self.path, posix.O_RDONLY | posix.O_CLOEXEC)
        try:
            data = posix.pread(descriptor, size, start)
        finally:
            posix.close(descriptor)
        exec(loads(data), module.__dict__)  # noqa: S102, S302  # written by --prepare


def install(path, index):
    """Look into the bundle before all else."""
    sys.meta_path.insert(0, Bundle(path, index))
