"""A training by DistributedDataParallel on gloo: a script that torchrun or accelerate starts, alone too."""

import os
from pathlib import Path

import torch
import torch.distributed as dist
from told import masks, tell
from torch.nn.parallel import DistributedDataParallel

if __name__ == "__main__":
    alone = (
        {}
        if "RANK" in os.environ
        else {"init_method": f"file://{Path.cwd()}/ranks", "rank": 0, "world_size": 1}
    )
    dist.init_process_group("gloo", **alone)
    torch.manual_seed(0)
    model = DistributedDataParallel(torch.nn.Linear(500, 500))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
    for _ in range(30):
        optimizer.zero_grad()
        loss = model(torch.ones(400, 500)).square().mean()
        loss.backward()
        optimizer.step()
    found = torch.tensor([torch.get_num_threads()])
    narrowest = torch.tensor([min(masks())])
    dist.all_reduce(found)
    dist.all_reduce(narrowest, dist.ReduceOp.MIN)
    if dist.get_rank() == 0:
        tell(f"{float(loss):.3g}", int(found), narrowest=int(narrowest))
    dist.barrier()
    dist.destroy_process_group()
