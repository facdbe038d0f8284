"""DuckDB: a query in its own threads."""

import duckdb
from told import tell

if __name__ == "__main__":
    query = "select count(*), sum(hash(i) % 1000) from range(20000000) t(i)"
    ((count, total),) = duckdb.sql(query).fetchall()
    ((threads,),) = duckdb.sql("select current_setting('threads')").fetchall()
    tell([count, int(total)], int(threads))
