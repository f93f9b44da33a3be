"""What may be sent in the scoring work: an occasion, domains of answers, a review."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from assessment import NOT_ASSESSED, NOT_RELEVANT, Domain, Instrument, Question
from lovdv.forms import BaseForm, DayField, LongTextField, options
from lovdv.needs import scoring_words, words
from lovdv.needs.models import Answer, DomainWords
from lovdv.needs.saving import (
    LONGEST_REASON,
    Outcome,
    Saved,
    SavedWords,
    Typed,
    TypedWords,
    plain,
    token,
    words_token,
)

# Without a limit in the page: a paste that is too long is refused, never cut.
UNCUT = {"maxlength": False}
TOO_LONG = Length(max=LONGEST_REASON, message=f"Skriv högst {LONGEST_REASON} tecken.")
UNANSWERED = "Besvaras inte. Frågan är frivillig"


class TypedText(LongTextField):
    """Many lines as they are typed: refused when too long, never cut."""

    def __init__(
        self, label: str, hint: str = "", rows: int = 3, **kwargs: Any
    ) -> None:
        super().__init__(
            label,
            [TOO_LONG],
            description=hint,
            render_kw={**UNCUT, "rows": rows},
            **kwargs,
        )


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
        render_kw=UNCUT,
    )
    own_words = LongTextField(
        "Personens egna ord om sitt stöd",
        [Optional(), Length(max=4000, message="Skriv högst 4 000 tecken.")],
        description="Så som personen säger det, visar det eller får hjälp att säga.",
        render_kw=UNCUT,
    )


class DescribeForm(OccasionForm):
    # What the page was shown (saving.occasion_token).
    seen = HiddenField()


class BeginForm(OccasionForm):
    decision = SelectField("Beslut", validators=[InputRequired("Välj beslutet.")])


@dataclass(frozen=True)
class Clash:
    """Two answers to one question: what stands here and what another tab stored."""

    met: str
    here: scoring_words.Pairs
    there: scoring_words.Pairs


@dataclass(frozen=True)
class QuestionRow:
    """One question with its fields and what became of it."""

    question: Question
    answer: Field
    view: Field
    evidence: Field
    reason: Field
    seen: Field
    is_asked: bool
    clash: Clash | None


@dataclass(frozen=True)
class WordsRow:
    """The person's words about a domain with their fields."""

    domain: Domain
    text: Field
    voice: Field
    seen: Field
    clash: Clash | None


class DomainForm(BaseForm):
    """The questions of one or more domains; the fields are made from the instrument."""

    _instrument: Instrument
    _domains: tuple[Domain, ...] = ()
    _asked: frozenset[str] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clashes: dict[str, Clash] = {}

    def rows(self, domain: Domain) -> list[QuestionRow]:
        return [
            QuestionRow(
                question,
                self[f"answer-{question.id}"],
                self[f"view-{question.id}"],
                self[f"evidence-{question.id}"],
                self[f"reason-{question.id}"],
                self[f"seen-{question.id}"],
                question.id in self._asked,
                self.clashes.get(f"keep-{question.id}"),
            )
            for question in domain.questions
        ]

    def words_row(self, domain: Domain) -> WordsRow:
        return WordsRow(
            domain,
            self[f"words-{domain.id}"],
            self[f"voice-{domain.id}"],
            self[f"heard-{domain.id}"],
            self.clashes.get(f"own-{domain.id}"),
        )

    def typed(self, chosen: Mapping[str, str]) -> list[Typed]:
        """Every question as it is typed; a clash that is chosen has been seen."""
        return [
            Typed(
                question.id,
                self[f"answer-{question.id}"].data or "",
                self[f"reason-{question.id}"].data or "",
                self._seen(f"seen-{question.id}", f"keep-{question.id}", chosen),
                self[f"evidence-{question.id}"].data or "",
                self[f"view-{question.id}"].data or "",
            )
            for domain in self._domains
            for question in domain.questions
            if chosen.get(f"keep-{question.id}") != "theirs"
        ]

    def typed_words(self, chosen: Mapping[str, str]) -> list[TypedWords]:
        return [
            TypedWords(
                domain.id,
                self[f"words-{domain.id}"].data or "",
                self[f"voice-{domain.id}"].data or "",
                self._seen(f"heard-{domain.id}", f"own-{domain.id}", chosen),
            )
            for domain in self._domains
            if chosen.get(f"own-{domain.id}") != "theirs"
        ]

    def _seen(self, field: str, choice: str, chosen: Mapping[str, str]) -> str:
        """What this page has been shown: more, when a clash in it is settled."""
        met = chosen.get(f"met-{choice}") if chosen.get(choice) == "mine" else None
        return met or self[field].data or ""

    def show_saved(self, saved: Iterable[Saved]) -> None:
        """Note what this page has seen, and what another tab has changed."""
        for one in saved:
            if one.conflict is not None:
                self._show_clash(one)
                continue
            self[f"seen-{one.name}"].data = one.seen
            if one.newer is not None:
                self._show_answer(one.newer)

    def _show_answer(self, row: Answer) -> None:
        for name, value in scoring_words.stored_answer(row).items():
            self[f"{name}-{row.question}"].data = value

    def _show_clash(self, one: Saved) -> None:
        assert one.conflict is not None
        here = {
            name: self[f"{name}-{one.name}"].data or ""
            for name in ("answer", "view", "evidence", "reason")
        }
        there = scoring_words.stored_answer(one.conflict)
        self.clashes[f"keep-{one.name}"] = Clash(
            one.seen,
            scoring_words.answer_pairs(self._instrument, one.name, here),
            scoring_words.answer_pairs(self._instrument, one.name, there),
        )
        self.refuse(scoring_words.CONFLICT, f"answer-{one.name}")

    def show_saved_words(self, saved: Iterable[SavedWords]) -> None:
        for one in saved:
            if one.conflict is not None:
                self._show_clash_of_words(one)
                continue
            self[f"heard-{one.name}"].data = one.seen
            if one.newer is not None:
                self[f"words-{one.name}"].data = one.newer.text
                self[f"voice-{one.name}"].data = one.newer.voice

    def _show_clash_of_words(self, one: Outcome[DomainWords]) -> None:
        assert one.conflict is not None
        here = {
            "text": self[f"words-{one.name}"].data or "",
            "voice": self[f"voice-{one.name}"].data or "",
        }
        there = scoring_words.stored_words(one.conflict)
        self.clashes[f"own-{one.name}"] = Clash(
            one.seen,
            scoring_words.words_pairs(here),
            scoring_words.words_pairs(there),
        )
        self.refuse(scoring_words.CONFLICT, f"words-{one.name}")

    def show_theirs(
        self,
        chosen: Mapping[str, str],
        answers: Iterable[Answer],
        own_words: Iterable[DomainWords],
    ) -> None:
        """Where the other tab's answer was chosen: show it, as seen."""
        self.show_saved(
            Outcome(row.question, token(row), newer=row)
            for row in answers
            if chosen.get(f"keep-{row.question}") == "theirs"
        )
        self.show_saved_words(
            Outcome(row.domain, words_token(row), newer=row)
            for row in own_words
            if chosen.get(f"own-{row.domain}") == "theirs"
        )

    def show_missing(self, missing: Iterable[str]) -> None:
        """Say which questions lack their answer; one not yet shown has to be asked."""
        for name in missing:
            if name in self._asked:
                self.refuse("Välj ett svar.", f"answer-{name}")


def domain_form(
    instrument: Instrument,
    domains: Sequence[Domain],
    asked: frozenset[str],
    answers: Mapping[str, Answer],
    own_words: Mapping[str, DomainWords],
) -> DomainForm:
    """Make the form of these domains, filled with what is stored."""
    fields: dict[str, object] = {
        "_instrument": instrument,
        "_domains": tuple(domains),
        "_asked": asked,
    }
    values: dict[str, str] = {}
    for domain in domains:
        fields |= _words_fields(domain)
        values |= _words_values(domain, own_words.get(domain.id))
        for question in domain.questions:
            fields |= _fields(instrument, question)
            values |= _values(question, answers.get(question.id))
    made: DomainForm = type("MadeDomainForm", (DomainForm,), fields)(data=values)
    return made


def _words_fields(domain: Domain) -> dict[str, Field]:
    return {
        f"words-{domain.id}": TypedText(
            "Personens egna ord",
            "Så som personen säger det eller visar det, om just det här området.",
        ),
        f"voice-{domain.id}": SelectField(
            "Hur kom det fram?",
            choices=options(scoring_words.TOLD, empty=scoring_words.UNSAID),
            validate_choice=False,
        ),
        f"heard-{domain.id}": HiddenField(),
    }


def _words_values(domain: Domain, row: DomainWords | None) -> dict[str, str]:
    return {
        f"words-{domain.id}": row.text if row else "",
        f"voice-{domain.id}": row.voice if row else "",
        f"heard-{domain.id}": words_token(row),
    }


def _fields(instrument: Instrument, question: Question) -> dict[str, Field]:
    return {
        f"answer-{question.id}": RadioField(
            question.text,
            choices=options(_choices(instrument, question)),
            validate_choice=False,
        ),
        f"view-{question.id}": SelectField(
            "Vems bild är det?",
            choices=options(scoring_words.VIEWS, empty=scoring_words.UNSAID),
            validate_choice=False,
        ),
        f"evidence-{question.id}": TypedText(
            "Underlag", "Vad du bygger på: samtal, besök, dokument.", 2
        ),
        f"reason-{question.id}": TypedText(
            "Motivering", "Varför just det svaret, med personens vardag som grund."
        ),
        f"seen-{question.id}": HiddenField(),
    }


def _values(question: Question, row: Answer | None) -> dict[str, str]:
    stored = scoring_words.stored_answer(row) if row else {}
    return {f"{name}-{question.id}": value for name, value in stored.items()} | {
        f"seen-{question.id}": token(row)
    }


def _choices(instrument: Instrument, question: Question) -> list[tuple[str, str]]:
    found = [
        (step.code, words.answer_words(instrument, question, step.code))
        for step in instrument.scale(question.scale).steps
    ]
    if question.may_be_irrelevant:
        found.append((NOT_RELEVANT, "Ej relevant för den här personen"))
    found.append((NOT_ASSESSED, "Ej bedömd ännu"))
    if not question.required:
        found.append(("", UNANSWERED))
    return found


class ReviewForm(BaseForm):
    """A verdict, and a comment for each question that the reviewer has one for."""

    conflicts = {
        "uq_review_assessment_id": (None, "Bedömningen är redan granskad."),
        "review.assessment_id": (None, "Bedömningen är redan granskad."),
    }
    _questions: tuple[Question, ...] = ()

    verdict = RadioField(
        "Hur ser du på bedömningen?",
        choices=options(words.VERDICTS),
        validators=[InputRequired("Välj om du håller med eller inte.")],
    )
    comment = LongTextField(
        "Kommentar till bedömaren",
        [Optional(), Length(max=4000, message="Skriv högst 4 000 tecken.")],
        description="Om helheten. Om du ser något annorlunda, skriv vid frågan.",
        render_kw=UNCUT,
    )

    def on(self, question: str) -> Field:
        """The field for a comment on one question."""
        return self[f"on-{question}"]

    def comments(self) -> dict[str, str]:
        return {
            question.id: plain(text)
            for question in self._questions
            if (text := self.on(question.id).data or "")
        }


def review_form(instrument: Instrument) -> ReviewForm:
    """The review of an assessment made with this instrument."""
    questions = tuple(instrument.questions())
    fields: dict[str, object] = {"_questions": questions}
    for question in questions:
        fields[f"on-{question.id}"] = TypedText(f"Kommentar: {question.text}", rows=2)
    made: ReviewForm = type("MadeReviewForm", (ReviewForm,), fields)()
    return made
