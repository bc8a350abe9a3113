"""Where a cluster's API is: found where kubectl finds it; what can't be used is refused in one line."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from lightkube.config.client_adapter import user_auth

from podzol.elasticity.api import Api
from podzol.elasticity.kubeconfig import access
from podzol.faults import UserError

RULE = "must be a kubeconfig with a current context"


def config(*names: str, current: str | None = None, **of_cluster: Any) -> dict[str, Any]:
    """A kubeconfig with a context, a cluster and a user of each name."""
    return {
        "current-context": current,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in names],
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}", **of_cluster}} for name in names],
        "users": [{"name": name, "user": {"token": name}} for name in names],
    }


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a file, and gives its path."""

    def written(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return path

    return written


def test_the_current_context_is_meant_or_the_one_that_is_named(write: Any) -> None:
    path = write("config", config("eks", "gke", current="gke"))
    assert access(path, None).cluster.server == "https://gke"
    assert access(path, "eks").cluster.server == "https://eks"


def test_of_several_files_the_first_that_says_something_counts(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = write("a/config", config("eks", certificate_auth="x"))
    other = write("b/config", {**config("eks", "gke", current="gke"), "users": [{"name": "gke", "user": {}}]})
    monkeypatch.setenv("KUBECONFIG", f"{one}:{other}:/not/there")
    assert access(None, None).cluster.server == "https://gke"
    found = access(None, "eks")
    assert found.user
    assert (found.cluster.server, found.user.token) == ("https://eks", "eks")


def test_a_path_counts_from_the_folder_of_its_file(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write("a/config", {"clusters": [], "contexts": [], "users": []})
    second = write("b/config", config("eks", current="eks", **{"certificate-authority": "ca.crt"}))
    monkeypatch.setenv("KUBECONFIG", f"{first}:{second}")
    assert access(None, None).cluster.certificate_auth == str(second.parent / "ca.crt")


def test_a_context_that_the_kubeconfig_has_not_is_refused_with_those_that_it_has(write: Any) -> None:
    with pytest.raises(UserError) as refused:
        access(write("config", config("gke", "eks", current="eks")), "aks")
    assert str(refused.value) == '--context: must be a context of the kubeconfig, got "aks"; there are eks, gke'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is no mapping"),
        ("[]", "it is no mapping"),
        ("apiVersion: v1\n", "it has no clusters"),
        (config("eks"), "No current context set and no default provided"),
        (config("eks", current="gke"), "Context 'gke' not found"),
        ({**config("eks", current="eks"), "clusters": []}, "it has no eks"),
    ],
    ids=["empty", "list", "other", "no-context", "no-such-context", "no-cluster"],
)
def test_what_is_no_kubeconfig_is_refused(content: Any, why: str, write: Any) -> None:
    path = write("config", content)
    with pytest.raises(UserError) as refused:
        access(path, None)
    told = f'--kubeconfig: {RULE}, got "{path}"; name a kubeconfig that kubectl can use ({why})'
    assert str(refused.value) == told


@pytest.mark.parametrize("content", ["a: [", "\x00\x01", "- a\nb: c"], ids=["torn", "binary", "mixed"])
def test_a_file_that_is_no_yaml_is_refused_in_one_line(content: str, write: Any) -> None:
    with pytest.raises(UserError) as refused:
        access(write("config", content), None)
    assert len(str(refused.value).splitlines()) == 1


def test_keys_that_are_not_there_are_told(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("config", config("eks", current="eks", **{"certificate-authority": "gone.crt"}))
    monkeypatch.setenv("KUBECONFIG", str(path))
    with pytest.raises(UserError) as refused:
        Api()
    assert str(refused.value).startswith(f'KUBECONFIG: {RULE}, got "{path}"; name a kubeconfig that kubectl can use (')


def test_a_program_that_speaks_v1_is_asked_as_kubectl_asks_it(write: Any) -> None:
    version = "client.authentication.k8s.io/v1"
    script = """printf '{"status":{"token":"%s"}}' "$(echo "$KUBERNETES_EXEC_INFO" | tr -d '"')" """
    program = write("token", f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    user = {"exec": {"apiVersion": version, "command": str(program), "interactiveMode": "Never"}}
    path = write("config", {**config("eks", current="eks"), "users": [{"name": "eks", "user": user}]})
    auth = user_auth(access(path, None).user)
    request = next(auth.sync_auth_flow(httpx2.Request("GET", "https://eks")))
    asked = f"{{apiVersion:{version},kind:ExecCredential,spec:{{interactive:false}}}}"
    assert request.headers["Authorization"] == f"Bearer {asked}"


def test_a_context_without_a_user_logs_nobody_in(write: Any) -> None:
    nobody = {**config("proxy", current="proxy"), "users": []}
    del nobody["contexts"][0]["context"]["user"]
    path = write("config", nobody)
    assert user_auth(access(path, None).user) is None
    Api(path)
