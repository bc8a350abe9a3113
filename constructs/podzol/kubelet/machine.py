"""Defines `Machine`: what every pod of the agent shares, and how a container's `Plan` is made from the pod's object."""

import asyncio
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from podzol.kubelet import volumes
from podzol.kubelet.apiserver import ApiServer
from podzol.kubelet.environment import ConfigError, command, cpu_limit, environment, expand, hostname
from podzol.kubelet.images import Images, Program, make
from podzol.kubelet.local_ports import is_api, on_this_machine
from podzol.kubelet.names import hosts, resolver
from podzol.kubelet.namespaces import MARK
from podzol.kubelet.network import Network
from podzol.kubelet.process import Plan
from podzol.kubelet.status import full_name
from podzol.kubelet.volumes import Known, Mount, Source, VolumeError, rewritten
from podzol.kubernetes.quantities import bytes_of

Object = dict[str, Any]
API = "kubernetes.default.svc"
"""The API among the pods: the certificate that kwokctl makes for it has this name, and not the Service's address."""
MESSAGE = "termination-log"
"""The file in a container's folder for its last words."""
LONGEST_MESSAGE = 4096
TOKEN_SECONDS = 365 * 24 * 3600
"""How long a service account's token lasts; it ends with its pod before."""


@dataclass
class Machine:
    """This machine, as pods use it."""

    root: Path
    """Of all files of pods."""
    api: ApiServer
    network: Network
    images: Images
    contained: bool
    """Whether there are namespaces."""
    nameserver: str = ""
    """Address of the pods' DNS; empty where there is none."""
    services: dict[str, Object] = field(default_factory=dict)
    """Every Service, by uid."""
    made: dict[tuple[str, ...], asyncio.Task[str]] = field(default_factory=dict)
    """What images need, being made or made: gives why it failed, or nothing."""

    def folder(self, pod: Object) -> Path:
        """The folder of a pod."""
        return self.root / "pods" / pod["metadata"]["uid"]

    def pod_folders(self) -> list[Path]:
        """The folders of all pods that have one."""
        return list((self.root / "pods").glob("*"))

    def log(self, pod: Object, name: str, run: int) -> Path:
        """The log of a container's run."""
        return self.folder(pod) / "logs" / name / f"{run}.log"

    def making(self, program: Program) -> asyncio.Task[str] | None:
        """What makes the image's program ready; None when nothing has to be made."""
        key = tuple(program.make)
        if not key:
            return None
        task = self.made.get(key)
        if task is None or (task.done() and task.result()):
            task = self.made[key] = asyncio.create_task(make(program.make))
        return task

    async def refresh(self, pod: Object) -> None:
        """Have the pod's volumes hold what the API says now.

        Raises:
            ConfigError: something that the pod refers to isn't there any more.
        """
        self.fill_volumes(pod, await self.look_up(pod))

    def fill_volumes(self, pod: Object, known: Known) -> dict[str, Source]:
        """Make the pod's volumes, and have them hold what the API says; gives each by its name.

        Raises:
            VolumeError: one refers to what isn't there.
        """
        return volumes.prepare(pod, self.root, self.folder(pod), known)

    async def look_up(self, pod: Object) -> Known:
        """What the API knows of the things that a pod refers to.

        Raises:
            VolumeError: a claim isn't bound.
        """
        namespace = f"/api/v1/namespaces/{pod['metadata']['namespace']}"
        found = {}
        for kind, name in sorted(volumes.references(pod["spec"])):
            found[kind, name] = await self.api.get(f"{namespace}/{kind}/{name}")
            if it := found[kind, name]:
                it["kind"] = "ConfigMap" if kind == "configmaps" else "Secret"
        bound = {}
        for name, volume_name in volumes.claims(pod).items():
            claim = await self.api.get(f"{namespace}/persistentvolumeclaims/{name}")
            volume = (claim or {}).get("spec", {}).get("volumeName")
            it = await self.api.get(f"/api/v1/persistentvolumes/{volume}") if volume else None
            if it is None:
                why = "is not bound" if claim else "not found"
                raise VolumeError(volume_name, f'persistentvolumeclaim "{name}" {why}')
            bound[name] = it
        token = await self.token(pod) if volumes.wants_token(pod) else ""
        return Known(lambda kind, name: found.get((kind, name)), bound, token)

    async def token(self, pod: Object) -> str:
        """A token of the pod's service account."""
        meta, account = pod["metadata"], pod["spec"].get("serviceAccountName", "default")
        reference = {"apiVersion": "v1", "kind": "Pod", "name": meta["name"], "uid": meta["uid"]}
        path = f"/api/v1/namespaces/{meta['namespace']}/serviceaccounts/{account}/token"
        body = {"spec": {"audiences": [], "boundObjectRef": reference, "expirationSeconds": TOKEN_SECONDS}}
        return str((await self.api.send("POST", path, body))["status"]["token"])

    def plan(self, pod: Object, container: Object, program: Program, known: Known, sources: dict[str, Source]) -> Plan:
        """How a container is started.

        Raises:
            ConfigError: it refers to what isn't there.
        """
        variables = environment(pod, container, program, self.reached_services(), known.get)
        own = self.folder(pod) / "containers" / container["name"]
        uid, gid = user(pod, container, program)
        limit = container.get("resources", {}).get("limits", {}).get("memory")
        argv = command(container, program, variables)
        if not argv:
            raise ConfigError("no command specified")
        mounts = volumes.mounts(container, sources, variables)
        folder = container.get("workingDir") or "/"
        mounts.append(last_words_mount(container, own))
        if self.contained:
            mounts += self.usual_mounts(pod, container, program, own, mounts)
        else:
            argv += [expand(word, {"POD_IP": pod["status"]["podIP"]}) for word in program.listen]
            argv = [rewritten(word, mounts) for word in argv]
            variables = {name: rewritten(value, mounts) for name, value in variables.items()}
            folder = rewritten(folder, mounts)
            variables[MARK] = str(own)
        return Plan(
            name=container["name"],
            argv=argv,
            environment=variables,
            folder=folder,
            mounts=mounts,
            root=own / "root",
            network=self.network.path(pod["metadata"]["uid"]),
            hostname=hostname(pod),
            uid=uid,
            gid=gid,
            cpus=allowed(cpu_limit(container)),
            memory_bytes=bytes_of(limit) if limit is not None else None,
            takes_input=bool(container.get("stdin")),
            takes_input_once=bool(container.get("stdinOnce")),
            has_terminal=bool(container.get("tty")),
            contained=self.contained,
        )

    def usual_mounts(
        self, pod: Object, container: Object, program: Program, own: Path, others: list[Mount]
    ) -> list[Mount]:
        """The mounts that every container has: a /tmp of its own, its limits, the names of hosts."""
        security = container.get("securityContext", {})
        taken = {each.target.rstrip("/") for each in others}
        (own / "tmp").mkdir(parents=True, exist_ok=True)
        (own / "hostname").write_text(f"{hostname(pod)}\n")
        (own / "hosts").write_text(hosts(pod, pod["status"]["podIP"], hostname(pod)))
        (own / "resolv.conf").write_text(resolver(self.nameserver, pod["metadata"]["namespace"]))
        usual = [
            Mount(own / "hostname", "/etc/hostname", True),
            Mount(own / "hosts", "/etc/hosts", True),
            Mount(own / "resolv.conf", "/etc/resolv.conf", True),
            Mount(own / "tmp", "/tmp", bool(security.get("readOnlyRootFilesystem"))),
            Mount(limits_folder(container, own / "limits"), "/sys/fs/cgroup", True),
        ]
        usual += [Mount(Path(folder), folder, True) for folder in program.folders if Path(folder).is_dir()]
        return [each for each in usual if each.target not in taken]

    def last_words(self, pod: Object, container: Object, run: int, code: int) -> str:
        """What a container has said of its end: in its file, or at the end of its log where it wants that."""
        words = self.folder(pod) / "containers" / container["name"] / MESSAGE
        said = words.read_text(errors="replace") if words.exists() else ""
        if words.exists():
            words.write_text("")
        if not said and code and container.get("terminationMessagePolicy") == "FallbackToLogsOnError":
            lines = self.log(pod, container["name"], run).read_text(errors="replace").splitlines()[-80:]
            said = "\n".join(line.split(" ", 3)[-1] for line in lines)[-2048:]
        return said[-LONGEST_MESSAGE:]

    def reached_services(self) -> list[Object]:
        """Every Service, with the address and the ports at which a pod's program reaches it."""
        if self.contained:
            return [
                it | {"spec": it["spec"] | {"clusterIP": API}} if is_api(it) else it for it in self.services.values()
            ]
        url = self.api.api.client.base_url
        return [on_this_machine(it, url.port or 443) for it in self.services.values()]

    def program(self, container: Object) -> Program:
        """The program of a container's image.

        Raises:
            NoProgram: there is none.
        """
        return self.images.program(container["image"])


def user(pod: Object, container: Object, program: Program) -> tuple[int | None, int]:
    """User and group of a container; no user: the one that a program of an image without a USER has, root.

    Raises:
        ConfigError: it would be root, and mustn't.
    """
    security = pod["spec"].get("securityContext", {}) | container.get("securityContext", {})
    asked = security.get("runAsUser")
    uid = program.user if asked is None else asked
    if security.get("runAsNonRoot") and not uid:
        why = "container has runAsNonRoot and image will run as root"
        if asked == 0:
            why = "container's runAsUser breaks non-root policy"
        raise ConfigError(f'{why} (pod: "{full_name(pod)}", container: {container["name"]})')
    return uid, security.get("runAsGroup", (program.user or 0) if asked is None else 0)


def last_words_mount(container: Object, own: Path) -> Mount:
    """Where a container writes why it ends."""
    own.mkdir(parents=True, exist_ok=True)
    (own / MESSAGE).touch()
    return Mount(own / MESSAGE, container.get("terminationMessagePath") or f"/dev/{MESSAGE}", False)


def limits_folder(container: Object, folder: Path) -> Path:
    """The limits, as files of cgroup v2: what a program reads to know its share. Nothing is enforced by them."""
    folder.mkdir(parents=True, exist_ok=True)
    cpus = cpu_limit(container)
    memory = container.get("resources", {}).get("limits", {}).get("memory")
    (folder / "cpu.max").write_text("max 100000\n" if cpus is None else f"{math.ceil(cpus * 100_000)} 100000\n")
    (folder / "memory.max").write_text("max\n" if memory is None else f"{bytes_of(memory)}\n")
    return folder


def allowed(cpus: float | None) -> tuple[int, ...]:
    """The CPUs of this machine that a container with a limit may run on: at least as many as its limit."""
    every = sorted(os.sched_getaffinity(0))
    return () if cpus is None or math.ceil(cpus) >= len(every) else tuple(every[-max(1, math.ceil(cpus)) :])
