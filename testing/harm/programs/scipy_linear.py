"""SciPy: linear systems, eigenvalues and a Fourier transform with workers=2."""

import numpy as np
from scipy import fft, linalg
from told import pool, short, tell

if __name__ == "__main__":
    matrix = np.random.default_rng(0).random((700, 700))
    matrix += matrix.T
    found = [linalg.eigvalsh(matrix)[-1] for _ in range(4)]
    found.append(abs(fft.fft2(matrix, workers=2)).max())
    tell([short(number) for number in found], pool())
