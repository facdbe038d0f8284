"""Plans for command lines that are not probed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkl_launch.policy import plan as policy
from mkl_launch.program.recognise import recognise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.facts import Facts
    from mkl_launch.model.program import Program
    from mkl_launch.model.request import Request


def plan(
    facts: Facts, request: Request, environ: Mapping[str, str], program: Program | None = None
) -> policy.Plan:
    """Return the plan for `program`, by default for what the words of the command line say."""
    return policy.plan(facts, request, environ, program or recognise(request.command, environ))
