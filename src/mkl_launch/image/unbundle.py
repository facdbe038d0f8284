"""Import the modules of the launcher from a bundle (see `bundle`): 10 us a module in place of 55.

The entry scripts execute this file's code with `HOME`, the folder of the launcher, and `BUNDLE`, the path
of the bundle and its index. The index has four values for each module: its code and 0, or the place and the
size of its code in the bundle; then its file and that file's size.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="name-defined,arg-type"
# ruff: noqa: ANN001, ANN201, ANN204, F821

import posix
import sys
from _frozen_importlib import ModuleSpec
from marshal import loads


def unchanged(file, size):
    """Return True if a module's file has the size that it had when the bundle was made."""
    try:
        return posix.stat(HOME + "/" + file).st_size == size
    except OSError:
        return False


class Bundle:
    """A finder and loader of the modules that are imported when they are needed."""

    def __init__(self, path, index):
        self.path = path
        self.index = index

    def find_spec(self, name, path=None, target=None):  # noqa: ARG002
        """Return a spec as that of a module in a file of its own, or None if that file was changed."""
        if name not in self.index:
            return None
        _, _, file, size = self.index[name]
        if not unchanged(file, size):
            return None
        file = HOME + "/" + file
        spec = ModuleSpec(name, self, origin=file)
        spec.has_location = True
        if file.endswith("/__init__.py"):
            spec.submodule_search_locations = [file[: -len("/__init__.py")]]
        return spec

    def create_module(self, spec):  # noqa: ARG002
        """Leave the making of the module to Python."""
        return

    def exec_module(self, module):
        """Run the module's code."""
        code, size, _, _ = self.index[module.__name__]
        if size:
            descriptor = posix.open(self.path, posix.O_RDONLY)
            try:
                code = loads(posix.pread(descriptor, size, code))  # noqa: S302  # written by `bundle`
            finally:
                posix.close(descriptor)
        exec(code, module.__dict__)  # noqa: S102


def load(index):
    """Make the modules that every launch needs, which are in the order of their imports.

    Without a search for each: Python finds them in sys.modules. Raises ImportError if one was changed.
    """
    for name, (code, size, file, length) in index.items():
        if size:
            return
        if not unchanged(file, length):
            raise ImportError(name)
        module = sys.modules[name] = type(sys)(name)
        module.__file__ = HOME + "/" + file
        parent, _, child = name.rpartition(".")
        module.__package__ = parent
        if file.endswith("__init__.py"):
            module.__package__ = name
            module.__path__ = [module.__file__[: -len("/__init__.py")]]
        if parent:
            setattr(sys.modules[parent], child, module)
        exec(code, module.__dict__)  # noqa: S102


load(BUNDLE[1])
sys.meta_path.insert(0, Bundle(*BUNDLE))
