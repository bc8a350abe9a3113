"""Google's APIs, as far as the generated GKE scripts use them, on loopback: records every request, keeps what was made.

What gcloud sends is compared with snapshots and with Google's discovery documents; what it gets back is the least that
it goes on with. Operations are done at once.
"""

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PROJECT_NUMBER = "123456789012"
APIS = {
    "CONTAINER": "container",
    "COMPUTE": "compute/v1",
    "IAM": "iam",
    "SERVICEUSAGE": "serviceusage",
    "STORAGE": "storage/v1",
    "CLOUDRESOURCEMANAGER": "cloudresourcemanager",
}
"""gcloud's names of the APIs, and the folder of each on this server."""

Answer = tuple[int, Any]


class FakeGoogle:
    """State of one project, and the server in front of it."""

    def __init__(self, offered: dict[str, list[str]]) -> None:
        self.offered = offered
        """Machine and accelerator types by zone."""
        self.requests: list[dict[str, Any]] = []
        self.things: dict[str, dict[str, Any]] = {}
        """Everything that was made, by path."""
        self.policies: dict[str, dict[str, Any]] = {}
        self.services: set[str] = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Requests that ask for a change."""
        return [each for each in self.requests if each["method"] != "GET" and not READS.search(each["path"])]

    def handler(fake: "FakeGoogle") -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                body = json.loads(raw) if raw.strip().startswith(b"{") else raw.decode() or None
                url = urlsplit(self.path)
                code, content = fake.answer(self.command, unquote(url.path).strip("/"), parse_qs(url.query), body)
                data = json.dumps(content).encode()
                self.send_response(code)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        self.requests.append({"method": method, "path": path, "query": query, "body": json.loads(json.dumps(body))})
        for pattern, route in ROUTES:
            found = re.fullmatch(pattern, path)
            if found:
                return route(self, method, path, body, query, **found.groupdict(""))
        return missing(path)

    def collection(self, path: str) -> list[Any]:
        return [thing for key, thing in self.things.items() if key.rpartition("/")[0] == path]


READS = re.compile(r":getIamPolicy$|/wait$")


def missing(path: str) -> Answer:
    return 404, {"error": {"code": 404, "message": f"not found: {path}", "status": "NOT_FOUND"}}


def operation(target: str) -> Answer:
    """An operation of GKE that is done."""
    return 200, {"name": "operation-1", "status": "DONE", "selfLink": "operation-1", "targetLink": target}


def projects(fake: FakeGoogle, method: str, path: str, body: Any, query: Any, project: str, verb: str = "") -> Answer:
    if verb == ":getIamPolicy":
        return 200, fake.policies.get(project, {"etag": "AAAA", "bindings": []})
    if verb == ":setIamPolicy":
        fake.policies[project] = body["policy"]
        return 200, body["policy"]
    return 200, {"projectId": project, "projectNumber": PROJECT_NUMBER, "name": project, "lifecycleState": "ACTIVE"}


def services(fake: FakeGoogle, method: str, path: str, body: Any, query: Any, rest: str = "") -> Answer:
    if method == "GET" and not rest:
        return 200, {"services": [{"config": {"name": each}, "state": "ENABLED"} for each in sorted(fake.services)]}
    if method == "POST":
        fake.services |= set((body or {}).get("serviceIds", [])) or {rest.split(":")[0].strip("/")}
    return 200, {"name": "operations/noop.DONE_OPERATION", "done": True, "state": "DISABLED"}


def accounts(fake: FakeGoogle, method: str, path: str, body: Any, query: Any, project: str, email: str = "") -> Answer:
    if method == "POST":
        made = f"{body['accountId']}@{project}.iam.gserviceaccount.com"
        fake.things[f"{path}/{made}"] = {"name": f"projects/{project}/serviceAccounts/{made}", "email": made}
        return 200, fake.things[f"{path}/{made}"]
    if method == "DELETE":
        fake.things = {key: thing for key, thing in fake.things.items() if not key.endswith(f"/{email}")}
        return 200, {}
    return 200, {"accounts": fake.collection(path)}


def types(fake: FakeGoogle, method: str, path: str, body: Any, query: Any, zone: str = "") -> Answer:
    """Machine types, by zone or aggregated."""
    if zone:
        return 200, {"items": [{"name": each, "zone": f"zones/{zone}"} for each in fake.offered.get(zone, [])]}
    kind = "acceleratorTypes" if path.endswith("acceleratorTypes") else "machineTypes"
    return 200, {
        "items": {
            f"zones/{each}": {kind: [{"name": name, "zone": f"zones/{each}"} for name in names]}
            for each, names in fake.offered.items()
        }
    }


def compute(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    """Networks, subnetworks and routers: plain collections."""
    url = f"http://127.0.0.1:{fake.port}/"
    if method == "POST":
        made = f"{path}/{body['name']}"
        fake.things[made] = {**body, "selfLink": url + made, **region(path)}
        return compute_operation(fake, made)
    if method == "PATCH":
        fake.things[path] |= body
        return compute_operation(fake, path, "patch")
    if method == "DELETE":
        fake.things.pop(path)
        return compute_operation(fake, path, "delete")
    if path in fake.things:
        return 200, fake.things[path]
    kind = path.rpartition("/")[2]
    if kind in ("networks", "subnetworks", "routers"):
        if "/aggregated/" in path:
            found = [thing for key, thing in fake.things.items() if key.split("/")[-2] == kind]
            return 200, {"items": {"regions/us-central1": {kind: found}}}
        return 200, {"items": fake.collection(path)}
    return missing(path)


def compute_operation(fake: FakeGoogle, path: str, kind: str = "insert") -> Answer:
    """An operation of Compute Engine that is done, in the scope of what it is about."""
    url, scope = f"http://127.0.0.1:{fake.port}/", "/".join(path.split("/")[: 5 if "/global/" in path else 6])
    link = {"selfLink": f"{url}{scope}/operations/operation-1", "targetLink": url + path}
    return 200, {"name": "operation-1", "id": "1", "status": "DONE", "operationType": kind, **link, **region(path)}


def compute_done(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    return compute_operation(fake, path)


def region(path: str) -> dict[str, str]:
    found = re.search(r"/regions/([^/]+)/", path)
    return {"region": f"regions/{found[1]}"} if found else {}


def done(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    return operation(path)


def clusters(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    if method == "GET":
        return 200, {"clusters": fake.collection(path)}
    cluster = body["cluster"]
    place = path.split("/")[-2]
    pools = cluster.pop("nodePools", [])
    fake.things[f"{path}/{cluster['name']}"] = {
        **cluster,
        "status": "RUNNING",
        "location": place,
        "zone": place,
        "endpoint": "127.0.0.1",
        "currentMasterVersion": "1.35.8-gke.1036000",
        "masterAuth": {"clusterCaCertificate": "Zm9v"},
        "selfLink": f"{path}/{cluster['name']}",
    }
    for pool in pools or [{"name": "default-pool"}]:
        fake.things[f"{path}/{cluster['name']}/nodePools/{pool['name']}"] = {**pool, "status": "RUNNING"}
    return operation(path)


def cluster(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    if path not in fake.things:
        return missing(path)
    if method == "DELETE":
        fake.things = {key: thing for key, thing in fake.things.items() if not f"{key}/".startswith(f"{path}/")}
        return operation(path)
    return 200, {**fake.things[path], "nodePools": fake.collection(f"{path}/nodePools")}


def node_pools(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    if method == "GET":
        return 200, {"nodePools": fake.collection(path)}
    pool = body["nodePool"]
    fake.things[f"{path}/{pool['name']}"] = {**pool, "status": "RUNNING", "selfLink": f"{path}/{pool['name']}"}
    return operation(path)


def node_pool(fake: FakeGoogle, method: str, path: str, body: Any, query: Any, verb: str = "") -> Answer:
    key = path.removesuffix(verb)
    if key not in fake.things:
        return missing(path)
    if method == "DELETE":
        fake.things.pop(key)
        return operation(path)
    if verb == ":setAutoscaling":
        fake.things[key]["autoscaling"] = body["autoscaling"]
        return operation(path)
    return 200, fake.things[key]


def versions(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    one = ["1.35.8-gke.1036000"]
    return 200, {"validMasterVersions": one, "validNodeVersions": one, "defaultClusterVersion": one[0]}


def buckets(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    if method == "GET":
        return 200, {"items": fake.collection(path)}
    fake.things[f"{path}/{body['name']}"] = {**body, "kind": "storage#bucket", "metageneration": "1"}
    return 200, fake.things[f"{path}/{body['name']}"]


def bucket(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    return (200, fake.things[path]) if path in fake.things else missing(path)


def bucket_policy(fake: FakeGoogle, method: str, path: str, body: Any, query: Any) -> Answer:
    if method == "PUT":
        fake.policies[path] = body
    return 200, fake.policies.get(path, {"kind": "storage#policy", "etag": "AAAA", "bindings": []})


ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    (r"cloudresourcemanager/v1/projects/(?P<project>[^/:]+)(?P<verb>:\w+)?", projects),
    (r"serviceusage/v1/projects/[^/]+/services(?P<rest>[/:].+)?", services),
    (r"serviceusage/v1/operations/.+", services),
    (r"iam/v1/projects/(?P<project>[^/]+)/serviceAccounts(/(?P<email>.+))?", accounts),
    (r"compute/v1/projects/[^/]+/zones/(?P<zone>[^/]+)/machineTypes", types),
    (r"compute/v1/projects/[^/]+/aggregated/(machineTypes|acceleratorTypes)", types),
    (r"compute/v1/.*/operations/.*", compute_done),
    (r"compute/v1/projects/.+", compute),
    (r"container/v1/projects/[^/]+/locations/[^/]+/operations/.+", done),
    (r"container/v1/projects/[^/]+/locations/[^/]+/serverConfig", versions),
    (r"container/v1/projects/[^/]+/locations/[^/]+/clusters", clusters),
    (r"container/v1/projects/[^/]+/locations/[^/]+/clusters/[^/]+", cluster),
    (r"container/v1/projects/[^/]+/locations/[^/]+/clusters/[^/]+/nodePools", node_pools),
    (r"container/v1/projects/[^/]+/locations/[^/]+/clusters/[^/]+/nodePools/[^/:]+(?P<verb>:\w+)?", node_pool),
    (r"storage/v1/b", buckets),
    (r"storage/v1/b/[^/]+", bucket),
    (r"storage/v1/b/[^/]+/iam", bucket_policy),
]
