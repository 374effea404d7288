"""The HTTP service: `create_app` wires everything, here and nowhere else."""

from __future__ import annotations

import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from app.accounts.routes import router as accounts
from app.audit.routes import router as audit
from app.captures.routes import router as captures
from app.cards.routes import router as cards
from app.domain.errors import CodedError
from app.domain.identity import NOBODY, actor
from app.page_errors.routes import router as page_errors
from app.platform.middleware import API, Surround
from app.platform.telemetry import configure_logs, where
from app.reading_room.routes import router as reading_room
from app.readings.routes import router as readings
from app.series.routes import router as series
from app.services import Services, build
from app.settings import Settings
from app.studies.routes import router as studies
from app.subjects.routes import router as subjects
from app.tablets.routes import router as tablets
from app.visits.routes import router as visits

PAGES = Path(__file__).with_name("web") / "dist"
REFUSED_ACCESS = frozenset({"forbidden", "not_found", "change_header_missing", "body_too_large"})
"""What a signed-in account is refused goes into the audit trail."""

NOTHING_TOLD: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI would otherwise hand bodies and texts of exceptions to whatever collector the machine has."""

THIS_MACHINE = frozenset({"127.0.0.1", "::1"})

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter while others wait for it. At Python's 5 ms, requests that came
late waited for every thread before them: the 95th percentile of the next case at 200 a second on PostgreSQL
was half as long again (`benchmarks/next_case.py`)."""

VERSION = version("planimeter")
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}

log = structlog.get_logger()


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """Build the service.

    Parameters
    ----------
    settings : Settings
        Of the installation.
    services : Services, optional
        Wired otherwise than `app.services.build` does.
    """
    services = services or build(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(services.open)
        if settings.measure_in_server:
            await run_in_threadpool(services.measure_here)
        log.info("started", version=VERSION, executor_id=settings.resolved_executor_id)
        yield
        await run_in_threadpool(services.close)

    app = FastAPI(
        title="Planimeter",
        version=VERSION,
        description="Area and healing of digital ulcers, from photographs on the digit card. "
        "A cookie session or a service token is needed for everything under /v1 but signing in.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        telemetry=NOTHING_TOLD,
    )
    app.state.services = services
    features = (
        accounts,
        tablets,
        studies,
        subjects,
        visits,
        captures,
        cards,
        series,
        readings,
        reading_room,
        audit,
        page_errors,
    )
    for router in features:
        app.include_router(router)
    _add_operations(app, services)
    _add_refusals(app)
    app.add_api_route("/{path:path}", _page, methods=["GET"], include_in_schema=False)
    app.add_middleware(
        Surround,
        figures=services.figures,
        photo_limit=int(settings.max_photo_mb * 1_000_000),
        body_limit=int(settings.max_body_kb * 1_000),
    )
    return app


def served() -> FastAPI:
    """The service by the environment's settings, for each of several processes."""
    settings = Settings()
    configure_logs(settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    return create_app(settings)


def _add_operations(app: FastAPI, services: Services) -> None:
    async def healthz() -> dict[str, str]:
        """Whether the service reaches its database; how busy it is, a reader must not learn here."""
        await run_in_threadpool(services.measuring.waiting)
        return {"status": "ok", "version": VERSION}

    def metrics(request: Request) -> Response:
        """Figures for Prometheus: for this machine, or with the token of the settings.

        None names a subject, a site or a person; but a reader who counts arrivals could tell visits apart.
        """
        if not _may_read_figures(request, services.settings.metrics_token.get_secret_value()):
            raise CodedError("not_found")
        services.figures.waiting.set(services.measuring.waiting())
        return Response(services.figures.text(), media_type="text/plain; version=0.0.4")

    app.add_api_route("/healthz", healthz, methods=["GET"], tags=["operations"])
    app.add_api_route("/metrics", metrics, methods=["GET"], tags=["operations"], response_class=Response)


def _may_read_figures(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), token.encode())
    return request.client is not None and request.client.host in THIS_MACHINE


def _add_refusals(app: FastAPI) -> None:
    app.add_exception_handler(CodedError, _coded)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _coded(request: Request, error: Exception) -> Response:
    if not isinstance(error, CodedError):
        raise error
    services: Services = request.app.state.services
    services.figures.refusals.labels(error.code).inc()
    identity = getattr(request.state, "identity", None)
    refused_token = error.code == "not_signed_in" and "Authorization" in request.headers
    if refused_token or (identity is not None and error.code in REFUSED_ACCESS):
        route = getattr(request.scope.get("route"), "path", "")
        services.trail.record_refusal(
            NOBODY if refused_token else actor(identity),
            "access.refused",
            ("route", f"{request.method} {route}"),
            "unknown_token" if refused_token else error.code,
            after={"path": dict(request.path_params)},
        )
    return JSONResponse(error.body(), error.status)


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    # Where and what, never the value itself: it may be a password or a name.
    wrong = [{"where": ".".join(map(str, item["loc"])), "what": item["msg"]} for item in error.errors()]
    return _coded(request, CodedError("invalid_request", {"errors": wrong}))


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _coded(request, CodedError(HTTP_CODES.get(error.status_code, "invalid_request")))


def _unexpected(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "")
    log.error("unexpected", error_type=type(error).__name__, where=where(error), route=route)
    refusal = CodedError("internal_error")
    return JSONResponse(refusal.body(), refusal.status)


def _page(path: str) -> Response:
    """A file of the pages, or the pages' entrance for any other address outside /v1."""
    if f"/{path}".startswith(f"{API}/"):
        raise CodedError("not_found")
    file = (PAGES / path).resolve()
    if not (file.is_relative_to(PAGES.resolve()) and file.is_file()):
        file = PAGES / "index.html"
    if not file.is_file():
        raise CodedError("not_found")
    # Names of assets carry a hash of their content; the entrance must be asked for again.
    lasting = file.parent.name == "assets"
    caching = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return FileResponse(file, headers={"Cache-Control": caching})
