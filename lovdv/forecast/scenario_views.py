"""Requests in, pages out: what if, and scenarios side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.charts import BarChart, bar_chart
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.followup.small_counts import NOT_SHOWN
from lovdv.forecast import queries, scenarios
from lovdv.forecast.asked import chosen_system
from lovdv.forecast.blueprint import bp
from lovdv.forecast.forms import ScenarioForm
from lovdv.forecast.models import Scenario
from lovdv.forecast.scenarios import Outcome
from lovdv.forecast.shown import Sight, hides, shown_reasons, whole_kronor
from lovdv.formats import kronor
from lovdv.forms import options
from lovdv.prices import operations as pricing
from lovdv.prices import queries as price_queries
from lovdv.prices.models import PriceDraft
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import system_with
from payments import rounded
from payments.indexing import WHOLE, index_shown

MOST_COMPARED = 6


@bp.get("/prognos/scenarier")
@requires(Permission.FORECAST_READ)
def scenario_list() -> ResponseReturnValue:
    found = queries.scenarios(actor())
    sights = _sights(found[::-1])
    return render_template(
        "forecast/scenarios.html",
        scenarios=[(one, _sums(one, sights)) for one in found],
    )


@dataclass(frozen=True)
class _Sums:
    """A month's whole cost as it was and with a scenario, as text."""

    before: str
    after: str
    difference: str
    a_year: str


_Sights = Mapping[tuple[int, date], Sight]


def _sights(found: Sequence[Scenario]) -> _Sights:
    """By system and month, of scenarios in the order they were made."""
    outcomes = defaultdict(list)
    for one in found:
        outcomes[_month_of(one)].append(Outcome.read(one.outcome))
    hidden = hides(actor())
    return {key: Sight(some, is_hiding=hidden) for key, some in outcomes.items()}


def _month_of(one: Scenario) -> tuple[int, date]:
    return one.choice_system_id, one.month


def _sums(one: Scenario, sights: _Sights) -> _Sums:
    outcome = Outcome.read(one.outcome)
    before = kronor(outcome.before)
    if not sights[_month_of(one)].tells(outcome):
        return _Sums(before, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN)
    return _Sums(
        before,
        kronor(outcome.after),
        kronor(outcome.difference),
        kronor(outcome.a_year),
    )


@bp.route("/prognos/scenarier/nytt", methods=["GET", "POST"])
@requires(Permission.FORECAST_WRITE)
def new_scenario() -> ResponseReturnValue:
    system = chosen_system()
    drafts = [
        one
        for one in price_queries.drafts(actor())
        if one.choice_system_id == system.id
    ]
    form = ScenarioForm.of(_levels(system))
    form.prices.choices = options(
        [(one.public_id, one.file_name) for one in drafts], "Som i dag"
    )
    if form.validate_on_submit():
        with form.attempt():
            kept = _keep(system, form, drafts)
            db.session.commit()
            return redirect(url_for(".scenario", public_id=kept.public_id))
    return render_template("forecast/new_scenario.html", form=form, system=system)


def _levels(system: ChoiceSystem) -> list[str]:
    prices = price_queries.list_in_force(system.id, today())
    cells = prices.cells if prices else []
    return list(dict.fromkeys(cell.level for cell in cells))


def _keep(
    system: ChoiceSystem, form: ScenarioForm, drafts: Sequence[PriceDraft]
) -> Scenario:
    chosen = [one for one in drafts if one.public_id == form.prices.data]
    cells, name = (_cells(chosen[0]), chosen[0].file_name) if chosen else ((), "")
    changes = form.changes(cells, name)
    return scenarios.keep(
        system=system,
        name=form.name.data,
        changes=changes,
        by_id=actor().user_id,
    )


def _cells(draft: PriceDraft) -> Sequence[Any]:
    found = pricing.preview(draft, today())
    if not found.can_be_decided:
        raise Refused("Prislistan har fel. Rätta den först.", "prices")
    return found.read.cells


@bp.get("/prognos/scenarier/<public_id>")
@requires(Permission.FORECAST_READ)
def scenario(public_id: str) -> ResponseReturnValue:
    found = queries.scenario(actor(), public_id)
    outcome = Outcome.read(found.outcome)
    sight = _sights(queries.scenarios_beside(found))[_month_of(found)]
    tells = sight.tells(outcome)
    budget = queries.budget(found.choice_system_id, found.month.year) if tells else None
    return render_template(
        "forecast/scenario.html",
        scenario=found,
        system=system_with(found.choice_system_id),
        held=shown_reasons(outcome.held_after, hidden=sight.is_hiding),
        effects=[
            (name, whole_kronor(amount) if tells else NOT_SHOWN)
            for name, amount in (
                ("Skillnad i månaden", outcome.difference),
                ("Skillnad på ett år", outcome.a_year),
            )
        ],
        budget=budget,
        of_budget=_share(outcome.a_year, budget.amount) if budget else "",
        providers=sight.providers(outcome),
        levels=sight.levels(outcome),
        rows=None if sight.is_hiding else outcome.rows,
        chart=_chart(outcome) if tells else None,
    )


def _share(part: int, whole: int) -> str:
    return index_shown(rounded(part * WHOLE, whole))


def _chart(outcome: Outcome) -> BarChart:
    return bar_chart(
        caption="Månadens kostnad",
        row_heading="Läge",
        value_heading="Kronor",
        rows=[
            ("Som det var", max(outcome.before, 0), whole_kronor(outcome.before)),
            ("Med scenariot", max(outcome.after, 0), whole_kronor(outcome.after)),
        ],
    )


@bp.get("/prognos/jamfor")
@requires(Permission.FORECAST_READ)
def compare() -> ResponseReturnValue:
    """The scenarios that are ticked, side by side."""
    asked = request.args.getlist("scenario")[:MOST_COMPARED]
    found = [queries.scenario(actor(), public_id) for public_id in asked]
    sights = _sights(queries.scenarios(actor())[::-1])
    return render_template(
        "forecast/compare.html",
        scenarios=found,
        sums=[_sums(one, sights) for one in found],
        chart=_side_by_side(found, sights),
        levels=_by_level(found, sights),
    )


def _side_by_side(found: Sequence[Scenario], sights: _Sights) -> BarChart | None:
    outcomes = [(one, Outcome.read(one.outcome)) for one in found]
    rows = [
        (one.name, max(outcome.after, 0), whole_kronor(outcome.after))
        for one, outcome in outcomes
        if sights[_month_of(one)].tells(outcome)
    ]
    if not rows:
        return None
    return bar_chart(
        caption="Månadens kostnad med varje scenario",
        row_heading="Scenario",
        value_heading="Kronor",
        rows=rows,
    )


def _by_level(
    found: Sequence[Scenario], sights: _Sights
) -> list[tuple[str, list[str]]]:
    """Each level with its change in every scenario."""
    rows = [sights[_month_of(one)].levels(Outcome.read(one.outcome)) for one in found]
    told = [{row.name: row.difference for row in some} for some in rows]
    names = sorted({name for one in told for name in one})
    return [(name, [one.get(name, "") for one in told]) for name in names]
