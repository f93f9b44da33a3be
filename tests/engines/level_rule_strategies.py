"""Random decisions, tables and conditions that suit an instrument."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from assessment import (
    Band,
    Condition,
    Decision,
    Instrument,
    Subject,
    Table,
    TableKey,
    TableRow,
)
from assessment.cover import covers, decides_all
from assessment.reach import span, summed

SMALL = Decimal("0.00000001")
words = st.text("abcåäö", min_size=1, max_size=8)
Labels = st.SearchStrategy[str]


def subjects(instrument: Instrument) -> st.SearchStrategy[Subject]:
    """A question, a sub-total or the total."""
    return st.one_of(
        st.sampled_from([Subject(q.id) for q in instrument.questions()]),
        st.sampled_from([Subject(domain=d.id) for d in instrument.domains]),
        st.just(Subject(total=True)),
    )


@st.composite
def points_of(draw: st.DrawFn, instrument: Instrument, subject: Subject) -> Decimal:
    """Points that answers may give the subject, or nearly."""
    if subject.question:
        name = instrument.question(subject.question).scale
        return draw(st.sampled_from(instrument.scale(name).steps)).points
    reached = span(instrument, summed(instrument, subject))
    assert reached is not None
    eighths = draw(st.integers(0, 8))
    return reached[0] + (reached[1] - reached[0]) * eighths / 8


@st.composite
def conditions(draw: st.DrawFn, instrument: Instrument) -> Condition:
    subject = draw(subjects(instrument))
    bound = draw(points_of(instrument, subject))
    named = {"question": subject.question, "domain": subject.domain}
    if draw(st.booleans()):
        return Condition(**named, total=subject.total, at_least=bound)
    return Condition(**named, total=subject.total, at_most=bound)


@st.composite
def decisions(
    draw: st.DrawFn, instrument: Instrument, labels: Labels
) -> tuple[Decision, ...]:
    """Up to three rows; the last may be the one that always holds."""
    rows = [
        Decision(
            f"b{number}",
            draw(words),
            tuple(draw(st.lists(conditions(instrument), min_size=1, max_size=2))),
            draw(labels),
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    if draw(st.integers(0, 3)) == 0:
        rows.append(Decision("annars", "Annars.", (), draw(labels)))
    return tuple(rows)


@st.composite
def keys(draw: st.DrawFn, instrument: Instrument) -> TableKey:
    subject = draw(subjects(instrument))
    cut = draw(points_of(instrument, subject))
    bands = (Band("låg", at_most=cut), Band("hög", at_least=cut + SMALL))
    if not _can_pass(instrument, subject, cut):
        bands = (Band("alla"),)
    return TableKey(subject.question, subject.domain, subject.total, bands)


def _can_pass(instrument: Instrument, subject: Subject, cut: Decimal) -> bool:
    if subject.question:
        name = instrument.question(subject.question).scale
        return any(step.points > cut for step in instrument.scale(name).steps)
    reached = span(instrument, summed(instrument, subject))
    assert reached is not None
    return cut < reached[1]


@st.composite
def tables(
    draw: st.DrawFn, instrument: Instrument, labels: Labels
) -> tuple[Table, ...]:
    """No table or one; now and then a row is missing."""
    if draw(st.booleans()):
        return ()
    made = tuple(draw(keys(instrument)) for _ in range(draw(st.integers(2, 3))))
    cells = list(product(*([band.label for band in key.bands] for key in made)))
    rows = [TableRow(bands, draw(labels)) for bands in cells]
    if len(rows) > 1 and draw(st.booleans()):
        rows.pop(draw(st.integers(0, len(rows) - 1)))
    return (Table("t0", draw(words), made, tuple(rows)),)


def without_limits(instrument: Instrument) -> Instrument:
    """Drop the limits when a decision or a table always gives a level."""
    sure = decides_all(instrument) or any(
        covers(instrument, table) for table in instrument.tables
    )
    if not sure:
        return instrument
    given = {part.level for part in (*instrument.rules, *instrument.decisions)}
    given |= {row.level for table in instrument.tables for row in table.rows}
    return replace(
        instrument,
        limits=(),
        levels=tuple(level for level in instrument.levels if level.label in given),
    )
