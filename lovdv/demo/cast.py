"""Who lives in the demo and what has happened to each: a plan, before any row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from random import Random

from lovdv.demo import names
from lovdv.demo.places import PROVIDERS, ProviderPlan, UnitPlan
from lovdv.demo.size import PEOPLE, Size, weekday_after

Times = list[list[list[str] | None]]


class Story(StrEnum):
    """What is special about a person; most are simply placed."""

    PLACED = "placed"
    JOINED = "joined"  # began inside the history
    DIED = "died"
    MOVED = "moved"
    PENSION = "pension"
    WORK = "work"
    RECHOSE = "rechose"
    RAISED = "raised"  # got another level inside the history
    MORE_DAYS = "more_days"  # got another week plan
    HOSPITAL = "hospital"
    PROTECTED = "protected"
    ENDING = "ending"  # the decision ends soon
    # not placed yet
    TO_SCORE = "to_score"
    TO_REVIEW = "to_review"
    TO_ESTABLISH = "to_establish"
    TO_CHOOSE = "to_choose"
    WANTS_SUPPORT = "wants_support"
    NO_ANSWER = "no_answer"
    NEW_ORDER = "new_order"
    LATE_ORDER = "late_order"
    STARTS_SOON = "starts_soon"
    QUEUED = "queued"
    CLOCK_60 = "clock_60"
    CLOCK_75 = "clock_75"
    CLOCK_90 = "clock_90"


# How many of 390, in the order they are drawn.
STORIES: tuple[tuple[Story, int], ...] = (
    (Story.TO_SCORE, 3),
    (Story.TO_REVIEW, 2),
    (Story.TO_ESTABLISH, 1),
    (Story.TO_CHOOSE, 4),
    (Story.WANTS_SUPPORT, 2),
    (Story.NO_ANSWER, 2),
    (Story.NEW_ORDER, 2),
    (Story.LATE_ORDER, 1),
    (Story.STARTS_SOON, 2),
    (Story.QUEUED, 1),
    (Story.CLOCK_60, 1),
    (Story.CLOCK_75, 1),
    (Story.CLOCK_90, 1),
    (Story.DIED, 1),
    (Story.HOSPITAL, 1),
    (Story.PROTECTED, 2),
    (Story.MOVED, 2),
    (Story.PENSION, 2),
    (Story.WORK, 1),
    (Story.ENDING, 6),
    (Story.RECHOSE, 9),
    (Story.RAISED, 22),
    (Story.MORE_DAYS, 14),
    (Story.JOINED, 38),
)
UNPLACED = frozenset(list(Story)[list(Story).index(Story.TO_SCORE) :])
AT_WORKPLACES = 60
NO_CHOICE_SHARE = 12  # per cent of those who are placed
LEVELS = ("1", "2", "3", "4", "5")
USUAL_LEVELS = (18, 30, 27, 16, 9)
HIGH_LEVELS = (2, 8, 22, 38, 30)
LOW_LEVELS = (45, 38, 14, 3, 0)
DAYS_A_WEEK = ((5, 62), (4, 12), (3, 12), (2, 9), (1, 5))
HOURS = (["09:00", "15:00"], ["08:30", "15:30"], ["09:00", "14:00"])
HALF_DAY = ["09:00", "12:00"]


@dataclass(frozen=True)
class Stay:
    """A placement to be: half-open days, its plans by first day, why it ended."""

    unit: int
    first_day: date
    plans: tuple[tuple[date, Times], ...]
    end_day: date | None = None
    end_reason: str = ""
    chosen: str = "chosen"


@dataclass
class Resident:
    """A person with a decision."""

    number: int
    story: Story
    first_name: str
    last_name: str
    born: date
    unit: int
    level: str
    decided_on: date
    stays: list[Stay] = field(default_factory=list)
    levels: list[tuple[date, str]] = field(default_factory=list)
    decision_end: date | None = None
    at_workplace: bool = False
    paused: tuple[date, date] | None = None
    died_on: date | None = None


@dataclass(frozen=True)
class Place:
    """A unit of the demo, numbered; copies of the plans when many people need them."""

    plan: UnitPlan
    provider: ProviderPlan
    name: str


def places(size: Size) -> list[Place]:
    """The units: the plans once for each 390 people."""
    copies = max(1, size.people // 390)
    return [
        Place(unit, provider, unit.name if copy == 1 else f"{unit.name} {copy}")
        for copy in range(1, copies + 1)
        for provider in PROVIDERS
        for unit in provider.units
    ]


def cast(size: Size) -> list[Resident]:
    """Everybody, the special stories spread among the others."""
    rng = size.random("cast")
    stories = [s for s, count in STORIES for _ in range(_count(size, s, count))]
    stories = stories[: size.people] + [Story.PLACED] * (size.people - len(stories))
    rng.shuffle(stories)
    casting = _Casting(size, rng, places(size))
    people = [casting.resident(n, story) for n, story in enumerate(stories, 1)]
    casting.give_workplaces(people)
    return people


def _count(size: Size, story: Story, of_default: int) -> int:
    """What waits on the day is the same in every size; what has happened grows."""
    grows = size.people > PEOPLE and story not in UNPLACED
    return size.share(of_default) if grows else of_default


@dataclass
class _Casting:
    """Draws one person at a time."""

    size: Size
    rng: Random
    where: list[Place]

    @cached_property
    def weights(self) -> list[int]:
        return list(accumulate(place.plan.share for place in self.where))

    def resident(self, number: int, story: Story) -> Resident:
        rng, size = self.rng, self.size
        unit = rng.choices(range(len(self.where)), cum_weights=self.weights)[0]
        first, last = names.name(rng)
        age = rng.randint(64, 66) if story is Story.PENSION else rng.randint(19, 63)
        person = Resident(
            number=number,
            story=story,
            first_name=first,
            last_name=last,
            born=size.as_of - timedelta(days=age * 365 + rng.randint(0, 364)),
            unit=unit,
            level=rng.choices(LEVELS, _level_weights(self.where[unit].plan))[0],
            decided_on=size.start - timedelta(days=rng.randint(60, 2400)),
        )
        if story in UNPLACED:
            _await(size, person)
        else:
            self.place(person)
        return person

    def place(self, person: Resident) -> None:
        rng, size = self.rng, self.size
        first_day = size.start - timedelta(days=rng.randint(1, 1500))
        if person.story is Story.JOINED:
            first_day = weekday_after(_within(size, rng))
            person.decided_on = first_day - timedelta(days=rng.randint(40, 80))
        person.decided_on = min(person.decided_on, first_day - timedelta(days=30))
        person.levels = [
            (max(first_day - timedelta(days=14), person.decided_on), person.level)
        ]
        plan = ((first_day, week(rng)),)
        chosen = self.chosen(person, first_day)
        person.stays = [Stay(person.unit, first_day, plan, chosen=chosen)]
        _TELL.get(person.story, _nothing)(size, rng, person)

    def chosen(self, person: Resident, first_day: date) -> str:
        """How they came there; those placed before lovdv could say that they stay."""
        own = self.where[person.unit].provider.counterpart == "own"
        if own and self.rng.randrange(100) < NO_CHOICE_SHARE:
            return "no_choice"
        before = first_day < self.size.start
        return self.rng.choice(("chosen", "stay")) if before else "chosen"

    def give_workplaces(self, people: list[Resident]) -> None:
        """Sixty of 390 work somewhere: at the units that arrange it first of all."""
        placed = [p for p in people if p.stays and p.stays[-1].end_day is None]

        def last(person: Resident) -> tuple[bool, bool]:
            plan = self.where[person.unit].plan
            at_companies = plan.facts.get("outside_work") == "yes"
            return plan.facts.get("group_size") != "1", not at_companies

        for person in sorted(placed, key=last)[: self.size.share(AT_WORKPLACES)]:
            person.at_workplace = True


def _level_weights(unit: UnitPlan) -> tuple[int, ...]:
    if "senses" in unit.activities:
        return HIGH_LEVELS
    return LOW_LEVELS if "company" in unit.activities else USUAL_LEVELS


DECIDED_BEFORE = {  # days before the demo's day
    Story.TO_SCORE: 9,
    Story.TO_REVIEW: 24,
    Story.TO_ESTABLISH: 27,
    Story.TO_CHOOSE: 38,
    Story.WANTS_SUPPORT: 41,
    Story.NO_ANSWER: 55,
    Story.NEW_ORDER: 48,
    Story.LATE_ORDER: 52,
    Story.STARTS_SOON: 57,
    Story.QUEUED: 50,
    Story.CLOCK_60: 63,
    Story.CLOCK_75: 78,
    Story.CLOCK_90: 91,
}


def _await(size: Size, person: Resident) -> None:
    """A new decision that has not led to a first day yet."""
    before = DECIDED_BEFORE[person.story]
    person.decided_on = size.as_of - timedelta(days=before + person.number % 4)
    scored = person.decided_on + timedelta(days=14)
    if person.story not in {Story.TO_SCORE, Story.TO_REVIEW, Story.TO_ESTABLISH}:
        person.levels = [(scored, person.level)]


def _within(size: Size, rng: Random) -> date:
    """A day inside the paid months, some weeks from either end."""
    paid = max((size.history[-1] - size.start).days, 40)
    return size.start + timedelta(days=rng.randint(14, paid - 14))


def _nothing(size: Size, rng: Random, person: Resident) -> None:
    pass


def _ends(reason: str) -> object:
    def tell(size: Size, rng: Random, person: Resident) -> None:
        [stay] = person.stays
        day = _within(size, rng)
        person.stays = [
            Stay(stay.unit, stay.first_day, stay.plans, day, reason, stay.chosen)
        ]
        person.decision_end = day
        if reason == "deceased":
            person.died_on = day - timedelta(days=1)

    return tell


def _rechooses(size: Size, rng: Random, person: Resident) -> None:
    [old] = person.stays
    day = _within(size, rng).replace(day=1)
    day = weekday_after(max(day, size.start + timedelta(days=20)))
    others = [index for index in range(len(places(size))) if index != old.unit]
    plan = old.plans[-1][1]
    person.unit = rng.choice(others)
    person.stays = [
        Stay(old.unit, old.first_day, old.plans, day, "other_choice", old.chosen),
        Stay(person.unit, day, ((day, plan),), chosen="rechoice"),
    ]


def _is_raised(size: Size, rng: Random, person: Resident) -> None:
    now = LEVELS.index(person.level)
    step = 1 if now == 0 or (now < 4 and rng.randrange(4)) else -1
    person.levels.append((_within(size, rng).replace(day=1), LEVELS[now + step]))
    person.level = LEVELS[now + step]


def _more_days(size: Size, rng: Random, person: Resident) -> None:
    [stay] = person.stays
    day = _within(size, rng)
    day -= timedelta(days=day.weekday())
    plans = (*stay.plans, (day, week(rng)))
    person.stays = [Stay(stay.unit, stay.first_day, plans, chosen=stay.chosen)]


def _in_hospital(size: Size, rng: Random, person: Resident) -> None:
    day = size.history[-2 if size.months > 1 else -1] + timedelta(days=3)
    person.paused = day, day + timedelta(days=52)


def _decision_ends(size: Size, rng: Random, person: Resident) -> None:
    person.decision_end = size.as_of + timedelta(days=rng.randint(15, 88))


_TELL = {
    Story.DIED: _ends("deceased"),
    Story.MOVED: _ends("moved"),
    Story.PENSION: _ends("pension"),
    Story.WORK: _ends("work"),
    Story.RECHOSE: _rechooses,
    Story.RAISED: _is_raised,
    Story.MORE_DAYS: _more_days,
    Story.HOSPITAL: _in_hospital,
    Story.ENDING: _decision_ends,
}


def week(rng: Random) -> Times:
    """A plan over one week, or for a few over two."""
    days = rng.choices([d for d, _ in DAYS_A_WEEK], [w for _, w in DAYS_A_WEEK])[0]
    hours = rng.choice(HOURS)
    first = _days(rng, days, hours)
    if days in {2, 3, 4} and rng.randrange(12) == 0:
        return [first, _days(rng, days, hours)]
    return [first]


def _days(rng: Random, days: int, hours: list[str]) -> list[list[str] | None]:
    chosen = set(rng.sample(range(5), days))
    half = rng.randrange(5) if rng.randrange(10) == 0 else -1
    return [
        (HALF_DAY if day == half else hours) if day in chosen else None
        for day in range(7)
    ]


def active(people: list[Resident], day: date) -> Iterator[tuple[Resident, Stay]]:
    """Every stay that covers a day."""
    for person in people:
        for stay in person.stays:
            if stay.first_day <= day and (stay.end_day is None or day < stay.end_day):
                yield person, stay
