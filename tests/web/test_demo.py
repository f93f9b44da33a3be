"""The demo municipality: who is there, what has been paid and what waits."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from assessment import shipped_instruments, traces_agree
from lovdv import audit_check, crypto
from lovdv.access import Role
from lovdv.accessibility.models import AccessibilityReport
from lovdv.accounts.models import User
from lovdv.choice import regrets
from lovdv.choice.models import Choice, ChoiceRegret, ContactAttempt
from lovdv.cli import run
from lovdv.demo import cast as casting
from lovdv.demo import prices, users
from lovdv.demo.cast import UNPLACED, Resident, Story
from lovdv.demo.closed import closed_days
from lovdv.demo.instance import Instance
from lovdv.demo.load import make
from lovdv.demo.places import PROVIDERS, facts
from lovdv.demo.size import Size
from lovdv.demo.told import FEW_ANSWERS, NO_RESULT
from lovdv.extensions import db
from lovdv.leaving.models import ProviderExit
from lovdv.leaving.queries import all_rows
from lovdv.ledger.models import ExportFile
from lovdv.letters.models import Letter, LetterSent
from lovdv.needs.models import SignedAssessment
from lovdv.payouts.models import HeldItem, PaymentLine, PaymentRun
from lovdv.people.models import Client, ClientNumber
from lovdv.placements import reporting
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.providers import (
    capacity_changes,
    profile_freshness,
    profile_quality,
    profile_review,
    profiling,
)
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_models import Photo, ProfilePhoto, QualityResult
from lovdv.providers.questions import QUESTIONS, answer
from lovdv.rounds import queries as round_queries
from lovdv.rounds.models import IntroductionRound
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.rules import DEFAULTS
from payments.month import Month
from tests.kit_app import StrictClient, closing, make_app
from tests.kit_databases import Template

pytestmark = pytest.mark.slow

AS_OF = date(2026, 11, 5)
DEFAULT = Size(AS_OF)
SMALL = Size(AS_OF, people=60, months=3)


@pytest.fixture(scope="module")
def everybody() -> list[Resident]:
    return casting.cast(DEFAULT)


def test_the_default_has_the_size_of_gavle(everybody: list[Resident]) -> None:
    assert len(everybody) == 390
    assert sum(person.at_workplace for person in everybody) == 60


def test_about_a_tenth_have_chosen_somebody_else(everybody: list[Resident]) -> None:
    where = casting.places(DEFAULT)
    now = [stay.unit for _, stay in casting.active(everybody, AS_OF)]
    others = sum(where[unit].provider.counterpart != "own" for unit in now)
    assert 8 <= 100 * others // len(now) <= 12


def test_every_story_is_told(everybody: list[Resident]) -> None:
    assert {person.story for person in everybody} == set(Story)
    assert any(person.died_on for person in everybody)
    assert any(person.paused for person in everybody)
    kinds = Counter(stay.chosen for person in everybody for stay in person.stays)
    assert set(kinds) == {"chosen", "stay", "no_choice", "rechoice"}


def test_the_same_seed_gives_the_same_people(everybody: list[Resident]) -> None:
    assert casting.cast(DEFAULT) == everybody
    assert casting.cast(Size(AS_OF, seed=7)) != everybody


@pytest.mark.parametrize("people", [40, 391, 2000])
def test_other_sizes_have_as_many_people_as_asked_for(people: int) -> None:
    found = casting.cast(Size(AS_OF, people=people, months=2))
    assert len(found) == people
    waiting = [person for person in found if person.story in UNPLACED]
    assert len(waiting) == sum(n for s, n in casting.STORIES if s in UNPLACED)


@pytest.mark.parametrize("day", ["2026-01-05", "2026-02-28", "2027-03-31"])
def test_nobody_begins_after_they_end(day: str) -> None:
    for person in casting.cast(Size(date.fromisoformat(day))):
        for stay in person.stays:
            assert stay.end_day is None or stay.first_day < stay.end_day
            assert person.decided_on < stay.first_day


def test_one_municipal_provider_with_several_units_and_four_others() -> None:
    own = [p for p in PROVIDERS if p.counterpart == "own"]
    assert (len(own), len(PROVIDERS)) == (1, 5)
    assert len(own[0].units) > 3


def test_every_unit_has_answered_every_question() -> None:
    for provider in PROVIDERS:
        for unit in provider.units:
            given = facts(unit)
            assert all(answer(question, given) for question in QUESTIONS), unit.name


def test_the_prices_are_the_published_ones_and_then_others() -> None:
    published = {
        tuple(line.split(";")[:4])
        for line in Path("tests/data/prices/tyreso-2020.csv")
        .read_text("utf-8")
        .splitlines()[1:]
    }
    ours = {
        (level, extent, regi, str(ore // 100))
        for level, extent, regi, ore in prices.cells(raised=False)
    }
    assert ours == published
    assert all(
        after[3] > before[3]
        for before, after in zip(
            prices.cells(raised=False), prices.cells(raised=True), strict=True
        )
    )


def test_closed_days_are_weekdays_with_a_name() -> None:
    days = closed_days(DEFAULT)
    assert all(day.weekday() < 5 for day in days)
    assert days[date(2026, 6, 19)] == "Midsommarafton"
    assert days[date(2026, 5, 15)] == "Klämdag"


def test_there_is_a_login_for_every_role() -> None:
    shown = [person for person in users.USERS if person.shown]
    assert {role for person in shown for role in person.roles} == set(Role)
    assert len(users.PASSWORD) >= 12


# The whole of it, in a small size.


@pytest.fixture(scope="module")
def made(template: Template) -> Iterator[Flask]:
    url = template.clone()
    with closing(make_app(url, DEMO=True)) as app:
        with app.app_context():
            make(SMALL, lambda _: None)
        yield app
    template.drop(url)


@pytest.fixture
def demo(made: Flask) -> Iterator[Flask]:
    """Made once; those who read it sign in at most."""
    with made.app_context():
        yield made


def test_a_visit_is_booked_on_a_day_when_units_are_open(cloned_app: Flask) -> None:
    tuesday = date(2026, 10, 6)  # four days before a Saturday
    with cloned_app.app_context():
        cloned_app.config["DEMO"] = True
        make(Size(tuesday, people=40, months=1), lambda _: None, pay_months=False)
        visits = select(ContactAttempt.visit_day).where(
            ContactAttempt.visit_day.is_not(None)
        )
        assert db.session.scalars(visits).all() == [date(2026, 10, 12)]


def _rows(kind: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_the_demo_is_whole(demo: Flask) -> None:
    """One long test, since making the demo takes seconds."""
    _paid_but_the_last_month()
    _what_units_and_readers_have_told()
    _people_who_choose_anew()
    _numbers_that_belong_to_nobody()
    _levels_that_can_be_computed_again()
    assert list(audit_check.verify(db.session)) == []
    _months_as_the_units_would_confirm_them()
    assert current_app.config["TODAY"] == AS_OF.isoformat()


def _paid_but_the_last_month() -> None:
    runs = db.session.scalars(select(PaymentRun).order_by(PaymentRun.month)).all()
    assert [(run.month, run.status) for run in runs] == [
        (date(2026, 8, 1), "exported"),
        (date(2026, 9, 1), "exported"),
    ]
    assert all(run.prepared_by_id != run.attested_by_id for run in runs)
    assert all(run.total > 0 for run in runs)
    assert _rows(ExportFile) >= len(runs)
    assert _rows(PaymentLine) > 0
    assert _rows(HeldItem) == 0


def _what_units_and_readers_have_told() -> None:
    units = {unit.name: unit for unit in db.session.scalars(select(Unit))}
    system = db.session.scalars(select(ChoiceSystem)).one()
    fresh = {
        name: profile_freshness.of_unit(unit.id, DEFAULTS["profile"])
        for name, unit in units.items()
    }
    assert [n for n, f in fresh.items() if f and f.lapsed(AS_OF)] == ["Återbruk"]
    assert {n for n, f in fresh.items() if f and f.due(AS_OF)} == {
        *("Ekbacken", "Återbruk")
    }
    told = profile_quality.told_of(system.id, list(units.values()))
    hidden = {each.text for each in told[units[FEW_ANSWERS].id]}
    unasked = {each.text for each in told[units[NO_RESULT].id]}
    assert (hidden, unasked) == (
        {profile_quality.TOO_FEW},
        {profile_quality.NOT_MEASURED},
    )
    [waiting] = db.session.scalars(select(Profile).where(Profile.status == "submitted"))
    assert profiling.flags(waiting) == {"text": ["populära"]}
    assert any(f.new_photo for f in profile_review.fields_of(None, waiting))
    assert len(capacity_changes.coming(units.values(), AS_OF)) == 1
    assert _rows(AccessibilityReport) == 1
    assert all(unit.position for unit in units.values())


def _people_who_choose_anew() -> None:
    [leaving] = db.session.scalars(select(ProviderExit))
    assert leaving.state(AS_OF) == "announced"
    steps = [row.step for row in all_rows(leaving)]
    assert steps[:1] == ["order"]
    assert "answer" in steps
    [round_] = db.session.scalars(select(IntroductionRound))
    answers = Counter(answer.state for answer in round_queries.answers(round_))
    assert answers["stay"] == 1
    assert answers["waiting"] > 0
    sent = _rows(LetterSent)
    assert 0 < sent < _rows(Letter)
    assert _rows(ChoiceRegret) == 1
    made = db.session.scalars(select(Choice).where(Choice.regret_by >= AS_OF))
    assert "open" in {regrets.state_of(choice) for choice in made}


def _numbers_that_belong_to_nobody() -> None:
    numbers = db.session.scalars(select(ClientNumber)).all()
    assert {number.kind for number in numbers} == {"reservnummer"}
    first = numbers[0]
    text = crypto.decrypt(first.sealed, "client_number.sealed", first.public_id)
    assert re.fullmatch(r"BJH-\d{6}", text)
    phones = [*db.session.scalars(select(Client.phone))]
    phones += db.session.scalars(select(User.phone))
    assert all(re.fullmatch(r"070-174 06 (0[5-9]|[1-9]\d)", phone) for phone in phones)


def _levels_that_can_be_computed_again() -> None:
    [instrument] = [i for i in shipped_instruments() if i.id == "exempel-5"]
    documents = db.session.scalars(select(SignedAssessment.document)).all()
    assert len(documents) > 30
    assert all(traces_agree(instrument, document) for document in documents)


def _months_as_the_units_would_confirm_them() -> None:
    """A month that was written all at once is as the page would have frozen it."""
    rows = db.session.scalars(
        select(AttendanceMonth)
        .where(AttendanceMonth.status == "confirmed")
        .order_by(AttendanceMonth.id)
        .limit(20)
    ).all()
    assert rows
    for row in rows:
        before = (row.codes, row.planned, row.minutes_planned, row.minutes_attended)
        placement = db.session.get_one(Placement, row.placement_id)
        month = Month.of(row.month)
        reporting.unconfirm(placement=placement, month=month)
        again = reporting.confirm(placement=placement, month=month)
        after = (
            again.codes,
            again.planned,
            again.minutes_planned,
            again.minutes_attended,
        )
        assert after == before


WAITING = {
    "handlaggare": "Svarstiden har gått ut utan val",
    "bedomare": "Bedömningar att granska",
    "bedomare2": "Bedömningar att granska",
    "brukare": "Välj var du vill vara på dagarna",
    "foretradare": "Välj var du vill vara på dagarna",
    "lots": "Personer som vill ha stöd att välja",
    "utforare": "Beställningar att svara på",
    "utforare2": "Bekräfta närvaron för oktober 2026",
    "ekonom": "Räkna oktober 2026",
    "systemledare": "Presentationer att granska",
}


def test_something_waits_for_everybody_who_signs_in(demo: Flask) -> None:
    faults = []
    for login in users.logins():
        browser = StrictClient(demo)
        browser.send("/logga-in", "password", **_typed(login))
        text = browser.page("/start").text
        if WAITING.get(login["login"], "") not in text:
            faults.append(login["login"])
    assert faults == []


def _typed(login: dict[str, str]) -> dict[str, str]:
    return {"login": login["login"], "password": login["password"]}


def test_made_twice_it_holds_the_same(demo: Flask, template: Template) -> None:
    once = _told()
    url = template.clone()
    try:
        assert _made_again(url) == once
    finally:
        template.drop(url)


def _told() -> list[object]:
    totals = db.session.execute(
        select(PaymentRun.month, PaymentRun.total, PaymentRun.line_count)
    ).all()
    people = db.session.execute(
        select(Client.public_id, Client.sort_key, Client.birth_date)
    ).all()
    counts = [_rows(kind) for kind in (Profile, ProfilePhoto, Photo, QualityResult)]
    return [sorted(map(tuple, totals)), sorted(map(tuple, people)), counts]


def _made_again(url: str) -> list[object]:
    with closing(make_app(url)) as other, other.app_context():
        make(SMALL, lambda _: None)
        return _told()


# The instance folder


@pytest.fixture
def lovdv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    for name in ("LOVDV_SECRET_KEY", "LOVDV_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOVDV_INSTANCE", str(tmp_path))
    monkeypatch.setenv("LOVDV_ARGON2", '{"memory_cost": 8, "parallelism": 1}')
    return lambda *arguments: run(arguments)


def test_the_command_makes_a_demo_once_and_keeps_it(
    lovdv: Callable[..., int], tmp_path: Path
) -> None:
    size = ("--people", "40", "--months", "1", "--as-of", "2026-11-05")
    assert lovdv("demo", *size) == 0
    database = (tmp_path / "lovdv.sqlite3").read_bytes()
    assert lovdv("demo") == 0
    assert (tmp_path / "lovdv.sqlite3").read_bytes() == database
    assert lovdv("demo", "--people", "50") == 2
    assert lovdv("doctor") == 0
    assert (tmp_path / "config.py").stat().st_mode & 0o077 == 0
    assert Instance(tmp_path).made == Size(AS_OF, people=40, months=1)


def test_another_database_is_left_alone(
    lovdv: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "lovdv.sqlite3").write_bytes(b"somebody's")
    assert lovdv("demo") == 2
    assert "något annat än en demo" in capsys.readouterr().err
    assert (tmp_path / "lovdv.sqlite3").read_bytes() == b"somebody's"


def test_settings_of_an_installation_are_left_alone(
    lovdv: Callable[..., int], tmp_path: Path
) -> None:
    (tmp_path / "config.py").write_text("SECRET_KEY = 'x'\n", "utf-8")
    assert lovdv("demo", "--again") == 2
    assert (tmp_path / "config.py").read_text("utf-8") == "SECRET_KEY = 'x'\n"
