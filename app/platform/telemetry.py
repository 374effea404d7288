"""Logs and figures about the service: never about the people in it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

LOGGED_KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "method",
        "route",
        "status",
        "duration_ms",
        "request_id",
        "code",
        "capture_id",
        "state",
        "reasons",
        "job",
        "executor_id",
        "count",
        "error_type",
        "where",
        "page",
        "port",
        "version",
    }
)
"""All that a log line can hold: subjects, sites, people, files and texts of exceptions have no key here."""

SHARED_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Environment's name of the folder in which several processes add their figures up, as prometheus_client
expects it."""

DURATION_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


def _only_known_keys(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in line.items() if key in LOGGED_KEYS}


def configure_logs(level: str) -> None:
    """JSON, a line per event, on standard error.

    Parameters
    ----------
    level : {"debug", "info", "warning", "error"}
        The least that is written.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_known_keys,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Looked up at each line: whoever replaces standard error gets the lines.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def where(error: BaseException) -> str:
    """Innermost place in this service's code where an exception arose: file and line, never its text."""
    place, trace = "unknown", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.split(".")[0] in {"app", "calibration", "models"}:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


class Figures:
    """Prometheus metrics of one service, without labels that name a subject, a site or a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "planimeter_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "planimeter_http_request_seconds",
            "Time to answer",
            ["method", "route"],
            buckets=DURATION_BUCKETS_S,
            registry=self.registry,
        )
        self.captures = Counter(
            "planimeter_captures", "Captures that reached a state", ["state"], registry=self.registry
        )
        self.refusals = Counter("planimeter_refusals", "Requests refused", ["code"], registry=self.registry)
        self.measuring_seconds = Histogram(
            "planimeter_measuring_seconds",
            "Time to measure a capture",
            buckets=DURATION_BUCKETS_S,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "planimeter_captures_waiting",
            "Captures without a result",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def text(self) -> bytes:
        """All figures in Prometheus' text format, of every process that serves beside this one."""
        if SHARED_FIGURES not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
