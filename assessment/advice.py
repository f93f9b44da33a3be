"""What in a sound instrument can never come to use, and why: advice, not faults."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessment.checks import faults_in
from assessment.instrument import Basis, Instrument, Question
from assessment.level_rules import Condition, RuleKind, Subject
from assessment.limits import in_order
from assessment.possible import Outcome
from assessment.uses import TOTAL, Uses


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to think over; kind is "level", "question", "rule" or "decision"."""

    kind: str
    place: str
    finding: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.finding} {self.reason}"


def advice(instrument: Instrument) -> tuple[Advice, ...]:
    """Return what can never matter or be reached; nothing when there are faults.

    What it says is always so. With questions that are shown by answers, and with
    limits on the share, there may be more that it does not find.
    """
    if faults_in(instrument):
        return ()
    uses = Uses(instrument)
    return (*_levels(uses), *_questions(uses), *_rules(uses))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _levels(uses: Uses) -> Iterator[Advice]:
    ways = list(_ways(uses))
    for level in uses.instrument.levels:
        reasons = list(
            dict.fromkeys(why for label, why in ways if label == level.label)
        )
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


def _ways(uses: Uses) -> Iterator[tuple[str, str]]:
    """Yield each way to a level with why it is closed, or "" when it is open."""
    instrument = uses.instrument
    for limit in instrument.limits:
        yield limit.level, uses.limits[limit.level]
    for decision in instrument.decisions:
        yield decision.level, uses.decisions[decision.id]
    for table in instrument.tables:
        for number, row in enumerate(table.rows):
            yield row.level, uses.row(table, number)
    for rule in instrument.rules:
        yield rule.level, uses.rules[rule.id]


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
    shows: list[Condition] = []
    readers = Readers(uses)
    for question in reversed(uses.instrument.questions()):
        why = readers.why_not(question, shows)
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
            shows += question.shown_when
    yield from reversed(found)


class Readers:
    """Everything that is in use and looks at a question or a sum."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses
        instrument = uses.instrument
        self.conditions = [
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

    def why_not(self, question: Question, shows: list[Condition]) -> str:
        """Say why the question can never change the level, or nothing."""
        outcomes = self.uses.possible.outcomes[question.id]
        if all(one.points is None for one in outcomes):
            return f"den ställs aldrig: {self._why_hidden(question)}"
        if any(
            len({c.holds(one.points) for one in outcomes}) > 1
            for c in (*self.conditions, *shows)
            if c.question == question.id
        ):
            return ""
        if not any(one.weighted for one in outcomes):
            return "den ger inga poäng och inget villkor i bruk läser den"
        if self._is_share() or self._moves(question, outcomes):
            return ""
        if len({one.weighted for one in outcomes}) == 1:
            return "alla svar ger lika många poäng och inget villkor i bruk läser den"
        return "dess poäng kan inte flytta någon summa förbi en gräns i bruk"

    def _why_hidden(self, question: Question) -> str:
        return self.uses.possible.why_not(question.shown_when)

    def _is_share(self) -> bool:
        return self.uses.instrument.basis is Basis.SHARE

    def _moves(self, question: Question, outcomes: tuple[Outcome, ...]) -> bool:
        """Tell whether its points can take some sum past a bound in use."""
        values = self.uses.possible.values(outcomes)
        for subject, cuts in self._cuts(question).items():
            others = self.uses.possible.sums(subject, without=question.id)
            if any(
                others.meets(cut - max(values), cut - 1 - min(values)) for cut in cuts
            ):
                return True
        return False

    def _cuts(self, question: Question) -> dict[Subject, set[int]]:
        """Return the sums at which something in use begins to differ."""
        home = next(
            Subject(domain=domain.id)
            for domain in self.uses.instrument.domains
            if question in domain.questions
        )
        cuts: dict[Subject, set[int]] = {TOTAL: set(self._limit_cuts()), home: set()}
        possible = self.uses.possible
        for condition in self.conditions:
            subject = TOTAL if condition.total else Subject(domain=condition.domain)
            if subject in cuts and not condition.question:
                least = possible.least(condition.at_least)
                most = possible.most(condition.at_most)
                cuts[subject] |= {least} if least is not None else set()
                cuts[subject] |= {most + 1} if most is not None else set()
        return cuts

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
