"""A container that ends when it should run on, or ends badly: by its exit code, and who ended it.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states, exit codes from
https://tldp.org/LDP/abs/html/exitcodes.html (128 + signal).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.why.case import TASKS, Case, Part, ended
from podzol.why.causes.images import ARCHITECTURE, mismatch
from podzol.why.evidence import Object, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.health import pod_runs
from podzol.why.remedies import change, describe, logs

CODES = {
    0: "it ended by itself without an error, though it should go on running",
    1: "its program ended with an error (exit code 1)",
    2: "its program ended with an error, often a wrong argument (exit code 2)",
    126: "its command is there, but can't be executed (exit code 126)",
    127: "its command isn't in the image (exit code 127)",
    134: "its program aborted (exit code 134, SIGABRT)",
    137: "it was killed (exit code 137, SIGKILL): by a liveness probe, or for want of memory on the node",
    139: "its program crashed (exit code 139, SIGSEGV)",
    143: "it was told to stop (exit code 143, SIGTERM)",
}
ELSEWHERE = ("not found", "couldn't find key")
"""What `references` tells."""
COULD_NOT_START = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PostStartHookError")
NOT_STARTED = ("StartError", "ContainerCannotRun")
RECENT_SECONDS = 3600.0
"""How long ago a restart is worth a word."""


def causes(case: Case) -> Iterator[Finding]:
    for part, pod in case.pods:
        if pod_runs(pod):
            yield from _restarted(case, part, pod)
        elif status_of(pod).get("reason") == "Evicted":
            yield _evicted(case, part, pod)
        elif not (part.state.runs and part.it["kind"] in TASKS):
            for kind in ("initContainerStatuses", "containerStatuses"):
                for each in status_of(pod).get(kind) or ():
                    yield from _container(case, part, pod, each, init=kind.startswith("init"))


def _restarted(case: Case, part: Part, pod: Object) -> Iterator[Finding]:
    """A pod that is Ready now, and wasn't a moment ago."""
    for each in status_of(pod).get("containerStatuses") or ():
        last = (each.get("lastState") or {}).get("terminated") or {}
        if last and case.evidence.since(last.get("finishedAt")) < RECENT_SECONDS:
            reason, todo = _ended(case, part, pod, f"the container {each['name']}", each["name"], last)
            times = f"it runs again, after {each.get('restartCount')} restarts: {reason}"
            yield Finding("containers", Rank.ASIDE, (reference(pod),), times, todo)


def _container(case: Case, part: Part, pod: Object, it: Mapping[str, Any], init: bool) -> Iterator[Finding]:
    name, restarts = it["name"], int(it.get("restartCount") or 0)
    which = f"the init container {name}" if init else f"the container {name}"
    waiting = (it.get("state") or {}).get("waiting") or {}
    now = (it.get("state") or {}).get("terminated") or {}
    last = now or (it.get("lastState") or {}).get("terminated") or {}
    refused = one_line(waiting.get("message") or "")
    if waiting.get("reason") in COULD_NOT_START and not any(each in refused for each in ELSEWHERE):
        reason, todo = f"{which} can't be started: {refused}", f"see {describe(pod, case.namespace)}"
        told = (f"container {name}: {waiting['reason']}",)
        yield Finding("containers", Rank.SAID, (reference(pod),), reason, todo, told)
    crashing = waiting.get("reason") == "CrashLoopBackOff"
    if not last or (now.get("exitCode") == 0 and not crashing) or (not now and not crashing and not restarts):
        return
    reason, todo = _ended(case, part, pod, which, name, last)
    again = f", {restarts} times by now" if restarts > 1 else ", once by now" if restarts else ""
    loop = f"; it is started again and again{again}" if crashing else ""
    seen = [f"container {name}: {last.get('reason', 'Terminated')}, exit code {last.get('exitCode')}"]
    if said := one_line(last.get("message") or "")[-300:]:
        seen.append(f"it said: {said}")
    yield Finding("containers", Rank.SAID, (reference(pod),), reason + loop, todo, tuple(seen))


def _ended(case: Case, part: Part, pod: Object, which: str, name: str, last: Mapping[str, Any]) -> tuple[str, str]:
    """How a container ended, and what to do."""
    code, said = int(last.get("exitCode", 0)), one_line(last.get("message") or "")
    both = (*(spec_of(pod).get("initContainers") or ()), *(spec_of(pod).get("containers") or ()))
    spec: Mapping[str, Any] = next((each for each in both if each["name"] == name), {})
    look = logs(pod, name, case.namespace, previous=not ended(pod))
    if last.get("reason") == "OOMKilled":
        limit = ((spec.get("resources") or {}).get("limits") or {}).get("memory")
        bound = f"its limit of {limit}" if limit else "what the node had"
        to, plain = "(and `resources.requests.memory`) higher", "raise resources.limits.memory"
        more = change(case, part, "resources.limits.memory", to, plain)
        return f"{which} took more memory than {bound} and was killed (OOMKilled)", f"{more}, or let it take less"
    if ARCHITECTURE.search(said):
        return mismatch(case, pod, spec.get("image", ""))
    if last.get("reason") in NOT_STARTED or code == 128:
        command = " ".join(spec.get("command") or spec.get("args") or ())[:80]
        fix = change(case, part, "command", "and `args` to what the image has", "correct its command")
        return f"{which} could not be started" + (f" ({command!r})" if command else "") + f": {said}", fix
    if code in (126, 127):
        fix = change(case, part, "command", "and `args` to what the image has", "correct its command")
        return f"{which}: {CODES[code]}", f"{fix}; see {look}"
    if last.get("reason") == "DeadlineExceeded" or status_of(pod).get("reason") == "DeadlineExceeded":
        return f"{which} ran longer than activeDeadlineSeconds", "raise it, or let it do less"
    if fatal := _fatal(part, code):
        return (
            f"{which}: its program ended with exit code {code}: {fatal}",
            f"mend its input or its program; see {look}",
        )
    return f"{which}: {CODES.get(code, f'its program ended with exit code {code}')}", f"read what it said: {look}"


def _fatal(part: Part, code: int) -> str:
    """Whether the Job's policy says that this code can't be mended by a retry."""
    policies = [spec_of(maker).get("podFailurePolicy") or {} for maker in part.makers if maker["kind"] == "Job"]
    for rule in (rule for policy in policies for rule in policy.get("rules") or ()):
        if rule.get("action") == "FailJob" and code in ((rule.get("onExitCodes") or {}).get("values") or ()):
            return "no retry can mend that, says its podFailurePolicy"
    return ""


def _evicted(case: Case, part: Part, pod: Object) -> Finding:
    """The kubelet put it out, for want of something on the node or for having taken too much of its disk."""
    said = one_line(status_of(pod).get("message") or "")
    value, to = "resources.requests.memory", "to what it takes"
    if "emptydir" in said.lower():
        value, to = "tmpSizeLimit", "or the `sizeLimit` of its scratch higher"
    elif "ephemeral" in said:
        value, to = "resources.requests.ephemeralStorage", "to what it writes"
    todo = change(case, part, value, to, "request as much as it takes, or raise the volume's sizeLimit")
    seen = ("status.reason is Evicted",)
    return Finding("containers", Rank.SAID, (reference(pod),), f"the kubelet evicted it: {said}", todo, seen)
