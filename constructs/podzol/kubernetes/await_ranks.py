"""Ends when every rank has a name, which a pod gets with its machine. An init container carries it as it stands."""

import os
import signal
import socket
import sys
import time

POLL_SECONDS = 5


def is_there(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None))
    except OSError:
        return False


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    job, service, nodes = os.environ["PODZOL_JOB_NAME"], os.environ["SERVICE"], int(os.environ["NODES"])
    names = [f"{job}-{rank}.{service}" for rank in range(nodes)]
    while missing := [name for name in names if not is_there(name)]:
        print(f"waiting for {len(missing)} of {nodes} ranks, such as {missing[0]}", flush=True)
        time.sleep(POLL_SECONDS)
    print(f"all {nodes} ranks are there", flush=True)


if __name__ == "__main__":
    main()
