"""Polars: a query in its own threads."""

import polars as pl
from told import tell

if __name__ == "__main__":
    frame = pl.DataFrame({"a": range(1_000_000)}).with_columns(b=pl.col("a") % 1000)
    for _ in range(10):
        found = frame.group_by("b").agg(pl.col("a").sum()).sort("b")
    tell([found.height, int(found["a"].sum())], pl.thread_pool_size())
