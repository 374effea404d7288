"""Which rows count, as part of a query: the measurement that stands, and the finals that do."""

from __future__ import annotations

import sqlalchemy as sa

from app.platform.tables import assessments, captures, measurements, reopenings

MEASUREMENT_STANDS = sa.and_(
    measurements.c.capture_id == captures.c.id, measurements.c.algorithm == captures.c.algorithm
)
"""Joins a capture to its measurement that counts: the one of the algorithm that the capture names."""

FINAL_STANDS = ~sa.exists().where(
    reopenings.c.capture_id == assessments.c.capture_id, reopenings.c.round > assessments.c.version
)
"""Leaves out finals whose timepoint was reopened since, until it is read to its end again."""
