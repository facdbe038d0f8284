"""A DataLoader with two workers, of any start method; PyTorch gives each of them one thread."""

import torch
from told import masks, short, tell, words
from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    """Each item is a matrix product, with the threads and the mask of the worker that made it."""

    def __len__(self) -> int:
        return 8

    def __getitem__(self, index: int) -> tuple[float, int, int, int]:
        matrix = torch.ones(500, 500, dtype=torch.float64) * (index + 1)
        for _ in range(8):
            total = float((matrix @ matrix).trace())
        found = torch.utils.data.get_worker_info()
        return total, torch.get_num_threads(), min(masks()), found.id


if __name__ == "__main__":
    (method,) = words("fork|spawn|forkserver")
    matrix = torch.ones(600, 600)
    for _ in range(10):  # the parent computes before it starts its workers
        matrix @ matrix
    totals, threads, narrowest = [], {}, []
    for total, number, mask, worker in DataLoader(Squares(), num_workers=2, multiprocessing_context=method):
        totals.append(short(float(total)))
        threads[int(worker)] = int(number)
        narrowest.append(int(mask))
    tell(totals, sum(threads.values()), narrowest=min(narrowest))
