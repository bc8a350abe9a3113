"""What Helm itself says of the release: failed, or an operation that never ended.

Source: https://helm.sh/docs/helm/helm_status/ and pkg/release/common/status.go of helm v4.3.1 (2026-11-23).
"""

from collections.abc import Iterator

from podzol.why.case import Case
from podzol.why.evidence import duration, one_line, spec_of, status_of
from podzol.why.findings import Finding, Rank

PENDING = {"pending-install": "install", "pending-upgrade": "upgrade", "pending-rollback": "rollback"}


def causes(case: Case) -> Iterator[Finding]:
    if case.helm is None:
        return
    name, status = case.release, str(status_of(case.helm).get("status") or "")
    about, said = (f"release {name}",), one_line(str(status_of(case.helm).get("description") or ""))
    seen = (f"Helm: {status}: {said}",) if said else (f"Helm: {status}",)
    place = f"-n {case.namespace}"
    if status == "failed":
        first = spec_of(case.helm).get("revision") == 1
        after = "" if first else f", or go back with `helm rollback {name} {place}`"
        yield Finding(
            "release",
            Rank.SAID if refused(said) or not case.parts else Rank.FOLLOWS,
            about,
            f"its last {'install' if first else 'upgrade'} failed" + (f": {said}" if said else ""),
            f"mend what is named, then `helm upgrade --install` again{after}",
            seen,
        )
    elif status in PENDING:
        since = status_of(case.helm).get("since")
        age = f" for {duration(case.evidence.since(since))}" if since else ""
        undo = "`helm uninstall" if status == "pending-install" else "`helm rollback"
        yield Finding(
            "release",
            Rank.FOLLOWS,
            about,
            f"a `helm {PENDING[status]}` is under way{age}, or was killed: Helm takes no other command for the release",
            f"if none runs any more, {undo} {name} {place}`",
            seen,
        )
    elif status in ("uninstalling", "uninstalled"):
        yield Finding("release", Rank.WILLED, about, f"it is {status}", "install it again", seen)


def refused(said: str) -> bool:
    """Whether the API server refused an object, so that it isn't there to say so itself."""
    return any(word in said for word in ("denied the request", "forbidden", "is invalid", "failed calling webhook"))
