"""What waits in the demo on its day: who did what, how many days before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from lovdv.demo.acting import acting_as, set_day
from lovdv.demo.asked import INSTEAD, MAY_BE_ASKED, MAY_STOP, Asking
from lovdv.demo.cast import Story
from lovdv.demo.doing import Do, Doing
from lovdv.demo.explained import ASKED_BEFORE, Explaining
from lovdv.demo.ground import Ground
from lovdv.demo.guiding import GUIDE, OTHER_GUIDE, Guiding
from lovdv.demo.people import Rooted, caseworker_of, find
from lovdv.demo.placed import Placed
from lovdv.demo.queued import FULL_UNIT, Queueing
from lovdv.demo.scored import answer_sets
from lovdv.demo.stated import Stating
from lovdv.demo.told import Telling
from lovdv.demo.units import Units
from lovdv.demo.visiting import Visiting

OWN_UNIT, OTHER_UNIT = "Ekbacken", "Solhöjden Centrum"
PROVIDERS = {OWN_UNIT: "utforare", OTHER_UNIT: "utforare2"}
HANDLES = "handlaggare"


@dataclass(frozen=True)
class Event:
    """Something a user does about a person, so many days before the demo's day."""

    days_before: int
    login: str
    about: Rooted
    do: Do


def happen(
    ground: Ground, units: Units, rooted: list[Rooted], placed: list[Placed]
) -> None:
    """The last weeks, day by day."""
    sets = answer_sets(ground.instrument, ground.size.random("today"))
    doing = Doing(ground, units, sets)
    events = [
        *_assessments(doing, rooted),
        *_choices(doing, rooted),
        *_orders(doing, rooted),
        *_clocks(doing, rooted),
        *_from_units(doing, placed),
        *_queue(doing, rooted, placed),
        *_explained(doing, rooted, placed),
        *_stated(doing, placed),
        *_told(doing, placed[0].rooted),
        *_visits(doing, rooted),
        *_stops(doing, placed),
        *_asked(doing, rooted, placed),
    ]
    for event in sorted(events, key=lambda event: -event.days_before):
        set_day(doing.day(event.days_before))
        with acting_as(ground, event.login) as actor:
            event.do(event.about, actor)


def _assessments(doing: Doing, rooted: list[Rooted]) -> Iterator[Event]:
    for one in find(rooted, Story.TO_SCORE)[:1]:
        yield Event(3, "bedomare", one, doing.draft)
    for one in find(rooted, Story.TO_SCORE)[2:3]:
        yield Event(5, "bedomare2", one, doing.draft)
    scorers = ("bedomare2", "bedomare")
    for one, scorer in zip(find(rooted, Story.TO_REVIEW), scorers, strict=False):
        yield Event(2, scorer, one, doing.sign)
    for one in find(rooted, Story.TO_ESTABLISH):
        yield Event(6, "bedomare", one, doing.sign)
        yield Event(4, "bedomare2", one, doing.agree)


def _choices(doing: Doing, rooted: list[Rooted]) -> Iterator[Event]:
    choosing = find(rooted, Story.TO_CHOOSE)
    for one in choosing[:3]:
        yield Event(10, HANDLES, one, doing.invite)
    for one in choosing[:1]:
        yield Event(5, "brukare", one, doing.save)
    supported = find(rooted, Story.WANTS_SUPPORT)
    for one in supported:
        yield Event(12, HANDLES, one, doing.ask_support)
    guiding = Guiding(doing)
    for one in supported[:1]:
        yield Event(7, GUIDE, one, doing.support)
        yield Event(6, GUIDE, one, guiding.book)
        yield Event(30, GUIDE, one, guiding.declare)
        yield Event(29, OTHER_GUIDE, one, guiding.tie)
        yield Event(2, GUIDE, one, guiding.stand_in)
    for one in find(rooted, Story.NO_ANSWER):
        yield Event(30, HANDLES, one, doing.invite)
        yield Event(14, HANDLES, one, doing.write_to)
        yield Event(11, HANDLES, one, doing.phone)
    for number, one in enumerate(find(rooted, Story.QUEUED)):
        chooses = doing.choose_at(FULL_UNIT) if number else guiding.choose_on_paper
        yield Event(9, HANDLES, one, chooses)
    for one in choosing[3:]:
        yield Event(7, HANDLES, one, doing.choose_at(FULL_UNIT))


def _queue(doing: Doing, rooted: list[Rooted], placed: list[Placed]) -> Iterator[Event]:
    """A place that becomes free at the full unit, offered to the first in line."""
    queueing = Queueing(doing)
    there = [
        one
        for one in placed
        if doing.units.where[one.stay.unit].name == FULL_UNIT
        and one.stay.end_day is None
    ]
    for gone in there[-1:]:
        yield Event(6, HANDLES, gone.rooted, queueing.leave)
        for one in find(rooted, Story.QUEUED):
            offer = partial(queueing.offer_place_of, gone.rooted)
            yield Event(3, HANDLES, one, offer)


def _orders(doing: Doing, rooted: list[Rooted]) -> Iterator[Event]:
    new, soon = find(rooted, Story.NEW_ORDER), find(rooted, Story.STARTS_SOON)
    for one, unit in zip(new, PROVIDERS, strict=False):
        yield Event(1, HANDLES, one, doing.order_at(unit))
    for one in find(rooted, Story.LATE_ORDER):
        yield Event(12, HANDLES, one, doing.order_at(OWN_UNIT))
    for one, unit in zip(soon, PROVIDERS, strict=False):
        yield Event(9, HANDLES, one, doing.order_at(unit))
        yield Event(6, PROVIDERS[unit], one, doing.accept)


def _clocks(doing: Doing, rooted: list[Rooted]) -> Iterator[Event]:
    """Decisions that have not led to a first day, since the unit said no."""
    asked = {
        Story.CLOCK_60: (40,),
        Story.CLOCK_75: (50,),
        Story.CLOCK_90: (60, 30),
    }
    for story, days in asked.items():
        for one in find(rooted, story):
            for before, again in zip(days, (False, True), strict=False):
                send = doing.order_again_at if again else doing.order_at
                yield Event(before, HANDLES, one, send(OWN_UNIT))
                yield Event(before - 4, PROVIDERS[OWN_UNIT], one, doing.decline)


def _from_units(doing: Doing, placed: list[Placed]) -> Iterator[Event]:
    here = _simply_placed_at(doing, placed, OWN_UNIT)
    for one in here[1:2]:
        yield Event(2, HANDLES, one.rooted, doing.fewer_days)
    for one in here[2:6]:
        yield Event(2, PROVIDERS[OWN_UNIT], one.rooted, doing.report_away)


def _told(doing: Doing, anybody: Rooted) -> Iterator[Event]:
    """What is about no person, but about units and pages."""
    telling, other = Telling(doing), PROVIDERS[OTHER_UNIT]
    yield Event(20, "systemledare", anybody, telling.measure)
    yield Event(4, other, anybody, telling.raise_ceiling)
    yield Event(3, other, anybody, telling.send_profile)
    yield Event(2, "stodperson", anybody, telling.report_barrier)


def _visits(doing: Doing, rooted: list[Rooted]) -> Iterator[Event]:
    """One has a day at the unit that is worked at; one waits for its answer."""
    visits = Visiting(doing, OWN_UNIT)
    choosing = find(rooted, Story.TO_CHOOSE)
    for one in choosing[:1]:
        yield Event(5, "brukare", one, visits.answer_questions)
        yield Event(4, "brukare", one, visits.ask)
        yield Event(2, PROVIDERS[OWN_UNIT], one, visits.answer)
    for one in choosing[1:2]:
        yield Event(1, "foretradare", one, visits.try_out)


def _stops(doing: Doing, placed: list[Placed]) -> Iterator[Event]:
    """A small unit stops: one has chosen anew, one has had a letter, others nothing."""
    asking = Asking(doing)
    there = {unit: asking.there(placed, unit) for unit in MAY_STOP}
    unit = next((name for name, people in there.items() if len(people) > 1), "")
    concerned = sorted(
        there.get(unit, []), key=lambda one: caseworker_of(one.resident) != HANDLES
    )
    for one in concerned[:1]:
        yield Event(16, "systemledare", one, asking.stop(unit))
    for one in concerned[:2]:
        yield Event(14, caseworker_of(one.resident), one, asking.send)
    for one in concerned[:1]:
        handles = caseworker_of(one.resident)
        yield Event(5, handles, one, doing.choose_at(INSTEAD))


def _asked(doing: Doing, rooted: list[Rooted], placed: list[Placed]) -> Iterator[Event]:
    """A round with one answer so far, letters sent and to send, a choice regretted."""
    asking = Asking(doing)
    for unit in MAY_BE_ASKED:
        own = [
            one
            for one in asking.there(placed, unit)
            if caseworker_of(one.resident) == HANDLES
        ]
        if len(own) > 1:
            yield Event(9, HANDLES, own[0], asking.ask_all_at(unit))
            yield Event(3, HANDLES, own[0], doing.choose_at(unit))
            yield Event(8, HANDLES, own[1], asking.write)
            break
    choosing = find(rooted, Story.TO_CHOOSE)
    for one in choosing[:2]:
        yield Event(9, HANDLES, one, asking.send)
    for one in choosing[2:3]:
        yield Event(6, HANDLES, one, doing.choose_at(INSTEAD))
        yield Event(4, HANDLES, one, asking.regret)


def _simply_placed_at(doing: Doing, placed: list[Placed], unit: str) -> list[Placed]:
    return [
        one
        for one in placed
        if doing.units.where[one.stay.unit].name == unit
        and one.rooted.resident.story is Story.PLACED
    ]


def _stated(doing: Doing, placed: list[Placed]) -> Iterator[Event]:
    """What an assessor has asked the unit; the last has an answer and a draft."""
    states, own = Stating(doing), PROVIDERS[OWN_UNIT]
    units = doing.units.where
    here = [
        one
        for one in placed
        if units[one.stay.unit].name == OWN_UNIT and one.stay.end_day is None
    ]
    for one in here[-2:]:
        yield Event(7, "bedomare", one.rooted, states.ask)
    for one in here[-1:]:
        yield Event(3, own, one.rooted, states.give)
        yield Event(2, "bedomare", one.rooted, states.begin)


def _explained(
    doing: Doing, rooted: list[Rooted], placed: list[Placed]
) -> Iterator[Event]:
    """Who wants a level looked at again, and what became of it."""
    asks, own = Explaining(doing), PROVIDERS[OWN_UNIT]
    here = _simply_placed_at(doing, placed, OWN_UNIT)
    for one in here[:1]:
        yield Event(4, own, one.rooted, asks.ask_at(OWN_UNIT))
    for number, one in enumerate(here[6:9]):
        yield Event(80 - 20 * number, own, one.rooted, asks.ask_at(OWN_UNIT))
        yield Event(65 - 16 * number, HANDLES, one.rooted, asks.decline)
    for one in find(rooted, Story.RAISED):
        since = one.resident.levels[-1][0] - ASKED_BEFORE
        before = (doing.ground.size.as_of - since).days
        yield Event(before, HANDLES, one, asks.ask_oneself)
        yield Event(before - 12, HANDLES, one, asks.grant)
    for one in find(rooted, Story.TO_CHOOSE)[:1]:
        yield Event(8, "brukare", one, asks.object_to("Jag reser själv med buss."))
        yield Event(6, "bedomare", one, asks.answer)
        yield Event(2, "brukare", one, asks.object_to("Jag vill äta i lugn och ro."))
