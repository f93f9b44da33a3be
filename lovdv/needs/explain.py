"""A signed assessment as its page shows it, read from the frozen text alone."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from assessment import Instrument, SignedAnswer, read_signed
from lovdv.charts import BarChart, profile_chart
from lovdv.formats import number
from lovdv.needs import words
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import SignedAssessment as Signed


@dataclass(frozen=True)
class ShownAnswer:
    question: str
    text: str
    answer: str
    reason: str
    points: str
    note: str


@dataclass(frozen=True)
class ShownDomain:
    title: str
    points: Decimal
    maximum: Decimal
    answers: tuple[ShownAnswer, ...]
    own_words: str = ""

    @property
    def shown(self) -> str:
        return f"{number(self.points)} av {number(self.maximum)}"

    @property
    def share(self) -> Fraction:
        """The part of what the domain could have given."""
        if self.maximum <= 0 or self.points <= 0:
            return Fraction(0)
        return min(Fraction(self.points) / Fraction(self.maximum), Fraction(1))


@dataclass(frozen=True)
class ShownRule:
    text: str
    effect: str


@dataclass(frozen=True)
class Difference:
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Explanation:
    """Why it became this level."""

    level: str
    level_text: str
    level_by_points: str
    price_level: str
    points: str
    maximum: str
    share: str
    gave: str
    domains: tuple[ShownDomain, ...]
    rules: tuple[ShownRule, ...]
    margins: tuple[str, ...]
    not_counted: tuple[str, ...]
    chart: BarChart

    @property
    def conclusion(self) -> str:
        """One sentence that says what the chart shows."""
        most = max(self.domains, key=lambda domain: domain.share, default=None)
        if most is None or not most.share:
            return "Inga poäng i något område."
        return f"Störst del av sina poäng har området {most.title}: {most.shown}."


def explanation(
    instrument: Instrument, document: str, shown: Callable[[str], str] = str
) -> Explanation:
    """Put the frozen result in words; nothing is computed again here.

    `shown` says how the reader sees what somebody has written.
    """
    signed = read_signed(document)
    reasons = {item.question: shown(_grounds(item)) for item in signed.answers}
    facts = {name: shown(text) for name, text in signed.facts}
    return explained(instrument, json.loads(signed.result), reasons, facts)


def _grounds(item: SignedAnswer) -> str:
    """Why the answer was given, and what it rests on."""
    rests_on = f"Underlag: {item.evidence}" if item.evidence else ""
    return " ".join(text for text in (item.reason, rests_on) if text)


def explained(
    instrument: Instrument,
    result: Mapping[str, Any],
    reasons: Mapping[str, str],
    facts: Mapping[str, str] = MappingProxyType({}),
) -> Explanation:
    """Put a result in its JSON form in words, with the assessor's reasons."""
    base = next(step for step in result["trace"] if step["kind"] in BASES)
    domains = tuple(_domains(instrument, result, reasons, facts))
    return Explanation(
        level=result["level"],
        level_text=instrument.level(result["level"]).text,
        level_by_points=result["level_by_points"],
        price_level=result["price_level"],
        points=number(Decimal(result["points"])),
        maximum=number(Decimal(result["maximum"])),
        share=_share(result) if base.get("basis") == "share" else "",
        gave=BASES[base["kind"]](instrument, base),
        domains=domains,
        rules=tuple(_rule(rule) for rule in result["fired"]),
        margins=tuple(_margins(instrument, result)),
        not_counted=tuple(_not_counted(instrument, result["not_counted"])),
        chart=chart(domains),
    )


def _share(result: Mapping[str, Any]) -> str:
    """Per cent of the maximum to one decimal, to be read; limits use exact points."""
    share = Decimal(result["points"]) * 100 / Decimal(result["maximum"])
    return number(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _by_limit(_: Instrument, step: Mapping[str, Any]) -> str:
    bounds = words.bounds_words(step)
    return f"{bounds[0].upper()}{bounds[1:]} ger nivå {step['level']}."


def _by_decision(_: Instrument, step: Mapping[str, Any]) -> str:
    return (
        f"Första raden som stämmer i beslutslistan ger nivå {step['level']}: "
        + (step["text"])
    )


def _by_table(instrument: Instrument, step: Mapping[str, Any]) -> str:
    keys = "; ".join(_key(instrument, key) for key in step["keys"])
    return f"Tabellen ger nivå {step['level']}: {step['text']} ({keys})"


def _key(instrument: Instrument, key: Mapping[str, Any]) -> str:
    name = "Summan"
    if key.get("question"):
        name = instrument.question(key["question"]).text
    elif key.get("domain"):
        name = next(d.title for d in instrument.domains if d.id == key["domain"])
    return f"{name}: {words.points_words(Decimal(key['points']))}, {key['band']}"


# What can have given the level before the rules, and how each is said.
BASES: Mapping[str, Callable[[Instrument, Mapping[str, Any]], str]] = {
    "by_limit": _by_limit,
    "by_decision": _by_decision,
    "by_table": _by_table,
}


def chart(domains: Iterable[ShownDomain]) -> BarChart:
    """The domain profile: each bar is the part of what its domain could have given."""
    return profile_chart(
        caption="Poäng per område, som del av områdets högsta",
        row_heading="Område",
        value_heading="Poäng",
        rows=[(domain.title, domain.share, domain.shown) for domain in domains],
    )


def differences_between(
    before: Signed | None, after: Signed | None
) -> tuple[Difference, ...]:
    """The questions whose answers differ from an earlier assessment's."""
    if before is None or after is None:
        return ()
    earlier = instrument_of(before.assessment.instrument_version)
    instrument = instrument_of(after.assessment.instrument_version)
    old, new = _answers(before.document), _answers(after.document)
    known = {question.id: question for question in earlier.questions()}
    return tuple(
        Difference(
            question.text,
            words.answer_words(earlier, known[question.id], old.get(question.id, "")),
            words.answer_words(instrument, question, new.get(question.id, "")),
        )
        for question in instrument.questions()
        if question.id in known and old.get(question.id, "") != new.get(question.id, "")
    )


def _answers(document: str) -> dict[str, str]:
    return {item.question: item.answer for item in read_signed(document).answers}


def _domains(
    instrument: Instrument,
    result: Mapping[str, Any],
    reasons: Mapping[str, str],
    facts: Mapping[str, str],
) -> Iterable[ShownDomain]:
    points = {item["domain"]: item for item in result["domains"]}
    steps = {step["question"]: step for step in result["trace"] if "question" in step}
    for domain in instrument.domains:
        answers = []
        for question in domain.questions:
            step = steps.get(question.id)
            if step is None:
                continue
            answers.append(
                ShownAnswer(
                    question=question.id,
                    text=question.text,
                    answer=words.answer_words(instrument, question, step["answer"]),
                    reason=reasons.get(question.id, ""),
                    points=number(Decimal(step["points"])) if "points" in step else "",
                    note=words.NOT_COUNTED.get(step.get("why", ""), ""),
                )
            )
        yield ShownDomain(
            domain.title,
            Decimal(points[domain.id]["points"]),
            Decimal(points[domain.id]["maximum"]),
            tuple(answers),
            facts.get(f"own_words.{domain.id}", ""),
        )


def _rule(rule: Mapping[str, Any]) -> ShownRule:
    if rule["changed"] and rule["rule_kind"] == "fixed":
        effect = f"Bestämde nivån till {rule['level']}."
    elif rule["changed"]:
        effect = f"Lyfte nivån till {rule['level']}."
    else:
        effect = "Gällde, men ändrade inte nivån."
    return ShownRule(rule["text"], effect)


def _margins(instrument: Instrument, result: Mapping[str, Any]) -> Iterable[str]:
    margins = result["margins"]
    for side in ("higher", "lower"):
        if margins[side] is not None:
            yield words.margin_words(margins[side])
    for kind, holds in HOLDERS.items():
        known = {one.id: one.text for one in getattr(instrument, kind)}
        texts = [known[name] for name in margins["held_by"] if name in known]
        if texts:
            yield f"{holds}: {' '.join(texts)}"


HOLDERS = {
    "rules": "Nivån hålls av en regel",
    "decisions": "Nivån ges av beslutslistan",
    "tables": "Nivån ges av en tabell",
}


def _not_counted(
    instrument: Instrument, items: Iterable[Mapping[str, Any]]
) -> Iterable[str]:
    for item in items:
        text = instrument.question(item["question"]).text
        yield f"{text} {words.NOT_COUNTED[item['why']]}"
