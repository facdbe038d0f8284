"""The picture of the machine as SVG, for `--picture FILE.svg`. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.messages import printable
from mkl_launch.core.record import Record
from mkl_launch.report.picture import ALLOWED, OTHERS, THREAD, Box, Picture

CPU_WIDTH, CPU_HEIGHT, GAP, LABEL = 30, 18, 6, 16  # pixels
IN_A_ROW = 12  # cores
MOST_PARTS_IN_A_ROW = 2  # sockets and the like
# Distinct for people who do not see red and green alike: Okabe and Ito, jfly.uni-koeln.de/color.
OWNERS = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2")
EMPTY, FRAME, TEXT = "#eeeeee", "#888888", "#222222"
NAMESPACE = "http://www.w3.org/2000/svg"
STYLE = "font-family:sans-serif;font-size:11px"


class Drawn(Record):
    """A piece of SVG with its size in pixels, drawn from the origin."""

    width: int
    height: int
    elements: tuple[str, ...]


def svg(drawn: Picture, title: tuple[str, ...]) -> str:
    """Return the SVG with these lines above it."""
    body = _grid(tuple(_box(box, drawn) for box in drawn.boxes), _columns(drawn.boxes))
    head = [_label(line, GAP, LABEL * (number + 1)) for number, line in enumerate(title)]
    top = LABEL * len(title) + GAP
    foot = top + body.height + GAP
    width = max(body.width, 480, *(7 * len(line) for line in title)) + 2 * GAP
    lines = (*_legend(foot, drawn), *_bar(drawn, foot + 3 * LABEL, width - 2 * GAP))
    height = foot + 5 * LABEL
    size = f'width="{width}" height="{height}"'
    return "\n".join(
        (
            f'<svg xmlns="{NAMESPACE}" {size} viewBox="0 0 {width} {height}" style="{STYLE}">',
            f'<rect {size} fill="white"/>',
            *head,
            _moved(body, GAP, top),
            *lines,
            "</svg>",
        )
    )


def _box(box: Box, drawn: Picture) -> Drawn:
    """Return a box with its parts; a core is a column of its CPUs."""
    if not box.parts:
        cpus = sorted(box.cpus)
        cells = (_cpu(cpu, drawn, number * CPU_HEIGHT) for number, cpu in enumerate(cpus))
        frame = _rectangle(CPU_WIDTH + 4, len(cpus) * CPU_HEIGHT + 4, "white")
        return Drawn(CPU_WIDTH + 4, len(cpus) * CPU_HEIGHT + 4, (frame, *cells))
    inner = _grid(tuple(_box(part, drawn) for part in box.parts), _columns(box.parts))
    label = f"{box.label}: CPUs {show(box.cpus)}"
    width = max(inner.width, 7 * len(label)) + 2 * GAP
    height = inner.height + LABEL + 2 * GAP
    return Drawn(
        width,
        height,
        (_rectangle(width, height, "#fafafa"), _label(label, GAP, LABEL), _moved(inner, GAP, LABEL + GAP)),
    )


def _columns(parts: tuple[Box, ...]) -> int:
    return MOST_PARTS_IN_A_ROW if any(part.parts for part in parts) else IN_A_ROW


def _grid(parts: tuple[Drawn, ...], columns: int) -> Drawn:
    """Return parts in rows of so many columns."""
    elements, y, widest = [], 0, 0
    for at in range(0, len(parts), columns):
        x, row = 0, parts[at : at + columns]
        for part in row:
            elements.append(_moved(part, x, y))
            x += part.width + GAP
        widest = max(widest, x - GAP)
        y += max(part.height for part in row) + GAP
    return Drawn(widest, max(0, y - GAP), tuple(elements))


def _cpu(cpu: int, drawn: Picture, y: int) -> str:
    mark = drawn.marks.get(cpu, OTHERS)
    fill = EMPTY if mark == OTHERS else OWNERS[drawn.owners.get(cpu, 0) % len(OWNERS)]
    faint = ' fill-opacity="0.45"' if mark == ALLOWED else ""
    thick = f' stroke="{TEXT}" stroke-width="2"' if mark == THREAD else f' stroke="{FRAME}"'
    owner = f", instance {drawn.owners[cpu]}" if cpu in drawn.owners else ""
    meaning = {OTHERS: "of others", ALLOWED: "the container may use it", THREAD: "gets a thread"}[mark]
    number = _label(str(cpu), 6, y + CPU_HEIGHT - 3)
    return (
        f'<g><title>CPU {cpu}: {meaning}{owner}</title><rect x="3" y="{y + 3}" width="{CPU_WIDTH - 2}"'
        f' height="{CPU_HEIGHT - 2}" fill="{fill}"{faint}{thick}/>{number}</g>'
    )


def _legend(y: int, drawn: Picture) -> tuple[str, ...]:
    """Return what the colours mean, and the caption."""
    instances = f"; a colour for each of {max(drawn.owners.values()) + 1} instances" if drawn.owners else ""
    meaning = (
        f"grey: CPUs of others; coloured: the container may use them; thick frame: gets a thread{instances}"
    )
    return _label(meaning, GAP, y + LABEL), _label(drawn.caption, GAP, y + 2 * LABEL)


def _bar(drawn: Picture, y: int, width: int) -> tuple[str, ...]:
    """Return the quota as a part of the machine's time."""
    cpus = plural(drawn.cpus, "CPU")
    text = f"quota: none of {cpus}" if drawn.quota is None else f"quota: {drawn.quota:g} of {cpus}"
    share = 1.0 if drawn.quota is None else min(1.0, drawn.quota / max(1, drawn.cpus))
    used = _rectangle(max(1, round(width * share)), CPU_HEIGHT, OWNERS[0])
    whole = _rectangle(width, CPU_HEIGHT, EMPTY)
    return (_moved(Drawn(width, CPU_HEIGHT, (whole, used, _label(text, GAP, 13))), GAP, y),)


def _moved(part: Drawn, x: int, y: int) -> str:
    return f'<g transform="translate({x},{y})">{"".join(part.elements)}</g>'


def _rectangle(width: int, height: int, fill: str) -> str:
    return f'<rect width="{width}" height="{height}" rx="2" fill="{fill}" stroke="{FRAME}"/>'


def _label(line: str, x: int, y: int) -> str:
    plain = printable(line).encode("utf-8", "replace").decode()
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<text x="{x}" y="{y}" fill="{TEXT}">{escaped}</text>'
