"""The training job and the data API share a cluster and never a machine.

Both stories at once: a GPU node comes and goes for the job while load makes the data API and cpu-pool grow and shrink.
"""

from concurrent.futures import ThreadPoolExecutor

from podzol.scenarios import gpu_from_zero, service_under_load
from podzol.scenarios.claims import Claim
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage


def play(stage: Stage) -> None:
    """Play both, side by side."""
    with ThreadPoolExecutor(2) as pool:
        plays = [pool.submit(one.play, stage) for one in (service_under_load, gpu_from_zero)]
        try:
            for each in plays:
                each.result()
        except KeyboardInterrupt:
            stage.seen.abandon()
            raise


def claims(settings: Settings) -> list[Claim]:
    """Those of both; the service's pods on cpu-pool only and the job's on gpu-pool only are among them."""
    return [*gpu_from_zero.claims(settings), *service_under_load.claims(settings)]


NEEDS = (*gpu_from_zero.NEEDS, *service_under_load.NEEDS)
SCENARIO = Scenario("both", __doc__ or "", play, claims, NEEDS)
