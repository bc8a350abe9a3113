"""The endpoints."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from data_api.guard import Draining, Guard, Metrics
from data_api.problems import Problem, busy, handle
from data_api.store import Filter, Store

PAGE = Path(__file__).parent / "page"
Count = Annotated[int, Query(ge=1, le=100, description="how many")]
Depth = Annotated[FiniteFloat | None, Query(ge=0, description="cm below the surface")]
Latitude = Annotated[FiniteFloat | None, Query(ge=-90, le=90, description="degrees")]
Longitude = Annotated[FiniteFloat | None, Query(ge=-180, le=180, description="degrees")]


class Spectrum(BaseModel):
    """A spectrum to compare with all others."""

    model_config = ConfigDict(extra="forbid")
    reflectance: list[FiniteFloat] = Field(description="one value for each point of the dataset's axis")
    count: int = Field(10, ge=1, le=100, description="how many samples to return")


def build(store: Store, draining: Draining, concurrent_searches: int, body_bytes: int) -> FastAPI:
    """The application over a store."""
    app = FastAPI(title="Soil data", version="1", docs_url=None, redoc_url=None)  # their pages load from elsewhere
    metrics, free = Metrics(), threading.BoundedSemaphore(concurrent_searches)
    metrics.samples.set(store.samples)
    app.add_middleware(Guard, metrics=metrics, draining=draining, body_bytes=body_bytes)
    handle(app)

    def search(spectrum: list[float], count: int) -> dict[str, Any]:
        if not free.acquire(blocking=False):
            metrics.refused.inc()
            raise busy(f"{concurrent_searches} searches are under way, and that is the most at one time")
        try:
            with metrics.searches.track_inprogress():
                return {"nearest": store.nearest(spectrum, count)}
        finally:
            free.release()

    def spectrum_of(sample_id: str) -> list[float]:
        found = store.spectrum(sample_id)
        if found is None:
            raise Problem(404, f"there is no sample {sample_id!r}")
        return found

    @app.get("/v1/dataset")
    def dataset() -> dict[str, Any]:
        """What is served: name, source, licence, axis of the spectra, properties and their units."""
        values = {"sites": store.values_of("site"), "horizons": store.values_of("horizon")}
        return {**store.about, "samples": store.samples, **values}

    @app.get("/v1/samples")
    def samples(
        site: str | None = None,
        horizon: str | None = None,
        depth_from_cm: Depth = None,
        depth_to_cm: Depth = None,
        south: Latitude = None,
        north: Latitude = None,
        west: Longitude = None,
        east: Longitude = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        after: str | None = None,
    ) -> dict[str, Any]:
        """Samples by site, horizon, depth and place, in the order of their ids; `next` is the next page's `after`."""
        looked_for = Filter(site, horizon, depth_from_cm, depth_to_cm, south, north, west, east)
        found = store.find(looked_for, limit + 1, after)
        more = len(found) > limit
        return {"samples": found[:limit], "next": found[limit - 1]["sample_id"] if more else None}

    @app.get("/v1/samples/{sample_id}")
    def sample(sample_id: str) -> dict[str, Any]:
        """One sample."""
        found = store.sample(sample_id)
        if found is None:
            raise Problem(404, f"there is no sample {sample_id!r}")
        return found

    @app.get("/v1/samples/{sample_id}/spectrum")
    def spectrum(sample_id: str) -> dict[str, Any]:
        """The sample's spectrum, on the dataset's axis."""
        values = [round(value, 6) for value in spectrum_of(sample_id)]
        return {"sample_id": sample_id, "axis": store.about["axis"], "reflectance": values}

    @app.get("/v1/samples/{sample_id}/nearest")
    def nearest_to_sample(sample_id: str, count: Count = 10) -> dict[str, Any]:
        """The samples whose spectra are most like this sample's; the sample itself comes first."""
        return search(spectrum_of(sample_id), count)

    @app.post("/v1/spectra/nearest")
    def nearest(posted: Spectrum) -> dict[str, Any]:
        """The samples whose spectra are most like the posted one. This is what costs CPU."""
        if len(posted.reflectance) != store.points:
            detail = f"reflectance must have {store.points} values, got {len(posted.reflectance)}; see /v1/dataset"
            raise Problem(422, detail)
        if not any(posted.reflectance):
            raise Problem(422, "reflectance must not be zero everywhere; it has no direction to compare")
        return search(posted.reflectance, posted.count)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> dict[str, str]:
        if draining.begun:
            raise Problem(503, "the service is stopping")
        return {"status": "ready"}

    @app.get("/metrics", include_in_schema=False)
    async def prometheus() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html")

    app.mount("/page", StaticFiles(directory=PAGE))
    return app
