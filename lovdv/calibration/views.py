"""Requests in, pages out: the lead's rounds, their results, and levels over time."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.calibration import (
    comparing,
    levels,
    meeting_views,
    operations,
    own_views,
    queries,
    results,
    vignette_views,
    words,
)
from lovdv.calibration.blueprint import bp
from lovdv.calibration.forms import ExtendForm, RoundForm
from lovdv.calibration.models import CalibrationRound
from lovdv.calibration.waiting import last_day
from lovdv.charts import BarChart, bar_chart
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.forms import BaseForm, options

__all__ = ["bp", "meeting_views", "own_views", "vignette_views"]

TWO_WEEKS = timedelta(days=14)


@bp.get("/kalibrering")
@requires(Permission.CALIBRATION_LEAD)
def rounds() -> ResponseReturnValue:
    return render_template(
        "calibration/rounds.html",
        rounds=queries.rounds(actor()),
        cases=queries.vignettes(actor()),
        last_day=last_day,
        today=today(),
    )


@bp.route("/kalibrering/omgangar/ny", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_LEAD)
def new_round() -> ResponseReturnValue:
    form = RoundForm(first_day=today(), last_day=today() + TWO_WEEKS)
    cases = {item.public_id: item for item in queries.vignettes(actor())}
    versions = {item.public_id: item for item in queries.published_versions(actor())}
    people = {
        item.user.public_id: item for item in queries.invitees(actor().municipality_id)
    }
    form["cases"].choices = options((key, c.title) for key, c in cases.items())
    form["version"].choices = options(
        (key, f"{v.name}, version {v.version}") for key, v in versions.items()
    )
    form["invited"].choices = options(
        (key, f"{one.user.name}, {one.group}") for key, one in people.items()
    )
    if form.validate_on_submit():
        with form.attempt():
            made = operations.open_round(
                name=form.name.data,
                version=versions[form.version.data],
                cases=[cases[key] for key in form.cases.data],
                invited=[people[key] for key in form.invited.data],
                period=form.period(),
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Omgången är öppen. De inbjudna ser den på sin startsida.", "success")
            return redirect(url_for(".round_", public_id=made.public_id))
    return render_template(
        "calibration/new_round.html",
        form=form,
        cases=cases,
        versions=versions,
        people=people,
    )


@bp.get("/kalibrering/omgangar/<public_id>")
@requires(Permission.CALIBRATION_LEAD)
def round_(public_id: str) -> ResponseReturnValue:
    """While it is open only how many have handed in; then what they gave."""
    found = queries.round_(actor(), public_id)
    if found.closed_at is None:
        return _open(found)
    result = results.round_result(actor(), found)
    return render_template(
        "calibration/result.html",
        round=found,
        result=result,
        words=words,
        chart=_by_case(result),
        least=comparing.LEAST_INSIDE,
        last_day=last_day,
    )


def _open(found: CalibrationRound) -> ResponseReturnValue:
    rows = queries.progress(found.id)
    return render_template(
        "calibration/round.html",
        round=found,
        cases=queries.cases_of(found.id),
        rows=comparing.handed_in_by_group(rows),
        whole=comparing.handed_in(rows),
        last_day=last_day,
        today=today(),
    )


def _by_case(result: results.RoundResult) -> BarChart | None:
    """Bars of how many pairs gave exactly the same level, when pairs are enough."""
    rows = [
        (case.title, found.figures.exact, words.exact(found))
        for case, found, _ in result.by_case
        if found.figures
    ]
    if not rows:
        return None
    return bar_chart(
        caption="Par som gav exakt samma nivå",
        row_heading="Fall",
        value_heading="Par med samma nivå",
        rows=rows,
    )


@bp.route("/kalibrering/omgangar/<public_id>/avsluta", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_LEAD)
def close(public_id: str) -> ResponseReturnValue:
    found = queries.round_(actor(), public_id)
    form = BaseForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.close_round(round_=found, by_id=actor().user_id)
            db.session.commit()
            flash("Omgången är avslutad. Nu syns resultatet.", "success")
            return redirect(url_for(".round_", public_id=public_id))
    whole = comparing.handed_in(queries.progress(found.id))
    return render_template(
        "calibration/close.html", form=form, round=found, whole=whole
    )


@bp.route("/kalibrering/omgangar/<public_id>/sista-dag", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_LEAD)
def extend(public_id: str) -> ResponseReturnValue:
    found = queries.round_(actor(), public_id)
    form = ExtendForm(last_day=last_day(found))
    if form.validate_on_submit():
        end_day = form.last_day.end_day
        assert end_day is not None
        with form.attempt():
            operations.extend(round_=found, end_day=end_day)
            db.session.commit()
            flash("Sista dagen är ändrad.", "success")
            return redirect(url_for(".round_", public_id=public_id))
    return render_template("calibration/extend.html", form=form, round=found)


@bp.get("/kalibrering/omgangar/<public_id>/sammanstallning")
@requires(Permission.CALIBRATION_LEAD)
def summary(public_id: str) -> ResponseReturnValue:
    """What may leave the house: groups of five or more, and no small counts."""
    found = queries.closed_round(actor(), public_id)
    least = comparing.LEAST_OUTSIDE
    result = results.round_result(actor(), found, least)
    return render_template(
        "calibration/summary.html",
        round=found,
        result=result,
        words=words,
        least=least,
        last_day=last_day,
    )


@bp.get("/kalibrering/moten")
@requires(Permission.CALIBRATION_LEAD)
def meetings() -> ResponseReturnValue:
    return render_template(
        "calibration/meetings.html",
        results=results.meeting_results(actor()),
        words=words,
        least=comparing.LEAST_INSIDE,
    )


@bp.get("/kalibrering/nivaer")
@requires(Permission.CALIBRATION_LEAD)
def drift() -> ResponseReturnValue:
    """How established levels move over time, and around a new price."""
    found = levels.established(actor())
    moved = levels.drift(found)
    around = levels.inflations(actor(), found)
    return render_template(
        "calibration/levels.html",
        drift=moved,
        chart=_drift_chart(moved),
        inflations=[(item, _inflation_chart(item)) for item in around],
        least=levels.LEAST,
        months=levels.MONTHS,
    )


def _drift_chart(drift: levels.Drift) -> BarChart | None:
    rows = [
        (time, mean.value, str(mean))
        for time, mean in zip(drift.half_years, drift.whole, strict=True)
        if mean.is_shown
    ]
    if not rows:
        return None
    return bar_chart(
        caption="Genomsnittlig nivå per halvår",
        row_heading="Halvår",
        value_heading="Genomsnittlig nivå (antal)",
        rows=rows,
    )


def _inflation_chart(item: levels.Inflation) -> BarChart | None:
    """Two bars, only when both sides may be shown."""
    sides = (("Månaderna före", item.before), ("Månaderna efter", item.after))
    if not all(side.is_shown for _, side in sides):
        return None
    return bar_chart(
        caption=f"Andel nya bedömningar som höjde nivån, kring {item.name}",
        row_heading="När",
        value_heading="Andel höjda",
        rows=[(name, side.value, side.share) for name, side in sides],
    )
