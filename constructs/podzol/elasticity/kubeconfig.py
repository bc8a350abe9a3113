"""Defines `access`: where a cluster's API is and how it lets us in, found where kubectl would find it.

That is: the file that is given, else the files of $KUBECONFIG, of which the first that says something counts, else the
service account of the pod that we are in, else ~/.kube/config. lightkube takes one file only.
Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ (2026-11-23).
"""

import os
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml
from lightkube.config.kubeconfig import DEFAULT_KUBECONFIG, KubeConfig, SingleConfig
from lightkube.config.models import Cluster, NameValue, User
from lightkube.core.exceptions import ConfigError

from podzol.faults import Fault, UserError

BROKEN = (
    ConfigError,
    yaml.YAMLError,
    msgspec.MsgspecError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    OSError,
)
"""What reading a file raises that is no kubeconfig."""
PATHS = ("certificate_auth", "client_cert", "client_key", "token_file")
"""What is said as a path, from the folder of the file."""
V1, LIKE_V1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"
"""Of a program that gets tokens; what it answers is the same."""
Entry = TypeVar("Entry", Cluster, User)


def access(kubeconfig: Path | None, context: str | None) -> SingleConfig:
    """What a context says, or the current one when None.

    Raises:
        UserError: there is no kubeconfig, it can't be used, or it has no such context.
    """
    files = files_of(kubeconfig)
    try:
        config = merged(files) if files else without_files()
        if context is None or context in config.contexts:
            found = config.get(context)
            assert found, "without a default it raises instead"
            return found._replace(user=asking(found.user or User()))
    except BROKEN as error:
        raise unusable(kubeconfig, error) from error
    there = ", ".join(sorted(config.contexts)) or "none"
    raise UserError([Fault("--context", "must be a context of the kubeconfig", context, f"there are {there}")])


def asking(user: User) -> User:
    """A user whose program is asked for a token as kubectl asks it: in its own version, of which lightkube lacks v1.

    Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
    (2026-11-23).
    """
    if not (program := user.exec):
        return user
    asked = {"apiVersion": program.apiVersion, "kind": "ExecCredential", "spec": {"interactive": False}}
    said = NameValue("KUBERNETES_EXEC_INFO", msgspec.json.encode(asked).decode())
    version = LIKE_V1 if program.apiVersion == V1 else program.apiVersion
    program = msgspec.structs.replace(program, apiVersion=version, env=[*(program.env or []), said])
    return msgspec.structs.replace(user, exec=program)


def unusable(kubeconfig: Path | None, error: Exception) -> UserError:
    """What is told of a kubeconfig that can't be used."""
    files = files_of(kubeconfig)
    where = "--kubeconfig" if kubeconfig else "KUBECONFIG" if files else DEFAULT_KUBECONFIG
    fix = f"name a kubeconfig that kubectl can use ({reason(error)})"
    rule = "must be a kubeconfig with a current context"
    got = {"got": os.pathsep.join(map(str, files))} if files else {}
    return UserError([Fault(where, rule, fix=fix, **got)])


def files_of(kubeconfig: Path | None) -> list[Path]:
    """The file that is given, else those of the environment."""
    listed = os.environ.get("KUBECONFIG", "").split(os.pathsep)
    return [kubeconfig] if kubeconfig else [Path(each) for each in listed if each]


def without_files() -> KubeConfig:
    """What there is where no file is named."""
    try:
        return KubeConfig.from_service_account()
    except ConfigError:
        return KubeConfig.from_file(DEFAULT_KUBECONFIG)


def merged(files: list[Path]) -> KubeConfig:
    """Several files as one; of a list those that aren't there are left out."""
    there = [each for each in files if each.is_file()] or files[:1]
    configs = [KubeConfig.from_file(each) for each in there]
    whole = KubeConfig(clusters={}, contexts={}, users={})
    for path, config in zip(reversed(there), reversed(configs), strict=True):
        whole.clusters |= {name: absolute(it, path.parent) for name, it in config.clusters.items()}
        whole.users |= {name: absolute(it, path.parent) for name, it in config.users.items()}
        whole.contexts |= config.contexts
        whole.current_context = config.current_context or whole.current_context
    return whole


def absolute(it: Entry, folder: Path) -> Entry:
    """An entry whose paths don't depend on the folder of its file."""
    said = {name: getattr(it, name, None) for name in PATHS}
    return msgspec.structs.replace(it, **{name: str((folder / path).absolute()) for name, path in said.items() if path})


def reason(error: Exception) -> str:
    """Why a file is none, in one line."""
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    if isinstance(error, AttributeError):
        return "it is no mapping"
    return " ".join(str(error).split()) or type(error).__name__
