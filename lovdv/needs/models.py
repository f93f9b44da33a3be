"""Instrument versions, assessments with their answers, reviews and levels."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.database import Base, Numbered, Public
from lovdv.people.models import Client, Decision
from lovdv.providers.models import Unit
from lovdv.systems.models import ChoiceSystem


class InstrumentVersion(Public, Base):
    """One version of a choice system's instrument; a published one never changes.

    `document` is the engine's canonical JSON and `digest` its SHA-256; a draft's may
    have faults. In force on a day is the published version with the latest first day
    that has come.
    """

    __tablename__ = "instrument_version"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "code", "version"),
        UniqueConstraint("choice_system_id", "first_day"),
        CheckConstraint("status IN ('draft', 'published')", name="status"),
        CheckConstraint(
            "status = 'draft' OR first_day IS NOT NULL", name="published_from"
        ),
        {"info": guards.frozen_when("OLD.status = 'published'")},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    first_day: Mapped[date | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # The editor's working form of a draft (needs.editor_document), and how many
    # times it has been saved; empty once it is published.
    draft: Mapped[str] = mapped_column(Text, default="", server_default="")
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    choice_system: Mapped[ChoiceSystem] = relationship()


class Assessment(Public, Base):
    """One scoring of a person (nivåbedömning): a draft until it is signed."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('preliminary', 'ordinary', 'changed_need', 'with_assistant')",
            name="kind",
        ),
        {"info": guards.frozen_when("OLD.signed_at IS NOT NULL")},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    instrument_version_id: Mapped[int] = mapped_column(
        ForeignKey("instrument_version.id")
    )
    kind: Mapped[str] = mapped_column(String(20))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    held_on: Mapped[date | None]
    took_part: Mapped[str] = mapped_column(Text, default="")
    own_words: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    # Decided when it is signed, by the rule "review" then in force.
    needs_review: Mapped[bool] = mapped_column(default=False)

    client: Mapped[Client] = relationship()
    decision: Mapped[Decision] = relationship()
    instrument_version: Mapped[InstrumentVersion] = relationship()
    assessor: Mapped[User] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="assessment")
    words: Mapped[list[DomainWords]] = relationship(back_populates="assessment")
    signed: Mapped[SignedAssessment | None] = relationship(back_populates="assessment")
    review: Mapped[Review | None] = relationship(back_populates="assessment")
    objections: Mapped[list[Objection]] = relationship(order_by="Objection.id")


class EarlierAssessor(Numbered, Base):
    """Who held a draft before it was taken over; they have scored in it as well."""

    __tablename__ = "earlier_assessor"
    __table_args__ = (
        UniqueConstraint("assessment_id", "user_id"),
        {
            "info": guards.frozen_with(
                "assessment", "assessment_id", "parent.signed_at IS NOT NULL"
            )
        },
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class Answer(Numbered, Base):
    """One question's answer in a draft; `revision` tells two tabs apart."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("assessment_id", "question"),
        {
            "info": guards.frozen_with(
                "assessment", "assessment_id", "parent.signed_at IS NOT NULL"
            )
        },
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    question: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # What the answer rests on, and whose view it is (words.VIEWS).
    evidence: Mapped[str] = mapped_column(Text, default="", server_default="")
    view: Mapped[str] = mapped_column(String(20), default="", server_default="")
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship(back_populates="answers")


class DomainWords(Numbered, Base):
    """The person's own words about one domain, and how they were told."""

    __tablename__ = "domain_words"
    __table_args__ = (
        UniqueConstraint("assessment_id", "domain"),
        CheckConstraint("voice IN ('', 'said', 'shown', 'interpreted')", name="voice"),
        {
            "info": guards.frozen_with(
                "assessment", "assessment_id", "parent.signed_at IS NOT NULL"
            )
        },
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    domain: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    voice: Mapped[str] = mapped_column(String(20), default="")
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship(back_populates="words")


class ScoredDomain(Numbered, Base):
    """A domain that the assessor has closed as scored; only then points are shown."""

    __tablename__ = "scored_domain"
    __table_args__ = (UniqueConstraint("assessment_id", "domain"),)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    domain: Mapped[str] = mapped_column(String(40))
    scored_at: Mapped[datetime]


class SignedAssessment(Numbered, Base):
    """The frozen text of a signed assessment, its digest and what it gave."""

    __tablename__ = "signed_assessment"
    __table_args__ = (
        UniqueConstraint("assessment_id"),
        {"info": guards.append_only()},
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(20))
    price_level: Mapped[str] = mapped_column(String(20))
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    assessment: Mapped[Assessment] = relationship(back_populates="signed")


class Review(Public, Base):
    """A colleague's view of a signed assessment; never the assessor's own."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("assessment_id"),
        CheckConstraint("reviewer_id <> assessor_id", name="not_own"),
        CheckConstraint("verdict IN ('agreed', 'disagreed')", name="verdict"),
        {"info": guards.append_only()},
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")
    reviewed_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship(back_populates="review")
    reviewer: Mapped[User] = relationship(foreign_keys=[reviewer_id])
    comments: Mapped[list[ReviewComment]] = relationship(order_by="ReviewComment.id")


class ReviewComment(Numbered, Base):
    """What the reviewer says of one question; stands as it was written."""

    __tablename__ = "review_comment"
    __table_args__ = (
        UniqueConstraint("review_id", "question"),
        {"info": guards.append_only()},
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    question: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)


class Objection(Public, Base):
    """What the person disputes in an assessment; stands beside it, never in it."""

    __tablename__ = "objection"
    __table_args__ = ({"info": guards.append_only()},)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    # client, representative or told: told to the staff member who noted it
    voice: Mapped[str] = mapped_column(String(20))
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    noted_by: Mapped[User] = relationship()
    answers: Mapped[list[ObjectionAnswer]] = relationship(order_by="ObjectionAnswer.id")


class ObjectionAnswer(Numbered, Base):
    """What the municipality says to an objection; stands beside it, as it does."""

    __tablename__ = "objection_answer"
    __table_args__ = ({"info": guards.append_only()},)

    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    answered_by: Mapped[User] = relationship()


class ReassessmentRequest(Public, Base):
    """Somebody asks for a new assessment: the person, a representative or a unit.

    It waits until it has an answer; a granted one is linked to the assessment that
    is begun because of it.
    """

    __tablename__ = "reassessment_request"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # The unit that asks; None when the person or a representative does.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    evidence: Mapped[str] = mapped_column(Text, default="", server_default="")
    # By the rule "reassessment" in force on the day it was asked.
    answer_by: Mapped[date | None]
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))

    client: Mapped[Client] = relationship()
    decision: Mapped[Decision] = relationship()
    asked_by: Mapped[User] = relationship()
    unit: Mapped[Unit | None] = relationship()
    answer: Mapped[ReassessmentAnswer | None] = relationship(back_populates="request")


class ReassessmentAnswer(Numbered, Base):
    """The municipality's answer: a new assessment, or no with the reason."""

    __tablename__ = "reassessment_answer"
    __table_args__ = (
        UniqueConstraint("request_id"),
        CheckConstraint("verdict IN ('granted', 'declined')", name="verdict"),
        CheckConstraint("verdict = 'granted' OR text <> ''", name="no_with_reason"),
        {"info": guards.append_only()},
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("reassessment_request.id"))
    verdict: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    request: Mapped[ReassessmentRequest] = relationship(back_populates="answer")
    answered_by: Mapped[User] = relationship()


class Level(Public, Base):
    """An established level from a day; the end is derived, never written.

    In force on a day is, among a decision's rows whose first day has come, the one
    with the latest first day, and of those the highest revision. `known` at a
    moment are the rows established by then.
    """

    __tablename__ = "level"
    __table_args__ = (
        UniqueConstraint("decision_id", "first_day", "revision"),
        {"info": guards.append_only()},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    price_level: Mapped[str] = mapped_column(String(20))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    # Why a favourable decision may be changed for the worse, when it was.
    ground: Mapped[str] = mapped_column(Text, default="")
    established_at: Mapped[datetime]
    established_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    assessment: Mapped[Assessment] = relationship()
    established_by: Mapped[User | None] = relationship()
