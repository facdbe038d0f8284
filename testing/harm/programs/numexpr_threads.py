"""A program that asks NumExpr for two threads, or for all that it detects."""

import numexpr
import numpy as np
from told import short, tell, words

if __name__ == "__main__":
    (number,) = words("THREADS|detected")
    threads = numexpr.detect_number_of_cores() if number == "detected" else int(number)
    numexpr.set_num_threads(threads)
    a, b = np.random.default_rng(0).random((2, 500_000))
    total = sum(float(numexpr.evaluate("a * sin(b) + b ** 2").sum()) for _ in range(40))
    tell([short(total), numexpr.get_num_threads() == threads], numexpr.get_num_threads())
