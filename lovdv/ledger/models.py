"""Account rows, templates, files as they were made, and what finance answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lovdv import guards
from lovdv.database import Base, Numbered, Public


class ExportFile(Public, Base):
    """A file made once at export and returned as it was made."""

    __tablename__ = "export_file"
    __table_args__ = (
        UniqueConstraint("run_id", "kind", "provider_id"),
        CheckConstraint("kind IN ('finance', 'provider')", name="kind"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    kind: Mapped[str] = mapped_column(String(10))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class AccountRow(Public, Base):
    """Where some lines are booked (kontering), from a day; see accounts.chosen().

    What it asks of a line stands in the first columns, where an empty text or NULL
    asks nothing; `criteria` is all of that as one text. In force for its criteria is
    the row with the latest first day, and of those the highest revision.
    """

    __tablename__ = "account_row"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "criteria", "first_day", "revision"),
        CheckConstraint("vat_per_cent BETWEEN 0 AND 100", name="vat_per_cent"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    criteria: Mapped[str] = mapped_column(String(200))
    regi: Mapped[str] = mapped_column(String(10), default="")
    counterpart: Mapped[str] = mapped_column(String(20), default="")
    law: Mapped[str] = mapped_column(String(10), default="")
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(40), default="")
    # konto, ansvar, verksamhet, motpart, projekt, aktivitet, fri, motkonto
    account: Mapped[str] = mapped_column(String(20))
    responsibility: Mapped[str] = mapped_column(String(20), default="")
    operation: Mapped[str] = mapped_column(String(20), default="")
    counterpart_code: Mapped[str] = mapped_column(String(20), default="")
    project: Mapped[str] = mapped_column(String(20), default="")
    activity: Mapped[str] = mapped_column(String(20), default="")
    free: Mapped[str] = mapped_column(String(20), default="")
    contra: Mapped[str] = mapped_column(String(20), default="")
    # Of the amount, for VAT compensation; NULL: the main rule's share.
    vat_per_cent: Mapped[int | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class FileTemplate(Public, Base):
    """How one of the files for finance is written, or its answer read, from a day.

    `value` is read by text_reading (text) or stands as told by sie_settings (sie) and
    answers (answer). Kind `none` ends the template of that name.
    """

    __tablename__ = "file_template"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "name", "first_day", "revision"),
        CheckConstraint("kind IN ('text', 'sie', 'answer', 'none')", name="kind"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[dict[str, object]] = mapped_column(JSON)
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class LedgerFile(Public, Base):
    """A further file, made once; made again it is the same or says that it corrects.

    `key` says what it is a file of, as run, template and provider; a later version
    for the same key corrects the one before, with its reason.
    """

    __tablename__ = "ledger_file"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "key", "version"),
        CheckConstraint(
            "(version = 1) = (corrects_id IS NULL)", name="a_correction_says_of_what"
        ),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("payment_run.id"), index=True)
    key: Mapped[str] = mapped_column(String(160))
    # text, sie, year_end, payout, internal_order
    kind: Mapped[str] = mapped_column(String(20))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("file_template.id"))
    version: Mapped[int] = mapped_column(default=1)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_file.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    name: Mapped[str] = mapped_column(String(120))
    mime: Mapped[str] = mapped_column(String(100))
    rows: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)  # öre
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReadBack(Public, Base):
    """A file of finance's answers about a run, kept as it came."""

    __tablename__ = "read_back"
    __table_args__ = (
        UniqueConstraint("run_id", "sha256"),
        CheckConstraint("row_count = matched + unmatched", name="counts"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    matched: Mapped[int]
    unmatched: Mapped[int]
    read_at: Mapped[datetime]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReadBackRow(Public, Base):
    """What a row of the file says of a line, or of all the lines of a provider.

    A row that fits nothing in the run has its fault and neither line nor provider.
    """

    __tablename__ = "read_back_row"
    __table_args__ = (
        UniqueConstraint("read_back_id", "number"),
        CheckConstraint("outcome IN ('paid', 'rejected', 'unmatched')", name="outcome"),
        {"info": guards.append_only()},
    )

    read_back_id: Mapped[int] = mapped_column(ForeignKey("read_back.id"))
    number: Mapped[int]  # as counted in the file; 1 is the heading
    line_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment_line.id"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    outcome: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int | None] = mapped_column(BigInteger)  # öre, when the row says
    reason: Mapped[str] = mapped_column(String(300), default="")
    fault: Mapped[str] = mapped_column(String(300), default="")


class ReadBackAnswer(Numbered, Base):
    """What was done about a rejected row; closes the task."""

    __tablename__ = "read_back_answer"
    __table_args__ = (
        UniqueConstraint("row_id"),
        {"info": guards.append_only()},
    )

    row_id: Mapped[int] = mapped_column(ForeignKey("read_back_row.id"))
    note: Mapped[str] = mapped_column(String(300))
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
