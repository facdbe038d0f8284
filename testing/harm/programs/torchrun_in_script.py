"""A Python program that calls torchrun's function, as trainers of several frameworks do."""

from pathlib import Path

from torch.distributed.run import main

if __name__ == "__main__":
    main(["--standalone", "--nproc-per-node", "2", str(Path(__file__).parent / "ddp.py")])
