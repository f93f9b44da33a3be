"""A run's findings as pages list them: by control, most money first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from lovdv.controls.models import Finding
from lovdv.extensions import db
from lovdv.payouts.line_queries import Page
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, Provider, Unit
from payments.control_catalogue import CONTROLS, DECIDES, NOT_PAID, Control

A_PAGE = 100
SHOWN = 15
FEW = 5
"""So many of a control's findings stand on the page of all controls; few of what is
not paid, since nobody decides of that."""

WHOLE_RUN = "Hela körningen"
WAITS = (Finding.effect == DECIDES) & (Finding.decision == "")


@dataclass(frozen=True)
class Row:
    """A finding, whom it is about, and the line that it leads to."""

    finding: Finding
    about: str
    line_id: int | None

    @property
    def is_paid(self) -> bool:
        """Whether there is anything to decide of."""
        return self.finding.control not in NOT_PAID


@dataclass(frozen=True)
class Group:
    """What one control found: how much in all, and the first of it."""

    control: Control
    number: int
    waiting: int
    amount: int
    rows: Sequence[Row]

    @property
    def more(self) -> int:
        return self.number - len(self.rows)


def groups(run: PaymentRun) -> list[Group]:
    """Each control that found something: first what waits, most money first."""
    counted = {
        control: (number, int(waiting), int(amount))
        for control, number, waiting, amount in db.session.execute(
            select(
                Finding.control,
                func.count(),
                func.sum(case((WAITS, 1), else_=0)),
                func.sum(Finding.amount),
            )
            .where(Finding.run_id == run.id)
            .group_by(Finding.control)
        )
    }
    found = [
        Group(control, *counted[key], _rows(run, _of(run, key, most=_shown(key))))
        for key, control in CONTROLS.items()
        if key in counted
    ]
    return sorted(
        found,
        key=lambda one: (not one.waiting, one.control.key in NOT_PAID, -one.amount),
    )


def _shown(control: str) -> int:
    return FEW if control in NOT_PAID else SHOWN


def group(run: PaymentRun, control: Control, page: Page) -> Group:
    """One control's findings, a page of them."""
    [(number, waiting, amount)] = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((WAITS, 1), else_=0)), 0),
            func.coalesce(func.sum(Finding.amount), 0),
        ).where(Finding.run_id == run.id, Finding.control == control.key)
    )
    return Group(control, number, int(waiting), int(amount), page.rows)


def page_of(
    run: PaymentRun, control: Control, number: int, url: Callable[[int], str]
) -> Page:
    found = db.session.scalar(
        select(func.count()).where(
            Finding.run_id == run.id, Finding.control == control.key
        )
    )
    count = max(1, -(-(found or 0) // A_PAGE))
    shown = min(max(1, number), count)
    rows = _of(run, control.key, most=A_PAGE, skip=(shown - 1) * A_PAGE)
    return Page(_rows(run, rows), shown, count, url)


def everything(run: PaymentRun) -> list[Row]:
    """Every finding, in the same order as on the pages."""
    order = {key: number for number, key in enumerate(CONTROLS)}
    found = db.session.scalars(
        select(Finding).where(Finding.run_id == run.id).order_by(*_order())
    ).all()
    return _rows(run, sorted(found, key=lambda one: order.get(one.control, len(order))))


def _of(
    run: PaymentRun, control: str, *, most: int, skip: int = 0
) -> Sequence[Finding]:
    return db.session.scalars(
        select(Finding)
        .where(Finding.run_id == run.id, Finding.control == control)
        .order_by(*_order())
        .offset(skip)
        .limit(most)
    ).all()


def _order() -> tuple[object, ...]:
    return Finding.amount.desc(), Finding.month, Finding.id


def _rows(run: PaymentRun, found: Sequence[Finding]) -> list[Row]:
    named, lines = abouts(found), _lines(run, found)
    return [
        Row(one, named[one.id], lines.get((one.placement_id, one.month)))
        for one in found
    ]


def abouts(found: Iterable[Finding]) -> Mapping[int, str]:
    """By finding: the placement's number, the provider or the unit it is about."""
    listed = list(found)
    numbers = _named(Placement.number, Placement.id, (f.placement_id for f in listed))
    units = _named(Unit.name, Unit.id, (f.unit_id for f in listed))
    providers = _providers({f.contract_id for f in listed})
    return {
        one.id: numbers.get(one.placement_id)
        or providers.get(one.contract_id)
        or units.get(one.unit_id)
        or WHOLE_RUN
        for one in listed
    }


ONE_QUERY = 10_000


def _named(
    name: object, key: object, ids: Iterable[int | None]
) -> dict[int | None, str]:
    wanted = sorted({ref for ref in ids if ref is not None})
    found: dict[int | None, str] = {}
    for start in range(0, len(wanted), ONE_QUERY):
        some = wanted[start : start + ONE_QUERY]
        rows = db.session.execute(select(key, name).where(key.in_(some)))  # type: ignore[call-overload,attr-defined]
        found |= dict(rows.all())
    return found


def _providers(contracts: set[int | None]) -> dict[int | None, str]:
    wanted = [ref for ref in contracts if ref is not None]
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Contract.id, Provider.name)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(Contract.id.in_(wanted))
    )
    return dict(rows.all())


def _lines(
    run: PaymentRun, found: Sequence[Finding]
) -> Mapping[tuple[int | None, object], int]:
    """By placement and month: the first line that a finding leads to."""
    wanted = sorted({one.placement_id for one in found if one.placement_id is not None})
    lines: dict[tuple[int | None, object], int] = {}
    for start in range(0, len(wanted), ONE_QUERY):
        rows = db.session.execute(
            select(
                PaymentLine.placement_id, PaymentLine.month, func.min(PaymentLine.id)
            )
            .where(
                PaymentLine.run_id == run.id,
                PaymentLine.placement_id.in_(wanted[start : start + ONE_QUERY]),
            )
            .group_by(PaymentLine.placement_id, PaymentLine.month)
        )
        lines |= {(placement, month): ref for placement, month, ref in rows}
    return lines
