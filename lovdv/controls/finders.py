"""Each control over one run: which facts it takes, and how it is tuned."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from lovdv.controls import (
    amount_facts,
    facts,
    report_facts,
    run_terms,
    stay_facts,
    unit_facts,
)
from lovdv.controls.gathering import Gathered
from lovdv.controls.settings import Settings
from payments import amount_controls, controls, day_controls

Found = Iterable[controls.Finding]
Finder = Callable[[Gathered], Found]


def _total(known: Gathered) -> Found:
    return controls.total_differs(known.month, facts.months(known.run), known.run.total)


def _same_hours(known: Gathered) -> Found:
    for told in known.every_reported:
        yield from day_controls.same_hours(told.compared, told.hours)


def _same_day_twice(known: Gathered) -> Found:
    for told in known.every_reported:
        days = day_controls.apart(told.compared, told.hours)
        yield from controls.same_day_twice(days)


def _after_death(known: Gathered) -> Found:
    died = {ref: one.died_on for ref, one in known.placements.items() if one.died_on}
    paid = controls.after_death(known.suspects, died)
    yield from paid
    of_lines = {(one.placement, one.month) for one in paid}
    for told in known.every_reported:
        deaths = stay_facts.deaths(known.run, told.month)
        here = told.of_clients(deaths)
        for one in day_controls.attended_after_death(here, deaths):
            if (one.placement, one.month) not in of_lines:
                yield one


def _after_end(known: Gathered) -> Found:
    ended = {ref: one.last_day for ref, one in known.placements.items() if one.last_day}
    return controls.after_end(known.suspects, ended)


def _outside_period(known: Gathered) -> Found:
    paid = {ref: (one.paid,) for ref, one in known.placements.items()}
    return controls.outside_period(known.suspects, paid)


def _outside_decision(known: Gathered) -> Found:
    decided = {ref: (one.decision,) for ref, one in known.placements.items()}
    return controls.outside_decision(known.suspects, decided)


def _outside_contract(known: Gathered) -> Found:
    covered = facts.contracted(known.run.choice_system_id)
    return controls.outside_contract(known.suspects, known.by_unit(covered))


def _outside_permit(known: Gathered) -> Found:
    permitted = facts.permitted(one.unit for one in known.placements.values())
    return controls.outside_permit(known.suspects, known.by_unit(permitted))


def _elsewhere(known: Gathered) -> Found:
    for told in known.every_reported:
        stays = stay_facts.stays(known.run, told.month)
        yield from day_controls.elsewhere(told.of_clients(stays), stays)


def _above_maximum(known: Gathered) -> Found:
    over = known.knob("above_maximum", "over")
    for told in known.every_reported:
        limits = unit_facts.limits(told.month, told.placed())
        visits = told.visits(limits, over=over)
        yield from day_controls.above_maximum(told.month, visits, limits, over=over)


def _closed_day(known: Gathered) -> Found:
    return controls.closed_days(known.suspects)


def _closed_attended(known: Gathered) -> Found:
    for told in known.every_reported:
        yield from day_controls.closed_attended(*told.on_closed_days())


def _outside_plan(known: Gathered) -> Found:
    for told in known.every_reported:
        yield from controls.outside_plan(one for one in told.compared if one.is_own)


def _fixed_data(known: Gathered) -> Found:
    """A run that did not keep what was told has nothing to compare with."""
    before = run_terms.kept(known.last_booked) if known.last_booked else {}
    if not before:
        return []
    now = run_terms.current(known.run.choice_system_id)
    return amount_controls.fixed_data(known.month, now, before, known.contracts)


def _terms_changed(known: Gathered) -> Found:
    if known.last_booked is None:
        return []
    decided = run_terms.decided_since(known.run, known.last_booked)
    return amount_controls.terms_changed(known.month, decided)


def _left_provider(known: Gathered) -> Found:
    ended = run_terms.ended(known.run.choice_system_id)
    return amount_controls.left_provider(known.month, known.contracts, ended)


def _unusual_amount(known: Gathered) -> Found:
    if known.last_booked is None:
        return []
    months = known.knob("unusual_amount", "months")
    return amount_controls.unusual(
        known.month,
        known.amounts,
        amount_facts.history(known.run, known.amounts, months),
        months=months,
        limits=known.limits("unusual_amount"),
    )


def _unusual_unit(known: Gathered) -> Found:
    if known.last_booked is None:
        return []
    months = known.knob("unusual_unit", "months")
    return amount_controls.unusual_units(
        known.month,
        known.units,
        amount_facts.unit_history(known.run, months),
        months=months,
        limits=known.limits("unusual_unit"),
    )


def _more_than_before(known: Gathered) -> Found:
    if known.last_booked is None:
        return []
    return controls.more_than_before(
        known.month,
        known.amounts,
        amount_facts.most_before(known.run, known.knob("more_than_before", "months")),
        percent=known.knob("more_than_before", "percent"),
        least=known.knob("more_than_before", "least") * 100,
    )


def _whole_months(known: Gathered) -> Found:
    number = known.knob("whole_months", "months")
    history = known.reported.untouched(number)
    return controls.whole_months(history, known.month, least=number)


def _identical_days(known: Gathered) -> Found:
    least = known.knob("identical_days", "least")
    for told in known.every_reported:
        yield from day_controls.identical_days(told.identical(least), least=least)


def _late_report(known: Gathered) -> Found:
    days = known.knob("late_report", "days")
    reports = report_facts.first_reports(known.run, known.last_booked, after_days=days)
    return amount_controls.late_reports(reports, days=days)


def _changed_after(known: Gathered) -> Found:
    if known.last_booked is None:
        return []
    corrected = amount_facts.corrected(known.run)
    changes = report_facts.changes(known.run, known.last_booked, corrected)
    least = known.knob("changed_after", "least") * 100
    return amount_controls.changed_after(changes, least=least)


FINDERS: Mapping[str, Finder] = {
    "total": _total,
    "same_hours": _same_hours,
    "same_day_twice": _same_day_twice,
    "after_death": _after_death,
    "after_end": _after_end,
    "outside_period": _outside_period,
    "outside_contract": _outside_contract,
    "outside_permit": _outside_permit,
    "outside_decision": _outside_decision,
    "elsewhere": _elsewhere,
    "above_maximum": _above_maximum,
    "closed_day": _closed_day,
    "closed_attended": _closed_attended,
    "outside_plan": _outside_plan,
    "fixed_data": _fixed_data,
    "terms_changed": _terms_changed,
    "left_provider": _left_provider,
    "unusual_amount": _unusual_amount,
    "unusual_unit": _unusual_unit,
    "more_than_before": _more_than_before,
    "whole_months": _whole_months,
    "identical_days": _identical_days,
    "late_report": _late_report,
    "changed_after": _changed_after,
}
"""By control; the sample and what was held before are made from the rest."""


def found(known: Gathered, settings: Settings) -> Iterator[controls.Finding]:
    """What every control finds that is not off, with the money it is about."""
    seen = [
        one
        for key, finder in FINDERS.items()
        if not settings[key].is_off
        for one in finder(known)
    ]
    yield from known.with_amounts(seen)
    yield from controls.stopped(facts.held(known.run))
