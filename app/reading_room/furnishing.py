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
    signer: Signer,
    secret: bytes,
) -> ReadingRoom:
    """The reading room.

    Parameters
    ----------
    database, clock, trail, studies, blobs, jobs, accounts
        As everywhere.
    signer : Signer
        The installation's key for signatures of reads.
    secret : bytes
        Key of queues, repeats, cuts and sides.
    """
    pictures = Pictures(blobs, secret)
    assembly = Assembly(database, clock, trail, studies, secret)
    conclusion = Conclusion(database, clock, trail, studies, jobs, assembly, pictures, secret)
    desks = Desks(trail, studies)
    return ReadingRoom(
        database,
        clock,
        trail,
        studies,
        blobs,
        assembly=assembly,
        conclusion=conclusion,
        desks=desks,
        drafts=Drafts(database, clock, desks, pictures),
        locks=Locks(database, clock, accounts, desks, conclusion, signer),
        pictures=pictures,
    )
