"""Writes the peer: the TypeScript program that a person would write for the benchmark's services, of typed L1 classes.

It is written anew from what the services render to, so that it never falls behind them: object literals of
cdk8s-plus-28's `k8s` classes, with the service's alias and its two values in their places. Node runs it as it is.
"""

import json
from typing import Any

QUANTITIES = {"cpu", "memory", "sizeLimit", "ephemeral-storage"}
INT_OR_STRINGS = {"port", "targetPort", "maxUnavailable", "maxSurge", "minAvailable"}
SUFFIXES = {"HorizontalPodAutoscaler": "V2"}
"""cdk8s-plus keeps several versions of some kinds; the first has the bare name."""

HEAD = """\
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';

const { IntOrString, Quantity } = k8s;

interface WebProps {
  readonly tag: string;
  readonly maxReplicas: number;
}

class Web extends Construct {
  constructor(scope: Construct, id: string, props: WebProps) {
    super(scope, id);
"""
TAIL = """\
  }
}

const app = new App({ outdir: process.argv[2] });
const chart = new Chart(app, 'services', { namespace: 'soil' });
for (let number = 0; number < Number(process.env.SERVICES); number++) {
  new Web(chart, `web-${number}`, { tag: `1.${number}`, maxReplicas: 2 + (number % 9) });
}
app.synth();
"""


def program(manifests: list[dict[str, Any]]) -> str:
    """The program, from the manifests of the service `web-0`, whose tag is `1.0`."""
    return HEAD + "".join(_statement(manifest) for manifest in manifests) + TAIL


def _statement(manifest: dict[str, Any]) -> str:
    kind = manifest["kind"]
    props = {key: value for key, value in manifest.items() if key not in ("apiVersion", "kind")}
    literal = _literal(props, "    ", INT_OR_STRINGS - {"port"} if kind == "Service" else INT_OR_STRINGS)
    return f"    new k8s.Kube{kind}{SUFFIXES.get(kind, '')}(this, '{kind.lower()}', {literal});\n"


def _literal(value: Any, indent: str, int_or_strings: set[str], key: str = "") -> str:
    inner = indent + "  "
    if isinstance(value, dict):
        entries = [f"{json.dumps(name)}: {_literal(item, inner, int_or_strings, name)}" for name, item in value.items()]
        return "{\n" + "".join(f"{inner}{entry},\n" for entry in entries) + indent + "}"
    if isinstance(value, list):
        items = [_literal(item, inner, int_or_strings) for item in value]
        return "[\n" + "".join(f"{inner}{item},\n" for item in items) + indent + "]"
    if key == "maxReplicas":
        return "props.maxReplicas"
    text = json.dumps(value)
    if isinstance(value, str):
        text = text.replace("web-0", "${id}").replace("web:1.0", "web:${props.tag}")
        text = f"`{text[1:-1]}`" if "${" in text else text
    if key in QUANTITIES and isinstance(value, str):
        return f"Quantity.fromString({text})"
    if key in int_or_strings:
        return f"IntOrString.from{'String' if isinstance(value, str) else 'Number'}({text})"
    return text
