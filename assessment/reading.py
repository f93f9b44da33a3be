"""Instruments from their JSON form, with every fault named at once."""

import re
from decimal import Decimal

from assessment.checks import faults_in
from assessment.errors import Fault, UnreadableInstrumentError
from assessment.instrument import (
    Basis,
    Direction,
    Domain,
    Instrument,
    Level,
    Limit,
    Question,
    Scale,
    ScaleStep,
)
from assessment.level_rules import (
    Band,
    Condition,
    Decision,
    Interval,
    LevelRule,
    RuleKind,
    Table,
    TableKey,
    TableRow,
)
from assessment.parsing import Faults, Part, parsed
from assessment.writing import FORMAT

LARGEST_FILE = 2_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def read_instrument(content: str | bytes) -> Instrument:
    """Read an instrument, or raise with all its faults, place and remedy each."""
    instrument, faults = read_form(content)
    every = (*faults, *faults_in(instrument)) if instrument is not None else faults
    if instrument is None or every:
        raise UnreadableInstrumentError(tuple(dict.fromkeys(every)))
    return instrument


def read_form(content: str | bytes) -> tuple[Instrument | None, tuple[Fault, ...]]:
    """Read what can be read, with the faults of form: what the schema also sees."""
    faults = Faults()
    text = _decoded(content, faults)
    value = parsed(text, faults) if text is not None else None
    if faults.found:
        return None, tuple(faults.found)
    instrument = _instrument(Part(value, "", faults))
    return instrument, tuple(faults.found)


def _decoded(content: str | bytes, faults: Faults) -> str | None:
    if len(content) > LARGEST_FILE:
        faults.add(
            "filen",
            f"Filen är större än {LARGEST_FILE // 1_000_000} MB.",
            "Kontrollera att du valt ett instrument.",
        )
        return None
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.add("filen", "Texten är inte UTF-8.", "Spara filen som UTF-8.")
        return None


def _instrument(part: Part) -> Instrument:
    part.choice("format", [FORMAT])
    return part.done(
        Instrument(
            id=_name(part, "id"),
            version=part.text("version", longest=40),
            title=part.text("title", longest=200),
            source=part.text("source"),
            text=part.text("text", default=""),
            direction=Direction(
                part.choice("direction", Direction, default=Direction.ASCENDING)
            ),
            basis=Basis(part.choice("basis", Basis, default=Basis.POINTS)),
            irrelevant_lowers_maximum=part.yes_or_no(
                "irrelevant_lowers_maximum", default=False
            ),
            scales=part.items("scales", _scale, one="skala", most=50),
            domains=part.items("domains", _domain, one="område", most=50),
            levels=part.items("levels", _level, one="nivå", most=30),
            limits=part.items("limits", _limit, one="gräns", least=0, most=30),
            rules=part.items("rules", _rule, one="regel", least=0, most=100),
            decisions=part.items(
                "decisions", _decision, one="beslut", least=0, most=200
            ),
            tables=part.items("tables", _table, one="tabell", least=0, most=20),
            reassessment=part.items(
                "reassessment", _interval, one="intervall", least=0, most=20
            ),
        )
    )


def _name(part: Part, key: str) -> str:
    name = part.text(key, longest=60)
    if name and not _NAME.fullmatch(name):
        part.fault(
            f"”{name}” kan inte vara ett namn.",
            "Använd högst 40 tecken: a–z, siffror, punkt, bindestreck.",
            key,
        )
        return ""
    return name


def _scale(part: Part) -> Scale:
    return Scale(
        id=_name(part, "id"),
        steps=part.items("steps", _step, one="steg", least=2, most=30),
    )


def _step(part: Part) -> ScaleStep:
    return ScaleStep(
        code=part.text("code", longest=20),
        points=part.number("points"),
        label=part.text("label", longest=200),
    )


def _domain(part: Part) -> Domain:
    return Domain(
        id=_name(part, "id"),
        title=part.text("title", longest=200),
        text=part.text("text", default=""),
        questions=part.items("questions", _question, one="fråga", most=200),
    )


def _question(part: Part) -> Question:
    return Question(
        id=_name(part, "id"),
        text=part.text("text"),
        scale=_name(part, "scale"),
        weight=part.number("weight", default=Decimal(1)),
        descriptions=part.texts("descriptions"),
        required=part.yes_or_no("required", default=True),
        may_be_irrelevant=part.yes_or_no("may_be_irrelevant", default=False),
        shown_when=part.items(
            "shown_when", _condition, one="villkor", least=0, most=10
        ),
    )


def _condition(part: Part) -> Condition:
    question, domain, total = _subject(part)
    return Condition(
        question=question,
        domain=domain,
        total=total,
        at_least=part.number_or_none("at_least"),
        at_most=part.number_or_none("at_most"),
    )


def _subject(part: Part) -> tuple[str, str, bool]:
    """Read which of question, domain and total it is; just one may be said."""
    total = part.yes_or_no("total", default=False)
    given = [key for key in ("question", "domain") if part.has(key)]
    if len(given) + total > 1:
        part.fault(
            "Bara ett av question, domain och total får stå.", "Ta bort de andra."
        )
    if not given and not total:
        given = ["question"]
    names = {key: _name(part, key) for key in given}
    return names.get("question", ""), names.get("domain", ""), total


def _level(part: Part) -> Level:
    return Level(
        label=part.text("label", longest=20),
        price_level=part.text("price_level", longest=20),
        text=part.text("text", default=""),
    )


def _limit(part: Part) -> Limit:
    low, high = part.number_or_none("from"), part.number_or_none("to")
    return Limit(
        level=part.text("level", longest=20),
        low=low,
        low_included=part.yes_or_no("from_included", default=_free(low)),
        high=high,
        high_included=part.yes_or_no("to_included", default=_free(high)),
    )


def _free(bound: Decimal | None) -> bool | None:
    """Return the default of "included": only a side without bound has one."""
    return False if bound is None else None


def _rule(part: Part) -> LevelRule:
    return LevelRule(
        id=_name(part, "id"),
        kind=RuleKind(part.choice("kind", RuleKind)),
        text=part.text("text"),
        when=part.items("when", _condition, one="villkor", most=10),
        level=part.text("level", longest=20),
    )


def _decision(part: Part) -> Decision:
    return Decision(
        id=_name(part, "id"),
        text=part.text("text"),
        when=part.items("when", _condition, one="villkor", least=0, most=10),
        level=part.text("level", longest=20),
    )


def _table(part: Part) -> Table:
    return Table(
        id=_name(part, "id"),
        text=part.text("text"),
        keys=part.items("keys", _key, one="nyckel", least=2, most=4),
        rows=part.items("rows", _row, one="rad", most=2_000),
    )


def _key(part: Part) -> TableKey:
    question, domain, total = _subject(part)
    return TableKey(
        question=question,
        domain=domain,
        total=total,
        bands=part.items("bands", _band, one="band", most=30),
    )


def _band(part: Part) -> Band:
    return Band(
        label=part.text("label", longest=60),
        at_least=part.number_or_none("at_least"),
        at_most=part.number_or_none("at_most"),
    )


def _row(part: Part) -> TableRow:
    return TableRow(
        bands=part.labels("bands", longest=60),
        level=part.text("level", longest=20),
    )


def _interval(part: Part) -> Interval:
    return Interval(
        from_age=part.whole("from_age", least=0, most=120),
        months=part.whole("months", least=1, most=240),
    )
