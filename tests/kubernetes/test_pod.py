from typing import Any

import pytest

from podzol.template import ValuesError


def test_runs_as_an_account_of_its_own_without_a_token(bare_pod: Any) -> None:
    pod, account = bare_pod.render(release="a")
    assert pod["template"]["spec"]["serviceAccountName"] == account["metadata"]["name"] == "a-bare-pod"
    assert pod["template"]["spec"]["automountServiceAccountToken"] is False
    assert account["automountServiceAccountToken"] is False


def test_runs_as_an_account_that_exists_already(bare_pod: Any) -> None:
    (pod,) = bare_pod.render({"serviceAccount": {"create": False, "name": "trainer"}}, release="a")
    assert pod["template"]["spec"]["serviceAccountName"] == "trainer"


def test_runs_as_the_default_account_when_none_is_named(bare_pod: Any) -> None:
    (pod,) = bare_pod.render({"serviceAccount": {"create": False}}, release="a")
    assert pod["template"]["spec"]["serviceAccountName"] == "default"


def test_created_account_takes_the_given_name_and_annotations(bare_pod: Any) -> None:
    values = {"serviceAccount": {"name": "trainer", "annotations": {"eks.amazonaws.com/role-arn": "arn:x"}}}
    _, account = bare_pod.render(values, release="a")
    assert account["metadata"]["name"] == "trainer"
    assert account["metadata"]["annotations"] == {"eks.amazonaws.com/role-arn": "arn:x"}


def test_user_and_group_are_left_to_the_cluster_when_null(template: Any) -> None:
    left = {"runAsUser": None, "runAsGroup": None, "fsGroup": None}
    assert template(securityContext=left)["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def test_volumes_change_owner_only_when_their_root_differs(template: Any) -> None:
    context = template()["spec"]["securityContext"]
    assert (context["fsGroup"], context["fsGroupChangePolicy"]) == (65532, "OnRootMismatch")


def test_file_system_is_read_only_unless_it_says_otherwise(container: Any) -> None:
    assert container()["securityContext"]["readOnlyRootFilesystem"] is True
    writable = container(securityContext={"readOnlyRootFilesystem": False})
    assert writable["securityContext"]["readOnlyRootFilesystem"] is False


def test_affinity_tolerations_and_priority_pass_through(template: Any) -> None:
    affinity = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": {}}]}}
    spec = template(affinity=affinity, tolerations=[{"operator": "Exists"}], priorityClassName="high")["spec"]
    assert spec["affinity"] == affinity
    assert spec["tolerations"] == [{"operator": "Exists"}]
    assert spec["priorityClassName"] == "high"


def test_pull_secrets_are_named(template: Any) -> None:
    assert template(imagePullSecrets=["login"])["spec"]["imagePullSecrets"] == [{"name": "login"}]


def test_users_pod_labels_and_annotations_do_not_displace_ours(template: Any) -> None:
    labels = {"team": "soil", "app.kubernetes.io/name": "other"}
    metadata = template(podLabels=labels, podAnnotations={"owner": "lab"})["metadata"]
    assert metadata["labels"]["app.kubernetes.io/name"] == "bare-pod"
    assert metadata["labels"]["team"] == "soil"
    assert metadata["annotations"] == {"owner": "lab"}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"nodeSelector": {"podzol.dev/pool": "gpu-pool"}},
            "nodeSelector: must not contain podzol.dev/pool; set pool instead",
        ),
        (
            {"env": {"A": "1"}, "secretEnv": {"A": {"secret": "s", "key": "k"}}},
            'secretEnv.A: must not be set by env as well, got "A"; remove one of the two',
        ),
        (
            {"env": {"A B": "1"}},
            'env: keys must be the name of an environment variable, got "A B"; '
            "use letters, digits and _, such as LOG_LEVEL",
        ),
        ({"env": {"A": 1}}, "env.A: must be text, got 1; put it in quotes"),
        ({"securityContext": {"runAsUser": 0}}, "securityContext.runAsUser: must be at least 1, got 0"),
        ({"image": {"tag": 1.2}}, "image.tag: must be text, got 1.2; put it in quotes"),
    ],
)
def test_refuses(bare_pod: Any, values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValuesError) as refused:
        bare_pod.render(values, release="a")
    assert str(refused.value) == told


def test_several_secret_variables_beside_several_plain_ones_are_fine(container: Any) -> None:
    secrets = {name: {"secret": "s", "key": "k"} for name in ("A", "C")}
    assert [entry["name"] for entry in container(env={"B": "", "D": ""}, secretEnv=secrets)["env"]] == [
        "B",
        "D",
        "A",
        "C",
    ]
