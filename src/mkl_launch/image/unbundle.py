"""The import of the launcher's modules from a bundle (see `bundle`): 10 us a module in place of 55.

The entry scripts execute the code of this file with `HOME`, the folder of the launcher, and `BUNDLE`, a
pair of the bundle's path and its index: {module: (place, size, file, size of the file, needs)}.
For the modules of a launch, place is the code itself, size is 0 and needs is (). For the others, these are
the offset of the code, its size, and the modules that it imports first. The file with the version has its
content in place of its size.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="name-defined,arg-type"
# ruff: noqa: ANN001, ANN201, ANN204, F821

import posix
import sys
from _frozen_importlib import ModuleSpec
from marshal import loads


def unchanged(file, recorded):
    """Return True if the file of a module still has the size, or the content, that the bundle recorded."""
    try:
        if isinstance(recorded, int):
            return posix.stat(HOME + "/" + file).st_size == recorded
        descriptor = posix.open(HOME + "/" + file, posix.O_RDONLY)
        try:
            return posix.read(descriptor, len(recorded) + 1) == recorded
        finally:
            posix.close(descriptor)
    except OSError:
        return False


class Bundle:
    """The finder and loader of the modules that only some launches need."""

    def __init__(self, path, index):
        self.path = path
        self.index = index

    def find_spec(self, name, path=None, target=None):  # noqa: ARG002
        """Return the spec of a module as if from its file; None if that was changed or the bundle cut.

        The modules that it imports are loaded at once, which saves a search for each.
        """
        if name not in self.index:
            return None
        needs = [need for need in self.index[name][4] if need not in sys.modules]
        codes = self.codes([*needs, name])
        for need in needs:
            if codes[need] is None:
                break  # Python imports it, from its file
            add(need, codes[need], self.index[need][2])
        code = codes[name]
        if code is None:
            return None
        file = HOME + "/" + self.index[name][2]
        spec = ModuleSpec(name, self, origin=file, loader_state=code)
        spec.has_location = True
        if file.endswith("/__init__.py"):
            spec.submodule_search_locations = [file[: -len("/__init__.py")]]
        return spec

    def codes(self, names):
        """Return {module: its code}; None in place of a code if its file was changed or the bundle cut."""
        found = dict.fromkeys(names)
        try:
            descriptor = posix.open(self.path, posix.O_RDONLY)
            try:
                for name in names:
                    begin, length, file, size, _ = self.index[name]
                    if unchanged(file, size):
                        read = posix.pread(descriptor, length, begin)
                        found[name] = loads(read) if length else begin  # noqa: S302  # of `bundle`
            finally:
                posix.close(descriptor)
        except (EOFError, OSError, TypeError, ValueError):
            pass
        return found

    def create_module(self, spec):  # noqa: ARG002
        """Return None, so that Python creates the module."""
        return

    def exec_module(self, module):
        """Run the code of a module."""
        exec(module.__spec__.loader_state, module.__dict__)  # noqa: S102


def add(name, code, file):
    """Create a module in sys.modules, of which the packages above must be there."""
    module = sys.modules[name] = type(sys)(name)
    module.__file__ = HOME + "/" + file
    parent, _, child = name.rpartition(".")
    module.__package__ = parent
    if file.endswith("__init__.py"):
        module.__package__ = name
        module.__path__ = [module.__file__[: -len("/__init__.py")]]
    try:
        exec(code, module.__dict__)  # noqa: S102
    except BaseException:
        del sys.modules[name]
        raise
    if parent:
        setattr(sys.modules[parent], child, module)


def load(index):
    """Create the modules of a launch in the order of their imports.

    They go directly to sys.modules, which saves a search for each. Raise ImportError if a file was changed.
    """
    for name, (code, size, file, length, _) in index.items():
        if size:
            return
        if not unchanged(file, length):
            raise ImportError(name)
        add(name, code, file)


load(BUNDLE[1])
sys.meta_path.insert(0, Bundle(*BUNDLE))
