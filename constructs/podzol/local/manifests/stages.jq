# The words in which the stages speak of a pod or a node, in jq: `stages.py` puts them before their expressions.

def said($name): .metadata.annotations["podzol.dev/simulated-\($name)"];
# Of a Go duration.
def seconds: [scan("([0-9.]+)(ms|h|m|s)") | (.[0] | tonumber) * {h: 3600, m: 60, s: 1, ms: 0.001}[.[1]]] | add // 0;
def bytes: capture("^(?<number>[0-9.]+)(?<unit>[A-Za-z]*)$") | (.number | tonumber) *
  {"": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 1024, Mi: 1048576, Gi: 1073741824, Ti: 1099511627776}[.unit];

# Seconds from the start of its containers until it is Ready: the program is up, and the next probe has seen it.
def startup: said("startup") // "0s" | seconds;
def seen($startup): (.initialDelaySeconds // 0) as $first | (.periodSeconds // 10) as $period
  | $first + ([($startup - $first) / $period, 0] | max | ceil) * $period;
def ready_after: startup as $startup
  | [$startup, (.spec.containers[] | .startupProbe, .readinessProbe | values | seen($startup))] | max;
def is_ready: any(.status.conditions[]?; .type == "Ready" and .status == "True");
def backs_off: any(.status.containerStatuses[]?; .state.waiting != null);

# Whether its program ends by itself, and when.
def out_of_memory: said("memory") as $used | .spec.containers[0].resources.limits.memory as $limit
  | $used != null and $limit != null and ($used | bytes) > ($limit | bytes);
def ends: .spec.restartPolicy != "Always" or said("exit-code") != null or out_of_memory;
def ends_after: startup + (said("duration") // "2s" | seconds);
def started: [.status.containerStatuses[].state.running.startedAt | values | fromdate] | max;
def left($time): [$time - now, 0] | max | "\(.)s";
def back_off: if .restartCount == 0 then 0 else [300, 10 * pow(2; .restartCount - 1)] | min end;
def started_again: .status.containerStatuses[0] | (.lastState.terminated.finishedAt | fromdate) + back_off;

# What it takes after SIGTERM, at most its grace period.
def ended: (.metadata.deletionTimestamp | fromdate) as $killed | (.metadata.deletionGracePeriodSeconds // 0) as $grace
  | (said("shutdown") // "0s" | seconds) as $shutdown
  | ([.spec.containers[].lifecycle.preStop.sleep.seconds // 0] | max) as $pause
  | $killed - $grace + ([$pause + $shutdown, $grace] | min);

# How a machine becomes a node: it registers, is Ready after a while, and offers its GPUs after another.
def condition($type): .status.conditions[]? | select(.type == $type);
def is_new: said("ready") != null and ([condition("Ready")] | length) == 0;
def is_starting: any(.spec.taints[]?; .key == "podzol.dev/starting");
def created: .metadata.creationTimestamp | fromdate;
def ready_since: condition("Ready").lastTransitionTime | fromdate;
def after($what): said($what) // "0s" | seconds;
def hides_gpus: said("gpus") != null and .status.allocatable["nvidia.com/gpu"] != said("gpus");
