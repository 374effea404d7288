"""The reading room put together from its parts."""

from __future__ import annotations

from app.accounts.service import Accounts
from app.audit.service import Trail
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Database
from app.platform.jobs import Jobs
from app.platform.keys import Signer
from app.reading_room.assembly import Assembly
from app.reading_room.conclusion import Conclusion
from app.reading_room.desks import Desks
from app.reading_room.drafts import Drafts
from app.reading_room.locks import Locks
from app.reading_room.pictures import Pictures
from app.reading_room.service import ReadingRoom
from app.studies.service import Studies


def furnish(
    database: Database,
    clock: Clock,
    trail: Trail,
    studies: Studies,
    blobs: BlobStore,
    jobs: Jobs,
    accounts: Accounts,
    pictures: Pictures,
    signer: Signer,
    secret: bytes,
) -> ReadingRoom:
    """The reading room.

    Parameters
    ----------
    database, clock, trail, studies, blobs, jobs, accounts
        As everywhere.
    pictures : Pictures
        Of cases.
    signer : Signer
        The installation's key for signatures of reads.
    secret : bytes
        Key of queues, repeats and sides.
    """
    assembly = Assembly(database, clock, trail, studies, secret)
    desks = Desks(trail, studies)
    conclusion = Conclusion(database, clock, trail, jobs, desks, assembly, pictures, secret)
    return ReadingRoom(
        database,
        clock,
        trail,
        blobs,
        assembly=assembly,
        conclusion=conclusion,
        desks=desks,
        drafts=Drafts(database, clock, desks, pictures),
        locks=Locks(database, clock, accounts, desks, conclusion, signer),
        pictures=pictures,
    )
