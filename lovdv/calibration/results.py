"""Results of closed rounds as the pages show them: groups, and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment import Agreement, Instrument, read_signed
from lovdv.access import Actor
from lovdv.calibration import comparing, pairs, queries
from lovdv.calibration.comparing import (
    LEAST_INSIDE,
    Given,
    GroupRow,
    HeatRow,
    Spread,
)
from lovdv.calibration.models import BlindScoring, CalibrationRound, Vignette
from lovdv.charts import BarChart, bar_chart
from lovdv.needs.instruments import instrument_of


def given_of(scoring: BlindScoring) -> Given:
    return Given(
        who=scoring.assessor_id,
        group=scoring.group_name,
        case=scoring.vignette_id or 0,
        level=scoring.level,
        answers={row.question: row.answer for row in scoring.answers if row.answer},
    )


@dataclass(frozen=True)
class Divided:
    """A question that people answer differently, with how the answers fell."""

    row: HeatRow
    spread: list[Spread]

    @property
    def chart(self) -> BarChart:
        return bar_chart(
            caption=f"Svar på frågan: {self.row.question.text}",
            row_heading="Svar",
            value_heading="Antal",
            rows=[
                (item.words, item.count, str(item.count))
                for item in self.spread
                if item.count
            ],
        )


@dataclass(frozen=True)
class RoundResult:
    """A closed round for the lead: groups and questions, never a person."""

    people: int
    cases: Sequence[Vignette]
    left_out: Sequence[Vignette]
    levels: Agreement
    by_case: list[tuple[Vignette, Agreement, list[Spread]]]
    groups: list[GroupRow]
    heat: list[HeatRow]
    divided: list[Divided]

    @property
    def is_shown(self) -> bool:
        """Two people's answers would be each other's."""
        return bool(self.cases)


def round_result(
    actor: Actor, round_: CalibrationRound, least: int = LEAST_INSIDE
) -> RoundResult:
    instrument = instrument_of(round_.instrument_version)
    all_given = [given_of(row) for row in queries.handed_in(actor, [round_.id])]
    given = comparing.enough_in_case(all_given, least)
    counted = {one.case for one in given}
    all_cases = queries.cases_of(round_.id)
    cases = [case for case in all_cases if case.id in counted]
    rows = comparing.heat(instrument, given, [case.id for case in cases])
    return RoundResult(
        people=comparing.people_in(given),
        cases=cases,
        left_out=[case for case in all_cases if case.id not in counted],
        levels=comparing.of_levels(instrument, given),
        by_case=[_case(instrument, case, given) for case in cases],
        groups=comparing.by_group(instrument, given, least),
        heat=rows,
        divided=[
            Divided(row, comparing.spread(instrument, row.question, given))
            for row in comparing.most_divided(rows)
        ],
    )


def _case(
    instrument: Instrument, case: Vignette, given: list[Given]
) -> tuple[Vignette, Agreement, list[Spread]]:
    own = [one for one in given if one.case == case.id]
    spread = comparing.level_spread(instrument, own)
    return case, comparing.of_levels(instrument, own), spread


@dataclass(frozen=True)
class OwnRow:
    """One question: what I gave, and how all answers fell."""

    domain: str
    text: str
    own: str
    spread: list[Spread]
    alike: int
    people: int


@dataclass(frozen=True)
class OwnResult:
    """One's own scoring beside the others', in counts."""

    level: str
    people: int
    levels: list[Spread]
    rows: list[OwnRow]

    @property
    def alike(self) -> int:
        """How many others gave the same level."""
        return sum(item.count for item in self.levels if item.own) - 1


def own_result(actor: Actor, scoring: BlindScoring) -> OwnResult | None:
    """None when so few have scored the case that their answers could be told."""
    instrument = instrument_of(scoring.round.instrument_version)
    given = [
        given_of(row)
        for row in queries.handed_in(actor, [scoring.round_id])
        if row.vignette_id == scoring.vignette_id
    ]
    if comparing.people_in(given) < LEAST_INSIDE:
        return None
    own = given_of(scoring)
    return OwnResult(
        level=own.level,
        people=comparing.people_in(given),
        levels=comparing.level_spread(instrument, given, own.level),
        rows=[
            _own_row(instrument, domain.title, question.id, own, given)
            for domain in instrument.domains
            for question in domain.questions
        ],
    )


def _own_row(
    instrument: Instrument, domain: str, name: str, own: Given, given: list[Given]
) -> OwnRow:
    question = instrument.question(name)
    spread = comparing.spread(instrument, question, given, own.answers.get(name, ""))
    mine = next((item for item in spread if item.own), Spread("", 0))
    return OwnRow(domain, question.text, mine.words, spread, mine.count - 1, len(given))


@dataclass(frozen=True)
class PairRow:
    """One question of a meeting: what each of the two gave."""

    domain: str
    text: str
    official: str
    second: str

    @property
    def is_alike(self) -> bool:
        return self.official == self.second


@dataclass(frozen=True)
class PairResult:
    """The official assessment and the second scoring, beside each other."""

    official_level: str
    second_level: str
    rows: list[PairRow]

    @property
    def alike(self) -> int:
        return sum(row.is_alike for row in self.rows)


def pair_result(round_: CalibrationRound) -> PairResult:
    instrument = instrument_of(round_.instrument_version)
    official, second = _two(round_)
    rows = [
        PairRow(
            domain.title,
            question.text,
            _label(instrument, question.id, official),
            _label(instrument, question.id, second),
        )
        for domain in instrument.domains
        for question in domain.questions
    ]
    return PairResult(official.level, second.level, rows)


def _label(instrument: Instrument, name: str, given: Given) -> str:
    question = instrument.question(name)
    found = comparing.spread(instrument, question, [given])
    return next((item.words for item in found if item.count), "Inte besvarad")


def _two(round_: CalibrationRound) -> tuple[Given, Given]:
    assessment = round_.assessment
    assert assessment is not None
    assert assessment.signed is not None
    answers = read_signed(assessment.signed.document).answers
    official = Given(
        who=assessment.assessor_id,
        group="",
        case=round_.id,
        level=assessment.signed.level,
        answers={row.question: row.answer for row in answers if row.answer},
    )
    second = given_of(round_.scorings[0])
    return official, Given(second.who, "", round_.id, second.level, second.answers)


@dataclass(frozen=True)
class MeetingResult:
    """Every closed pair scored with one version of the instrument."""

    title: str
    meetings: int
    people: int
    levels: Agreement
    heat: list[HeatRow]

    @property
    def is_shown(self) -> bool:
        return self.people >= LEAST_INSIDE


def meeting_results(actor: Actor) -> list[MeetingResult]:
    """Pairs by instrument version, the latest first."""
    found: dict[int, list[CalibrationRound]] = {}
    for round_ in pairs.all_closed(actor):
        found.setdefault(round_.instrument_version_id, []).append(round_)
    return [_meetings(rounds) for _, rounds in sorted(found.items(), reverse=True)]


def _meetings(rounds: list[CalibrationRound]) -> MeetingResult:
    version = rounds[0].instrument_version
    instrument = instrument_of(version)
    given = [one for round_ in rounds for one in _two(round_)]
    return MeetingResult(
        title=f"{version.name}, version {version.version}",
        meetings=len(rounds),
        people=comparing.people_in(given),
        levels=comparing.of_levels(instrument, given),
        heat=comparing.heat(instrument, given, []),
    )
