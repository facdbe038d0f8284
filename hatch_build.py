"""Put into the wheel what is made for it.

That is the launcher, compiled for the Python that builds the wheel (mkl_launch.image.bundle), and the files
for shells and man(1) (entrypoint/shell_files.py).
"""

from __future__ import annotations

import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path(__file__).parent / "src" / "mkl_launch"
SHELL_FILES = "shell-files"  # a folder of the build directory


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Write the bundle into the build directory and from there into the wheel, unless it is editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the bundle to the files of the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, str(PACKAGE.parent))
        from mkl_launch.image import bundle

        place = Path(self.directory) / bundle.name()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(bundle.content(PACKAGE))
        build_data["force_include"][str(place)] = f"{PACKAGE.name}/{bundle.name()}"
        files = runpy.run_path(str(PACKAGE.parent.parent / "entrypoint" / "shell_files.py"))
        build_data["shared_data"].update(files["write"](Path(self.directory) / SHELL_FILES))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove it from the build directory."""
        for place in Path(self.directory).glob("launch.*.bundle"):
            place.unlink()
        shutil.rmtree(Path(self.directory) / SHELL_FILES, ignore_errors=True)
