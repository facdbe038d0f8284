"""Put the launcher, compiled for the Python that builds the wheel, into it (mkl_launch.image.bundle)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path(__file__).parent / "src" / "mkl_launch"


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

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove it from the build directory."""
        for place in Path(self.directory).glob("launch.*.bundle"):
            place.unlink()
