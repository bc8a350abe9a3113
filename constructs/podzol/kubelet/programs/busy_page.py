"""A page whose every request costs CPU: stands for the images hpa-example and podinfo in pods that really run.

`python -I busy_page.py PORT [ADDRESS]` listens on all addresses, or on one. `/` adds up square roots for a few
hundredths of a second and answers `OK!`; `/healthz` and `/readyz` cost nothing. SIGTERM ends it with 0.
"""

import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import sqrt

ROOTS = 200_000
"""Square roots a request: 10 to 20 ms of CPU."""
FREE = ("/healthz", "/readyz")


class Page(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a request."""
        if self.path not in FREE:
            sum(map(sqrt, range(ROOTS)))
        body = b"OK!"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


def main() -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port, address = int(sys.argv[1]), "".join(sys.argv[2:3])
    server = ThreadingHTTPServer((address, port), Page)
    print(f"listening on {address or 'every address'}, port {port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
