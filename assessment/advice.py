"""What in a sound instrument can never come to use, and why: advice, not faults."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assessment.checks import faults_in
from assessment.instrument import Basis, Instrument, Question
from assessment.level_rules import Condition, RuleKind, Subject
from assessment.limits import in_order
from assessment.possible import Outcome
from assessment.uses import TOTAL, Uses


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to think over; kind is "level", "question", "rule" or "decision".

    Kind "instrument" says that there may be more, which takes too long to find.
    """

    kind: str
    place: str
    finding: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.finding} {self.reason}"


MOST_OUTCOMES = 50_000
"""The most answers, of all questions together, that are looked at."""


def advice(instrument: Instrument) -> tuple[Advice, ...]:
    """Return what can never matter or be reached; nothing when there are faults.

    What it says is always so. With questions that are shown by answers, and with
    limits on the share, there may be more that it does not find. Where it would take
    long to tell, it says so; an instrument that is too large gets that answer alone.
    """
    if _outcomes_in(instrument) > MOST_OUTCOMES:
        return (UNTOLD,)
    if faults_in(instrument):
        return ()
    uses = Uses(instrument)
    found = (*_levels(uses), *_questions(uses), *_rules(uses))
    return (*found, UNTOLD) if uses.possible.work.was_short else found


def _outcomes_in(instrument: Instrument) -> int:
    steps = {scale.id: len(scale.steps) for scale in instrument.scales}
    return sum(steps.get(each.scale, 0) for each in instrument.questions())


UNTOLD = Advice(
    "instrument",
    "instrumentet",
    "Allt går inte att avgöra.",
    "Det finns för många olika summor att gå igenom. Det kan finnas nivåer, frågor "
    "och regler som aldrig används utan att det står här.",
)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _levels(uses: Uses) -> Iterator[Advice]:
    for level in uses.instrument.levels:
        reasons = _closed(uses, level.label)
        lifted = _always_lifted(uses, level.label)
        if lifted:
            reasons = [lifted]
        if "" not in reasons:
            yield Advice(
                "level",
                f"nivån ”{level.label}”",
                "Nivån kan aldrig ges.",
                " ".join(_sentence(reason) for reason in reasons),
            )


def _closed(uses: Uses, label: str) -> list[str]:
    """Return why each way to the level is closed; "" is among them when one is open."""
    reasons: dict[str, None] = {}
    for why in _ways(uses, label):
        reasons[why] = None
        if not why:
            break
    return list(reasons)


def _ways(uses: Uses, label: str) -> Iterator[str]:
    """Yield for each way to a level why it is closed, or "" when it is open."""
    instrument = uses.instrument
    yield from (
        uses.limits[each.level] for each in instrument.limits if each.level == label
    )
    for decision in instrument.decisions:
        if decision.level == label:
            yield uses.decisions[decision.id]
    for table in instrument.tables:
        for number, row in enumerate(table.rows):
            if row.level == label:
                yield uses.row(table, number)
    yield from (uses.rules[each.id] for each in instrument.rules if each.level == label)


def _always_lifted(uses: Uses, label: str) -> str:
    """Say which floor always lifts above the level, unless a fixed rule may give it."""
    rules = uses.instrument.rules
    if any(
        rule.kind is RuleKind.FIXED and rule.level == label and not uses.rules[rule.id]
        for rule in rules
    ):
        return ""
    for rule in rules:
        above = uses.instrument.rank(rule.level) > uses.instrument.rank(label)
        floor = rule.kind is RuleKind.FLOOR and not uses.rules[rule.id]
        if floor and above and uses.possible.always(rule.when):
            return f"regeln ”{rule.id}” gäller alltid och lyfter förbi den"
    return ""


def _rules(uses: Uses) -> Iterator[Advice]:
    for rule in uses.instrument.rules:
        if uses.rules[rule.id]:
            yield Advice(
                "rule",
                f"regeln ”{rule.id}”",
                "Regeln kan aldrig gälla.",
                _sentence(uses.rules[rule.id]),
            )
    for decision in uses.instrument.decisions:
        if uses.decisions[decision.id]:
            yield Advice(
                "decision",
                f"beslutet ”{decision.id}”",
                "Beslutet kan aldrig gälla.",
                _sentence(uses.decisions[decision.id]),
            )


def _questions(uses: Uses) -> Iterator[Advice]:
    """Judge the questions from the last: one may matter by showing a later one."""
    found: list[Advice] = []
    readers = Readers(uses)
    for question in reversed(uses.instrument.questions()):
        why = readers.why_not(question)
        if why:
            found.append(
                Advice(
                    "question",
                    f"frågan ”{question.id}”",
                    "Frågan kan aldrig ändra nivån.",
                    _sentence(why),
                )
            )
        else:
            readers.add(question.shown_when)
    yield from reversed(found)


class Readers:
    """Everything that is in use and looks at a question or a sum."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses
        instrument = uses.instrument
        conditions = [
            *(c for r in instrument.rules if not uses.rules[r.id] for c in r.when),
            *(
                c
                for d in instrument.decisions
                if not uses.decisions[d.id]
                for c in d.when
            ),
            *(
                Condition(k.question, k.domain, k.total, band.at_least, band.at_most)
                for t in instrument.tables
                if not uses.tables[t.id]
                for k in t.keys
                for band in k.bands
            ),
        ]
        self.has_limits = bool(instrument.limits) and not uses.limits_blocked
        self._homes = {
            question.id: domain.id
            for domain in instrument.domains
            for question in domain.questions
        }
        self._cuts: dict[Subject, set[int]] = {}
        self._of: dict[str, list[Condition]] = {}
        self.add(conditions)

    def add(self, conditions: Iterable[Condition]) -> None:
        """Let conditions be read that show a question, or give a level."""
        for condition in conditions:
            self._of.setdefault(condition.question, []).append(condition)

    def why_not(self, question: Question) -> str:
        """Say why the question can never change the level, or nothing."""
        outcomes = self.uses.possible.outcomes[question.id]
        if all(one.points is None for one in outcomes):
            return f"den ställs aldrig: {self._why_hidden(question)}"
        if self._is_read(question, outcomes):
            return ""
        if not any(one.weighted for one in outcomes):
            return "den ger inga poäng och inget villkor i bruk läser den"
        if self._is_share() or self._moves(question, outcomes):
            return ""
        if len({one.weighted for one in outcomes}) == 1:
            return "alla svar ger lika många poäng och inget villkor i bruk läser den"
        return "dess poäng kan inte flytta någon summa förbi en gräns i bruk"

    def _is_read(self, question: Question, outcomes: tuple[Outcome, ...]) -> bool:
        """Tell whether some condition holds for some outcomes, and not for others."""
        conditions = self._of.get(question.id, [])
        if not self.uses.possible.work.allows(4 * len(conditions) * len(outcomes)):
            return True
        return any(
            len({condition.holds(one.points) for one in outcomes}) > 1
            for condition in conditions
        )

    def _why_hidden(self, question: Question) -> str:
        return self.uses.possible.why_not(question.shown_when)

    def _is_share(self) -> bool:
        return self.uses.instrument.basis is Basis.SHARE

    def _moves(self, question: Question, outcomes: tuple[Outcome, ...]) -> bool:
        """Tell whether its points can take some sum past a bound in use."""
        values = self.uses.possible.values(outcomes)
        home = Subject(domain=self._homes[question.id])
        for subject in (TOTAL, home):
            others = self.uses.possible.sums(subject, without=question.id)
            if any(
                others.meets(cut - values[-1], cut - 1 - values[0])
                for cut in self._cuts_of(subject)
            ):
                return True
        return False

    def _cuts_of(self, subject: Subject) -> set[int]:
        """Return the sums at which something in use begins to differ."""
        if subject not in self._cuts:
            bounds = set(self._limit_cuts()) if subject.total else set()
            self._cuts[subject] = bounds | set(self._condition_cuts(subject))
        return self._cuts[subject]

    def _condition_cuts(self, subject: Subject) -> Iterator[int]:
        possible = self.uses.possible
        for condition in self._of.get("", []):
            if (condition.domain, condition.total) == (subject.domain, subject.total):
                least = possible.least(condition.at_least)
                most = possible.most(condition.at_most)
                yield from () if least is None else (least,)
                yield from () if most is None else (most + 1,)

    def _limit_cuts(self) -> Iterator[int]:
        if not self.has_limits:
            return
        possible = self.uses.possible
        for limit in in_order(self.uses.instrument.limits)[1:]:
            low = possible.least(limit.low)
            past = possible.most(limit.low)
            assert low is not None
            assert past is not None
            yield low if limit.low_included else past + 1
