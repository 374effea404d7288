"""Everything wired together, for the server, the workers and the command line alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from pwdlib import PasswordHash

from app.accounts.own import OwnAccount
from app.accounts.provider import ProviderSignIn
from app.accounts.proving import Lockout, Proving
from app.accounts.register import Register
from app.accounts.second_factor import SecondFactors
from app.accounts.service import Accounts
from app.accounts.sessions import Sessions
from app.audit.checkpoints import Checkpoints
from app.audit.service import Trail
from app.captures.following import Following
from app.captures.measurer import Measurer, PipelineMeasurer
from app.captures.measuring import Measuring
from app.captures.service import Captures
from app.cards.service import Cards
from app.cards.shots import PhantomShots
from app.domain.audit_chain import CHECKPOINT_PURPOSE
from app.page_errors.service import PageErrors
from app.platform.blobs import LocalBlobs
from app.platform.clock import Clock, SystemClock
from app.platform.database import Database
from app.platform.jobs import Jobs
from app.platform.keys import Keys
from app.platform.openid import Client, OpenIdProvider
from app.platform.telemetry import Figures
from app.reading_room.furnishing import furnish
from app.reading_room.healing import ReadHealings
from app.reading_room.overview import Overview
from app.reading_room.pictures import Pictures
from app.reading_room.seals import Seals
from app.reading_room.service import ReadingRoom
from app.readings.service import Readings
from app.series.service import Series
from app.settings import Settings
from app.studies.service import Studies
from app.subjects.service import Subjects
from app.tablets.enrolment import Enrolment
from app.tablets.pins import Pins
from app.tablets.service import Tablets
from app.tablets.shifts import Shifts
from app.visits.service import Visits

READING_PURPOSE = "readings"
"""Of the key under which reads are signed."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Services:
    """One service of each kind."""

    settings: Settings
    database: Database
    jobs: Jobs
    figures: Figures
    trail: Trail
    checkpoints: Checkpoints
    accounts: Accounts
    sessions: Sessions
    own_account: OwnAccount
    provider_sign_in: ProviderSignIn
    register: Register
    tablets: Tablets
    tablet_enrolment: Enrolment
    pins: Pins
    page_errors: PageErrors
    studies: Studies
    subjects: Subjects
    visits: Visits
    cards: Cards
    phantom_shots: PhantomShots
    captures: Captures
    measuring: Measuring
    series: Series
    readings: Readings
    reading_room: ReadingRoom
    reading_overview: Overview
    seals: Seals

    def open(self) -> None:
        """Bring tables to their form and open the queue."""
        self.database.migrate()
        self.jobs.migrate()
        self.jobs.open()

    def measure_here(self) -> None:
        """Measure in this process from now on, what was left behind first."""
        log.info("measuring_here", version=self.measuring.algorithm)
        self.jobs.start(self.measuring.run)
        self.measuring.requeue_unfinished()

    def close(self) -> None:
        """Finish what is under way and let go."""
        self.jobs.close()
        self.database.close()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    measurer: Measurer | None = None,
    passwords: PasswordHash | None = None,
) -> Services:
    """Wire the services.

    Parameters
    ----------
    settings : Settings
        Of the installation.
    clock : Clock, optional
        The machine's by default.
    measurer : Measurer, optional
        The pipeline by default.
    passwords : PasswordHash, optional
        Argon2 at its recommended cost by default.
    """
    clock = clock or SystemClock()
    database = Database(settings.resolved_database_url)
    blobs = LocalBlobs(settings.blob_dir)
    figures = Figures()
    trail = Trail(database, clock)
    jobs = Jobs(
        database,
        clock,
        executor_id=settings.resolved_executor_id,
        polling_s=settings.job_polling_s,
        concurrency=settings.measuring_concurrency,
        heartbeat_s=settings.heartbeat_s,
        dead_after_s=settings.worker_dead_after_s,
    )
    passwords = passwords or PasswordHash.recommended()
    keys = Keys(settings.secret_bytes)
    sessions = Sessions(database, clock, trail, timedelta(hours=settings.session_hours), Shifts(clock))
    factors = SecondFactors(clock, keys)
    proving = Proving(
        database,
        clock,
        trail,
        lockout=Lockout(settings.lockout_failures, timedelta(minutes=settings.lockout_minutes)),
        passwords=passwords,
        factors=factors,
        demo=settings.demo,
    )
    provider = _provider(settings)
    accounts = Accounts(
        database,
        clock,
        sessions,
        proving,
        demo=settings.demo,
        provider_label=settings.provider_label if provider else "",
    )
    studies = Studies(database, clock, trail)
    subjects = Subjects(database, clock, trail, studies)
    enrolment = Enrolment(database, clock, trail, passwords)
    followers = (
        Following(database, clock, trail, studies, blobs),
        ReadHealings(database, clock, trail, studies, blobs),
    )
    pictures, reading_signer = Pictures(blobs, settings.secret_bytes), keys.signer(READING_PURPOSE)
    measurer = measurer or PipelineMeasurer(settings.network_threads, settings.network_runtime)
    return Services(
        settings=settings,
        database=database,
        jobs=jobs,
        figures=figures,
        trail=trail,
        checkpoints=Checkpoints(database, clock, trail, keys.signer(CHECKPOINT_PURPOSE)),
        accounts=accounts,
        sessions=sessions,
        own_account=OwnAccount(database, trail, proving, sessions, factors),
        provider_sign_in=ProviderSignIn(
            database, clock, trail, keys, sessions, provider, settings.provider_claim
        ),
        register=Register(database, clock, trail, passwords, sessions, factors),
        tablets=Tablets(database, clock, trail, studies, sessions, enrolment),
        tablet_enrolment=enrolment,
        pins=Pins(database, clock, trail, accounts, proving, passwords, keys),
        page_errors=PageErrors(clock),
        studies=studies,
        subjects=subjects,
        visits=Visits(database, clock, trail, studies, subjects),
        cards=Cards(database, clock, trail, studies),
        phantom_shots=PhantomShots(database, clock, trail, studies, blobs),
        captures=Captures(database, clock, trail, studies, subjects, blobs, jobs),
        measuring=Measuring(database, clock, trail, studies, blobs, jobs, measurer, followers, figures),
        series=Series(database, studies),
        readings=Readings(database, trail, blobs, settings.secret_bytes),
        reading_room=furnish(
            database,
            clock,
            trail,
            studies,
            blobs,
            jobs,
            accounts,
            pictures,
            reading_signer,
            settings.secret_bytes,
        ),
        reading_overview=Overview(database, clock, studies, pictures),
        seals=Seals(database, reading_signer),
    )


def _provider(settings: Settings) -> OpenIdProvider | None:
    """The OpenID provider of the settings, if they name one."""
    if not settings.provider_issuer:
        return None
    client = Client(
        settings.provider_issuer,
        settings.provider_client_id,
        settings.provider_client_secret.get_secret_value(),
        f"{settings.public_url.rstrip('/')}/v1/provider/callback",
    )
    return OpenIdProvider(client)
