"""How many ask for a new assessment, how long it takes, how often it becomes one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lovdv import excel
from lovdv.clock import local_day
from lovdv.extensions import db
from lovdv.followup.small_counts import (
    LEAST,
    NOT_SHOWN,
    median,
    share,
    shown,
    shown_parts,
)
from lovdv.formats import day
from lovdv.needs.models import ReassessmentAnswer, ReassessmentRequest
from lovdv.people.models import Client
from lovdv.providers.models import Unit

YEAR = timedelta(days=365)
VERDICTS = ("granted", "declined", "waiting")
PERSONS = "Personen eller företrädaren"


@dataclass(frozen=True)
class Asked:
    """One request: who asked, and what came of it after how many days."""

    by: str
    verdict: str
    days: int | None
    late: bool


def _with(verdict: str) -> Callable[[Sequence[Asked]], int]:
    return lambda found: sum(one.verdict == verdict for one in found)


COLUMNS: Mapping[str, Callable[[Sequence[Asked]], int]] = {
    "all": len,
    "granted": _with("granted"),
    "declined": _with("declined"),
    "waiting": _with(""),
    "late": lambda found: sum(one.late for one in found),
}


@dataclass(frozen=True)
class Row:
    """The figures of one unit, or of all, as texts."""

    by: str
    count: str
    granted: str
    declined: str
    waiting: str
    share_granted: str
    median_days: str
    late: str


@dataclass(frozen=True)
class Figures:
    total: Row
    rows: tuple[Row, ...]
    since: date


def asked(municipality_id: int, on: date) -> Sequence[Asked]:
    """Every request of the last year."""
    rows = db.session.execute(
        select(ReassessmentRequest, ReassessmentAnswer, Unit.name)
        .join(Client, Client.id == ReassessmentRequest.client_id)
        .outerjoin(
            ReassessmentAnswer, ReassessmentAnswer.request_id == ReassessmentRequest.id
        )
        .outerjoin(Unit, Unit.id == ReassessmentRequest.unit_id)
        .where(
            Client.municipality_id == municipality_id,
            ReassessmentRequest.asked_on > on - YEAR,
            ReassessmentRequest.asked_on <= on,
        )
        .order_by(Unit.name.nulls_last(), ReassessmentRequest.id)
    )
    return [_asked(request, answer, unit, on) for request, answer, unit in rows]


def _asked(
    request: ReassessmentRequest,
    answer: ReassessmentAnswer | None,
    unit: str | None,
    on: date,
) -> Asked:
    answered_on = local_day(answer.answered_at) if answer else None
    late = request.answer_by is not None and (answered_on or on) > request.answer_by
    return Asked(
        by=unit or PERSONS,
        verdict=answer.verdict if answer else "",
        days=(answered_on - request.asked_on).days if answered_on else None,
        late=late,
    )


def inside(found: Sequence[Asked], on: date) -> Figures:
    """Whole numbers, for the municipality's own staff."""
    rows = tuple(_whole(by, of) for by, of in _by_asker(found))
    return Figures(_whole("Alla", found), rows, on - YEAR)


def outside(found: Sequence[Asked], on: date) -> Figures:
    """What may leave the house: nothing that tells of fewer than five.

    Each column is hidden against the column's total, each row against its own.
    """
    groups = dict(_by_asker(found))
    columns = {
        name: shown_parts({by: tell(of) for by, of in groups.items()})
        for name, tell in COLUMNS.items()
    }
    rows = tuple(
        _few(by, of, {name: parts[by] for name, parts in columns.items()})
        for by, of in groups.items()
    )
    return Figures(_few("Alla", found, _alone(found)), rows, on - YEAR)


def _alone(found: Sequence[Asked]) -> dict[str, str]:
    """The columns of the total: its verdicts are the parts of a known whole."""
    counts = {name: tell(found) for name, tell in COLUMNS.items()}
    late = shown_parts({"late": counts["late"], "not": counts["all"] - counts["late"]})
    return {
        "all": shown(counts["all"]),
        **shown_parts({name: counts[name] for name in VERDICTS}),
        "late": late["late"],
    }


def _by_asker(found: Iterable[Asked]) -> Iterable[tuple[str, list[Asked]]]:
    groups: dict[str, list[Asked]] = {}
    for one in found:
        groups.setdefault(one.by, []).append(one)
    return groups.items()


def _whole(by: str, found: Sequence[Asked]) -> Row:
    days = sorted(one.days for one in found if one.days is not None)
    counts = {name: tell(found) for name, tell in COLUMNS.items()}
    said = len(found) - counts["waiting"]
    part = f"{(counts['granted'] * 200 + said) // (2 * said)} procent" if said else "–"
    return Row(
        by,
        str(len(found)),
        *(str(counts[name]) for name in VERDICTS),
        part,
        str(days[(len(days) - 1) // 2]) if days else "–",
        str(counts["late"]),
    )


def _few(by: str, found: Sequence[Asked], columns: Mapping[str, str]) -> Row:
    """The verdicts are told when each of them may be, and then their share."""
    tells = all(columns[name].isdigit() for name in ("all", *VERDICTS))
    granted, said = COLUMNS["granted"](found), len(found) - COLUMNS["waiting"](found)
    days = median([one.days for one in found if one.days is not None])
    is_shown = columns["all"].isdigit()
    return Row(
        by,
        columns["all"],
        *(columns[name] if tells else NOT_SHOWN for name in VERDICTS),
        share(granted, said) if tells else NOT_SHOWN,
        "för få" if days is None or not is_shown else str(days),
        columns["late"] if is_shown else NOT_SHOWN,
    )


HEADINGS = (
    "Vem som frågat",
    "Antal",
    "Ny bedömning",
    "Nej",
    "Väntar",
    "Andel ny bedömning",
    "Dagar till svar, median",
    "Efter sista dagen",
)


def workbook(found: Figures) -> bytes:
    """The figures as one flat sheet, and what they are."""
    rows = [astuple(row) for row in (found.total, *found.rows)]
    sheet = excel.Sheet("Ny bedömning", [excel.Column(t) for t in HEADINGS], rows)
    about = excel.Sheet(
        "Om siffrorna",
        [excel.Column("Om siffrorna", width=80)],
        [
            [f"Begäran om ny bedömning från och med {day(found.since)}."],
            [f"Tal under {LEAST}, och tal som skulle röja dem, visas inte."],
        ],
    )
    return excel.workbook([sheet, about], title="Begäran om ny bedömning")
