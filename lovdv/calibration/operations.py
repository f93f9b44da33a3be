"""Changing vignettes and rounds: written, opened, closed."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from lovdv import audit
from lovdv.calibration import examples, queries
from lovdv.calibration.models import BlindScoring, CalibrationRound, Vignette
from lovdv.calibration.queries import Invitee
from lovdv.calibration.sent import Period
from lovdv.clock import now, today
from lovdv.database import random_id
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs.models import InstrumentVersion

LIKE_A_NUMBER = re.compile(r"(?<!\d)(\d{2})?\d{6}\s?[-+\u2013\u2014]?\s?\d{4}(?!\d)")
FEWEST_ASSESSORS = 2


def add_vignette(
    *,
    choice_system_id: int,
    title: str,
    text: str,
    by_id: int | None,
    after: Vignette | None = None,
    series: str = "",
) -> Vignette:
    """Keep a fictive case, or a new version of one; what was there stands."""
    _refuse_numbers(title, "Namnet", "title")
    _refuse_numbers(text, "Texten", "text")
    new = Vignette(
        choice_system_id=choice_system_id,
        series=after.series if after else series or random_id(),
        version=queries.versions_of(after)[0].version + 1 if after else 1,
        title=title,
        text=text,
        created_at=now(),
        created_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("vignette.add", object=new.public_id, after={"title": title})
    return new


def _refuse_numbers(text: str, what: str, field: str) -> None:
    if LIKE_A_NUMBER.search(text):
        raise Refused(
            f"{what} innehåller något som ser ut som ett personnummer. Ett fall ska "
            "vara påhittat: ta bort numret.",
            field,
        )


def add_examples(*, choice_system_id: int, by_id: int | None) -> list[Vignette]:
    """Add our own example cases that the municipality does not have yet."""
    known = set(queries.series_in(choice_system_id))
    return [
        add_vignette(
            choice_system_id=choice_system_id,
            title=example.title,
            text=example.text,
            by_id=by_id,
            series=example.series,
        )
        for example in examples.EXAMPLES
        if example.series not in known
    ]


def open_round(
    *,
    name: str,
    version: InstrumentVersion,
    cases: Sequence[Vignette],
    invited: Collection[Invitee],
    period: Period,
    by_id: int | None,
) -> CalibrationRound:
    """Let everyone invited score the same cases, each alone."""
    _refuse_round(version, cases, invited, period)
    new = CalibrationRound(
        choice_system_id=version.choice_system_id,
        kind="vignettes",
        name=name,
        instrument_version_id=version.id,
        first_day=period.first_day,
        end_day=period.end_day,
        created_at=now(),
        created_by_id=by_id,
    )
    new.scorings = [
        BlindScoring(
            vignette_id=case.id,
            assessor_id=one.user.id,
            group_name=one.group,
            position=position,
        )
        for position, case in enumerate(cases, 1)
        for one in invited
    ]
    db.session.add(new)
    db.session.flush()
    audit.change("calibration.open", object=new.public_id, after={"name": name})
    return new


def _refuse_round(
    version: InstrumentVersion,
    cases: Sequence[Vignette],
    invited: Collection[Invitee],
    period: Period,
) -> None:
    if version.status != "published":
        raise Refused("Välj en publicerad version av instrumentet.", "version")
    if not cases:
        raise Refused("Välj minst ett fall.", "cases")
    if len(invited) < FEWEST_ASSESSORS:
        raise Refused("Bjud in minst två bedömare, annars finns inget par.", "invited")
    if period.first_day < today():
        raise Refused("Välj en första dag från och med i dag.", "first_day")
    if period.end_day <= period.first_day:
        raise Refused("Sista dagen kan inte vara före den första.", "last_day")


def extend(*, round_: CalibrationRound, end_day: date) -> None:
    """Let an open round go on for longer."""
    _lock(round_)
    if round_.closed_at is not None:
        raise Refused("Omgången är avslutad och ändras inte mer.")
    if end_day <= max(today(), round_.first_day):
        raise Refused("Välj en dag från och med i dag.", "last_day")
    before = round_.end_day
    round_.end_day = end_day
    db.session.flush()
    audit.change(
        "calibration.extend",
        object=round_.public_id,
        before={"end_day": before},
        after={"end_day": end_day},
    )


def close_round(*, round_: CalibrationRound, by_id: int | None) -> None:
    """End the scoring: only now is anything shown, and nothing changes any more."""
    _lock(round_)
    if round_.closed_at is not None:
        raise Refused("Omgången är redan avslutad.")
    round_.closed_at = now()
    round_.closed_by_id = by_id
    db.session.flush()
    audit.change("calibration.close", object=round_.public_id)


def _lock(round_: CalibrationRound) -> None:
    """One at a time: what is handed in while somebody closes is in, or refused."""
    db.session.refresh(round_, ["closed_at", "end_day"], with_for_update=True)
