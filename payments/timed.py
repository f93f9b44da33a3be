"""The minutes of each day as what is paid: hours, bundled units, a class of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from payments.absence import SPLIT, UNPAID, PaidMonth, hundredths_of
from payments.calendar import ATTENDED, NOT_PLANNED
from payments.errors import MissingHours, PaymentError
from payments.lines import HUNDRED
from payments.marking import Marking, Place
from payments.rule_rows import Bundle
from payments.rules import RuleSet

Shares: TypeAlias = tuple[tuple[str, int, int], ...]
"""A day's codes, each with its minutes (or hundredths) and its share."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A placement's days with hundredths of what the price is for."""

    paid: PaidMonth
    classes: Mapping[int, str]
    """By offset, where each day has an extent class of its own."""
    bundles: Mapping[int, Bundle]
    stops: Mapping[int, PaymentError]

    def by_class(self, names: Sequence[str]) -> Iterator[tuple[str, "Timed"]]:
        """The days of each class that has some, the others taken away."""
        for name in names:
            days = {offset for offset, found in self.classes.items() if found == name}
            if days:
                yield name, replace(self, paid=_masked(self.paid, days))

    def fired(self, low: int, high: int) -> tuple[str, ...]:
        """Which bundles the days between two offsets are in, and how many."""
        days = [
            o for o in range(low, high) if o in self.paid.pieces and o in self.bundles
        ]
        found = [str(self.bundles[offset]) for offset in days]
        return tuple(
            f"{bundle} ({found.count(bundle)} dagar)" for bundle in dict.fromkeys(found)
        )


class Timing:
    """Weighs placements' days under one rule set."""

    def __init__(self, rules: RuleSet, marking: Marking) -> None:
        self._rules = rules
        self._marking = marking

    def timed(self, place: Place, paid: PaidMonth) -> Timed:
        """What each day is paid as; a day that cannot be judged is kept apart."""
        pieces: dict[int, Shares] = {}
        classes: dict[int, str] = {}
        bundles: dict[int, Bundle] = {}
        stops: dict[int, PaymentError] = {}
        for offset, day in paid.pieces.items():
            if offset in place.off:
                continue
            minutes = sum(number for _, number, share in day if share)
            try:
                if any(share for *_, share in day):
                    self._judge(place, offset, minutes, classes, bundles)
                pieces[offset] = self._weighed(place, offset, day, bundles)
            except PaymentError as error:
                stops[offset] = error
        weighed = _masked(paid._replace(pieces=pieces), set(pieces))
        return Timed(weighed, classes, bundles, stops)

    def _judge(
        self,
        place: Place,
        offset: int,
        minutes: int,
        classes: dict[int, str],
        bundles: dict[int, Bundle],
    ) -> None:
        """The day's class and bundle, or a named error."""
        if minutes == 0:
            raise MissingHours
        if self._rules.basis == "bundled":
            bundles[offset] = self._rules.bundle(minutes)
        if self._rules.is_by_the_day:
            measured = minutes
            if self._rules.measure == "planned_hours_a_day":
                hours = self._marking.hours(place, offset)
                measured = hours.minutes if hours else minutes
            classes[offset] = self._rules.class_of_day(measured)

    def _weighed(
        self, place: Place, offset: int, day: Shares, bundles: Mapping[int, Bundle]
    ) -> Shares:
        """Hundredths of an hour's 60 minutes, of a unit or of a day, by code."""
        if self._rules.basis == "hour":
            return tuple((c, number * HUNDRED, share) for c, number, share in day)
        if self._rules.basis == "bundled":
            return _of_units(day, bundles[offset].units if offset in bundles else 0)
        if self._rules.part_days == "whole_day":
            return _whole(day)
        assert place.marked is not None
        whole = place.marked.wholes.get(offset) or sum(number for _, number, _ in day)
        return _parted(day, [number for _, number, _ in day], whole)

    def resting(
        self, place: Place, paid: PaidMonth, share_on: Sequence[int | None]
    ) -> PaidMonth:
        """With the planned days of pauses, at what a pause pays."""
        pieces = dict(paid.pieces)
        codes = self._marking.plan(place)
        for offset in range(place.low, place.high):
            share, hours = share_on[offset], self._marking.hours(place, offset)
            if share is not None and hours and codes[offset] == ATTENDED:
                pieces[offset] = ((ATTENDED, hours.minutes, share),)
        return _masked(paid._replace(pieces=pieces), set(pieces))


def _of_units(day: Shares, units: int) -> Shares:
    """A day's units, parted by minutes among what is paid; no unit pays nothing."""
    paid = [number if share and units else 0 for _, number, share in day]
    if not any(paid):
        return tuple((code, 0, 0) for code, _, _ in day)
    found = hundredths_of(list(zip("." * len(day), paid, strict=True)), sum(paid))
    reached, pieces = 0, []
    for (code, _, share), (_, part) in zip(day, found, strict=True):
        before, reached = reached * units // HUNDRED, reached + part
        pieces.append((code, reached * units // HUNDRED - before, share))
    return tuple(pieces)


def _whole(day: Shares) -> Shares:
    """A day with some time that counts is a whole one, at its highest share."""
    best = max(day, key=lambda part: part[2])
    return ((best[0], HUNDRED, best[2]),)


def _parted(day: Shares, minutes: Sequence[int], whole: int) -> Shares:
    named = [(code, number) for (code, _, _), number in zip(day, minutes, strict=True)]
    found = hundredths_of(named, max(whole, 1))
    return tuple(
        (code, part, share)
        for (code, _, share), (_, part) in zip(day, found, strict=True)
    )


def _masked(paid: PaidMonth, days: set[int]) -> PaidMonth:
    """Only some days: they have pieces, and the others are not planned."""
    codes = "".join(
        ATTENDED if offset in days else NOT_PLANNED for offset in range(len(paid.codes))
    )
    shares = "".join(
        SPLIT if offset in days else UNPAID for offset in range(len(paid.codes))
    )
    pieces = {offset: paid.pieces[offset] for offset in sorted(days)}
    return PaidMonth(codes, shares, pieces)
