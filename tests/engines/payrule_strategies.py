"""Rule files drawn at random: every field and every choice, and always whole."""

from hypothesis import strategies as st

from payments.calendar import EFFECTS
from payments.rules import (
    CONCURRENT,
    COUNTED,
    COUNTINGS,
    PER_SUPPLEMENT,
    PRORATIONS,
    RESTARTS,
    SUPPLEMENT_DAYS,
)

Table = dict[str, object]
SHARES = st.sampled_from(["0", "50", "90", "100"])
SMALL = st.integers(1, 9).map(str)
ABSENT = [name for name in EFFECTS.values() if name not in ("attended", "extra")]
WEEK = {
    "planned_days_a_week": [
        {"name": "heltid", "from": "4"},
        {"name": "deltid", "above": "0", "below": "4"},
    ],
    "planned_hours_a_week": [
        {"name": "heltid", "above": "18.5"},
        {"name": "deltid", "from": "0.25", "to": "18.5"},
    ],
}
DAY = [{"name": "heltid", "from": "6"}, {"name": "deltid", "above": "0", "to": "5.5"}]


@st.composite
def absences(draw: st.DrawFn) -> list[Table]:
    """For every effect a row, or one for the first days and one for those after."""
    rows: list[Table] = []
    for effect in ABSENT:
        how = {
            "effect": effect,
            "counting": draw(st.sampled_from(COUNTINGS)),
            "restart": draw(st.sampled_from(RESTARTS)),
        }
        days = draw(st.integers(0, 4))
        if days:
            rows.append({**how, "to": str(days), "share": draw(SHARES)})
        rows.append({**how, "from": str(days + 1), "share": draw(SHARES)})
    return rows


@st.composite
def pauses(draw: st.DrawFn) -> list[Table]:
    days = draw(st.integers(1, 20))
    places = draw(st.sampled_from([[None], ["kept", "given_up"]]))
    rows: list[Table] = []
    for place in places:
        named = {"place": place} if place else {}
        rows.append({**named, "to": str(days), "share": draw(SHARES)})
        rows.append({**named, "from": str(days + 1), "share": draw(SHARES)})
    return rows


@st.composite
def bundles(draw: st.DrawFn) -> list[Table]:
    low = draw(st.sampled_from(["1", "2", "2.25"]))
    return [
        {"from": "6", "units": "1"},
        {"from": low, draw(st.sampled_from(["to", "below"])): "5.5", "units": "0.5"},
        {"below": low, "units": draw(st.sampled_from(["0", "0.25"]))},
    ]


ENDS = st.fixed_dictionaries(
    {"share": SHARES, "from": st.sampled_from(["end", "notice"])}
).flatmap(
    lambda row: st.sampled_from(
        [
            [{"reason": "deceased", "days": "7", **row}],
            [
                {"reason": "deceased", "until": "month_end", **row},
                {"reason": "other_choice", "days": "30", **row},
            ],
        ]
    )
)
NOTICES = st.one_of(
    st.fixed_dictionaries({"hours": SMALL}),
    st.fixed_dictionaries({"days": SMALL, "by": st.sampled_from(["15:00", "00:01"])}),
)
VATS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["included", "added"]),
        "percent": st.sampled_from(["6", "18"]),
        "regi": st.sampled_from(["extern", "intern", "alla"]),
    }
)


@st.composite
def supplements(draw: st.DrawFn) -> list[Table]:
    dated: Table = {
        "code": "hsl",
        "name": "Egen HSL",
        "per": draw(st.sampled_from(PER_SUPPLEMENT)),
        "counted": draw(st.sampled_from(SUPPLEMENT_DAYS)),
        "proof": draw(st.sampled_from(["needed", "not_needed"])),
        "amounts": [
            {"from": "2019-01-01", "amount": "9"},
            {"from": "2020-03-11", "amount": "9.50"},
        ],
    }
    own = {"code": "eget", "name": "Eget", "per": draw(st.sampled_from(PER_SUPPLEMENT))}
    return [dated, own]


@st.composite
def extras(draw: st.DrawFn) -> Table:
    """What may be left out; each is, or is not."""
    drawn = {
        "notice": NOTICES,
        "pause": pauses(),
        "after_end": ENDS,
        "supplements": supplements(),
        "vat": VATS,
        "late_months": SMALL,
        "change_weeks": SMALL,
        "rate_rounding": st.sampled_from(["0.01", "1"]),
    }
    return {name: draw(of) for name, of in drawn.items() if draw(st.booleans())}


@st.composite
def rule_tables(draw: st.DrawFn, basis: str) -> Table:
    """A whole rule file on a basis; its price list has the classes heltid, deltid."""
    monthly = basis in ("month", "schablon_days")
    by_day = not monthly and draw(st.booleans())
    measures = ["planned_hours_a_day", "counted_hours_a_day"] if by_day else list(WEEK)
    measure = draw(st.sampled_from(measures))
    counted = "ordered_time" if monthly else draw(st.sampled_from(COUNTED))
    reports = ["waits", "plan_is_paid"]
    proration = draw(st.sampled_from(PRORATIONS))
    timed = basis in ("hour", "bundled")
    table: Table = {
        "name": "Dragen",
        "source": "Slump",
        "first_day": "2020-01-01",
        "revision": "1",
        "decided_at": "2019-12-31T00:00:00+00:00",
        "basis": basis,
        "counted": counted,
        "extent": {"measure": measure, "classes": DAY if by_day else WEEK[measure]},
        "absence": draw(absences()),
        "proration": proration,
        "part_days": "by_minutes"
        if timed
        else draw(st.sampled_from(["by_minutes", "whole_day"])),
        "pause_share": draw(SHARES),
        "not_reported": draw(
            st.sampled_from(
                [*reports, "not_needed"] if counted == "ordered_time" else reports
            )
        ),
        "same_hours": draw(st.sampled_from(["held", "paid"])),
        "rounding": draw(st.sampled_from(["0.01", "1"])),
        "concurrent": draw(st.sampled_from(["own", "main"] if by_day else CONCURRENT)),
        **draw(extras()),
    }
    if draw(st.booleans()):
        table["proration_change"] = draw(st.sampled_from([proration, "none"]))
    if basis == "schablon_days":
        table["schablon_factor"] = draw(st.sampled_from(["4.2", "4.33"]))
    if basis == "bundled":
        table["bundles"] = draw(bundles())
    return table
