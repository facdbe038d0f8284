"""DuckDB: a query in its own threads."""

import duckdb
from told import tell

if __name__ == "__main__":
    query = "select count(*), sum(hash(i) % 1000) from range(20000000) t(i)"
    count, total = duckdb.sql(query).fetchone() or (0, 0)
    tell([count, int(total)], int(duckdb.sql("select current_setting('threads')").fetchone()[0]))
