"""The AWS guide for MKL containers: its block for serving on a c5.18xlarge.

https://docs.aws.amazon.com/deep-learning-containers/latest/devguide/deep-learning-containers-mkl.html
"""

from __future__ import annotations

GUIDE = {
    "TENSORFLOW_INTER_OP_PARALLELISM": "2",
    "TENSORFLOW_INTRA_OP_PARALLELISM": "72",
    "OMP_NUM_THREADS": "36",
    "KMP_AFFINITY": "granularity=fine,compact,1,0",
    "TENSORFLOW_SESSION_PARALLELISM": "9",
    "KMP_BLOCKTIME": "1",
    "KMP_SETTINGS": "0",
}
