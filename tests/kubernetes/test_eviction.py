from podzol.kubernetes.eviction import do_not_disrupt


def test_pod_without_a_deadline_is_protected_until_it_ends() -> None:
    assert do_not_disrupt() == {
        "karpenter.sh/do-not-disrupt": "true",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    }


def test_protection_ends_with_the_deadline() -> None:
    assert do_not_disrupt(3600)["karpenter.sh/do-not-disrupt"] == "3600s"
