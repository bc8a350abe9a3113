"""Defines the report in Markdown, with PNG pictures beside it: for a repository, a pull request, a printed text."""

from podzol.elasticity.report import Report

NOTHING = "Nothing changed while it was recorded."


def markdown(report: Report, pictures: str) -> str:
    """The Markdown form of a report, with its pictures in a folder beside it."""
    several = len(report.runs) > 1
    parts = [f"# {report.title}"]
    for run in report.runs:
        parts += [heading(run.name, several), *report.about(run), run.when]
        parts += [f"**{run.verdict}.**"] if run.claims else []
        parts.append("\n".join(f"- **{value}** {what}" for value, what in run.facts))
    parts += ["## Times that matter", measures(report), "## What happened"]
    for run in report.runs:
        parts += [heading(run.name, several), "\n".join(f"- {sentence}" for sentence in run.story) or NOTHING]
    parts.append("## In pictures")
    for row in report.rows:
        for number, picture in enumerate(row.pictures):
            if picture:
                parts.append(image(picture.said, f"{pictures}/{report.picture_name(row.key, number)}"))
    parts.append("## Nodes and their pods")
    for number, run in enumerate(report.runs):
        said = f"Nodes of {run.name} and their pods" if several else "Nodes and their pods"
        drawn = (
            image(said, f"{pictures}/{report.picture_name('lanes', number)}")
            if run.timeline.lanes
            else "No node was seen."
        )
        parts += [heading(run.name, several), drawn]
    if any(run.claims for run in report.runs):
        parts.append("## What was claimed")
    for run in report.runs:
        if run.claims:
            parts += [heading(run.name, several), "\n".join(map(claimed, run.claims))]
    parts.append("## How to read it")
    for run in report.runs:
        parts += [heading(run.name, several), "\n".join(f"- {note}" for note in run.notes)]
    return "\n\n".join(part for part in parts if part) + "\n"


def claimed(claim: tuple[str, str, str]) -> str:
    """A claim with its verdict."""
    sentence, against, measured = claim
    verdict = "**does not hold**" if against else "holds"
    return f"- {verdict}: {sentence}" + "".join(f" ({each})" for each in (against, measured) if each)


def heading(name: str, several: bool) -> str:
    """The run's name, where there are two."""
    return f"### {name}" if several else ""


def image(said: str, path: str) -> str:
    """A picture with its words."""
    return f"![{said.replace('[', '(').replace(']', ')')}]({path})"


def measures(report: Report) -> str:
    """The table of times."""
    names = [run.name for run in report.runs] if len(report.runs) > 1 else ["took"]
    lines = [
        f"| of | time | {' | '.join(names)} | measured |",
        f"| --- | --- | {' | '.join('--:' for _ in names)} | --- |",
    ]
    for subject, what, meaning, taken in report.measures:
        lines.append(f"| {subject} | {what} | {' | '.join(taken)} | {meaning} |")
    return "\n".join(lines) if len(lines) > 2 else "Nothing began while it was recorded."
