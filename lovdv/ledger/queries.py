"""Reading the files that were made."""

from collections.abc import Sequence

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.ledger.models import ExportFile, LedgerFile
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.systems.models import ChoiceSystem


def files(found: PaymentRun) -> Sequence[ExportFile]:
    return db.session.scalars(
        select(ExportFile)
        .where(ExportFile.run_id == found.id)
        .order_by(ExportFile.kind, ExportFile.name)
    ).all()


def file(actor: Actor, public_id: str) -> ExportFile:
    return db.session.scalars(
        select(ExportFile)
        .join(PaymentRun, PaymentRun.id == ExportFile.run_id)
        .where(
            ExportFile.public_id == public_id,
            PaymentRun.municipality_id == actor.municipality_id,
        )
    ).one()


def ledger_files(found: PaymentRun) -> Sequence[LedgerFile]:
    """The run's further files, each name's latest version first."""
    return db.session.scalars(
        select(LedgerFile)
        .where(LedgerFile.run_id == found.id)
        .order_by(LedgerFile.key, LedgerFile.version.desc())
    ).all()


def ledger_file(actor: Actor, public_id: str) -> LedgerFile:
    return db.session.scalars(
        select(LedgerFile)
        .join(ChoiceSystem, ChoiceSystem.id == LedgerFile.choice_system_id)
        .where(
            LedgerFile.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()


def latest_file(choice_system_id: int, key: str) -> LedgerFile | None:
    return db.session.scalars(
        select(LedgerFile)
        .where(LedgerFile.choice_system_id == choice_system_id, LedgerFile.key == key)
        .order_by(LedgerFile.version.desc())
        .limit(1)
    ).first()


def booked_runs(actor: Actor) -> Sequence[PaymentRun]:
    """Those that have files, or are about to; the latest first."""
    return db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.municipality_id == actor.municipality_id,
            PaymentRun.status.in_(BOOKED),
        )
        .order_by(PaymentRun.month.desc(), PaymentRun.id.desc())
    ).all()


def of_kind(choice_system_id: int, kind: str) -> Sequence[LedgerFile]:
    """The latest made first."""
    return db.session.scalars(
        select(LedgerFile)
        .where(LedgerFile.choice_system_id == choice_system_id, LedgerFile.kind == kind)
        .order_by(LedgerFile.id.desc())
    ).all()
