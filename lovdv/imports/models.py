"""A file that somebody has uploaded and looks through before it is read in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lovdv.database import Base, Public


class ImportDraft(Public, Base):
    """Its rows, sealed: they hold names and numbers. Gone when read in or left."""

    __tablename__ = "import_draft"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('people', 'decisions', 'placements', 'attendance')", name="kind"
        ),
    )

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    kind: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(200))
    month: Mapped[date | None]  # for attendance, its first day
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
