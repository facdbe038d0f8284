"""The division of cores among processes, in whole cores and within NUMA nodes if possible. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.facts import CpuGroups


def shares(cores: CpuGroups, nodes: CpuGroups, number: int, each: int = 0) -> CpuGroups:
    """Return `number` disjoint shares of the cores, ascending by their first core.

    They cover the cores and differ by one core at most; or they have `each` cores, and none is more than
    there is room for. More shares than cores: one core each, in turn.
    """
    ordered = in_nodes(cores, nodes)
    flat = [core for group in ordered for core in group]
    if number * max(each, 1) > len(flat):
        return tuple(flat[index % len(flat)] for index in range(number))
    if each:
        pieces = _pieces(ordered, each)
        if len(pieces) < number:
            pieces = [flat[at : at + each] for at in range(0, number * each, each)]
        return tuple(_union(piece) for piece in pieces[:number])
    at, parts = 0, []
    sizes = _sizes([len(group) for group in ordered], number)
    for size in sizes:
        parts.append(_union(flat[at : at + size]))
        at += size
    ways = [parts, *([_one_size(ordered, sizes[0])] if len(set(sizes)) == 1 else [])]
    return tuple(min(ways, key=lambda way: sum(not _within(share, ordered) for share in way)))


def _one_size(ordered: list[list[frozenset[int]]], size: int) -> list[frozenset[int]]:
    """Return shares of `size` cores within a node, then shares of the cores that are left over."""
    pieces = _pieces(ordered, size)
    taken = {core for piece in pieces for core in piece}
    left = [core for group in ordered for core in group if core not in taken]
    pieces += [left[at : at + size] for at in range(0, len(left), size)]
    return sorted(map(_union, pieces), key=min)


def _within(share: frozenset[int], ordered: list[list[frozenset[int]]]) -> bool:
    """Return True if all CPUs of the share are in one node."""
    return any(share <= _union(group) for group in ordered)


def in_nodes(cores: CpuGroups, nodes: CpuGroups) -> list[list[frozenset[int]]]:
    """Return the cores of each node that has any, ascending; cores without a node come last."""
    left = sorted(cores, key=min)
    groups = []
    for node in nodes:
        groups.append([core for core in left if core & node])
        left = [core for core in left if not core & node]
    return [group for group in (*groups, left) if group]


def _pieces(ordered: list[list[frozenset[int]]], each: int) -> list[list[frozenset[int]]]:
    """Return all pieces of `each` cores that fit within a node."""
    return [
        group[at : at + each] for group in ordered for at in range(0, len(group) - len(group) % each, each)
    ]


def _sizes(groups: list[int], number: int) -> list[int]:
    """Return the sizes of the shares, in the order of the nodes, with the fewest shares on two nodes."""
    small, extra = divmod(sum(groups), number)
    if not extra or len(groups) == 1:
        return [small + 1] * extra + [small] * (number - extra)
    ends = [sum(groups[: at + 1]) for at in range(len(groups))]
    # After each share, by how many so far have a core more: splits from here on, and whether the next has.
    tables: list[dict[int, tuple[int, int]]] = [{extra: (0, 0)}]
    for index in reversed(range(number)):
        table = {}
        for larger in range(max(0, extra - number + index), min(index, extra) + 1):
            start = index * small + larger
            ways = [
                (tables[-1][larger + more][0] + _splits(start, small + more, ends), more)
                for more in (1, 0)
                if larger + more in tables[-1]
            ]
            table[larger] = min(ways, key=lambda way: way[0])
        tables.append(table)
    sizes, larger = [], 0
    for table in tables[:0:-1]:
        more = table[larger][1]
        sizes.append(small + more)
        larger += more
    return sizes


def _splits(start: int, size: int, ends: list[int]) -> int:
    return int(any(start < end < start + size for end in ends))


def _union(cores: list[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*cores)
