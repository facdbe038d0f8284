"""torch.multiprocessing.spawn: each process trains with as many threads as it takes by itself."""

import torch
import torch.multiprocessing as mp
from told import masks, tell


def train(rank: int, found: "mp.SimpleQueue") -> None:
    torch.manual_seed(rank)
    layer = torch.nn.Linear(600, 600)
    for _ in range(40):
        layer(torch.ones(300, 600)).sum().backward()
    found.put((torch.get_num_threads(), min(masks())))


if __name__ == "__main__":
    found = mp.get_context("spawn").SimpleQueue()
    mp.spawn(train, (found,), nprocs=2)
    answers = [found.get() for _ in range(2)]
    tell(2, sum(threads for threads, _ in answers), narrowest=min(mask for _, mask in answers))
