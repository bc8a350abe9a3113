"""Defines the CloudFormation stack of what Karpenter needs on AWS: roles, policies, and the queue of interruptions.

Least privilege: Karpenter touches only what carries the cluster's tag. Source: the policies that Karpenter publishes,
getting-started-with-karpenter/cloudformation.yaml of aws/karpenter-provider-aws 1.14 (2026-08-21).
"""

from typing import Any

from podzol.clusters.eks.karpenter import SERVICE_ACCOUNT, node_role
from podzol.clusters.eks.policies import VERSION
from podzol.clusters.spec import ClusterSpec

NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
EVENTS = {
    "SpotInterruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "Rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "StateChange": ("aws.ec2", "EC2 Instance State-change Notification"),
    "Health": ("aws.health", "AWS Health Event"),
}
"""Why a node may go away: source and type of the event."""
MADE = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
"""What Karpenter makes on EC2."""
USED = ("security-group", "subnet", "capacity-reservation")
"""What Karpenter uses on EC2, made by others."""


def karpenter_stack(spec: ClusterSpec) -> dict[str, Any]:
    """The whole template."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"What Karpenter needs on AWS for the cluster {spec.name}",
        "Resources": {
            "NodeRole": _role(node_role(spec), "ec2.amazonaws.com", ["sts:AssumeRole"], NODE_POLICIES),
            "NodeAccess": {
                "Type": "AWS::EKS::AccessEntry",
                "Properties": {
                    "ClusterName": spec.name,
                    "PrincipalArn": {"Fn::GetAtt": ["NodeRole", "Arn"]},
                    "Type": "EC2_LINUX",
                },
            },
            "ControllerRole": _role(
                f"{spec.name}-karpenter", "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]
            ),
            "ControllerPolicy": {
                "Type": "AWS::IAM::RolePolicy",
                "Properties": {
                    "RoleName": {"Ref": "ControllerRole"},
                    "PolicyName": "karpenter",
                    "PolicyDocument": {"Version": VERSION, "Statement": controller_statements(spec)},
                },
            },
            "ControllerIdentity": {
                "Type": "AWS::EKS::PodIdentityAssociation",
                "Properties": {
                    "ClusterName": spec.name,
                    "Namespace": "kube-system",
                    "ServiceAccount": SERVICE_ACCOUNT,
                    "RoleArn": {"Fn::GetAtt": ["ControllerRole", "Arn"]},
                },
            },
            **interruptions(spec),
        },
    }


def _role(name: str, service: str, actions: list[str], policies: tuple[str, ...] = ()) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}
    arns = [{"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}"} for policy in policies]
    managed = {"ManagedPolicyArns": arns} if arns else {}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": name,
            "AssumeRolePolicyDocument": {"Version": VERSION, "Statement": [trust]},
            **managed,
        },
    }


def controller_statements(spec: ClusterSpec) -> list[dict[str, Any]]:
    """What Karpenter itself may do."""
    owned, owner = f"kubernetes.io/cluster/{spec.name}", {"eks:eks-cluster-name": spec.name}
    asks = {
        "StringEquals": {
            f"aws:RequestTag/{owned}": "owned",
            **{f"aws:RequestTag/{key}": value for key, value in owner.items()},
        },
        "StringLike": {"aws:RequestTag/karpenter.sh/nodepool": "*"},
    }
    has = {
        "StringEquals": {f"aws:ResourceTag/{owned}": "owned"},
        "StringLike": {"aws:ResourceTag/karpenter.sh/nodepool": "*"},
    }
    region = {"StringEquals": {"aws:RequestedRegion": {"Ref": "AWS::Region"}}}
    profile = _arn("iam", "instance-profile/*", region=False)
    profile_asks = {"StringEquals": {f"aws:RequestTag/{owned}": "owned"}}
    profile_has = {"StringEquals": {f"aws:ResourceTag/{owned}": "owned"}}
    launch = ["ec2:RunInstances", "ec2:CreateFleet"]
    images = [_arn("ec2", f"{kind}/*", account=False) for kind in ("image", "snapshot")]
    return [
        _allow("Launch", launch, [*images, *_ec2(USED)]),
        _allow("LaunchFromTemplate", launch, _ec2(("launch-template",)), has),
        _allow("Make", [*launch, "ec2:CreateLaunchTemplate"], _ec2(MADE), asks),
        _allow(
            "TagWhatIsMade",
            ["ec2:CreateTags"],
            _ec2(MADE),
            {
                "StringEquals": {
                    **asks["StringEquals"],
                    "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
                },
                "StringLike": asks["StringLike"],
            },
        ),
        _allow(
            "TagInstances",
            ["ec2:CreateTags"],
            _ec2(("instance",)),
            {
                **has,
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]
                },
            },
        ),
        _allow(
            "Delete",
            ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            _ec2(("instance", "launch-template")),
            has,
        ),
        _allow(
            "PassNodeRole",
            ["iam:PassRole"],
            [{"Fn::GetAtt": ["NodeRole", "Arn"]}],
            {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
        _allow("MakeProfiles", ["iam:CreateInstanceProfile", "iam:TagInstanceProfile"], [profile], profile_asks),
        _allow(
            "UseProfiles",
            ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
            [profile],
            profile_has,
        ),
        _allow("ReadProfiles", ["iam:GetInstanceProfile"], [profile]),
        _allow("ListProfiles", ["iam:ListInstanceProfiles"], ["*"]),
        _allow("ReadCluster", ["eks:DescribeCluster"], [_arn("eks", f"cluster/{spec.name}")]),
        _allow(
            "ReadInterruptions",
            ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            [{"Fn::GetAtt": ["Interruptions", "Arn"]}],
        ),
        _allow("ReadImages", ["ssm:GetParameter"], [_arn("ssm", "parameter/aws/service/*", account=False)]),
        _allow("ReadPrices", ["pricing:GetProducts"], ["*"]),
        _allow("ReadEc2", [f"ec2:Describe{what}" for what in DESCRIBED], ["*"], region),
    ]


DESCRIBED = (
    "CapacityReservations",
    "Images",
    "Instances",
    "InstanceStatus",
    "InstanceTypeOfferings",
    "InstanceTypes",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
)
"""What Karpenter reads on EC2; AWS offers no narrower form than the region."""


def interruptions(spec: ClusterSpec) -> dict[str, Any]:
    """A queue that gets a message before a node goes away, so that its pods can move in time."""
    queue = {"Fn::GetAtt": ["Interruptions", "Arn"]}
    rules = {
        f"{name}Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {"source": [source], "detail-type": [kind]},
                "Targets": [{"Id": "Interruptions", "Arn": queue}],
            },
        }
        for name, (source, kind) in EVENTS.items()
    }
    return {
        "Interruptions": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"QueueName": spec.name, "MessageRetentionPeriod": 300, "SqsManagedSseEnabled": True},
        },
        "InterruptionsPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Interruptions"}],
                "PolicyDocument": {
                    "Version": VERSION,
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": ["events.amazonaws.com"]},
                            "Action": "sqs:SendMessage",
                            "Resource": queue,
                        },
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "sqs:*",
                            "Resource": queue,
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        },
                    ],
                },
            },
        },
        **rules,
    }


def _allow(sid: str, actions: list[str], resources: list[Any], condition: Any = None) -> dict[str, Any]:
    narrowed = {"Condition": condition} if condition else {}
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **narrowed}


def _ec2(kinds: tuple[str, ...]) -> list[Any]:
    return [_arn("ec2", f"{kind}/*") for kind in kinds]


def _arn(service: str, rest: str, region: bool = True, account: bool = True) -> dict[str, str]:
    where = "${AWS::Region}" if region else ""
    who = "${AWS::AccountId}" if account else ""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{where}:{who}:{rest}"}
