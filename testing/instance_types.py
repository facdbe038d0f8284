"""Write the table of Amazon's instance types: `python testing/instance_types.py [WHEEL]`.

AWS tells the CPUs and cores of a type by the call DescribeInstanceTypes, which needs an account. moto, a
library for tests, has the answers in its wheel, which pip downloads. The call does not tell sockets:
SOCKETS has the cores of a socket for each processor.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parent.parent / "src/mkl_launch/tables/instance_types.py"
WANTED = re.compile(r"(?:(?:c|m|r|hpc)[5-9]|t[34]|t8|gr?[4-9])[a-z-]*\.")
ANSWERS = "moto/ec2/resources/instance_types.json.gz"
# The first row that matches a family: the cores of a socket that an instance can have, and the processor. A
# machine of two sockets has twice as many, as `lscpu` prints on the largest size (m7a.48xlarge: 2 sockets
# of 96 cores: https://gist.github.com/mmdriley/6d4d5a4014643b6b4fe87230be5cb5dd), and the smaller of two
# sizes "metal" is one socket (c7i.metal-24xl). The processors are on AWS's pages of instance types:
# https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html, and gp, mo, ac and hpc beside it.
SOCKETS = (
    (r"c5n", 18, "Xeon 8124M"),
    (r"m5zn", 12, "Xeon 8252C"),
    (r"[mr]5ad?", 32, "EPYC 7571"),
    (r"t3a", 32, "EPYC 7571"),
    (r"c5ad?|g5", 48, "EPYC 7R32"),
    (r"[cmr]5[bdn]*|t3|g4dn", 24, "Xeon 8275CL, 8175M, 8259CL; c5.18xlarge: 8124M of 18 cores"),
    (r"[cmr]6id?n?|hpc6id", 32, "Xeon 8375C"),
    (r"[cmr]6a|hpc6a|gr?6[ef]?", 48, "EPYC 7R13"),
    (r"r7iz", 32, "Xeon Gold 6455B"),
    (r"[cmr]7i(-flex)?", 48, "Xeon 8488C"),
    (r"[cmr]7a|hpc7a", 96, "EPYC 9R14"),
    (r"m8azn", 48, "EPYC of the fifth generation, 5 GHz"),
    (r"[cmr]8a|hpc8a", 96, "EPYC 9R45"),
    (r"[cmrt]8i[a-z]*(-flex)?|g7", 96, "Xeon 6975P-C"),
    (r"g7e", 48, "Xeon of the fifth generation"),
    (r"[cmr][67]g[dn]*|t4g|g5g|hpc7g", 64, "Graviton2, Graviton3"),
    (r"[cmr]8g[bdn]?", 96, "Graviton4"),
    (r"[cmr]9gd?", 192, "Graviton5"),
)
HEAD = '''"""Amazon's instance types. `python testing/instance_types.py` made this from moto {version}.

A row has the threads of a core, the most cores of a socket, families and their sizes. "large" has 2 CPUs,
"xlarge" 4 and "Nxlarge" 4 N; other sizes have their number of CPUs behind "=".
"""

from __future__ import annotations

FAMILIES = (
{rows}
)
'''


def socket_cores(family: str) -> int:
    """Return the most cores of a socket. Raise LookupError for a family that no row knows."""
    for pattern, cores, _ in SOCKETS:
        if re.fullmatch(pattern, family):
            return cores
    raise LookupError(f"{family}: add a row to SOCKETS")


def regular(size: str) -> int:
    """Return the CPUs that a size has by its name; 0 for other names."""
    if size.endswith("xlarge"):
        return 4 * int(size.removesuffix("xlarge") or 1)
    return 2 if size == "large" else 0


def table(types: dict[str, Any], version: str) -> str:
    """Return the text of the module for the answers of DescribeInstanceTypes."""
    families: dict[str, dict[str, tuple[int, int]]] = {}
    for name in filter(WANTED.match, types):
        family, _, size = name.partition(".")
        cpus = types[name]["VCpuInfo"]
        families.setdefault(family, {})[size] = (cpus["DefaultVCpus"], cpus["DefaultThreadsPerCore"])
    alike: dict[tuple[int, int, str], list[str]] = {}
    for family, sizes in sorted(families.items()):
        ((threads,), most) = {number for _, number in sizes.values()}, socket_cores(family)
        words = []
        for size, (cpus, _) in sorted(sizes.items(), key=lambda item: (item[1][0], item[0])):
            sockets = -(-cpus // threads // most)
            if cpus % (threads * sockets):
                raise ValueError(f"{family}.{size}: {cpus} CPUs on {sockets} sockets")
            words.append(size if regular(size) == cpus else f"{size}={cpus}")
        alike.setdefault((threads, most, " ".join(words)), []).append(family)
    rows = (
        f"    (\n        {threads},\n        {most},\n{_literal(' '.join(names))}{_literal(sizes)}    ),"
        for (threads, most, sizes), names in alike.items()
    )
    return HEAD.format(version=version, rows="\n".join(rows))


def _literal(text: str) -> str:
    """Return a text as lines of an argument."""
    lines = textwrap.wrap(text, 91, break_on_hyphens=False)
    if len(lines) == 1:
        return f'        "{text}",\n'
    quoted = [f'            "{line} "\n' for line in lines[:-1]] + [f'            "{lines[-1]}"\n']
    return f"        (\n{''.join(quoted)}        ),\n"


def main() -> None:
    """Download the wheel, unless it is given, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        if not sys.argv[1:]:
            download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
            subprocess.run([*download, "moto"], check=True)
        wheel = Path(sys.argv[1]) if sys.argv[1:] else next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as files:
            types = json.loads(gzip.decompress(files.read(ANSWERS)))
    TABLE.write_text(table(types, wheel.name.split("-")[1]), encoding="utf-8")


if __name__ == "__main__":
    main()
