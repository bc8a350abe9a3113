#!/bin/bash
# Calls are counted over all tools; the call number $FAIL_AT fails. Plain bash, for a test makes hundreds of calls.
tool=${0##*/}
echo "$tool $*" >>"$STATE/calls"
mapfile -t calls <"$STATE/calls"
if [ "${#calls[@]}" = "${FAIL_AT:-0}" ]; then
  echo "$tool: refused by the stub" >&2
  exit 7
fi
[ -f "$STATE/made" ] && mapfile -t things <"$STATE/made"
made() { for thing in "${things[@]}"; do [ "$thing" = "$1" ] && echo "$1"; done; }
make() { echo "$1" >>"$STATE/made"; echo "$tool $*" >>"$STATE/changes"; }
unmake() {
  for thing in "${things[@]}"; do [ "$thing" = "$1" ] || echo "$thing"; done >"$STATE/made"
  echo "$tool $*" >>"$STATE/changes"
}
all=$tool
for word in "$@"; do case "$word" in -*) break ;; *) all="$all $word" ;; esac; done
words=${all#"$tool "}
# of PATTERN: the part of the command line that the pattern finds, as $found.
of() { [[ "$line" =~ $1 ]] && found=${BASH_REMATCH[1]}; }
line=$*
after() { for thing in "${things[@]}"; do [[ "$thing" != "$1 "* ]] || echo "${thing#"$1 "}"; done; }
show() { while IFS= read -r each; do echo "$each"; done <"$STATE/$1"; }

case "$all" in
  "aws sts get-caller-identity") echo 111122223333 ;;
  "aws ec2 describe-instance-type-offerings") show offered ;;
  "aws eks list-clusters") of "=='([^']+)'"; made "cluster $found" ;;
  "aws eks list-nodegroups") of "=='([^']+)'"; made "group $found" ;;
  "aws eks describe-nodegroup") of "--nodegroup-name ([^ ]+)"; show "limits-$found" ;;
  "aws eks update-nodegroup-config") make limits ;;
  "aws s3api list-buckets") of "=='([^']+)'"; made "bucket $found" ;;
  "aws s3api create-bucket") of "--bucket ([^ ]+)"; make "bucket $found" ;;
  "aws cloudformation list-stacks") of "=='([^']+)'"; made "stack $found" ;;
  "aws cloudformation deploy") of "--stack-name ([^ ]+)"; [ -n "$(made "stack $found")" ] || make "stack $found" ;;
  "aws cloudformation delete-stack") of "--stack-name ([^ ]+)"; unmake "stack $found" ;;
  "eksctl create cluster")
    while read -r group; do make "group $group"; done <"$STATE/groups"
    make "cluster $(<"$STATE/cluster")"
    ;;
  "eksctl create nodegroup") of "--include ([^ ]+)"; make "group $found" ;;
  "eksctl delete cluster") of "--name ([^ ]+)"; unmake "cluster $found" ;;
  "gcloud config get-value project") echo my-proj ;;
  "gcloud projects describe"*) echo 123456789012 ;;
  "gcloud services list") after service ;;
  "gcloud services enable"*) make "service ${all##* }" ;;
  "gcloud compute machine-types list" | "gcloud compute accelerator-types list") show offered ;;
  "gcloud projects get-iam-policy"*) made role ;;
  "gcloud projects add-iam-policy-binding"*) make role ;;
  "gcloud projects remove-iam-policy-binding"*) unmake role ;;
  "gcloud storage buckets get-iam-policy"*) after grant ;;
  "gcloud storage buckets add-iam-policy-binding"*)
    of "--role=([^ ]+)"
    role=$found
    of "--member=([^ ]+)"
    make "grant $role $found"
    ;;
  "gcloud storage buckets create"*) of "gs://([^ ]+)"; make "storage buckets $found" ;;
  "gcloud container node-pools describe"*) show "limits-${all##* }" ;;
  "gcloud iam service-accounts list") of "email:([^@]+)@"; made "iam service-accounts $found" ;;
  "gcloud iam service-accounts delete"*) account=${all##* }; unmake "iam service-accounts ${account%%@*}" ;;
  "gcloud compute routers nats list") of "--router=([^ ]+)"; made "compute routers nats $found" ;;
  "gcloud "*" list") of "--filter=.?name=([^ ]+)"; made "${words% list} $found" ;;
  "gcloud container clusters create "*)
    make "container clusters ${all##* }"
    make "container node-pools default-pool"
    ;;
  "gcloud "*" create "*) make "${words% create *} ${all##* }" ;;
  "gcloud "*" delete "*) unmake "${words% delete *} ${all##* }" ;;
  "helm upgrade"* | "kubectl"* | "gcloud"* | "aws eks update-kubeconfig") ;;
  *)
    echo "the stub knows nothing of: $all" >&2
    exit 64
    ;;
esac
exit 0
