"""Decisions, life events, ends and the three-month clock."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Invitation, QueueEntry
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people import progress, three_months
from lovdv.people.models import Client, Decision, LifeEvent, Offer
from lovdv.people.three_months import Clock, Facts, Limits
from lovdv.placements.models import AttendanceMonth, Order, Placement
from lovdv.systems import operations as systems
from tests import make
from tests.kit_app import StrictClient
from tests.kit_page import Page

TODAY = date(2026, 3, 16)
LIMITS = Limits()
DECIDED = date(2026, 1, 2)


def ran(on: date, **facts: object) -> Clock | None:
    return three_months.running(Facts(DECIDED, **facts), on, LIMITS)


def test_the_clock_runs_from_the_decision() -> None:
    clock = ran(date(2026, 3, 4))
    assert clock == Clock(
        interrupted=False,
        since=DECIDED,
        last_day=date(2026, 4, 2),
        days=61,
        warned=60,
        urgent=False,
    )


WARNINGS = {
    "the first day": (0, 0, False),
    "day 59": (59, 0, False),
    "day 60": (60, 60, False),
    "day 74": (74, 60, False),
    "day 75": (75, 75, False),
    "the last day": (90, 90, False),
    "the day after": (91, 90, True),
}


@pytest.mark.parametrize("case", WARNINGS.values(), ids=WARNINGS)
def test_the_clock_warns_in_time(case: tuple[int, int, bool]) -> None:
    days, warned, over = case
    clock = ran(DECIDED + timedelta(days=days))
    assert clock is not None
    assert (clock.warned, clock.over) == (warned, over)


STOPPED = {
    "not decided yet": (date(2026, 1, 1), {}),
    "started": (TODAY, {"first_attended": TODAY}),
    "withdrawn": (TODAY, {"ended_on": TODAY}),
    "back from an interruption": (
        TODAY,
        {
            "first_attended": date(2026, 1, 10),
            "interruptions": ((date(2026, 2, 1), TODAY),),
        },
    ),
    "ended while interrupted": (
        TODAY,
        {
            "first_attended": date(2026, 1, 10),
            "interruptions": ((date(2026, 2, 1), None),),
            "ended_on": TODAY,
        },
    ),
}


@pytest.mark.parametrize("case", STOPPED.values(), ids=STOPPED)
def test_the_clock_stands_still(case: tuple[date, dict[str, object]]) -> None:
    on, facts = case
    assert ran(on, **facts) is None


def test_an_interruption_starts_three_new_months() -> None:
    clock = ran(
        TODAY,
        first_attended=date(2026, 1, 10),
        interruptions=(
            (date(2026, 1, 20), date(2026, 1, 25)),
            (date(2026, 2, 1), None),
        ),
    )
    assert clock is not None
    assert (clock.interrupted, clock.since) == (True, date(2026, 2, 1))
    assert clock.last_day == date(2026, 5, 1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_days_left_reach_zero_on_the_last_day(decided: date, after: int) -> None:
    on = decided + timedelta(days=after)
    clock = three_months.running(Facts(decided), on, LIMITS)
    assert clock is not None
    assert clock.over == (on > clock.last_day)
    assert on + timedelta(days=clock.days_left) == clock.last_day
    assert 89 <= (clock.last_day - decided).days <= 92


def signed_in(client: StrictClient) -> tuple[User, Client]:
    user = make.user(Role.CASEWORKER)
    who = make.person(caseworker=user)
    client.login(user)
    make.system()
    return user, who


def decide(client: StrictClient, who: Client, **values: object) -> TestResponse:
    told = {
        "conditions": ["age", "no_work", "no_studies"],
        "requested_by": "personen själv",
        "decided_on": "2026-03-02",
        "first_day": "2026-03-16",
        "reference": "BES-2026-1",
        **values,
    }
    return client.send(f"/personer/{who.public_id}/beslut/nytt", "law", **told)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Decision)) or 0


def test_a_decision_is_kept(app: Flask, client: StrictClient) -> None:
    _, who = signed_in(client)
    decide(client, who, last_day="2026-12-31", extent="Fem dagar i veckan")
    kept = db.session.scalars(select(Decision)).one()
    assert (kept.law, kept.personkrets, kept.status) == ("LSS", 1, "in_force")
    assert (kept.first_day, kept.end_day) == (TODAY, date(2027, 1, 1))
    page = client.page(f"/personer/{who.public_id}")
    assert "16 mars 2026 – 31 december 2026" in page.text
    address = f"/personer/{who.public_id}/beslut/{kept.public_id}"
    assert "Fem dagar i veckan" in client.page(address).text


REFUSED = {
    "personkrets 3": ({"personkrets": "3"}, "Välj SoL, eller kontrollera"),
    "no personkrets": ({"personkrets": ""}, "Välj SoL, eller kontrollera"),
    "a box not ticked": ({"conditions": ["age"]}, "Kryssa i alla tre"),
    "ends before it begins": ({"last_day": "2026-03-15"}, "före den första"),
    "decided tomorrow": ({"decided_on": "2026-03-17"}, "i framtiden"),
    "no such day": ({"first_day": "2026-02-30"}, "Skriv dagen som år-månad-dag"),
    "no reference": ({"reference": ""}, "beslutets nummer"),
    "an unknown law": ({"law": "HSL"}, "Välj lagrum"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_decision_that_cannot_be_is_refused(
    app: Flask, client: StrictClient, case: tuple[dict[str, object], str]
) -> None:
    wrong, message = case
    _, who = signed_in(client)
    response = decide(client, who, **wrong)
    assert message in " ".join(response.page.errors)
    assert response.page.form("law").fields["requested_by"] == ["personen själv"]
    assert count() == 0


def test_personkrets_3_may_have_sol(app: Flask, client: StrictClient) -> None:
    _, who = signed_in(client)
    decide(client, who, law="SoL", personkrets="3", conditions=None)
    kept = db.session.scalars(select(Decision)).one()
    assert (kept.law, kept.personkrets) == ("SoL", None)


def test_a_reference_is_used_once(app: Flask, client: StrictClient) -> None:
    _, who = signed_in(client)
    make.decision(make.person(), reference="BES-2026-1")
    assert "Beslutsnumret finns redan" in decide(client, who).page.errors[0]


OVERLAPS = {
    "inside": ("2026-04-01", "2026-04-30", True),
    "the last day": ("2026-12-31", None, True),
    "the day after": ("2027-01-01", None, False),
    "ends on its first day": ("2025-01-01", "2026-01-01", True),
    "ends the day before": ("2025-01-01", "2025-12-31", False),
    "around": ("2025-01-01", None, True),
}


@pytest.mark.parametrize("case", OVERLAPS.values(), ids=OVERLAPS)
def test_two_decisions_never_hold_on_the_same_day(
    app: Flask, client: StrictClient, case: tuple[str, str | None, bool]
) -> None:
    first, last, refused = case
    _, who = signed_in(client)
    make.decision(who, first_day=date(2026, 1, 1), end_day=date(2027, 1, 1))
    response = decide(client, who, first_day=first, last_day=last or "")
    assert (response.status_code == 200) is refused
    assert count() == (1 if refused else 2)


def test_a_decision_of_another_choice_system_may_hold_too(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    make.decision(who)
    other = make.system(name="Sysselsättning")
    decide(client, who, system=other.public_id)
    assert count() == 2


def test_a_decision_replaces_another_from_its_first_day(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    old = make.decision(who)
    decide(client, who, replaces=old.public_id)
    kept = db.session.get_one(Decision, old.id)
    assert (kept.status, kept.end_day) == ("replaced", TODAY)
    assert kept.status_reason == "Ersatt av beslut BES-2026-1"


def test_a_decision_cannot_replace_one_that_begins_later(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    old = make.decision(who, first_day=date(2026, 6, 1))
    response = decide(client, who, replaces=old.public_id, last_day="2026-05-31")
    assert "måste börja efter" in response.page.errors[0]
    assert db.session.get_one(Decision, old.id).status == "in_force"


def test_an_appealed_decision_holds_meanwhile(app: Flask, client: StrictClient) -> None:
    _, who = signed_in(client)
    kept = make.decision(who)
    base = f"/personer/{who.public_id}/beslut/{kept.public_id}"
    client.send(f"{base}/status", "status", status="appealed", reason="Vill ha mer.")
    assert db.session.get_one(Decision, kept.id).status == "appealed"
    assert "Överklagat" in client.page(f"/personer/{who.public_id}").text
    assert client.page(base).text


def placed(who: Client) -> tuple[Decision, Placement]:
    return make.decision_of(who), make.placement(who, make.unit(name="Ateljén"))


def choosing(who: Client) -> None:
    """An open order, a place in a queue and an invitation."""
    unit, decision = make.unit(name="Bageriet"), make.decision_of(who)
    make.order(who, unit)
    db.session.add_all(
        [
            QueueEntry(client_id=who.id, unit_id=unit.id, since=now()),
            Invitation(
                client_id=who.id,
                decision_id=decision.id,
                sent_on=TODAY,
                answer_by=TODAY,
                created_at=now(),
            ),
        ]
    )
    db.session.flush()


def test_an_end_is_shown_before_it_is_done(app: Flask, client: StrictClient) -> None:
    _, who = signed_in(client)
    decision, placement = placed(who)
    choosing(who)
    address = f"/personer/{who.public_id}/beslut/{decision.public_id}/avsluta"
    shown = client.send(address, "reason", reason="work", last_day="2026-03-31").page
    for text in (
        f"Beslut {decision.reference} avslutas 31 mars 2026.",
        f"Placering {placement.number} vid Ateljén avslutas 31 mars 2026.",
        "Beställningen till Bageriet dras tillbaka.",
        "Personen tas bort ur kön till Bageriet.",
        "Inbjudan att välja avslutas.",
    ):
        assert text in shown.text
    assert db.session.get_one(Decision, decision.id).end_day is None
    client.post(address, data=shown.form("confirmed").filled({}))
    db.session.expire_all()
    assert (decision.status, decision.end_reason) == ("ended", "work")
    assert (decision.end_day, placement.end_day) == (date(2026, 4, 1), date(2026, 4, 1))
    assert db.session.scalars(select(Order.status)).all() == ["withdrawn"]
    assert db.session.scalars(select(QueueEntry.end_reason)).all() == ["work"]
    assert db.session.scalars(select(Invitation.closed_on)).all() == [TODAY]


def test_a_decision_is_not_lengthened_by_its_end(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    decision = make.decision(who, end_day=date(2026, 4, 1))
    address = f"/personer/{who.public_id}/beslut/{decision.public_id}/avsluta"
    response = client.send(address, "reason", reason="work", last_day="2026-05-31")
    assert "Ett längre beslut är ett nytt beslut" in response.page.errors[0]


EVENTS = {
    "death": (date(2026, 3, 16), "deceased"),
    "move": (date(2026, 3, 15), "moved"),
    "work": (date(2026, 3, 15), "work"),
    "studies": (date(2026, 3, 15), "studies"),
    "pension": (date(2026, 3, 15), "pension"),
}


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_proposes_ends_and_does_them_when_confirmed(
    app: Flask, client: StrictClient, event: str
) -> None:
    last, reason = EVENTS[event]
    _, who = signed_in(client)
    decision, placement = placed(who)
    address = f"/personer/{who.public_id}/handelse"
    shown = client.send(address, "kind", kind=event, day="2026-03-16").page
    assert "Det här händer om du säger ja" in shown.text
    assert db.session.scalars(select(LifeEvent)).all() == []
    client.post(address, data=shown.form("step").filled({"step": "settle"}))
    db.session.expire_all()
    assert (decision.end_day, decision.end_reason) == (last + timedelta(days=1), reason)
    assert (placement.end_day, placement.end_reason) == (decision.end_day, reason)
    assert db.session.scalars(select(LifeEvent.kind)).all() == [event]


def test_an_event_may_be_noted_without_any_end(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    decision, placement = placed(who)
    client.send(
        f"/personer/{who.public_id}/handelse",
        "kind",
        kind="work",
        day="2026-03-16",
    )
    client.post(
        f"/personer/{who.public_id}/handelse",
        data={"kind": "work", "day": "2026-03-16", "step": "note"},
    )
    db.session.expire_all()
    assert (decision.end_day, placement.end_day) == (None, None)


def test_a_death_ends_the_circle_too_and_stops_the_chain(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    placed(who)
    mandate, supporter = make.mandate(who), make.supporter(who)
    client.post(
        f"/personer/{who.public_id}/handelse",
        data={"kind": "death", "day": "2026-03-10", "step": "settle"},
    )
    db.session.expire_all()
    end = date(2026, 3, 11)
    assert (mandate.end_day, supporter.end_day) == (end, end)
    assert who.died_on == date(2026, 3, 10)
    page = client.page(f"/personer/{who.public_id}")
    assert "Avliden 10 mars 2026" in page.text
    assert "Nästa steg" not in page.text


def test_what_is_proposed_for_a_protected_person_names_nobody(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    who.protection = "sekretessmarkering"
    make.decision(who)
    make.mandate(who, name="Gunnar God"), make.supporter(who, name="Stina Stöd")
    shown = client.send(
        f"/personer/{who.public_id}/handelse", "kind", kind="death", day="2026-03-16"
    ).page
    assert "En företrädares uppdrag avslutas 16 mars 2026." in shown.text
    assert "En stödperson avslutas." in shown.text
    assert [n for n in ("Gunnar", "Stina") if n in shown.html] == []


def test_a_placement_that_has_not_begun_is_annulled(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    make.decision(who)
    placement = make.placement(who, first_day=date(2026, 4, 1))
    client.post(
        f"/personer/{who.public_id}/handelse",
        data={"kind": "move", "day": "2026-03-16", "step": "settle"},
    )
    assert db.session.get_one(Placement, placement.id).annulled_at is not None


def attended(placement: Placement, month: date, codes: str) -> None:
    db.session.add(
        AttendanceMonth(
            placement_id=placement.id,
            month=month,
            status="confirmed",
            codes=codes,
            planned="".join("1" if c != "-" else "0" for c in codes),
            confirmed_at=now(),
            updated_at=now(),
        )
    )
    db.session.flush()


def tell(client: StrictClient, who: Client, kind: str, day: str) -> Page:
    address = f"/personer/{who.public_id}/handelse"
    return client.send(address, "kind", kind=kind, day=day).page


DEATHS = {
    "in the future": ("2150-11-20", "Dagen har inte kommit än"),
    "before birth": ("1926-11-20", "Personen är född 1 januari 1990"),
    "before the decision": ("2024-12-31", "Beslutet är från 1 januari 2025"),
    "before an attended day": ("2026-03-09", "som närvarande 10 mars 2026"),
}


@pytest.mark.parametrize(("day", "words"), DEATHS.values(), ids=DEATHS.keys())
def test_a_mistyped_death_is_refused_with_what_speaks_against_it(
    app: Flask, client: StrictClient, day: str, words: str
) -> None:
    _, who = signed_in(client)
    decision, placement = placed(who)
    attended(placement, date(2026, 3, 1), "-" * 9 + "N" + "A" * 5 + "-" * 16)
    page = tell(client, who, "death", day)
    assert words in page.errors[0]
    assert page.form().fields["day"] == [day]
    client.post(
        f"/personer/{who.public_id}/handelse",
        data={"kind": "death", "day": day, "step": "settle"},
    )
    db.session.expire_all()
    assert (who.died_on, decision.end_day, placement.annulled_at) == (None, None, None)


def test_a_death_after_the_last_attended_day_ends_what_was_planned(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    _, placement = placed(who)
    attended(placement, date(2026, 3, 1), "-" * 9 + "N" + "A" * 5 + "-" * 16)
    page = tell(client, who, "death", "2026-03-10")
    assert f"{placement.number} vid Ateljén avslutas 10 mars 2026" in page.text


def test_a_decision_does_not_end_before_an_attended_day(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    decision, placement = placed(who)
    attended(placement, date(2026, 3, 1), "-" * 9 + "N" + "-" * 21)
    address = f"/personer/{who.public_id}/beslut/{decision.public_id}/avsluta"
    sent = client.send(address, "reason", reason="work", last_day="2016-03-31")
    assert "som närvarande 10 mars 2026" in sent.page.errors[0]


def test_a_placement_that_has_begun_is_not_said_to_wait(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    make.decision(who)
    make.placement(who, first_day=date(2026, 3, 2))
    page = tell(client, who, "move", "2026-02-20")
    assert "inte har börjat" not in page.text
    assert "som började 2 mars 2026 men där ingen dag är rapporterad" in page.text


def test_a_paid_placement_is_not_taken_away_by_an_event(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    make.decision(who)
    placement = make.placement(who, first_day=date(2026, 2, 2))
    paid(placement, date(2026, 2, 2))
    page = tell(client, who, "move", "2026-01-20")
    assert "Platsen är betald från 2 februari 2026" in page.errors[0]
    assert "avslutas 19 februari 2026" in tell(client, who, "move", "2026-02-20").text


def paid(placement: Placement, day: date) -> None:
    """A booked line of a month, as an attested run holds it."""
    run = PaymentRun(
        municipality_id=placement.municipality_id,
        choice_system_id=placement.choice_system_id,
        month=day.replace(day=1),
        status="attested",
        known_at=now(),
        inputs_digest="",
        total=100,
        line_count=1,
        computed_at=now(),
    )
    db.session.add(run)
    db.session.flush()
    told = ("decisions", "level", "levels", "extent_class", "regi", "cells")
    numbers = ("price", "hundredths", "of", "rounding", "days", "payee_id", "terms")
    db.session.add(
        PaymentLine(
            run_id=run.id,
            placement_id=placement.id,
            kind="days",
            month=run.month,
            first_day=day,
            end_day=date(2026, 3, 1),
            unit="day",
            share=100,
            amount=100,
            counted="",
            rules="",
            **dict.fromkeys(told, ""),
            **dict.fromkeys(numbers, 1),
        )
    )
    db.session.flush()


def test_a_hospital_stay_starts_the_clock_again(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    decision, placement = placed(who)
    attended(placement, date(2026, 2, 1), "-NNNNN--NNNNN--NNNNN--NNNNN-")
    assert progress.clocks([decision], TODAY) == {}
    client.post(
        f"/personer/{who.public_id}/handelse",
        data={"kind": "hospital", "day": "2026-03-01", "step": "settle"},
    )
    db.session.expire_all()
    clock = progress.clocks([decision], TODAY)[decision.id]
    assert (clock.interrupted, clock.since) == (True, date(2026, 3, 1))
    base = f"/personer/{who.public_id}/beslut/{decision.public_id}"
    early = client.send(f"{base}/tillbaka", "day", day="2026-02-01")
    assert "Skriv en dag efter" in early.page.errors[0]
    client.send(f"{base}/tillbaka", "day", day="2026-03-15")
    db.session.expire_all()
    assert progress.clocks([decision], TODAY) == {}


def test_an_interruption_is_registered_once(app: Flask, client: StrictClient) -> None:
    _, who = signed_in(client)
    decision = make.decision(who)
    address = f"/personer/{who.public_id}/beslut/{decision.public_id}/avbrott"
    told = {"first_day": "2026-03-01", "reason": "Enheten stängde."}
    client.send(address, "reason", **told)
    assert "redan ett avbrott" in client.send(address, "reason", **told).page.errors[0]


def test_the_clock_stops_on_the_first_attended_day_and_not_before(
    app: Flask,
) -> None:
    who = make.person()
    decision = make.decision(who, decided_on=date(2026, 1, 2))
    placement = make.placement(who, first_day=date(2026, 1, 12))
    assert decision.id in progress.clocks([decision], TODAY)
    attended(placement, date(2026, 1, 1), "-" * 11 + "AA" + "N" + "-" * 17)
    assert progress.clocks([decision], date(2026, 1, 13))
    assert progress.clocks([decision], date(2026, 1, 14)) == {}


def test_a_place_that_ended_without_another_starts_the_clock_again(app: Flask) -> None:
    who = make.person()
    decision = make.decision(who, decided_on=date(2026, 1, 2))
    ended = make.placement(who, first_day=date(2026, 1, 12), end_day=date(2026, 2, 1))
    attended(ended, date(2026, 1, 1), "-" * 11 + "NN" + "-" * 18)
    clock = progress.clocks([decision], TODAY)[decision.id]
    assert (clock.interrupted, clock.since) == (True, date(2026, 2, 1))
    assert progress.clocks([decision], date(2026, 1, 31)) == {}
    make.placement(who, make.unit(), first_day=date(2026, 3, 1))
    assert progress.clocks([decision], TODAY) == {}


def test_a_declined_offer_is_listed_and_the_clock_goes_on(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    unit = make.unit(name="Ateljén")
    decision = make.decision(who, decided_on=date(2026, 1, 2))
    base = f"/personer/{who.public_id}/beslut/{decision.public_id}/erbjudande"
    client.send(base, "unit", unit=unit.public_id, day="2026-02-01")
    offer = db.session.scalars(select(Offer)).one()
    answer = f"{base}/{offer.public_id}"
    told = {"answer": "declined", "on": "2026-02-08"}
    bare = client.send(answer, "answer", **told)
    assert bare.page.errors == ["Skriv varför personen tackade nej."]
    client.send(answer, "answer", reason="För långt att åka.", **told)
    row = client.page("/klockan").table()[0]
    assert row[3] == "73 dagar, senast 2026-04-02"
    assert row[4] == "Ateljén 2026-02-01: nej"


def test_the_list_shows_the_nearest_first_and_only_own_people(
    app: Flask, client: StrictClient
) -> None:
    user, who = signed_in(client)
    later = make.person(caseworker=user)
    make.decision(who, decided_on=date(2025, 12, 1))
    make.decision(later, decided_on=date(2026, 2, 1))
    make.decision(make.person(), decided_on=date(2025, 11, 1))
    rows = client.page("/klockan").table()
    assert [row[3] for row in rows] == [
        "Över tiden sedan 2026-03-01",
        "43 dagar, senast 2026-05-01",
    ]


def test_the_start_page_warns_of_clocks_and_ends(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    make.decision(who, decided_on=date(2026, 1, 2), end_day=date(2026, 6, 1))
    text = client.page("/start").text
    assert "Tremånadersklockan (1)" in text
    assert "Beslut som snart tar slut (1)" in text
    assert "Senast 31 maj 2026" in text


ENDING = {
    "today": (date(2026, 3, 17), True),
    "in 90 days": (date(2026, 6, 15), True),
    "in 91 days": (date(2026, 6, 16), False),
    "over": (date(2026, 3, 16), False),
    "without end": (None, False),
}


@pytest.mark.parametrize("case", ENDING.values(), ids=ENDING)
def test_decisions_that_end_within_90_days_have_a_list(
    app: Flask, client: StrictClient, case: tuple[date | None, bool]
) -> None:
    end_day, listed = case
    _, who = signed_in(client)
    decision = make.decision(who, end_day=end_day)
    page = client.page("/klockan/slutar")
    assert (decision.reference in page.text) is listed


def test_the_municipality_decides_when_to_warn(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    decision = make.decision(who, decided_on=date(2026, 3, 6))
    systems.decide_rule(
        choice_system_id=decision.choice_system_id,
        key="clock",
        first_day=date(2026, 1, 1),
        value={"months": 1, "warn_days": [5], "ending_days": 90},
    )
    db.session.commit()
    clock = progress.clocks([decision], TODAY)[decision.id]
    assert (clock.warned, clock.last_day) == (5, date(2026, 4, 6))


def test_a_clock_that_is_over_is_on_the_start_page_warned_of_or_not(
    app: Flask, client: StrictClient
) -> None:
    _, who = signed_in(client)
    decision = make.decision(who, decided_on=TODAY - timedelta(days=45))
    systems.decide_rule(
        choice_system_id=decision.choice_system_id,
        key="clock",
        first_day=date(2026, 1, 1),
        value={"months": 1, "warn_days": [60, 75, 90], "ending_days": 90},
    )
    db.session.commit()
    text = client.page("/start").text
    assert "Tremånadersklockan (1)" in text
    assert "1 har gått över tiden och ska rapporteras." in text


@pytest.mark.parametrize(("days", "urgent"), [(29, False), (30, True)])
def test_the_last_warning_that_the_municipality_has_decided_is_urgent(
    days: int, *, urgent: bool
) -> None:
    limits = Limits(months=3, warn_days=(15, 30))
    facts = Facts(TODAY - timedelta(days=days))
    clock = three_months.running(facts, TODAY, limits)
    assert clock is not None
    assert clock.urgent is urgent
