"""The command: `data-api --data FOLDER` serves the dataset in FOLDER until it is asked to stop."""

from __future__ import annotations

from pathlib import Path

import lifecycle
from lifecycle import Arguments, Limits, between

NAME = "data-api"


def main() -> None:
    lifecycle.run(NAME, program)


def program(argv: list[str]) -> None:
    options = arguments().parse_args(argv)
    from data_api.server import serve
    from data_api.store import Store

    limits = Limits.of_container()
    store = Store(options.data, limits, options.query_seconds)
    serve(store, options, concurrent_searches=options.concurrent_searches or 2 * limits.cpus)


def arguments() -> Arguments:
    parser = Arguments(prog=NAME, description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the dataset (see soil-dataset)")
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")
    parser.add_argument("--port", type=between(1, 65535), default=8080, help="TCP port to listen on")
    parser.add_argument(
        "--drain-seconds",
        type=between(0, 3600, float),
        default=5.0,
        help="after SIGTERM, go on serving this long with /readyz at 503, so that the cluster stops sending",
    )
    parser.add_argument(
        "--finish-seconds", type=between(1, 3600), default=10, help="then wait this long for open requests"
    )
    parser.add_argument(
        "--query-seconds", type=between(0.01, 3600, float), default=10.0, help="a query is broken off after this long"
    )
    parser.add_argument(
        "--concurrent-searches",
        type=between(0, 10_000),
        default=0,
        help="searches for nearest spectra at one time, others are refused with 503; 0: two a CPU",
    )
    parser.add_argument(
        "--body-bytes", type=between(1, 2**30), default=256 * 1024, help="largest request body; larger ones get 413"
    )
    return parser


if __name__ == "__main__":
    main()
