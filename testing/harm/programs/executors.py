"""concurrent.futures: matrices in two threads, and in two processes."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from told import multiply, of_processes, tell, words

if __name__ == "__main__":
    (kind,) = words("threads|processes")
    with (ThreadPoolExecutor if kind == "threads" else ProcessPoolExecutor)(2) as executor:
        tell(*of_processes(list(executor.map(multiply, range(4)))))
