"""What the user may send: an occasion, a domain's answers, a review, a level."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from assessment import NOT_ASSESSED, NOT_RELEVANT, Domain, Instrument, Question
from lovdv.forms import BaseForm, DayField, LongTextField, options
from lovdv.needs import words
from lovdv.needs.models import Answer
from lovdv.needs.scoring import LONGEST_REASON, Saved, Typed, token

LARGEST_FILE = 2_000_000


class OccasionForm(BaseForm):
    kind = RadioField("Slag av bedömning", choices=options(words.KINDS))
    held_on = DayField(
        "Dag då bedömningen hölls",
        [InputRequired("Skriv dagen, till exempel 2026-11-22.")],
    )
    took_part = LongTextField(
        "Vilka var med?",
        [
            DataRequired(
                "Skriv vilka som var med, till exempel personen och en mamma."
            ),
            Length(max=500, message="Skriv högst 500 tecken."),
        ],
        description="Personen själv, företrädare, personal. Skriv roll, inte diagnos.",
    )
    own_words = LongTextField(
        "Personens egna ord om sitt stöd",
        [Optional(), Length(max=4000, message="Skriv högst 4 000 tecken.")],
        description="Så som personen säger det, visar det eller får hjälp att säga.",
    )


class BeginForm(OccasionForm):
    decision = SelectField("Beslut", validators=[InputRequired("Välj beslutet.")])


class DomainForm(BaseForm):
    """One domain's questions; the fields are made from the instrument."""

    _questions: tuple[Question, ...] = ()

    def rows(self) -> list[tuple[Question, Any, Any, Any]]:
        """Each question with its answer, reason and what the tab was shown."""
        return [
            (
                question,
                self[f"answer-{question.id}"],
                self[f"reason-{question.id}"],
                self[f"seen-{question.id}"],
            )
            for question in self._questions
        ]

    def typed(self) -> list[Typed]:
        return [
            Typed(question.id, answer.data or "", reason.data or "", seen.data or "")
            for question, answer, reason, seen in self.rows()
        ]

    def show_saved(self, saved: Iterable[Saved], instrument: Instrument) -> None:
        """Note what each tab now has seen, and what another tab has changed."""
        for one in saved:
            self[f"seen-{one.question}"].data = one.seen
            if one.conflict is not None:
                message = words.conflict(instrument, one.conflict)
                self.refuse(message, f"answer-{one.question}")

    def show_missing(self, missing: Iterable[str]) -> None:
        for name in missing:
            if f"answer-{name}" in self._fields:
                self.refuse("Välj ett svar.", f"answer-{name}")


def domain_form(
    instrument: Instrument,
    domain: Domain,
    visible: frozenset[str],
    stored: Mapping[str, Answer],
) -> DomainForm:
    """Make the form for the questions that are asked, filled with what is stored."""
    questions = tuple(item for item in domain.questions if item.id in visible)
    fields: dict[str, object] = {"_questions": questions}
    values: dict[str, str] = {}
    for question in questions:
        row = stored.get(question.id)
        fields[f"answer-{question.id}"] = RadioField(
            question.text,
            choices=options(_choices(instrument, question)),
            validate_choice=False,
        )
        fields[f"reason-{question.id}"] = LongTextField(
            "Motivering",
            [
                Length(
                    max=LONGEST_REASON,
                    message=f"Skriv högst {LONGEST_REASON} tecken.",
                )
            ],
            description="Vad du bygger svaret på: vad personen säger och vad du sett.",
        )
        fields[f"seen-{question.id}"] = HiddenField()
        values[f"answer-{question.id}"] = row.answer if row else ""
        values[f"reason-{question.id}"] = row.reason if row else ""
        values[f"seen-{question.id}"] = token(row)
    made: DomainForm = type("MadeDomainForm", (DomainForm,), fields)(data=values)
    return made


def _choices(instrument: Instrument, question: Question) -> list[tuple[str, str]]:
    found = [
        (step.code, words.answer_words(instrument, question, step.code))
        for step in instrument.scale(question.scale).steps
    ]
    if question.may_be_irrelevant:
        found.append((NOT_RELEVANT, "Ej relevant för den här personen"))
    found.append((NOT_ASSESSED, "Ej bedömd ännu"))
    return found


class SignForm(BaseForm):
    """A button with a token."""


class ReviewForm(BaseForm):
    conflicts = {
        "uq_review_assessment_id": (None, "Bedömningen är redan granskad."),
        "review.assessment_id": (None, "Bedömningen är redan granskad."),
    }
    verdict = RadioField(
        "Hur ser du på bedömningen?",
        choices=options(words.VERDICTS),
        validators=[InputRequired("Välj om du håller med eller inte.")],
    )
    comment = LongTextField(
        "Kommentar till bedömaren",
        [Optional(), Length(max=4000, message="Skriv högst 4 000 tecken.")],
        description="Gärna fråga för fråga. Behövs om du ser det annorlunda.",
    )


class EstablishForm(BaseForm):
    first_day = DayField("Nivån gäller från och med", [Optional()])
    ground = RadioField(
        "Grund för att sänka nivån",
        choices=options(words.GROUNDS),
        validators=[Optional()],
    )


class ObjectionForm(BaseForm):
    text = LongTextField(
        "Vad stämmer inte?",
        [
            DataRequired("Skriv vad som inte stämmer."),
            Length(max=4000, message="Skriv högst 4 000 tecken."),
        ],
    )


class AskAgainForm(BaseForm):
    reason = LongTextField(
        "Varför behövs en ny bedömning?",
        [
            DataRequired("Skriv vad som har ändrats, med egna ord."),
            Length(max=4000, message="Skriv högst 4 000 tecken."),
        ],
    )


TAKEN_VERSION = ("document", "Versionen finns redan. Ge filen en ny version.")
TAKEN_DAY = ("first_day", "En annan version börjar gälla den dagen. Välj en annan.")


class InstrumentForm(BaseForm):
    conflicts = {
        "uq_instrument_version_choice_system_id_code_version": TAKEN_VERSION,
        "instrument_version.version": TAKEN_VERSION,
    }
    document = FileField(
        "Instrument som JSON-fil",
        [
            FileRequired("Välj en fil."),
            FileSize(LARGEST_FILE, message="Filen är större än 2 MB."),
        ],
    )


class PublishForm(BaseForm):
    conflicts = {
        "uq_instrument_version_choice_system_id_first_day": TAKEN_DAY,
        "instrument_version.first_day": TAKEN_DAY,
    }
    first_day = DayField(
        "Gäller från och med",
        [InputRequired("Skriv första dagen, till exempel 2027-01-01.")],
    )
