"""The agent as a program: `python -m podzol.kubelet`. `podzol local up --run` starts it and `down` ends it."""

import argparse
import asyncio
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from podzol.faults import Failure, UserError
from podzol.kubelet import namespaces
from podzol.kubelet.namespaces import MISSING

PLAIN = "PODZOL_RUN_PLAIN"
"""Environment variable: set, pods get no namespaces even where there are some."""


def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(prog="podzol.kubelet")
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--pki", type=Path, required=True, help="folder of the cluster's certificates")
    parser.add_argument("--root", type=Path, required=True, help="folder for all files of pods")
    parser.add_argument("--port", type=int, required=True, help="of the kubelet's API, on 127.0.0.1")
    parser.add_argument("--images", type=Path, help="YAML file of further images")
    options = parser.parse_args()
    options.root.mkdir(parents=True, exist_ok=True)
    os.umask(0o022)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)  # a job in a shell's background ignores them, and its children would
    missing = enter_namespaces(options.root)
    try:
        asyncio.run(serve(options, missing))
    except (UserError, Failure) as error:
        logging.error("%s", error)
        sys.exit(1)


def enter_namespaces(root: Path) -> str:
    """Go into a user namespace and try a container in it; empty when that works, else why not."""
    if os.environ.get(PLAIN):
        return f"{PLAIN} is set"
    try:
        namespaces.enter()
        namespaces.try_out(root)
    except (namespaces.Missing, OSError, subprocess.SubprocessError) as error:
        return str(error)
    return ""


async def serve(options: argparse.Namespace, missing: str) -> None:
    """The agent and its API, until SIGTERM.

    Args:
        missing: why there are no namespaces; empty when there are.
    """
    from podzol.kubelet.agent import Agent
    from podzol.kubelet.images import images
    from podzol.kubelet.network import Bridge, Loopback
    from podzol.kubelet.server import Server

    if sys.version_info < (3, 12):  # later ones do by themselves: no thread for each child
        watcher = asyncio.PidfdChildWatcher()
        watcher.attach_loop(asyncio.get_running_loop())
        asyncio.set_child_watcher(watcher)
    network = Loopback() if missing else Bridge()
    agent = Agent(options.kubeconfig, options.root, options.port, images(options.images), network, not missing)
    runner = await Server(agent, options.pki).start()
    (options.root / MISSING).write_text(missing)
    running = asyncio.create_task(agent.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        logging.info("SIGTERM")
    finally:
        await agent.close()
        await runner.cleanup()


if __name__ == "__main__":
    main()
