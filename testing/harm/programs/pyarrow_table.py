"""PyArrow: an aggregation in its own threads."""

import pyarrow as pa
from told import tell

if __name__ == "__main__":
    table = pa.table({"a": pa.array(range(1_000_000)), "b": pa.array([i % 100 for i in range(1_000_000)])})
    for _ in range(20):
        found = table.group_by("b").aggregate([("a", "sum")])
    tell([found.num_rows, sum(found["a_sum"].to_pylist())], pa.cpu_count())
