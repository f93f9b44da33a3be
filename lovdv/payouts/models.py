"""Month runs with their lines, who has approved them, and what is held."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    join,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column

from lovdv import guards
from lovdv.database import Base, Numbered, Public

ONE_RUN = text("status <> 'replaced'")
STANDS = text("released_at IS NULL")
WITH_RUN = guards.frozen_with(
    "payment_run", "run_id", "parent.status IN ('attested', 'exported')"
)


class PaymentRun(Public, Base):
    """One computation of a month; a new computation replaces one not yet attested.

    The lines of an attested run are booked, but for the groups that are on hold.
    """

    __tablename__ = "payment_run"
    __table_args__ = (
        CheckConstraint(
            "status IN ('computed', 'attested', 'exported', 'replaced')", name="status"
        ),
        CheckConstraint(
            "attested_by_id IS NULL OR attested_by_id <> prepared_by_id",
            name="four_eyes",
        ),
        UniqueConstraint("id", "prepared_by_id"),
        Index(
            "uq_payment_run_choice_system_id_month_standing",
            "choice_system_id",
            "month",
            unique=True,
            sqlite_where=ONE_RUN,
            postgresql_where=ONE_RUN,
        ),
        {"info": guards.frozen_when("OLD.status = 'exported'")},
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    month: Mapped[date]  # the first day; bokföringsperiod
    status: Mapped[str] = mapped_column(String(10), default="computed")
    known_at: Mapped[datetime]  # what was decided by then was computed with
    inputs_digest: Mapped[str] = mapped_column(String(64))
    total: Mapped[int] = mapped_column(BigInteger)  # öre, lines on hold included
    line_count: Mapped[int]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    computed_at: Mapped[datetime]
    attested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    attested_at: Mapped[datetime | None]
    exported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    exported_at: Mapped[datetime | None]


class Attestation(Numbered, Base):
    """One step of the attest of what a run pays one provider.

    `seal` is of what was seen and is now paid. An attestation with another seal than
    the provider has now is of something that is no longer so, and does not count.
    The preparer is the run's own (the composite key), and is never who attests.
    """

    __tablename__ = "attestation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "prepared_by_id"],
            ["payment_run.id", "payment_run.prepared_by_id"],
        ),
        CheckConstraint(
            "prepared_by_id IS NULL OR by_id <> prepared_by_id", name="four_eyes"
        ),
        UniqueConstraint("run_id", "provider_id", "seal", "step"),
        UniqueConstraint("run_id", "provider_id", "seal", "by_id"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    step: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    prepared_by_id: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite")
    )
    attested_at: Mapped[datetime]
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    seal: Mapped[str] = mapped_column(String(64))


class ProviderHold(Public, Base):
    """All that a run would pay one provider waits, so that the others go on.

    Every month of the provider's placements then has a hold of its own too. It
    stands until somebody releases it, and is kept with who did.
    """

    __tablename__ = "provider_hold"
    __table_args__ = (
        Index(
            "uq_provider_hold_run_id_provider_id_standing",
            "run_id",
            "provider_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL)", name="released"
        ),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    reason: Mapped[str] = mapped_column(String(300))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None]


class Payee(Numbered, Base):
    """Who is paid under a contract, as it stood when some lines were computed.

    A changed supplier number or account is a new row, so that neither the lines of
    an attested run nor their reversals are paid to another than was attested.
    """

    __tablename__ = "payee"
    __table_args__ = (
        UniqueConstraint("contract_id", "digest"),
        {"info": guards.append_only()},
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    digest: Mapped[str] = mapped_column(String(64))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(String(120))
    organisation_number: Mapped[str] = mapped_column(String(20))
    counterpart: Mapped[str] = mapped_column(String(20))
    supplier_number: Mapped[str] = mapped_column(String(40))
    order_reference: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(80))
    vat_compensation: Mapped[bool]


class LineTerms(Base):
    """What alike lines of a run share, as payments.lines.Priced has it.

    Of a month's lines for a large municipality one in fifty differs in this, so it
    stands once. Whose a line is and what it rests on stands with the line itself.
    """

    __tablename__ = "line_terms"
    __table_args__ = ({"info": guards.append_only()},)

    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    month: Mapped[date]  # the month it concerns, by its first day
    first_day: Mapped[date]
    end_day: Mapped[date]
    level: Mapped[str] = mapped_column(String(20))
    extent_class: Mapped[str] = mapped_column(String(40))
    regi: Mapped[str] = mapped_column(String(10))
    cells: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(10))
    price: Mapped[int] = mapped_column(BigInteger)  # öre
    hundredths: Mapped[int]
    of: Mapped[int]
    share: Mapped[int]  # per cent
    rounding: Mapped[int]  # öre
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    days: Mapped[int]
    counted: Mapped[str] = mapped_column(String(80))
    rules: Mapped[str] = mapped_column(Text)  # one a row


class StoredLine(Numbered, Base):
    """A line's own part; the run, the placement, the payee and the terms are no
    foreign keys: see docs/decisions/0007.
    """

    __tablename__ = "payment_line"
    __table_args__ = (
        Index(None, "run_id", "placement_id"),
        Index(
            "ix_payment_line_corrects_id",
            "corrects_id",
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(BigInteger)
    placement_id: Mapped[int] = mapped_column(BigInteger)
    decisions: Mapped[str] = mapped_column(String(120))
    levels: Mapped[str] = mapped_column(String(120))
    payee_id: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[int]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("payment_line.id"))


_line, _terms = StoredLine.__table__.c, LineTerms.__table__.c


class PaymentLine(Base):
    """One amount and everything that made it; see payments.lines.Line.

    A line with its terms, to be read as one. References to decisions, levels and
    price cells are ids with spaces between, for a line that was merged over a change
    which left the price as it was.
    """

    __table__ = join(
        StoredLine.__table__,
        LineTerms.__table__,
        and_(_terms.run_id == _line.run_id, _terms.number == _line.terms),
    )
    __mapper_args__ = {"primary_key": (_line.id,)}

    run_id: Mapped[int] = column_property(_line.run_id, _terms.run_id)
    terms: Mapped[int] = column_property(_line.terms, _terms.number)


class ComputedMonth(Base):
    """What a run computed a month from, and the absence that goes on after it.

    The seal is a digest of the month's facts and of the absence that went on into it.
    """

    __tablename__ = "computed_month"
    __table_args__ = ({"info": guards.append_only()},)

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    seal: Mapped[str] = mapped_column(String(64))
    carry: Mapped[dict[str, Any]] = mapped_column(JSON)


class HeldItem(Public, Base):
    """What a run does not pay, and why; listed, never silent.

    stopped: a rate, level or attendance is missing. left_out: older than the back
    limit. Both are the run's own findings, made with its lines.
    """

    __tablename__ = "held_item"
    __table_args__ = (
        CheckConstraint("reason IN ('stopped', 'left_out')", name="reason"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[str] = mapped_column(String(40))
    month: Mapped[date]
    first_day: Mapped[date]
    end_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10))
    error: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(300))
    amount: Mapped[int | None] = mapped_column(BigInteger)  # öre, where it is known
