"""Controls of amounts and of what they rest on: unusual, changed, paid to the gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from payments.controls import Finding
from payments.money import shown
from payments.month import Month
from payments.rates import Ref


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle of some amounts and how far they usually lie from it, doubled.

    Doubled, for the middle of an even number of öre amounts can be half an öre.
    """

    twice_median: int
    twice_spread: int

    @classmethod
    def of(cls, amounts: Sequence[int]) -> "Usual":
        """The median, and the median distance to it.

        >>> Usual.of([100, 110, 90, 100, 400])
        Usual(twice_median=200, twice_spread=20)
        >>> Usual.of([100, 103])
        Usual(twice_median=203, twice_spread=3)
        """
        middle = _twice_middle(amounts)
        distances = [abs(2 * amount - middle) for amount in amounts]
        return cls(middle, _twice_middle(distances) // 2)


def _twice_middle(amounts: Sequence[int]) -> int:
    ordered = sorted(amounts)
    half = len(ordered) // 2
    return ordered[half] + ordered[~half]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much more than usual is worth a person's time."""

    spreads: int
    percent: int
    least: int
    """Öre."""


def is_unusual(amount: int, history: Sequence[int], limits: Limits) -> bool:
    """Whether an amount is above all of the history, and far from its middle.

    Whole numbers only: distance, spread and middle are all doubled.

    >>> limits = Limits(spreads=5, percent=30, least=200_000)
    >>> usual = [1_252_000, 1_314_600, 1_252_000, 1_189_400]
    >>> is_unusual(1_314_600, usual, limits), is_unusual(2_504_000, usual, limits)
    (False, True)
    """
    if not history or amount <= max(history):
        return False
    usual = Usual.of(history)
    distance = 2 * amount - usual.twice_median
    return (
        distance >= 2 * limits.least
        and distance > limits.spreads * usual.twice_spread
        and distance * 100 > limits.percent * abs(usual.twice_median)
    )


def unusual(
    month: Month,
    now: Mapping[Ref, int],
    history: Mapping[Ref, Sequence[int]],
    *,
    months: int,
    limits: Limits,
) -> list[Finding]:
    """Placements paid unusually much by their own last months; the new have none."""
    return [
        Finding("unusual_amount", ref, month, _usually(amount, history[ref]), amount)
        for ref, amount in now.items()
        if len(history.get(ref, ())) >= months
        and is_unusual(amount, history[ref], limits)
    ]


def unusual_units(
    month: Month,
    now: Mapping[Ref, int],
    history: Mapping[Ref, Sequence[int]],
    *,
    months: int,
    limits: Limits,
) -> list[Finding]:
    """The same for all that is paid at a unit."""
    return [
        Finding(
            "unusual_unit",
            None,
            month,
            _usually(amount, history[unit]),
            amount,
            unit=unit,
        )
        for unit, amount in now.items()
        if len(history.get(unit, ())) >= months
        and is_unusual(amount, history[unit], limits)
    ]


def _usually(amount: int, history: Sequence[int]) -> str:
    middle = Usual.of(history).twice_median // 2
    return (
        f"{shown(amount)} mot {shown(middle)} i mitten av {len(history)} månader, "
        f"som mest {shown(max(history))}."
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What is told of a payee under one contract: words for a field, and its value."""

    contract: Ref
    name: str
    told: Mapping[str, str]


def fixed_data(
    month: Month,
    now: Iterable[Terms],
    before: Mapping[Ref, Terms],
    amounts: Mapping[Ref, int],
) -> list[Finding]:
    """Payees that get money now and are new, or told of otherwise than last time."""
    return [
        Finding(
            "fixed_data",
            None,
            month,
            message,
            amounts[one.contract],
            contract=one.contract,
        )
        for one in now
        if one.contract in amounts
        and (message := _changed(one, before.get(one.contract)))
    ]


def _changed(now: Terms, before: Terms | None) -> str:
    if before is None:
        return f"{now.name}: ny sedan förra körningen."
    told = [
        f"{field}: {was or 'tomt'} → {value or 'tomt'}"
        for field in {**now.told, **before.told}
        if (was := before.told.get(field, "")) != (value := now.told.get(field, ""))
    ]
    return f"{now.name}. {'. '.join(told)}." if told else ""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A price list or a rule that was decided, with its first day."""

    what: str
    first_day: date


def terms_changed(month: Month, decided: Iterable[Superseded]) -> list[Finding]:
    """What has been decided since the last run for this month or an earlier one."""
    return [
        Finding(
            "terms_changed",
            None,
            month,
            f"{one.what} från {one.first_day} är beslutad efter förra körningen.",
        )
        for one in decided
        if one.first_day < month.end
    ]


def left_provider(
    month: Month, amounts: Mapping[Ref, int], ended: Mapping[Ref, tuple[str, date]]
) -> list[Finding]:
    """Money to somebody whose last contract had ended before the month began.

    `ended` is by contract: the provider's name and the last day of all it has.
    """
    return [
        Finding(
            "left_provider",
            None,
            month,
            f"{ended[contract][0]} slutade {ended[contract][1]}.",
            amount,
            contract=contract,
        )
        for contract, amount in amounts.items()
        if amount > 0 and contract in ended and ended[contract][1] < month.first
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """When a placement's month was confirmed, and what it adds to what is paid."""

    placement: Ref
    month: Month
    on: date
    version: int
    adds: int = 0


def late_reports(reports: Iterable[Report], *, days: int) -> list[Finding]:
    """Months that were first confirmed more than so many days after they ended."""
    return [
        Finding(
            "late_report",
            one.placement,
            one.month,
            f"Bekräftad {one.on}, {late} dagar efter månadens slut.",
        )
        for one in reports
        if one.version == 1 and (late := (one.on - one.month.end).days + 1) > days
    ]


def changed_after(reports: Iterable[Report], *, least: int) -> list[Finding]:
    """Months that were changed after they had been confirmed, so that more is paid."""
    return [
        Finding(
            "changed_after",
            one.placement,
            one.month,
            f"Ändrad {one.on} (version {one.version}): {shown(one.adds)} mer betalas.",
            one.adds,
        )
        for one in reports
        if one.version > 1 and one.adds >= max(least, 1)
    ]
