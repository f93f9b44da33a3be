"""Reading what finance answered: files, rows, and what is still rejected."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from lovdv.access import Actor, Permission
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.ledger.answers import REJECTED
from lovdv.ledger.models import ReadBack, ReadBackAnswer, ReadBackRow
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.placements.models import Placement
from lovdv.providers.models import Provider
from lovdv.start import Waiting


def read_backs(run: PaymentRun) -> Sequence[ReadBack]:
    """The run's files, the latest first."""
    return db.session.scalars(
        select(ReadBack).where(ReadBack.run_id == run.id).order_by(ReadBack.id.desc())
    ).all()


def read_back(actor: Actor, public_id: str) -> ReadBack:
    return db.session.scalars(
        select(ReadBack)
        .join(PaymentRun, PaymentRun.id == ReadBack.run_id)
        .where(
            ReadBack.public_id == public_id,
            PaymentRun.municipality_id == actor.municipality_id,
        )
    ).one()


def same_file(run: PaymentRun, sha256: str) -> ReadBack | None:
    return db.session.scalars(
        select(ReadBack).where(ReadBack.run_id == run.id, ReadBack.sha256 == sha256)
    ).one_or_none()


@dataclass(frozen=True)
class AnsweredRow:
    """A row with what it is about, and what was done about it."""

    row: ReadBackRow
    run: PaymentRun
    number: str
    provider: str
    answer: ReadBackAnswer | None

    @property
    def about(self) -> str:
        return self.number or self.provider


def _answered() -> Select[tuple[ReadBackRow, PaymentRun, str, str, ReadBackAnswer]]:
    return (
        select(ReadBackRow, PaymentRun, Placement.number, Provider.name, ReadBackAnswer)
        .join(ReadBack, ReadBack.id == ReadBackRow.read_back_id)
        .join(PaymentRun, PaymentRun.id == ReadBack.run_id)
        .outerjoin(PaymentLine, PaymentLine.id == ReadBackRow.line_id)
        .outerjoin(Placement, Placement.id == PaymentLine.placement_id)
        .outerjoin(Provider, Provider.id == ReadBackRow.provider_id)
        .outerjoin(ReadBackAnswer, ReadBackAnswer.row_id == ReadBackRow.id)
    )


def rows_of(found: ReadBack, *outcomes: str) -> list[AnsweredRow]:
    """The file's rows with those outcomes, in its order."""
    query = _answered().where(
        ReadBackRow.read_back_id == found.id, ReadBackRow.outcome.in_(outcomes)
    )
    rows = db.session.execute(query.order_by(ReadBackRow.number))
    return [_told(row) for row in rows]


def tasks(actor: Actor) -> list[AnsweredRow]:
    return tasks_in(actor.municipality_id)


def tasks_in(municipality_id: int) -> list[AnsweredRow]:
    """The rejected rows that nobody has dealt with, the oldest first."""
    query = _answered().where(
        PaymentRun.municipality_id == municipality_id,
        ReadBackRow.outcome == REJECTED,
        ReadBackAnswer.id.is_(None),
    )
    return [_told(row) for row in db.session.execute(query.order_by(ReadBackRow.id))]


def told(found: ReadBackRow) -> AnsweredRow:
    """One row with what it is about."""
    return _told(
        db.session.execute(_answered().where(ReadBackRow.id == found.id)).one()
    )


def _told(row: object) -> AnsweredRow:
    found, run, number, provider, answer = row  # type: ignore[misc]
    return AnsweredRow(found, run, number or "", provider or "", answer)


def row(actor: Actor, public_id: str) -> ReadBackRow:
    return db.session.scalars(
        select(ReadBackRow)
        .join(ReadBack, ReadBack.id == ReadBackRow.read_back_id)
        .join(PaymentRun, PaymentRun.id == ReadBack.run_id)
        .where(
            ReadBackRow.public_id == public_id,
            PaymentRun.municipality_id == actor.municipality_id,
        )
    ).one()


def answer_to(row: ReadBackRow) -> ReadBackAnswer | None:
    return db.session.scalars(
        select(ReadBackAnswer).where(ReadBackAnswer.row_id == row.id)
    ).one_or_none()


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for finance on the start page."""
    if not actor.may(Permission.RUN_READ_BACK):
        return ()
    found = tasks(actor)
    if not found:
        return ()
    first = month_name(found[0].run.month)
    return [
        Waiting(
            "Avvisade betalningar",
            "ledger.index",
            len(found),
            f"Ekonomisystemet har avvisat rader, de äldsta för {first}.",
            urgent=True,
        )
    ]
