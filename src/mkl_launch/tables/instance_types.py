"""Amazon's instance types. `python testing/instance_types.py` made this from moto 5.2.5.

A row has the threads of a core, the most cores of a socket, families and their sizes. "large" has 2 CPUs,
"xlarge" 4 and "Nxlarge" 4 N; other sizes have their number of CPUs behind "=".
"""

from __future__ import annotations

FAMILIES = (
    (
        2,
        24,
        "c5 c5d",
        "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal=96",
    ),
    (
        2,
        48,
        "c5a c5ad",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
    ),
    (
        2,
        18,
        "c5n",
        "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge metal=72",
    ),
    (
        2,
        48,
        "c6a m6a r6a",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal=192",
    ),
    (
        1,
        64,
        "c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd",
        "medium=1 large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal=64",
    ),
    (
        1,
        64,
        "c6gn",
        "medium=1 large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    ),
    (
        2,
        32,
        "c6i c6id c6in m6i m6id m6idn m6in r6i r6id r6idn r6in",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal=128",
    ),
    (
        1,
        96,
        "c7a m7a r7a",
        (
            "medium=1 large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge "
            "metal-48xl=192"
        ),
    ),
    (
        2,
        48,
        "c7i m7i r7i",
        (
            "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal-24xl=96 48xlarge "
            "metal-48xl=192"
        ),
    ),
    (
        2,
        48,
        "c7i-flex m7i-flex",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    ),
    (
        1,
        96,
        "c8a c8g c8gb c8gd c8gn m8a m8g m8gb m8gd m8gn r8a r8g r8gb r8gd r8gn",
        (
            "medium=1 large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal-24xl=96 "
            "48xlarge metal-48xl=192"
        ),
    ),
    (
        2,
        96,
        "c8i c8ib c8id c8in m8i m8ib m8id m8idb m8idn m8in r8i r8ib r8id r8idb r8idn r8in",
        (
            "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge "
            "metal-48xl=192 96xlarge metal-96xl=384"
        ),
    ),
    (
        2,
        96,
        "c8i-flex m8i-flex r8i-flex",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    ),
    (
        2,
        96,
        "c8ine m8ine",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge",
    ),
    (
        1,
        192,
        "c9g c9gd m9g m9gd r9g r9gd",
        (
            "medium=1 large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge "
            "metal-48xl=192"
        ),
    ),
    (
        2,
        24,
        "g4dn",
        "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal=96",
    ),
    (
        2,
        48,
        "g5 g6 g6e",
        "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    ),
    (
        1,
        64,
        "g5g",
        "xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal=64",
    ),
    (
        2,
        48,
        "g6f",
        "large xlarge 2xlarge 4xlarge",
    ),
    (
        1,
        96,
        "g7",
        "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge",
    ),
    (
        2,
        48,
        "g7e",
        "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge",
    ),
    (
        2,
        48,
        "gr6",
        "4xlarge 8xlarge",
    ),
    (
        2,
        48,
        "gr6f",
        "4xlarge",
    ),
    (
        1,
        48,
        "hpc6a",
        "48xlarge=96",
    ),
    (
        1,
        32,
        "hpc6id",
        "32xlarge=64",
    ),
    (
        1,
        96,
        "hpc7a",
        "12xlarge=24 24xlarge=48 48xlarge=96 96xlarge=192",
    ),
    (
        1,
        64,
        "hpc7g",
        "4xlarge 8xlarge 16xlarge",
    ),
    (
        1,
        96,
        "hpc8a",
        "96xlarge=192",
    ),
    (
        2,
        24,
        "m5 m5d m5dn m5n r5 r5b r5d r5dn r5n",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal=96",
    ),
    (
        2,
        32,
        "m5a m5ad r5a r5ad",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
    ),
    (
        2,
        12,
        "m5zn",
        "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal=48",
    ),
    (
        1,
        48,
        "m8azn",
        "medium=1 large xlarge 3xlarge 6xlarge 12xlarge metal-12xl=48 24xlarge metal-24xl=96",
    ),
    (
        2,
        32,
        "r7iz",
        ("large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal-16xl=64 32xlarge metal-32xl=128"),
    ),
    (
        2,
        24,
        "t3",
        "large medium=2 micro=2 nano=2 small=2 xlarge 2xlarge",
    ),
    (
        2,
        32,
        "t3a",
        "large medium=2 micro=2 nano=2 small=2 xlarge 2xlarge",
    ),
    (
        1,
        64,
        "t4g",
        "large medium=2 micro=2 nano=2 small=2 xlarge 2xlarge",
    ),
    (
        2,
        96,
        "t8i",
        "medium=2 micro=2 nano=2 small=2",
    ),
)
