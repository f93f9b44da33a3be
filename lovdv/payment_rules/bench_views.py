"""Requests in, pages out: the bench, where rules are tried before they are decided."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.basis.months import YEARS
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.forms import options
from lovdv.payment_rules import bench, queries
from lovdv.payment_rules.blueprint import bp
from lovdv.payment_rules.forms import BenchForm
from lovdv.payment_rules.sections import fault_of, rules_of
from lovdv.placements import months
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import systems_of
from payments import Month, PaymentError, RuleSet, ore

ASKED = "month"
"""The field that is there when the form has been sent."""


@bp.get("/ersattningsregler/provbank")
@requires(Permission.PAYMENT_RULE_READ)
def try_rules() -> ResponseReturnValue:
    """Nothing is saved: the whole case stands in the address."""
    form = BenchForm(request.args if ASKED in request.args else None)
    known = _known()
    form.rules.choices = options([(key, label) for key, label, _, _ in known])
    if not actor().may(Permission.RUN_READ):
        del form.placement
    if ASKED not in request.args:
        form.month.data = str(Month.of(today()).previous)
        form.rules.data = request.args.get("rules") or form.rules.data
    found: dict[str, Any] = {}
    if ASKED in request.args and known and form.validate():
        with form.attempt():
            found = _tried(form, known)
    return render_template("payment_rules/bench.html", form=form, known=known, **found)


Known = tuple[str, str, RuleSet, ChoiceSystem]


def _known() -> list[Known]:
    """Every rule set that can be tried: decided ones, and drafts without faults."""
    found: list[Known] = []
    for system in systems_of(actor().municipality_id):
        for draft in queries.drafts(system.id):
            if actor().may(Permission.PAYMENT_RULE_WRITE) and not fault_of(
                draft.content
            ):
                rules = rules_of(draft.content)
                key = f"draft:{draft.public_id}"
                found.append((key, f"Utkast: {draft.name}", rules, system))
        for one in queries.decided(system.id, today()):
            if one.rules is not None:
                label = f"{one.name}, från {one.row.first_day}"
                found.append((f"rule:{one.row.public_id}", label, one.rules, system))
    return found


def _tried(form: BenchForm, known: list[Known]) -> dict[str, Any]:
    rules, system = next((r, s) for key, _, r, s in known if key == form.rules.data)
    try:
        month = Month.read(form.month.data)
    except PaymentError as error:
        raise Refused(str(error), "month") from error
    if month.year not in YEARS:
        raise Refused(
            f"Skriv en månad från {YEARS[0]} till och med {YEARS[-1]}.", "month"
        )
    case = _case(form, system, month)
    current = queries.in_force(system.id, month.first)
    then, now = bench.beside(case, rules, current.rules if current else None)
    return {
        "month": month,
        "then": then,
        "now": now,
        "current": current,
        "difference": bench.differences(now, then),
    }


def _case(form: BenchForm, system: ChoiceSystem, month: Month) -> bench.Case:
    """Made up, or a placement for whoever may see what runs pay for it."""
    if not form.placement or not form.placement.data:
        return _invented(form, system, month)
    placement = queries.placement_numbered(actor(), form.placement.data)
    if placement is None or placement.choice_system_id != system.id:
        raise Refused("Ingen placering har det numret. Kontrollera det.", "placement")
    audit.read(
        "payment_rule.try", about=(placement.client_id,), object=placement.public_id
    )
    return bench.real(placement, month)


def _invented(form: BenchForm, system: ChoiceSystem, month: Month) -> bench.Case:
    if not form.level.data:
        raise Refused(
            "Skriv nivån, eller en placerings nummer."
            if form.placement
            else "Skriv nivån.",
            "level",
        )
    if form.first_day.data and form.first_day.data >= month.end:
        raise Refused("Börjar efter månaden. Välj en annan dag.", "first_day")
    closed = {
        row.day
        for row in months.closed_in(system.id, month.year)
        if row.unit_id is None and row.day in month
    }
    typed = bench.Invented(
        level=form.level.data,
        regi=form.regi.data,
        week=[each.data or "" for each in form.week],
        first_day=form.first_day.data,
        end_day=form.last_day.end_day,
        days=form.days.data or "",
        price=None if form.price.data is None else ore(form.price.data),
    )
    return bench.invented(system.id, month, typed, closed)
