"""What the user may send: a case, a round, a blind scoring, an invitation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from assessment import NOT_ASSESSED, NOT_RELEVANT, Domain, Instrument, Question
from lovdv.calibration import words
from lovdv.calibration.blind import LONGEST_REASON, token
from lovdv.calibration.models import BlindAnswer
from lovdv.calibration.sent import Period, Saved, Typed
from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    LongTextField,
    TextField,
    after,
    options,
)


class Ticks(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class VignetteForm(BaseForm):
    conflicts = {
        "uq_vignette_choice_system_id_series_version": (
            None,
            "Någon annan har just sparat en ny version. Öppna fallet igen.",
        ),
        "vignette.version": (
            None,
            "Någon annan har just sparat en ny version. Öppna fallet igen.",
        ),
    }
    title = TextField(
        "Vad fallet kallas",
        [
            DataRequired("Ge fallet ett namn, till exempel Alva i keramiken."),
            Length(max=120, message="Skriv högst 120 tecken."),
        ],
    )
    text = LongTextField(
        "Fallet",
        [
            DataRequired("Beskriv den påhittade personen och dagen."),
            Length(max=8000, message="Skriv högst 8 000 tecken."),
        ],
        description=(
            "Skriv så att varje fråga i instrumentet går att svara på. Lämna en tom "
            "rad mellan styckena."
        ),
    )
    fictive = BooleanField(
        "Fallet är påhittat och liknar ingen verklig person",
        [InputRequired("Ett fall får aldrig handla om en verklig person.")],
    )


class RoundForm(BaseForm):
    name = TextField(
        "Vad omgången kallas",
        [
            DataRequired("Ge omgången ett namn, till exempel Våren 2027."),
            Length(max=120, message="Skriv högst 120 tecken."),
        ],
    )
    version = SelectField(
        "Instrument", validators=[InputRequired("Välj en version av instrumentet.")]
    )
    cases = Ticks("Fall", [InputRequired("Välj minst ett fall.")])
    invited = Ticks("Vilka bjuds in?", [InputRequired("Bjud in minst två bedömare.")])
    first_day = DayField("Första dagen", [InputRequired("Skriv första dagen.")])
    last_day = LastDayField(
        "Sista dagen att bedöma",
        [
            InputRequired("Skriv sista dagen."),
            after("first_day", "Sista dagen kan inte vara före den första."),
        ],
    )

    def period(self) -> Period:
        first, end = self.first_day.data, self.last_day.end_day
        assert isinstance(first, date)
        assert end is not None
        return Period(first, end)


class ExtendForm(BaseForm):
    last_day = LastDayField("Ny sista dag", [InputRequired("Skriv sista dagen.")])


class InviteForm(BaseForm):
    colleague = RadioField(
        "Vilken kollega är med på mötet?",
        validators=[InputRequired("Välj en kollega.")],
    )


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of the form; `is_asked` False: it is kept, and not shown."""

    question: Question
    answer: Any
    reason: Any
    seen: Any
    is_asked: bool


class ScoreForm(BaseForm):
    """Every question; the fields are made from the instrument."""

    _parts: tuple[Domain, ...] = ()
    asked: frozenset[str] = frozenset()

    def parts(self) -> list[tuple[Domain, list[QuestionRow]]]:
        """Each domain with its questions: answer, reason, what the tab was shown."""
        return [
            (domain, [self._row(question) for question in domain.questions])
            for domain in self._parts
        ]

    def _row(self, question: Question) -> QuestionRow:
        return QuestionRow(
            question,
            self[f"answer-{question.id}"],
            self[f"reason-{question.id}"],
            self[f"seen-{question.id}"],
            question.id in self.asked,
        )

    def typed(self) -> list[Typed]:
        return [
            Typed(
                row.question.id,
                row.answer.data or "",
                row.reason.data or "",
                row.seen.data or "",
            )
            for _, rows in self.parts()
            for row in rows
        ]

    def show_saved(self, saved: Iterable[Saved], instrument: Instrument) -> None:
        """Note what the tab now has seen, and what another tab has changed."""
        for one in saved:
            self[f"seen-{one.question}"].data = one.seen
            if one.conflict is not None:
                message = words.conflict(instrument, one.conflict)
                self.refuse(message, f"answer-{one.question}")

    def show_missing(self, missing: Iterable[str]) -> None:
        for name in missing:
            self.refuse("Välj ett svar.", f"answer-{name}")


def score_form(
    instrument: Instrument, asked: frozenset[str], stored: Mapping[str, BlindAnswer]
) -> ScoreForm:
    """Make the form for every question, filled with what is stored."""
    fields: dict[str, object] = {"_parts": instrument.domains}
    values: dict[str, str] = {}
    for question in instrument.questions():
        _add_question(fields, instrument, question)
        values |= _stored(question, stored.get(question.id))
    made: ScoreForm = type("MadeScoreForm", (ScoreForm,), fields)(data=values)
    made.asked = asked
    return made


def _add_question(
    fields: dict[str, object], instrument: Instrument, question: Question
) -> None:
    fields[f"answer-{question.id}"] = RadioField(
        question.text,
        choices=options(_choices(instrument, question)),
        validate_choice=False,
    )
    fields[f"reason-{question.id}"] = LongTextField(
        "Motivering",
        [Length(max=LONGEST_REASON, message=f"Skriv högst {LONGEST_REASON} tecken.")],
        description="Vad i fallet du bygger svaret på.",
    )
    fields[f"seen-{question.id}"] = HiddenField()


def _stored(question: Question, row: BlindAnswer | None) -> dict[str, str]:
    return {
        f"answer-{question.id}": row.answer if row else "",
        f"reason-{question.id}": row.reason if row else "",
        f"seen-{question.id}": token(row),
    }


def _choices(instrument: Instrument, question: Question) -> Sequence[tuple[str, str]]:
    found = [
        (step.code, words.answer_words(instrument, question, step.code))
        for step in instrument.scale(question.scale).steps
    ]
    if question.may_be_irrelevant:
        found.append((NOT_RELEVANT, "Ej relevant för den här personen"))
    found.append((NOT_ASSESSED, "Ej bedömd ännu"))
    return found
