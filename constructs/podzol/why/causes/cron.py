"""A CronJob that starts nothing: suspended, its times missed, its time zone unknown, the run before still there.

Source: pkg/controller/cronjob of Kubernetes v1.37.2 (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.records import seconds
from podzol.why.case import Case, Part
from podzol.why.evidence import Event, name_of, one_line, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

REASONS = ("MissSchedule", "TooManyMissedTimes", "UnknownTimeZone", "UnparseableSchedule", "JobAlreadyActive")


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        if part.it["kind"] != "CronJob":
            continue
        if spec_of(part.it).get("suspend"):
            name = name_of(part.it)
            plain = (
                f'`kubectl patch cronjob {name} -n {case.namespace} --type=merge -p \'{{"spec":{{"suspend":false}}}}\'`'
            )
            todo = change(case, part, "schedule.suspend", "to false", plain)
            seen = (f"spec.suspend of {part.name} is true",)
            yield Finding("cron", Rank.WILLED, (part.name,), "its schedule is paused: no run starts", todo, seen)
        else:
            last_run = seconds(status_of(part.it).get("lastScheduleTime")) or 0
            events = [each for each in case.evidence.events(part.it, *REASONS) if each.last > last_run]
            newest = {event.reason: event for event in reversed(events)}
            yield from (_told(case, part, event) for event in newest.values())


def _told(case: Case, part: Part, event: Event) -> Finding:
    seen = (case.evidence.told(event),)
    spec = spec_of(part.it)
    match event.reason:
        case "JobAlreadyActive":
            return Finding(
                "cron",
                Rank.MAYBE,
                (part.name,),
                "a run was skipped: the one before still ran (concurrencyPolicy Forbid)",
                change(
                    case, part, "schedule.cron", "to run less often", "run it less often, or set activeDeadlineSeconds"
                ),
                seen,
            )
        case "MissSchedule" | "TooManyMissedTimes":
            limit = spec.get("startingDeadlineSeconds")
            within = f" within {limit} s (startingDeadlineSeconds)" if limit else ""
            return Finding(
                "cron",
                Rank.SAID,
                (part.name,),
                f"a run was missed: it could not be started{within}",
                change(
                    case,
                    part,
                    "schedule.startingDeadlineSeconds",
                    "higher",
                    "set spec.startingDeadlineSeconds higher, and see that the controllers run",
                ),
                seen,
            )
        case _:
            reason = f"its schedule can't be read: {one_line(event.message)}"
            todo = change(
                case, part, "schedule.timeZone", "or `schedule.cron` right", "mend spec.schedule or spec.timeZone"
            )
            return Finding("cron", Rank.SAID, (part.name,), reason, todo, seen)
