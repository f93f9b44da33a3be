"""Finding lines of a run: by provider, level and placement number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from lovdv.extensions import db
from lovdv.payouts import queries
from lovdv.payouts.line_queries import A_PAGE, FILE_COLUMNS, Page, with_payee
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import is_on_hold
from lovdv.placements.models import Placement
from lovdv.providers.models import Provider


@dataclass(frozen=True)
class Sought:
    """What a reader looks for; an empty text asks nothing."""

    provider: str = ""
    """Public id."""
    level: str = ""
    number: str = ""
    """A placement number, or the beginning of one."""

    @property
    def is_narrow(self) -> bool:
        return bool(self.provider or self.level or self.number)


def found_lines(
    run: PaymentRun, sought: Sought, number: int, url: Callable[[int], str]
) -> Page:
    """One page of the lines, those on hold too."""
    query = (
        with_payee(select(PaymentLine))
        .join(Provider, Provider.id == Payee.provider_id)
        .where(PaymentLine.run_id == run.id)
    )
    if sought.provider:
        query = query.where(Provider.public_id == sought.provider)
    if sought.level:
        query = query.where(PaymentLine.level == sought.level)
    if sought.number:
        start = sought.number.upper()
        query = query.where(Placement.number.startswith(start, autoescape=True))
    rows = db.session.scalar(query.with_only_columns(func.count())) or 0
    count = max(1, -(-rows // A_PAGE))
    shown = min(max(1, number), count)
    some = query.with_only_columns(
        *FILE_COLUMNS,
        PaymentLine.kind,
        PaymentLine.first_day,
        PaymentLine.end_day,
        PaymentLine.days,
    ).order_by(PaymentLine.month, Placement.number, PaymentLine.id)
    listed = db.session.execute(some.offset((shown - 1) * A_PAGE).limit(A_PAGE)).all()
    return Page(listed, shown, count, url)


@dataclass(frozen=True)
class LevelTotal:
    """What a run pays at one level and extent class, or of one kind beside them."""

    kind: str
    level: str
    extent_class: str
    lines: int
    amount: int


def levels_of(run: PaymentRun, provider_id: int) -> Sequence[LevelTotal]:
    """What a provider is paid, by kind, level and extent class."""
    alike = (PaymentLine.kind, PaymentLine.level, PaymentLine.extent_class)
    rows = db.session.execute(
        queries.paid_lines(run)
        .with_only_columns(
            *alike,
            func.sum(case((PaymentLine.corrects_id.is_(None), 1), else_=0)),
            func.sum(PaymentLine.amount),
        )
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .where(Payee.provider_id == provider_id)
        .group_by(*alike)
        .order_by(*alike)
    )
    return [LevelTotal(*told, int(n), int(a)) for *told, n, a in rows]


def levels_in(run: PaymentRun) -> Sequence[str]:
    """Every level that the run has lines of."""
    rows = db.session.scalars(
        select(PaymentLine.level)
        .where(PaymentLine.run_id == run.id, PaymentLine.level != "")
        .distinct()
        .order_by(PaymentLine.level)
    )
    return rows.all()


def provider_of(run: PaymentRun, public_id: str) -> Provider:
    """A provider that the run has lines for."""
    paid = (
        select(Payee.provider_id)
        .join(PaymentLine, PaymentLine.payee_id == Payee.id)
        .where(PaymentLine.run_id == run.id)
    )
    return db.session.scalars(
        select(Provider).where(Provider.public_id == public_id, Provider.id.in_(paid))
    ).one()


def on_hold(run: PaymentRun, line_ids: Sequence[int]) -> set[int]:
    """Which of the lines wait."""
    rows = db.session.scalars(
        select(PaymentLine.id).where(
            PaymentLine.run_id == run.id,
            PaymentLine.id.in_(line_ids),
            is_on_hold(PaymentLine),
        )
    )
    return set(rows)
