"""What waits on the start page: cases to score, and rounds to close."""

from datetime import date, timedelta

from lovdv.access import Actor, Permission
from lovdv.calibration import queries
from lovdv.calibration.models import BlindScoring, CalibrationRound
from lovdv.clock import today
from lovdv.start import Waiting

ONE = timedelta(days=1)


def waiting(actor: Actor) -> list[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.CALIBRATION_SCORE):
        found += _to_score(actor)
    if actor.may(Permission.CALIBRATION_LEAD):
        found += _to_close(actor)
    return found


def _to_score(actor: Actor) -> list[Waiting]:
    """One line a round: how many cases are left, and until when."""
    left: dict[int, list[BlindScoring]] = {}
    for scoring in queries.own_scorings(actor):
        if is_waiting(scoring):
            left.setdefault(scoring.round_id, []).append(scoring)
    return [_round(scorings) for scorings in left.values()]


def is_waiting(scoring: BlindScoring) -> bool:
    """Invited, not handed in, and there is still time."""
    round_ = scoring.round
    return (
        scoring.submitted_at is None
        and round_.closed_at is None
        and round_.first_day <= today() < round_.end_day
    )


def _round(scorings: list[BlindScoring]) -> Waiting:
    round_ = scorings[0].round
    title = "Fall att bedöma blint"
    if round_.kind == "meeting":
        title = "Ett möte att bedöma blint"
    return Waiting(
        title,
        "calibration.own",
        count=len(scorings),
        text=round_.name,
        due=round_.end_day - ONE,
    )


def _to_close(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            "Kalibrering att avsluta",
            "calibration.round_",
            text=f"{round_.name}: {why}",
            due=last_day(round_),
            values=(("public_id", round_.public_id),),
        )
        for round_ in queries.rounds(actor)
        if round_.closed_at is None and (why := _why_close(round_))
    ]


def last_day(round_: CalibrationRound) -> date:
    return round_.end_day - ONE


def _why_close(round_: CalibrationRound) -> str:
    """Why it may be closed now; empty while people still score."""
    if round_.end_day <= today():
        return "sista dagen har passerat"
    rows = queries.progress(round_.id)
    if all(row.handed_in == row.to_score for row in rows):
        return "alla har lämnat in"
    return "sista dagen är i dag" if last_day(round_) == today() else ""
