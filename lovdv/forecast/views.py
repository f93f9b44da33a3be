"""Requests in, pages out: the year against its budget, and ways to look ahead."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.charts import BarChart, bar_chart
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.followup.small_counts import NOT_SHOWN, share, shown, shown_parts
from lovdv.forecast import (
    baselines,
    budgeting,
    queries,
    scenario_views,  # noqa: F401  (its routes)
    shadow_views,  # noqa: F401
)
from lovdv.forecast.asked import chosen_system, chosen_year
from lovdv.forecast.blueprint import bp
from lovdv.forecast.budgeting import Year, YearMonth
from lovdv.forecast.forms import BaselineForm, BudgetForm
from lovdv.forecast.shown import hides, shown_reasons, whole_kronor
from lovdv.formats import kronor
from lovdv.formats import month as month_name
from lovdv.systems.queries import systems_of
from payments import rounded
from payments.indexing import WHOLE, index_shown

__all__ = ["bp"]


@bp.get("/prognos")
@requires(Permission.FORECAST_READ)
def index() -> ResponseReturnValue:
    """A year month by month; this year unless another is asked for."""
    system, number, hidden = chosen_system(), chosen_year(), hides(actor())
    found, refused = None, ""
    try:
        found = budgeting.year(system, number)
    except Refused as refusal:
        refused = refusal.message
    return render_template(
        "forecast/index.html",
        system=system,
        systems=systems_of(actor().municipality_id),
        number=number,
        year=found,
        refused=refused,
        chart=None if found is None else _chart(found),
        conclusion="" if found is None else _concluded(found),
        figures=[] if found is None else _figures(found),
        whole_kronor=whole_kronor,
        held={} if found is None else shown_reasons(found.held, hidden=hidden),
        ahead=partial(_ahead, hidden=hidden),
    )


def _chart(found: Year) -> BarChart:
    """Months in kronor; what is taken back in all is drawn as nothing."""
    return bar_chart(
        caption=f"Kostnad per månad {found.year}",
        row_heading="Månad",
        value_heading="Kronor",
        rows=[
            (
                _named(one),
                max(one.expected, 0),
                whole_kronor(one.expected),
            )
            for one in found.months
            if one.has_run
        ],
    )


def _named(one: YearMonth) -> str:
    kind = "prognos" if one.paid is None else "utfall"
    name = month_name(one.month.first).split()[0]
    return f"{name.capitalize()}, {kind}"


def _concluded(found: Year) -> str:
    if found.left is None:
        return "Utfall och prognos månad för månad."
    way = "under" if found.left >= 0 else "över"
    return f"Prognosen är {whole_kronor(abs(found.left))} {way} budgeten."


def _figures(found: Year) -> list[tuple[str, str]]:
    budget = found.budget
    rows = [
        ("Budget", whole_kronor(budget.amount) if budget else "ingen angiven"),
        ("Betalt", whole_kronor(found.paid)),
        ("Prognos för året", whole_kronor(found.expected)),
    ]
    if found.left is not None:
        words = "Kvar av budgeten" if found.left >= 0 else "Över budgeten"
        rows.append((words, whole_kronor(abs(found.left))))
    return rows


def _ahead(one: YearMonth, *, hidden: bool) -> str:
    """What is known of a month to come; what does not happen is not said."""
    if one.ahead is None:
        return "–"
    count = shown if hidden else str
    told = (
        ("börjar", one.ahead.starts),
        ("slutar", one.ahead.ends),
        ("byter nivå", one.ahead.levels),
    )
    happens = [f"{count(number)} {words}" for words, number in told if number]
    return ", ".join([f"{count(one.ahead.people)} personer", *happens])


@bp.route("/prognos/budget", methods=["GET", "POST"])
@requires(Permission.FORECAST_WRITE)
def decide_budget() -> ResponseReturnValue:
    system = chosen_system()
    form = BudgetForm(year=today().year)
    if form.validate_on_submit():
        with form.attempt():
            decided = budgeting.decide_budget(
                system=system,
                year=form.year.data,
                amount=form.ore,
                reference=form.reference.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Budgeten är sparad.", "success")
            return redirect(url_for(".index", ar=decided.year, system=system.public_id))
    return render_template("forecast/budget.html", form=form, system=system)


@bp.get("/prognos/utgangslagen")
@requires(Permission.FORECAST_READ)
def baseline_list() -> ResponseReturnValue:
    """Every kept day side by side."""
    kept = queries.baselines(actor())
    found = [baselines.Figures.read(one.figures) for one in kept]
    return render_template(
        "forecast/baselines.html",
        kept=kept,
        rows=_baseline_rows(found, hidden=hides(actor())),
    )


def _baseline_rows(
    found: list[baselines.Figures], *, hidden: bool
) -> list[tuple[str, list[str]]]:
    """What each figure is called, and its text for each day."""
    count = shown if hidden else str
    levels = [
        shown_parts(dict(one.people_by_level))
        if hidden
        else {level: str(count) for level, count in one.people_by_level.items()}
        for one in found
    ]
    rows = [
        ("Personer med beslut", [count(one.with_decision) for one in found]),
        ("Personer med plats", [count(one.placed) for one in found]),
        ("Hos externa utförare", [_external(one, hidden=hidden) for one in found]),
        ("Andel hos externa", [_share(one, hidden=hidden) for one in found]),
        (
            "Dagar från beslut till start, i median",
            [
                "för få" if one.days_to_start is None else f"{one.days_to_start}"
                for one in found
            ],
        ),
        ("Kostnad för månaden enligt plan", [kronor(one.cost) for one in found]),
    ]
    for level in baselines.levels_of(found):
        people = [told.get(level, "0") for told in levels]
        costs = [
            NOT_SHOWN if text == NOT_SHOWN else kronor(one.cost_by_level.get(level, 0))
            for one, text in zip(found, people, strict=True)
        ]
        rows += [(f"Nivå {level}, personer", people), (f"Nivå {level}, kostnad", costs)]
    return rows


def _share(one: baselines.Figures, *, hidden: bool) -> str:
    if not one.placed:
        return "för få"
    told = index_shown(rounded(one.external * WHOLE, one.placed))
    return share(one.external, one.placed) if hidden else told


def _external(one: baselines.Figures, *, hidden: bool) -> str:
    """Both parts are told or neither."""
    parts = {"extern": one.external, "intern": one.placed - one.external}
    return shown_parts(parts)["extern"] if hidden else str(one.external)


@bp.route("/prognos/utgangslagen/nytt", methods=["GET", "POST"])
@requires(Permission.FORECAST_WRITE)
def take_baseline() -> ResponseReturnValue:
    form = BaselineForm(day=today())
    if form.validate_on_submit():
        with form.attempt():
            baselines.take(
                system=chosen_system(),
                name=form.name.data,
                day=form.day.data,
                note=form.note.data or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Läget är sparat och ändras inte mer.", "success")
            return redirect(url_for(".baseline_list"))
    return render_template("forecast/take_baseline.html", form=form)
