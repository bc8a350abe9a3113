"""Defines the program of a supervised run: it makes one attempt after the other, each a Job, and knows why one ended.

It runs in a pod of its own with nothing but Python's standard library: the Helm chart carries this file as it stands.
Out of memory: the next attempt gets the next rung of the ladder. Interrupted on a spot machine: the next attempt starts
the same way, after some of them on an on-demand machine. Anything else is what the Job's own retries are for: when it
has used them up, the run has failed. What an attempt is stands in an annotation of its Job, so a supervisor that is
itself moved to another machine goes on where the last one was.

Sources, read on 2026-11-23:
- what a Job says when its podFailurePolicy ends it: matchPodFailurePolicy in
  https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/job/pod_failure_policy.go
- how a pod reaches the API: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
- Python 3.13 is strict on certificates, clouds aren't: https://github.com/kubernetes-client/python/issues/2394
"""

import copy
import dataclasses
import json
import os
import re
import signal
import ssl
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATE = "podzol.dev/attempt"
"""Annotation of an attempt's Job: the `Attempt` as JSON."""
POOL, CAPACITY_TYPE = "podzol.dev/pool", "podzol.dev/capacity-type"
MAIN = "main"
POLL_SECONDS = 5
FINAL = 42
"""Exit code for a run that no new pod of this program could mend."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What the values of the Helm chart ask for."""

    run: str
    """Name of the Job that this program is the pod of; attempts are RUN-1, RUN-2 ..."""
    template: str
    """CronJob, suspended for ever, that holds the Job of an attempt."""
    memory_ladder: tuple[str, ...]
    interruption_limit: int
    """Interruptions on spot machines after which it goes on on on-demand ones; 0: capacity isn't changed."""
    on_demand_pool: str

    @classmethod
    def from_environment(cls, environment: Any) -> "Plan":
        return cls(
            run=environment["RUN"],
            template=environment["TEMPLATE"],
            memory_ladder=tuple(filter(None, environment.get("MEMORY_LADDER", "").split(","))),
            interruption_limit=int(environment.get("INTERRUPTION_LIMIT", "0")),
            on_demand_pool=environment.get("ON_DEMAND_POOL", ""),
        )


@dataclass(frozen=True)
class Attempt:
    """One attempt, and what came before it."""

    number: int = 1
    rung: int = 0
    interruptions: int = 0
    """Attempts before this one that lost their spot machine."""
    kills: int = 0
    """Attempts before this one that were killed, but weren't seen to be for their memory."""
    why: str = "first attempt"

    def memory(self, plan: Plan) -> str:
        return plan.memory_ladder[self.rung] if plan.memory_ladder else ""

    def capacity_type(self, plan: Plan) -> str:
        if not plan.interruption_limit:
            return ""
        return "spot" if self.interruptions < plan.interruption_limit else "on-demand"


# ---------------------------------------------------------------- why it ended

RUNNING, COMPLETE, OUT_OF_MEMORY, INTERRUPTED, KILLED, FAILED = (
    "running",
    "complete",
    "out of memory",
    "interrupted",
    "killed",
    "failed",
)


def ended(job: Json) -> Json:
    """The condition that says that the Job has ended; {} while it runs."""
    conditions = job.get("status", {}).get("conditions", [])
    final = [each for each in conditions if each["type"] in ("Complete", "Failed") and each["status"] == "True"]
    return final[0] if final else {}


def killed_pod(job: Json) -> str:
    """Name of the pod whose exit code 137 ended the Job, or nothing."""
    said = ended(job).get("message", "")
    found = re.search(r"pod [^/\s]+/(\S+) failed with exit code 137 ", said)
    return found[1] if found else ""


def verdict(job: Json, pod: Json | None) -> str:
    """Why an attempt ended.

    Args:
        job: the attempt's Job.
        pod: the pod that `killed_pod` names; None when it is gone. Nobody can say then what it was killed for, and the
            ladder isn't climbed; a pod that lost its machine never gets here, for the policy's first rule takes it.
    """
    condition = ended(job)
    if not condition:
        return RUNNING
    if condition["type"] == "Complete":
        return COMPLETE
    if condition.get("reason") == "PodFailurePolicy":
        if "has condition DisruptionTarget" in condition.get("message", ""):
            return INTERRUPTED
        if killed_pod(job):
            return OUT_OF_MEMORY if pod is not None and killed_for_memory(pod) else KILLED
    return FAILED


def killed_for_memory(pod: Json) -> bool:
    statuses = pod.get("status", {}).get("containerStatuses", [])
    return any(each.get("state", {}).get("terminated", {}).get("reason") == "OOMKilled" for each in statuses)


def following(attempt: Attempt, why: str, plan: Plan, retries: int) -> Attempt | None:
    """The attempt after one that ended so, of which `retries` may be killed; None when the run has failed."""
    after = dataclasses.replace(attempt, number=attempt.number + 1)
    if why == OUT_OF_MEMORY and attempt.rung + 1 < len(plan.memory_ladder):
        had, gets = plan.memory_ladder[attempt.rung : attempt.rung + 2]
        return dataclasses.replace(after, rung=attempt.rung + 1, why=f"out of memory with {had}, now {gets}")
    if why == INTERRUPTED:
        count = attempt.interruptions + 1
        after = dataclasses.replace(after, interruptions=count)
        lost = f"lost its machine, {count} of {plan.interruption_limit} times"
        return dataclasses.replace(after, why=f"{lost}; now {after.capacity_type(plan)}")
    if why == KILLED and attempt.kills < retries:
        return dataclasses.replace(after, kills=attempt.kills + 1, why="killed, but not seen to be for its memory")
    return None


def retries_of(job: Json) -> int:
    spec = job["spec"]
    return int(spec.get("backoffLimitPerIndex", spec["backoffLimit"]))


# ---------------------------------------------------------------- the Job of an attempt


def job_name(plan: Plan, attempt: Attempt) -> str:
    return f"{plan.run}-{attempt.number}"


def job_of(attempt: Attempt, plan: Plan, template: Json, run: Json) -> Json:
    """The Job of an attempt, which goes when the run's own Job goes."""
    made = copy.deepcopy(template["spec"]["jobTemplate"])
    pod, about = made["spec"]["template"]["spec"], made.setdefault("metadata", {})
    made["spec"].pop("ttlSecondsAfterFinished", None)  # the run's own Job has it, and takes its attempts along
    if memory := attempt.memory(plan):
        (main,) = (each for each in pod["containers"] if each["name"] == MAIN)
        for side in ("requests", "limits"):
            main["resources"].setdefault(side, {})["memory"] = memory
    if capacity_type := attempt.capacity_type(plan):
        selector = pod.setdefault("nodeSelector", {})
        selector[CAPACITY_TYPE] = capacity_type
        if capacity_type == "on-demand" and plan.on_demand_pool:
            selector[POOL] = plan.on_demand_pool
        lost = made["spec"]["podFailurePolicy"]["rules"][0]
        lost["action"] = "FailJob" if capacity_type == "spot" else "Ignore"
    owner = {"apiVersion": "batch/v1", "kind": "Job", "name": run["metadata"]["name"], "uid": run["metadata"]["uid"]}
    state = json.dumps(dataclasses.asdict(attempt))
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            **about,
            "name": job_name(plan, attempt),
            "annotations": {**about.get("annotations", {}), STATE: state},
            "ownerReferences": [{**owner, "controller": True}],
        },
        "spec": made["spec"],
    }


# ---------------------------------------------------------------- the API


class Api:
    """The few calls of the Kubernetes API that a supervisor makes, all in its own namespace."""

    def __init__(self, server: str, namespace: str, token: Path, authority: Path) -> None:
        self.server, self.namespace, self.token = server, namespace, token
        self.tls = ssl.create_default_context(cafile=str(authority))
        self.tls.verify_flags &= ~ssl.VERIFY_X509_STRICT  # EKS's and GKE's own authorities lack a key identifier

    @classmethod
    def of_this_pod(cls, environment: Any) -> "Api":
        folder = Path(environment.get("SERVICE_ACCOUNT", "/var/run/secrets/kubernetes.io/serviceaccount"))
        host = environment["KUBERNETES_SERVICE_HOST"]
        host = f"[{host}]" if ":" in host else host
        server = f"https://{host}:{environment['KUBERNETES_SERVICE_PORT']}"
        return cls(server, (folder / "namespace").read_text().strip(), folder / "token", folder / "ca.crt")

    def get(self, kind: str, name: str) -> Json | None:
        """An object; None when there is none. `kind` is jobs, cronjobs or pods."""
        return self.call("GET", f"{self.path(kind)}/{name}")

    def create(self, kind: str, body: Json) -> Json:
        made = self.call("POST", self.path(kind), body)
        assert made is not None
        return made

    def path(self, kind: str) -> str:
        group = "/api/v1" if kind == "pods" else "/apis/batch/v1"
        return f"{group}/namespaces/{self.namespace}/{kind}"

    def call(self, method: str, path: str, body: Json | None = None) -> Json | None:
        """The token is read each time: the kubelet renews it."""
        headers = {"Authorization": f"Bearer {self.token.read_text().strip()}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.server + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30, context=self.tls) as answer:
                found: Json = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            if method == "GET" and error.code == 404:
                return None
            raise


# ---------------------------------------------------------------- the run


def latest(api: Api, plan: Plan) -> Attempt:
    """The newest attempt that there is, or the first."""
    attempt = Attempt()
    while job := api.get("jobs", job_name(plan, attempt)):
        known = Attempt(**json.loads(job["metadata"]["annotations"][STATE]))
        attempt = dataclasses.replace(known, number=known.number + 1)
    return dataclasses.replace(attempt, number=max(attempt.number - 1, 1))


def step(api: Api, plan: Plan, attempt: Attempt) -> tuple[Attempt, int | None]:
    """Look once. Gives the attempt to look at next, and the exit code when the run has ended."""
    name = job_name(plan, attempt)
    job = api.get("jobs", name)
    if job is None:
        template, run = api.get("cronjobs", plan.template), api.get("jobs", plan.run)
        if template is None or run is None:
            say(f"cronjob {plan.template} or job {plan.run} is gone: the release was changed or uninstalled")
            return attempt, FINAL
        api.create("jobs", job_of(attempt, plan, template, run))
        say(f"job {name} made: {attempt.why}")
        return attempt, None
    pod = api.get("pods", killed_pod(job)) if killed_pod(job) else None
    why = verdict(job, pod)
    if why == RUNNING:
        return attempt, None
    if why == COMPLETE:
        say(f"job {name} is complete")
        return attempt, 0
    after = following(attempt, why, plan, retries_of(job))
    if after is None:
        condition = ended(job)
        say(f"job {name} has failed for good, {why}: {condition.get('reason', '')}: {condition.get('message', '')}")
        return attempt, FINAL
    return after, None


def main() -> int:
    """Run to the end; what a restart may mend (the API is away, a right is missing) is tried again."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    plan, api = Plan.from_environment(os.environ), Api.of_this_pod(os.environ)
    poll_seconds = float(os.environ.get("POLL_SECONDS", POLL_SECONDS))
    attempt: Attempt | None = None
    while True:
        try:
            attempt, code = step(api, plan, attempt or latest(api, plan))
            if code is not None:
                return code
        except OSError as error:
            say(f"the API doesn't answer as it should, trying again: {error}")
        time.sleep(poll_seconds)


def say(line: str) -> None:
    print(f"supervisor: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
