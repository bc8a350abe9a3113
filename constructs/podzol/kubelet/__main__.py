"""The agent as a program: `python -m podzol.kubelet`. `podzol local up --run` starts it and `down` ends it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from podzol.faults import Failure, UserError
from podzol.kubelet import namespaces

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
    os.umask(0o022)
    contained = enter_namespaces(options.root)
    try:
        asyncio.run(serve(options, contained))
    except (UserError, Failure) as error:
        logging.error("%s", error)
        sys.exit(1)


def enter_namespaces(root: Path) -> bool:
    """Go into a user namespace and try a container in it; gives whether that works here."""
    if os.environ.get(PLAIN):
        logging.warning("no namespaces: %s is set", PLAIN)
        return False
    try:
        namespaces.enter()
        namespaces.try_out(root)
    except (namespaces.Missing, OSError) as error:
        logging.warning("no namespaces: %s", error)
        return False
    return True


async def serve(options: argparse.Namespace, contained: bool) -> None:
    """The agent and its API, until SIGTERM."""
    from podzol.kubelet.agent import Agent
    from podzol.kubelet.images import images
    from podzol.kubelet.network import Bridge, Loopback
    from podzol.kubelet.server import Server

    if sys.version_info < (3, 12):  # later ones do by themselves: no thread for each child
        watcher = asyncio.PidfdChildWatcher()
        watcher.attach_loop(asyncio.get_running_loop())
        asyncio.set_child_watcher(watcher)
    network = Bridge() if contained else Loopback()
    agent = Agent(options.kubeconfig, options.root, options.port, images(options.images), network, contained)
    runner = await Server(agent, options.pki).start()
    logging.info("pods run %s", "in namespaces" if contained else "in the open")
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
