"""The database's tables, in one place: migrations create them, stores ask them.

Every identifier is a random 128-bit number in hexadecimal: it neither counts nor tells the time. The
treatment arm has no column anywhere: what is not stored cannot leak.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

ID = sa.String(32)
HASH = sa.String(64)
WORD = sa.String(40)


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment in UTC on every engine; SQLite forgets time zones, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back a moment that knows it is UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if dialect.name == "sqlite" else moment.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


studies = sa.Table(
    "studies",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("code", WORD, nullable=False, unique=True),
    sa.Column("created_at", UtcTime, nullable=False),
)

protocols = sa.Table(
    "protocols",
    metadata,
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("sha256", HASH, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
)

sites = sa.Table(
    "sites",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("code", WORD, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.UniqueConstraint("study_id", "code"),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("username", sa.String(80), nullable=False, unique=True),
    sa.Column("role", WORD, nullable=False),
    sa.Column("label_fr", sa.String(120), nullable=False),
    sa.Column("label_en", sa.String(120), nullable=False),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("failed_logins", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until", UtcTime),
    sa.Column("created_at", UtcTime, nullable=False),
    # Closed by command, until it is opened again: no password, session or token of it is good.
    sa.Column("closed_at", UtcTime),
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    # Without a site the account reaches the whole study; with one, that site alone.
    sa.Column("site_id", ID, sa.ForeignKey("sites.id")),
    sa.UniqueConstraint("account_id", "study_id", "site_id"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("token_sha256", HASH, nullable=False, unique=True),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
    # What the browser calls itself, so that a person knows their own sessions again.
    sa.Column("device", sa.String(200)),
    # The enrolled tablet on which it was opened, whose cookie it needs beside its own.
    sa.Column("tablet_id", ID, sa.ForeignKey("tablets.id")),
)

tablets = sa.Table(
    "tablets",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("site_id", ID, sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    # Beginning of the enrolment code, by which it is found; none once the code is used up or void.
    sa.Column("code_selector", WORD, unique=True),
    sa.Column("code_hash", sa.String(200)),
    sa.Column("code_expires_at", UtcTime),
    sa.Column("wrong_codes", sa.Integer, nullable=False, server_default="0"),
    # Of the tablet's cookie; none before enrolment.
    sa.Column("token_sha256", HASH, unique=True),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("enrolled_at", UtcTime),
    sa.Column("last_seen_at", UtcTime),
    sa.Column("revoked_at", UtcTime),
)

tablet_people = sa.Table(
    "tablet_people",
    metadata,
    sa.Column("tablet_id", ID, sa.ForeignKey("tablets.id"), primary_key=True),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), primary_key=True),
    # The last full sign-in on this tablet; none once that shift was ended.
    sa.Column("shift_began_at", UtcTime),
    # Argon2; none before one is chosen, and after too many wrong ones.
    sa.Column("pin_hash", sa.String(200)),
    sa.Column("wrong_pins", sa.Integer, nullable=False, server_default="0"),
)

service_tokens = sa.Table(
    "service_tokens",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("token_sha256", HASH, nullable=False, unique=True),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
)

subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("site_id", ID, sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("code", WORD, nullable=False),
    sa.Column("baseline_on", sa.Date, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.UniqueConstraint("study_id", "code"),
)

ulcers = sa.Table(
    "ulcers",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("subject_id", ID, sa.ForeignKey("subjects.id"), nullable=False),
    sa.Column("code", WORD, nullable=False),
    sa.Column("hand", WORD, nullable=False),
    sa.Column("digit", WORD, nullable=False),
    sa.Column("phalanx", WORD, nullable=False),
    sa.Column("surface", WORD, nullable=False),
    sa.Column("side", WORD, nullable=False),
    sa.Column("pose", WORD, nullable=False),
    sa.Column("onset_on", sa.Date),
    sa.Column("eligibility", sa.JSON, nullable=False),
    sa.Column("eligible", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.UniqueConstraint("subject_id", "code"),
)

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("ulcer_id", ID, sa.ForeignKey("ulcers.id"), nullable=False, index=True),
    sa.Column("visit_code", WORD, nullable=False),
    sa.Column("protocol_version", sa.Integer, nullable=False),
    sa.Column("sha256", HASH, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("media_type", WORD, nullable=False),
    # Measured print run of the card; none: its patches have their nominal values.
    sa.Column("print_lot", WORD),
    # What the tablet told of the lens beside the file, from whose header it took everything.
    sa.Column("focal_35mm_mm", sa.Double),
    sa.Column("digital_zoom_ratio", sa.Double),
    sa.Column("orientation", sa.Integer),
    sa.Column("taken_at", UtcTime),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("received_by", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("state", WORD, nullable=False, index=True),
    # The measurement that counts: one of this capture's, named by its algorithm.
    sa.Column("algorithm", sa.String(120)),
    sa.Column("accepted", sa.Boolean, nullable=False),
    # The last audit event that changed what a series says of this capture: the cursor of increments.
    sa.Column("changed_seq", sa.BigInteger, nullable=False, index=True),
    sa.Index(
        "uq_captures_accepted_timepoint",
        "ulcer_id",
        "visit_code",
        unique=True,
        sqlite_where=sa.text("accepted"),
        postgresql_where=sa.text("accepted"),
    ),
)

visit_notes = sa.Table(
    "visit_notes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("ulcer_id", ID, sa.ForeignKey("ulcers.id"), nullable=False, index=True),
    sa.Column("visit_code", WORD, nullable=False),
    sa.Column("protocol_version", sa.Integer, nullable=False),
    sa.Column("taken_at", UtcTime, nullable=False),
    # The day where the visit took place: what its window is held against.
    sa.Column("taken_on", sa.Date, nullable=False),
    sa.Column("out_of_window_reason", WORD),
    sa.Column("pain", sa.Integer),
    sa.Column("dressing_removed", sa.Boolean),
    sa.Column("drainage", WORD),
    sa.Column("infection_signs", sa.Boolean),
    sa.Column("complication", WORD),
    sa.Column("recorded_at", UtcTime, nullable=False),
    sa.Column("recorded_by", ID, sa.ForeignKey("accounts.id"), nullable=False),
    # Number of its audit event: of a visit's notes, the last one counts.
    sa.Column("seq", sa.BigInteger, nullable=False),
)

card_prints = sa.Table(
    "card_prints",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("site_id", ID, sa.ForeignKey("sites.id"), nullable=False, index=True),
    sa.Column("printer", sa.String(80), nullable=False),
    sa.Column("check_bar_mm", sa.Double, nullable=False),
    sa.Column("print_lot", WORD),
    sa.Column("confirmed_at", UtcTime, nullable=False),
    sa.Column("confirmed_by", ID, sa.ForeignKey("accounts.id"), nullable=False),
)

phantom_shots = sa.Table(
    "phantom_shots",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("site_id", ID, sa.ForeignKey("sites.id"), nullable=False, index=True),
    sa.Column("protocol_version", sa.Integer, nullable=False),
    sa.Column("sha256", HASH, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("media_type", WORD, nullable=False),
    sa.Column("taken_at", UtcTime, nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("received_by", ID, sa.ForeignKey("accounts.id"), nullable=False),
    # measured or refused; a refused photograph is kept, and says why.
    sa.Column("state", WORD, nullable=False),
    sa.Column("quality", sa.JSON, nullable=False),
    sa.Column("true_area_mm2", sa.Double, nullable=False),
    sa.Column("area_mm2", sa.Double),
    sa.Column("version", WORD, nullable=False),
)

measurements = sa.Table(
    "measurements",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("capture_id", ID, sa.ForeignKey("captures.id"), nullable=False),
    sa.Column("algorithm", sa.String(120), nullable=False),
    sa.Column("status", WORD, nullable=False),
    sa.Column("quality", sa.JSON, nullable=False),
    sa.Column("area_mm2", sa.Double),
    sa.Column("u_area_mm2", sa.Double),
    sa.Column("perimeter_mm", sa.Double),
    sa.Column("length_mm", sa.Double),
    sa.Column("width_mm", sa.Double),
    sa.Column("obliquity_deg", sa.Double),
    sa.Column("digit_width_mm", sa.Double),
    sa.Column("tilt_deg", sa.Double),
    sa.Column("distance_mm", sa.Double),
    sa.Column("scale_px_per_mm", sa.Double),
    sa.Column("pose", WORD),
    sa.Column("surface", WORD),
    sa.Column("lens", sa.JSON),
    sa.Column("colour", sa.JSON),
    sa.Column("budget", sa.JSON),
    sa.Column("model", sa.String(120)),
    sa.Column("version", WORD),
    sa.Column("reading_sha256", HASH),
    sa.Column("overlay_sha256", HASH),
    sa.Column("footprint_sha256", HASH),
    # mm² behind the pixels of the readers' picture; none: measured before readers drew outlines.
    sa.Column("skin_map_sha256", HASH),
    sa.Column("machine_rings", sa.JSON),
    sa.Column("measured_at", UtcTime, nullable=False),
    sa.UniqueConstraint("capture_id", "algorithm"),
)

healings = sa.Table(
    "healings",
    metadata,
    sa.Column("capture_id", ID, sa.ForeignKey("captures.id"), primary_key=True),
    sa.Column("baseline_capture_id", ID, sa.ForeignKey("captures.id"), nullable=False),
    sa.Column("epithelialisation_percent", sa.Double),
    sa.Column("epithelialisation_method", WORD),
    sa.Column("new_ulceration_mm2", sa.Double),
    sa.Column("registration_quality", sa.Double),
    sa.Column("percent_area_reduction", sa.Double),
    sa.Column("linear_healing_rate_mm_per_day", sa.Double),
    sa.Column("verdict", WORD),
    # The measured area, uncertainty and perimeter as far as they are this ulcer's; the rest of the digit's.
    sa.Column("own_area_mm2", sa.Double),
    sa.Column("own_u_area_mm2", sa.Double),
    sa.Column("own_perimeter_mm", sa.Double),
    sa.Column("elsewhere_mm2", sa.Double),
    sa.Column("parts", sa.Integer),
    sa.Column("split", sa.Boolean),
    sa.Column("merged", sa.Boolean),
    # Baselines of the digit's other ulcers that were taken into account: another set, another result.
    sa.Column("neighbours", sa.JSON),
    sa.Column("comparison_sha256", HASH),
    sa.Column("computed_at", UtcTime, nullable=False),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("code", ID, primary_key=True),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("capture_id", ID, sa.ForeignKey("captures.id"), nullable=False),
    # Keyed hash of account and code: the order of the queue, which nothing that a reader sees tells.
    sa.Column("position", HASH, nullable=False),
    sa.UniqueConstraint("account_id", "capture_id"),
    sa.Index("ix_cases_account_id_position", "account_id", "position"),
)

reading_cases = sa.Table(
    "reading_cases",
    metadata,
    sa.Column("code", ID, primary_key=True),
    sa.Column("study_id", ID, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("capture_id", ID, sa.ForeignKey("captures.id"), nullable=False, index=True),
    # primary, repeat or adjudication; no answer to a reader tells the first two apart.
    sa.Column("kind", WORD, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("protocol_version", sa.Integer, nullable=False),
    # Keyed hash: the order of the queue, which follows from nothing that a reader could learn.
    sa.Column("position", sa.String(80), nullable=False),
    # The picture that was shown, cut for this case: fixed when it is first opened.
    sa.Column("crop", sa.JSON),
    sa.Column("picture_sha256", HASH),
    sa.Column("state", WORD, nullable=False),
    # Of an adjudication: the two reads' codes, in the order in which they are shown as A and B.
    sa.Column("sides", sa.JSON),
    sa.Column("assembled_at", UtcTime, nullable=False),
    sa.Column("opened_at", UtcTime),
    sa.Column("locked_at", UtcTime),
    sa.UniqueConstraint("account_id", "capture_id", "kind", "round"),
    sa.Index("ix_reading_cases_account_id_position", "account_id", "position"),
    # All that a reader's queue is asked for: it is counted without a look at the cases themselves.
    sa.Index(
        "ix_reading_cases_account_id_state_position", "account_id", "state", "position", "study_id", "code"
    ),
)

reading_records = sa.Table(
    "reading_records",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("code", ID, sa.ForeignKey("reading_cases.code"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    # draft; own: what stood before the machine's outline was shown; locked: the read.
    sa.Column("kind", WORD, nullable=False),
    sa.Column("category", WORD),
    sa.Column("reason", WORD),
    sa.Column("confidence", sa.Integer),
    sa.Column("tissue", sa.JSON),
    # Closed lines in pixels of the whole readers' picture, not of the case's cut.
    sa.Column("rings", sa.JSON, nullable=False),
    sa.Column("area_mm2", sa.Double),
    sa.Column("u_area_mm2", sa.Double),
    # Of an adjudication: code of the read that was chosen; none: drawn anew.
    sa.Column("sides_with", ID),
    sa.Column("recorded_at", UtcTime, nullable=False),
    sa.UniqueConstraint("code", "number"),
)

signatures = sa.Table(
    "signatures",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("record_id", ID, sa.ForeignKey("reading_records.id"), nullable=False, unique=True),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("meaning", sa.Text, nullable=False),
    sa.Column("signed_at", UtcTime, nullable=False),
    # Canonical JSON as text: what was signed is what is stored, byte for byte.
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sha256", HASH, nullable=False),
    sa.Column("key_id", WORD, nullable=False),
    sa.Column("signature", sa.String(120), nullable=False),
)

assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("capture_id", ID, sa.ForeignKey("captures.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("category", WORD, nullable=False),
    sa.Column("area_mm2", sa.Double),
    sa.Column("u_area_mm2", sa.Double),
    sa.Column("adjudicated", sa.Boolean, nullable=False),
    # Between the readers: category, difference of areas, Dice of outlines.
    sa.Column("agreement", sa.JSON, nullable=False),
    # Codes of the locked reads, and of the judgement, that it was made of.
    sa.Column("reads", sa.JSON, nullable=False),
    sa.Column("protocol_version", sa.Integer, nullable=False),
    sa.Column("software", WORD, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.UniqueConstraint("capture_id", "version"),
)

read_healings = sa.Table(
    "read_healings",
    metadata,
    sa.Column("assessment_id", ID, sa.ForeignKey("assessments.id"), primary_key=True),
    sa.Column("baseline_assessment_id", ID, sa.ForeignKey("assessments.id"), nullable=False),
    sa.Column("epithelialisation_percent", sa.Double),
    sa.Column("epithelialisation_method", WORD),
    sa.Column("percent_area_reduction", sa.Double),
    sa.Column("verdict", WORD),
    sa.Column("computed_at", UtcTime, nullable=False),
)

reopenings = sa.Table(
    "reopenings",
    metadata,
    sa.Column("capture_id", ID, sa.ForeignKey("captures.id"), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("reopened_at", UtcTime, nullable=False),
)

audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column(
        "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
    ),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("role", WORD, nullable=False),
    sa.Column("action", WORD, nullable=False),
    sa.Column("subject_kind", WORD, nullable=False),
    sa.Column("subject_id", sa.String(80), nullable=False),
    # None for what concerns no study in particular: log-ins, accounts.
    sa.Column("study_id", ID),
    sa.Column("reason", sa.Text),
    # Canonical JSON as text: what was hashed is what is stored, byte for byte, on every engine.
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("previous_hash", HASH, nullable=False),
    sa.Column("hash", HASH, nullable=False),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", HASH, nullable=False),
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("executor_id", sa.String(80), primary_key=True),
    sa.Column("seen_at", UtcTime, nullable=False),
)

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), primary_key=True),
    # Encrypted under a key made of the settings' secret: the database alone does not give codes.
    sa.Column("sealed_secret", sa.String(200), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("enabled_at", UtcTime),
    # Time step of the last code that was accepted: none is good twice.
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("code_sha256", HASH, primary_key=True),
    sa.Column("used_at", UtcTime),
)
