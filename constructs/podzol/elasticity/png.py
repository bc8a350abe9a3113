"""Defines a report's pictures as PNG files, for the Markdown form; drawn by matplotlib, from what the page shows."""

import io
from math import nan

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from podzol.elasticity.axes import ValueAxis, time_marks
from podzol.elasticity.lane_views import LaneView
from podzol.elasticity.lives import value_at
from podzol.elasticity.pictures import Picture
from podzol.elasticity.words import number

INCHES = (7.2, 2.7)
DOTS_PER_INCH = 110
COLOURS = {
    "blue": "#1f6fb2",
    "orange": "#b05a00",
    "green": "#147a4e",
    "purple": "#8a4fa3",
    "teal": "#0a7682",
    "brown": "#846817",
    "red": "#c62f3b",
    "grey": "#6b7280",
}
"""Those of the page in its light form."""
INK, QUIET, RULE, RAISED = "#1a1f26", "#5a6472", "#dde1e7", "#f5f6f8"


def png(picture: Picture, seconds: float, axis: ValueAxis) -> bytes:
    """A picture on axes that it may share with another."""
    figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    frame(axes, max(seconds, 1.0))
    moments = sorted({at for line in picture.lines for at, _ in line.steps} | {picture.seconds})
    if picture.stacked:
        heights = [[value_at(line.steps, at) for at in moments] for line in picture.lines]
        colours = [COLOURS[line.colour] for line in picture.lines]
        names = [line.name for line in picture.lines]
        axes.stackplot(moments, heights, labels=names, colors=colours, step="post", edgecolor="white", linewidth=0.5)
    else:
        for line in picture.layers:
            times, values = zip(*line.steps, (picture.seconds, line.steps[-1][1]), strict=True)
            axes.plot(
                times,
                [nan if picture.log and not value else value for value in values],
                label=line.name,
                color=COLOURS[line.colour],
                linewidth=1.8,
                linestyle="--" if line.dashed else "-",
                drawstyle="default" if picture.sloped else "steps-post",
            )
    if axis.log:
        axes.set_yscale("log")
        axes.minorticks_off()
    axes.set_yticks(axis.marks, [number(mark) for mark in axis.marks])
    axes.set_ylim(axis.marks[0], axis.marks[-1] * 1.02)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_title(f"{picture.title}  ({picture.unit})", loc="left", fontsize=10, color=INK)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8, labelcolor=INK)
    return written(figure)


def lanes_png(lanes: list[LaneView], seconds: float) -> bytes:
    """The lanes of nodes and their pods."""
    rows = [max(len(lane.rows), 1.4) + 0.5 for lane in lanes]  # the least that holds two lines of label
    figure = Figure(figsize=(INCHES[0], 0.6 + 0.19 * sum(rows)), dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    frame(axes, seconds)
    places, top = [], 0.0
    for lane, height in zip(lanes, rows, strict=True):
        ready = lane.gone if lane.ready is None else lane.ready
        span = (top, height - 0.25)
        for left, until, hatch in ((lane.ordered, ready, "////"), (ready, lane.gone, "")):
            axes.broken_barh(
                [(left * seconds / 100, (until - left) * seconds / 100)],
                span,
                facecolor=RAISED,
                edgecolor=RULE,
                hatch=hatch,
            )
        for index, row in enumerate(lane.rows):
            spans = [(bar.left * seconds / 100, bar.width * seconds / 100) for bar in row]
            colours = [COLOURS[bar.colour] for bar in row]
            axes.broken_barh(spans, (top + 0.15 + index, 0.85), facecolor=colours, edgecolor="white", linewidth=0.5)
            for bar, (left, width) in zip(row, spans, strict=True):
                inside = width > seconds * 0.0125 * len(bar.text)
                x = left + (0 if inside else width) + seconds / 250
                if inside or bar is row[-1]:
                    colour = "white" if inside else INK
                    axes.text(x, top + 0.6 + index, bar.text, fontsize=6, color=colour, va="center", clip_on=True)
        places.append(top + (height - 0.25) / 2)
        top += height
    axes.set_ylim(top, 0)
    axes.set_yticks(places, [f"{lane.name}\n{lane.machine}" for lane in lanes])
    axes.set_title("Nodes and their pods", loc="left", fontsize=10, color=INK)
    return written(figure)


def frame(axes: Axes, seconds: float) -> None:
    """What all pictures have in common."""
    marks = time_marks(seconds)
    axes.set_xlim(0, seconds)
    axes.set_xticks([at for at, _ in marks], [text for _, text in marks])
    axes.tick_params(colors=QUIET, labelsize=8, length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def written(figure: Figure) -> bytes:
    """The file, the same for the same picture."""
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
