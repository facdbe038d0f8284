"""Variables of compilers, test runners and single tools: one row each, behind the others of the table."""

from __future__ import annotations

from mkl_launch.tables.variable import CAP, COMPILERS, CPUS, FEWER_THAN_FOUR, MASK, TESTERS, Variable

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
        "pytest-xdist: `-n auto`, which else counts cores whatever the quota",
        "https://pytest-xdist.readthedocs.io/en/stable/distribution.html",
        commands=("pytest",),
    ),
    # A limit is no default: a training step of PyTorch hangs below it. Tesseract asks for four threads by
    # itself, and nothing else tells it otherwise.
    Variable(
        "OMP_THREAD_LIMIT",
        FEWER_THAN_FOUR,
        "Tesseract, which asks OpenMP for four threads",
        "https://tesseract-ocr.github.io/tessdoc/FAQ.html",
        commands=("tesseract",),
        kind=CAP,
    ),
)
