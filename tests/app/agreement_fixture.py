"""The readers' agreement of a simulated study, as the pages' own tests draw it.

python -m tests.app.agreement_fixture    # after a change of the statistics
"""

from __future__ import annotations

from pathlib import Path

from app.domain.agreement import agreement
from app.reading_room.agreement_schemas import AgreementOut
from tests.app.domain.reading_studies import Plan, simulated

FIXTURE = Path(__file__).parents[2] / "app" / "web" / "study" / "agreement.fixture.json"
PLAN = Plan(35, 3, 120, False, 0.04, 0.2, 0.72, 0.06)


def told() -> AgreementOut:
    study = simulated(PLAN)
    return AgreementOut.of(agreement(study.reads, study.adjudications))


if __name__ == "__main__":
    FIXTURE.write_text(told().model_dump_json() + "\n", encoding="utf-8")
