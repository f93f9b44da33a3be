"""Requests in, pages out: the rules on habiliteringsersättning, and year amounts."""

from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.allowance import operations, year_amounts
from lovdv.allowance.blueprint import bp
from lovdv.allowance.facts import RULE, as_table
from lovdv.allowance.forms import HOURS, RulesForm, YearAmountForm
from lovdv.allowance.year import PAYERS
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.formats import kronor
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, rule, rules_of, systems_of
from payments import Month, ore
from payments.allowance_presets import PRESETS
from payments.allowance_rules import (
    AllowanceRules,
    effects_in_words,
    in_decimals,
    known_allowance,
    read_allowance,
)

YEAR_KINDS = {
    year_amounts.BASE_AMOUNT: "Prisbasbelopp",
    year_amounts.GRANT: "Rekvirerat statsbidrag",
}


@bp.get("/habiliteringsersattning/regler")
@requires(Permission.ALLOWANCE_READ)
def rules() -> ResponseReturnValue:
    """What holds, what was ever decided, and the amounts of the years."""
    system, home = _system(), actor().municipality_id
    decided = rules_of(system.id, RULE)
    sets = [read_allowance(as_table(row)) for row in decided]
    return render_template(
        "allowance/rules.html",
        system=system,
        systems=systems_of(home),
        holds=known_allowance(sets, Month.of(today()), now()),
        decided=[
            (row, read, name_of(row.decided_by_id))
            for row, read in zip(decided, sets, strict=True)
        ],
        words=_words,
        amounts=_amounts,
        base_amounts=year_amounts.base_amounts(home),
        entered={
            kind: {row.year: row for row in year_amounts.entered(home, kind)}
            for kind in YEAR_KINDS
        },
        shipped_source=year_amounts.SHIPPED_SOURCE,
        presets=PRESETS,
    )


def _amounts(rules: AllowanceRules) -> list[tuple[str, str]]:
    """What is paid and for how long a stay, in words."""
    if rules.kind == "hour":
        least = f"minst {rules.least} minuter" if rules.least else "ingen"
        return [
            ("Per timme", kronor(int(rules.hour * 100))),
            ("Så räknas timmar", HOURS[rules.hours]),
            ("Minsta tid", least),
            *_most(rules),
        ]
    return [
        ("Hel dag", _share(rules, rules.full, rules.full_from)),
        ("Halv dag", _share(rules, rules.half, rules.half_from)),
        *_most(rules),
    ]


def _share(rules: AllowanceRules, share: Fraction, minutes: int) -> str:
    if rules.kind == "fixed":
        amount = kronor(int(share * 100))
    else:
        amount = f"{in_decimals(share)} % av prisbasbeloppet"
    return f"{amount}, från {minutes} minuter"


def _most(rules: AllowanceRules) -> list[tuple[str, str]]:
    most = rules.month_max
    return [] if most is None else [("Högst i månaden", kronor(most))]


def _words(rules: AllowanceRules) -> list[tuple[str, str]]:
    """What rules say that is common to all kinds."""
    return [
        ("Dagar som räknas", effects_in_words(rules.counted)),
        ("Extern regi", PAYERS[rules.payer["extern"]]),
        ("Intern regi", PAYERS[rules.payer["intern"]]),
    ]


def _system() -> ChoiceSystem:
    asked = request.args.get("system")
    mine = systems_of(actor().municipality_id)
    found = [one for one in mine if one.public_id == asked]
    return found[0] if found else main_system(actor().municipality_id)


@bp.route("/habiliteringsersattning/regler/nya", methods=["GET", "POST"])
@requires(Permission.ALLOWANCE_WRITE)
def decide() -> ResponseReturnValue:
    """The form begins from what holds, or from published rules."""
    system = _system()
    begun = PRESETS.get(request.args.get("som", ""), rule(system.id, RULE, today()))
    shown = {name: value for name, value in begun.items() if name != "first_day"}
    form = RulesForm.filled(shown)
    if form.validate_on_submit():
        with form.attempt():
            operations.decide(
                system=system,
                first_day=form.first_day.data,
                value=form.value(),
                reference=form.reference.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Reglerna är beslutade.", "success")
            return redirect(url_for(".rules", system=system.public_id))
    return render_template("allowance/decide.html", form=form, system=system)


@bp.route("/habiliteringsersattning/ar-belopp/<kind>", methods=["GET", "POST"])
@requires(Permission.ALLOWANCE_WRITE)
def year_amount(kind: str) -> ResponseReturnValue:
    if kind not in YEAR_KINDS:
        raise NotFound
    form = YearAmountForm()
    if form.validate_on_submit():
        with form.attempt():
            year_amounts.enter(
                municipality_id=actor().municipality_id,
                kind=kind,
                year=form.year.data,
                amount=ore(form.amount.data),
                source=form.source.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Beloppet är inskrivet.", "success")
            return redirect(url_for(".rules"))
    return render_template(
        "allowance/year_amount.html", form=form, title=YEAR_KINDS[kind]
    )
