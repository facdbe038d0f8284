"""Variables of compilers, test runners and single tools: the last rows of VARIABLES."""

from __future__ import annotations

from mkl_launch.tables.variable_row import CAP, COMPILERS, CPUS, FEWER_THAN_FOUR, MASK, TESTERS, Variable

TOOL_VARIABLES = (
    Variable(
        "TORCHINDUCTOR_COMPILE_THREADS",
        COMPILERS,
        "torch.compile of PyTorch, which starts a process for each CPU of the mask, up to 32",
        "https://github.com/pytorch/pytorch/blob/main/torch/_inductor/config.py",
    ),
    Variable(
        "PJRT_NPROC",
        CPUS,
        "JAX on CPUs",
        "https://github.com/openxla/xla/blob/main/xla/pjrt/utils.cc",
        reader_counts=MASK,
    ),
    Variable(
        "OPENCV_FOR_THREADS_NUM",
        CPUS,
        "OpenCV",
        "https://github.com/opencv/opencv/blob/4.x/modules/core/src/parallel.cpp",
        reader_counts=MASK,
    ),
    Variable(
        "PYTEST_XDIST_AUTO_NUM_WORKERS",
        TESTERS,
        "pytest-xdist: `-n auto`, which otherwise counts cores and ignores the quota",
        "https://pytest-xdist.readthedocs.io/en/stable/distribution.html",
        commands=("pytest",),
    ),
    # Only for Tesseract, which asks for four threads and has no other setting. As a general default it
    # would do harm: a training step of PyTorch hangs if the limit is below its number of threads.
    Variable(
        "OMP_THREAD_LIMIT",
        FEWER_THAN_FOUR,
        "Tesseract, which asks OpenMP for four threads",
        "https://tesseract-ocr.github.io/tessdoc/FAQ.html",
        commands=("tesseract",),
        kind=CAP,
    ),
)
