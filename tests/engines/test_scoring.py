"""Scoring: published worked cases, and what is counted."""

from decimal import Decimal

import pytest

from assessment import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Basis,
    Direction,
    DomainPoints,
    Instrument,
    Margin,
    NoLevel,
    NotCounted,
    Reason,
    ReasonKind,
    Uncounted,
    visible_questions,
)
from tests.engines import published_instruments as make
from tests.engines.both_ways import no_level, result


def phq_answers(total: int) -> dict[str, str]:
    """Spread a sum over the nine questions, three at a time."""
    return {
        f"p{number}": str(max(0, min(3, total - 3 * (number - 1))))
        for number in range(1, 10)
    }


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "medelsvår"),
        (14, "medelsvår"),
        (15, "svårare"),
        (19, "svårare"),
        (20, "svår"),
        (27, "svår"),
    ],
)
def test_phq_9_gives_the_published_level(total: int, level: str) -> None:
    outcome = result(make.phq_9(), **phq_answers(total))
    assert (outcome.points, outcome.maximum, outcome.level) == (total, 27, level)


def test_phq_9_with_one_answer_missing_gives_no_level() -> None:
    answers = phq_answers(27)
    del answers["p9"]
    outcome = no_level(make.phq_9(), **answers)
    assert outcome.missing == ("p9",)
    assert outcome.is_only_incomplete


def test_every_missing_question_is_named() -> None:
    outcome = no_level(make.phq_9(), p3="1", p5=NOT_ASSESSED)
    assert outcome.missing == ("p1", "p2", "p4", "p5", "p6", "p7", "p8", "p9")


def test_ticked_responses_give_the_worked_sum() -> None:
    ticked = {f"r{number}": "0" for number in range(1, 13)}
    ticked |= {"r1": "1", "r3": "1", "r8": "1", "r9": "1"}
    outcome = result(make.environmental_support(), **ticked)
    assert (outcome.points, outcome.maximum, outcome.level) == (3, 8, "låg")


def test_a_weight_of_five_decimals_is_exact() -> None:
    outcome = result(make.behaviour_support(), behaviour="2")
    assert outcome.points == Decimal("0.08372")
    assert outcome.level == "B"


@pytest.mark.parametrize(
    ("level", "tier"),
    [
        ("1", "1"),
        ("2", "2"),
        ("3", "3"),
        ("4", "3"),
        ("5", "4"),
        ("6", "4"),
        ("7", "4"),
    ],
)
def test_a_level_maps_to_its_price_level(level: str, tier: str) -> None:
    outcome = result(make.virginia_tiers(), level=level)
    assert (outcome.level, outcome.price_level) == (level, tier)


def test_a_scale_may_give_more_points_to_less_need() -> None:
    descending = make.instrument(
        direction=Direction.DESCENDING,
        levels=["9", "8"],
        limits=[make.between("9", "4", "6"), make.between("8", "0", "3")],
    )
    assert result(descending, a="3", b="3").level == "9"
    assert result(descending, a="0", b="0").level == "8"


def test_margins_of_a_descending_scale_point_the_other_way() -> None:
    descending = make.instrument(
        direction=Direction.DESCENDING,
        levels=["9", "8"],
        limits=[make.between("9", "4", "6"), make.between("8", "0", "3")],
    )
    margins = result(descending, a="3", b="2").margins
    assert margins.higher == Margin("8", Decimal(2), more_than=False)
    assert margins.lower is None


def test_not_relevant_is_not_zero() -> None:
    kept = make.instrument(
        questions=[make.question("a"), make.question("b", may_be_irrelevant=True)]
    )
    outcome = result(kept, a="3", b=NOT_RELEVANT)
    assert (outcome.points, outcome.maximum) == (3, 6)
    assert outcome.not_counted == (
        Uncounted("b", NOT_RELEVANT, NotCounted.IRRELEVANT, Decimal(3)),
    )


def shares(*, lowers: bool) -> Instrument:
    return make.instrument(
        questions=[make.question("a"), make.question("b", may_be_irrelevant=True)],
        basis=Basis.SHARE,
        irrelevant_lowers_maximum=lowers,
        limits=[
            make.between("1", "0", "50"),
            make.between("2", "50", "100", ends="(]"),
        ],
    )


@pytest.mark.parametrize(
    ("lowers", "maximum", "level"),
    [(True, 3, "2"), (False, 6, "1")],
    ids=["lowers the maximum", "keeps the maximum"],
)
def test_the_rule_decides_whether_not_relevant_lowers_the_maximum(
    *, lowers: bool, maximum: int, level: str
) -> None:
    outcome = result(shares(lowers=lowers), a="2", b=NOT_RELEVANT)
    assert (outcome.maximum, outcome.level) == (maximum, level)


def test_a_share_on_the_bound_is_not_rounded() -> None:
    """2 of 6 is 33.33… per cent; one third more or less decides nothing else."""
    thirds = make.instrument(
        basis=Basis.SHARE,
        limits=[
            make.between("1", "0", "33.33333333"),
            make.between("2", "33.33333333", "100", ends="(]"),
        ],
    )
    assert result(thirds, a="2", b="0").level == "2"


@pytest.mark.parametrize(
    ("bound", "level"),
    [
        ("33.33333333", "2"),
        ("33.33333334", "1"),
        ("33.4", "1"),
        ("33.3", "2"),
    ],
)
def test_a_share_near_a_bound_falls_on_its_own_side(bound: str, level: str) -> None:
    thirds = make.instrument(
        basis=Basis.SHARE,
        limits=[
            make.between("1", "0", bound),
            make.between("2", bound, "100", ends="(]"),
        ],
    )
    assert result(thirds, a="1", b="1").level == level


@pytest.mark.parametrize(
    ("ends", "level"), [(("[]", "(]"), "1"), (("[)", "[]"), "2")], ids=["under", "over"]
)
def test_a_share_exactly_on_a_bound_goes_where_it_belongs(
    ends: tuple[str, str], level: str
) -> None:
    half = make.instrument(
        basis=Basis.SHARE,
        limits=[
            make.between("1", "0", "50", ends=ends[0]),
            make.between("2", "50", "100", ends=ends[1]),
        ],
    )
    assert result(half, a="2", b="1").level == level


def test_margins_of_a_share_are_in_points() -> None:
    margins = result(shares(lowers=False), a="1", b="1").margins
    assert margins.higher == Margin("2", Decimal(1), more_than=True)


def test_nothing_relevant_gives_no_share_and_no_level() -> None:
    empty = make.instrument(
        questions=[make.question("a", may_be_irrelevant=True)],
        basis=Basis.SHARE,
        irrelevant_lowers_maximum=True,
        limits=[
            make.between("1", "0", "50"),
            make.between("2", "50", "100", ends="(]"),
        ],
    )
    (reason,) = no_level(empty, a=NOT_RELEVANT).reasons
    assert reason.kind is ReasonKind.NOTHING_MEASURED
    assert "minst en fråga" in reason.message


def test_a_refused_not_relevant_is_named() -> None:
    (reason,) = no_level(make.instrument(), a=NOT_RELEVANT, b="1").reasons
    assert reason.kind is ReasonKind.IRRELEVANT_REFUSED
    assert "”a”" in reason.message


def test_unknown_questions_and_answers_are_all_named() -> None:
    outcome = no_level(make.instrument(), a="7", b="", c="1")
    assert [(reason.kind, reason.question) for reason in outcome.reasons] == [
        (ReasonKind.UNKNOWN_QUESTION, "c"),
        (ReasonKind.UNKNOWN_ANSWER, "a"),
        (ReasonKind.MISSING, "b"),
    ]
    assert not outcome.is_only_incomplete


def test_no_level_says_everything_it_knows() -> None:
    asked = [
        make.question("a"),
        make.question("b"),
        make.question("c"),
        make.question("d", may_be_irrelevant=True),
    ]
    answers = {"a": "7", "b": NOT_RELEVANT, "c": NOT_ASSESSED, "d": NOT_RELEVANT}
    questions = make.instrument(
        questions=asked,
        limits=[make.between("1", "0", "6"), make.between("2", "7", "12")],
    )
    outcome = no_level(questions, **answers, z="1")
    assert outcome == NoLevel(
        "prov",
        "1",
        (
            Reason(ReasonKind.UNKNOWN_QUESTION, "z", "1"),
            Reason(ReasonKind.UNKNOWN_ANSWER, "a", "7"),
            Reason(ReasonKind.IRRELEVANT_REFUSED, "b", NOT_RELEVANT),
            Reason(ReasonKind.MISSING, "c", NOT_ASSESSED),
        ),
        (DomainPoints("ett", Decimal(0), Decimal(12), ("a", "b", "c")),),
        (Uncounted("d", NOT_RELEVANT, NotCounted.IRRELEVANT, Decimal(3)),),
    )
    assert "Svaret ”7” finns inte på frågan ”a”" in outcome.reasons[1].message


def test_an_optional_question_may_be_left_out() -> None:
    optional = make.instrument(
        questions=[make.question("a"), make.question("b", required=False)]
    )
    outcome = result(optional, a="3")
    assert (outcome.points, outcome.maximum) == (3, 6)
    assert outcome.not_counted[0].why is NotCounted.OPTIONAL


def conditional() -> Instrument:
    return make.instrument(
        questions=[
            make.question("a"),
            make.question("b", shown_when=(make.at_least("a", "2"),)),
            make.question("c", shown_when=(make.at_least("b", "1"),)),
        ],
        limits=[make.between("1", "0", "3"), make.between("2", "4", "9")],
    )


def test_an_answer_to_a_hidden_question_is_named_and_not_counted() -> None:
    outcome = result(conditional(), a="1", b="3", c="3")
    assert (outcome.points, outcome.maximum) == (1, 3)
    assert [(item.question, item.answer) for item in outcome.not_counted] == [
        ("b", "3"),
        ("c", "3"),
    ]
    assert {item.why for item in outcome.not_counted} == {NotCounted.HIDDEN}


def test_a_hidden_question_is_not_missing() -> None:
    assert result(conditional(), a="1").not_counted == ()


def test_a_shown_question_must_be_answered() -> None:
    assert no_level(conditional(), a="2").missing == ("b",)


def test_the_questions_asked_follow_the_answers() -> None:
    assert visible_questions(conditional(), {}) == {"a"}
    assert visible_questions(conditional(), {"a": "2"}) == {"a", "b"}
    assert visible_questions(conditional(), {"a": "2", "b": "1"}) == {"a", "b", "c"}
