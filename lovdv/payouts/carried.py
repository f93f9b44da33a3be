"""Levels that go on when a decision follows on another without a gap."""

from collections.abc import Mapping
from datetime import date, datetime

from lovdv.people.renewals import in_system
from payments import LevelSpan

Spans = tuple[LevelSpan, ...]


def carried(
    levels: Mapping[int, Spans], choice_system_id: int, known_at: datetime
) -> Mapping[int, Spans]:
    """By decision, what a placement that rests on it is paid by, also afterwards.

    A later decision has the earlier one's level until one of its own counts. Each
    span names the decision that held on its days.
    """
    pairs = in_system(choice_system_id, known_at)
    own = dict(levels)
    for pair in pairs:
        begun = _until(own.get(pair.old, ()), pair.first_day)
        own[pair.new] = _from(begun, own.get(pair.new, ()), pair.first_day, pair.new)
    found = dict(own)
    for pair in reversed(pairs):
        begun = _until(own.get(pair.old, ()), pair.first_day)
        found[pair.old] = (*begun, *found[pair.new])
    return found


def _until(spans: Spans, day: date) -> Spans:
    begun = [span for span in spans if span.start < day]
    if begun and (begun[-1].end is None or begun[-1].end > day):
        begun[-1] = begun[-1]._replace(end=day)
    return tuple(begun)


def _from(begun: Spans, own: Spans, day: date, decision: int) -> Spans:
    if not begun or (own and own[0].start <= day):
        return own
    until = own[0].start if own else None
    return (begun[-1]._replace(start=day, end=until, decision=decision), *own)
