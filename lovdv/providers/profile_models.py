"""What belongs to a presentation: photos, reviews, confirmations and quality."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Numbered, Public
from lovdv.providers.models import Profile, Unit


class Photo(Numbered, Base):
    """A picture in web sizes, under the digest of its content.

    It may be withdrawn: then its content is gone, and who took it away is kept.
    """

    __tablename__ = "photo"
    __table_args__ = ({"info": guards.frozen_when("OLD.withdrawn_at IS NOT NULL")},)

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    width: Mapped[int]  # of the large size, in pixels
    height: Mapped[int]
    small: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    large: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]


class ProfilePhoto(Public, Base):
    """A photo in one of the places that every presentation has, with its words."""

    __tablename__ = "profile_photo"
    __table_args__ = (
        UniqueConstraint("profile_id", "slot"),
        {
            "info": guards.frozen_with(
                "profile", "profile_id", "parent.status = 'published'"
            )
        },
    )

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    slot: Mapped[str] = mapped_column(String(20))  # one of profile_photos.SLOTS
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), index=True)
    alt: Mapped[str] = mapped_column(String(300))
    # Everybody in the picture has agreed to it being shown, or nobody is in it.
    consented: Mapped[bool]
    consent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    consent_at: Mapped[datetime]

    photo: Mapped[Photo] = relationship()


class ProfileReview(Public, Base):
    """The municipality's answer to a presentation, field by field, as it was given."""

    __tablename__ = "profile_review"
    __table_args__ = (
        CheckConstraint("outcome IN ('published', 'returned')", name="outcome"),
        {"info": guards.append_only()},
    )

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    # By field: its words, the verdict (approved, change), the note, before and after.
    fields: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    submitted_at: Mapped[datetime]
    reviewed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime]

    profile: Mapped[Profile] = relationship()


class ProfileConfirmation(Numbered, Base):
    """The unit says that all in its published presentation still holds."""

    __tablename__ = "profile_confirmation"
    __table_args__ = ({"info": guards.append_only()},)

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), index=True)
    confirmed_on: Mapped[date]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime]


class QualityMeasure(Public, Base):
    """What is measured at every unit of a choice system: one source, one year."""

    __tablename__ = "quality_measure"
    __table_args__ = (UniqueConstraint("choice_system_id", "words", "year"),)

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    words: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    shown: Mapped[bool] = mapped_column(default=True)

    results: Mapped[list[QualityResult]] = relationship(back_populates="measure")


class QualityResult(Numbered, Base):
    """How many in a hundred answered yes at a unit, of how many who answered."""

    __tablename__ = "quality_result"
    __table_args__ = (
        UniqueConstraint("measure_id", "unit_id"),
        CheckConstraint("per_cent BETWEEN 0 AND 100", name="per_cent"),
        CheckConstraint("answers >= 0", name="answers"),
    )

    measure_id: Mapped[int] = mapped_column(ForeignKey("quality_measure.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    per_cent: Mapped[int]
    answers: Mapped[int]

    measure: Mapped[QualityMeasure] = relationship(back_populates="results")
    unit: Mapped[Unit] = relationship()
