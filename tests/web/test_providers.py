"""Providers, contracts, permits, ceilings and presentations."""

from datetime import date

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.providers.capacity import room
from lovdv.providers.models import Contract, Profile, Provider, Unit
from lovdv.providers.profiling import praise_in
from tests import make
from tests.kit_app import StrictClient
from tests.kit_page import Page

PROVIDER = {
    "name": "Fjärran AB",
    "organisation_number": "556000-0001",
    "counterpart": "company",
}
CONTRACT = {
    "number": "A-1",
    "regi": "extern",
    "signed_on": "2026-01-10",
    "first_day": "2026-02-01",
}
UNIT = {
    "name": "Ateljén",
    "permit_number": "IVO-7",
    "permit_maximum": "12",
    "manager": "Moa Lind",
    "street": "Storgatan 1",
    "town": "Gävle",
}


@pytest.fixture
def lead(client: StrictClient) -> User:
    make.system()
    user = make.user(Role.LEAD)
    client.login(user)
    return user


def own_regi(**values: object) -> Contract:
    unit = make.unit(
        contracted=False, provider=make.provider(counterpart="own"), **values
    )
    return make.contract(unit, regi="intern", is_default=True)


# ---- Providers and contracts ----


def test_a_provider_is_registered_with_its_first_contract_and_unit(
    client: StrictClient, lead: User
) -> None:
    response = client.send("/utforare/ny", **PROVIDER, **CONTRACT)
    contract = db.session.scalars(select(Contract)).one()
    assert response.headers["Location"] == f"/avtal/{contract.public_id}"
    client.send(f"/avtal/{contract.public_id}/verksamhet", **UNIT)
    unit = db.session.scalars(select(Unit)).one()
    assert (unit.permit_maximum, unit.first_day) == (12, date(2026, 3, 16))
    assert "Ateljén" in client.page("/utforare").text
    assert "Ateljén" in client.page("/verksamheter").text


def test_the_same_organisation_number_is_the_same_provider(
    client: StrictClient, lead: User
) -> None:
    known = make.provider(name="Fjärran AB", organisation_number="556000-0001")
    typed = {**PROVIDER, "organisation_number": "5560000001"}
    client.send("/utforare/ny", **typed, **CONTRACT)
    assert db.session.scalars(select(Contract.provider_id)).all() == [known.id]


def test_a_known_number_with_another_name_is_refused(
    client: StrictClient, lead: User
) -> None:
    make.provider(name="Nära AB", organisation_number="556000-0001")
    page = client.send("/utforare/ny", **PROVIDER, **CONTRACT).page
    assert "finns redan, med namnet Nära AB" in page.errors[0]
    assert db.session.scalars(select(Provider.name)).all() == ["Nära AB"]


def test_a_shared_provider_is_described_by_its_first_municipality(
    client: StrictClient, lead: User
) -> None:
    shared = make.provider(name="Nära AB", organisation_number="556000-0001")
    unit = make.unit(provider=shared, contracted=False, street="A", town="B")
    other = make.system(municipality=make.municipality(name="Annan"), name="Annat")
    make.contract(unit, system=other, first_day=date(2020, 1, 1))
    make.contract(unit)
    for path, values in (
        (f"/utforare/{unit.provider.public_id}/andra", {"name": "Kapad"}),
        (f"/verksamhet/{unit.public_id}/andra", {"name": "Kapad"}),
        (
            f"/verksamhet/{unit.public_id}/platser",
            {**ceilings(1), "first_day": "2026-05-01"},
        ),
    ):
        page = client.send(path, **values).page
        assert "Annan" in page.errors[0], path
    assert "Kapad" not in {unit.name, shared.name}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Skriv utförarens namn."),
        ("organisation_number", "", "Skriv organisationsnumret."),
        (
            "organisation_number",
            "556000-0002",
            "Organisationsnumret stämmer inte. Kontrollera de tio siffrorna.",
        ),
        ("email", "fel", "Skriv en e-postadress, till exempel namn@utforare.se."),
        ("number", "", "Skriv avtalets nummer."),
        ("signed_on", "", "Skriv dagen då båda har skrivit under."),
        (
            "signed_on",
            "2026-02-02",
            (
                "Avtalet måste vara undertecknat innan det börjar gälla. "
                "Rätta dagen för underskrift eller första dag."
            ),
        ),
        (
            "first_day",
            "1 februari",
            "Skriv dagen som år-månad-dag, till exempel 2026-11-22.",
        ),
        ("last_day", "2026-01-31", "Sista dag kan inte vara före första dag."),
        (
            "is_default",
            "y",
            (
                "Den som inte väljer får plats hos kommunens egen regi. "
                "Kryssa inte i rutan för en extern utförare."
            ),
        ),
    ],
)
def test_a_provider_with_a_fault_is_refused_and_nothing_typed_is_lost(
    client: StrictClient, lead: User, field: str, value: str, message: str
) -> None:
    values = {**PROVIDER, **CONTRACT, "account": "4711", field: value}
    page = client.send("/utforare/ny", **values).page
    assert message in page.errors
    assert page.form("account").fields["account"] == ["4711"]
    assert db.session.scalars(select(Provider)).first() is None


def test_a_contract_number_is_used_once(client: StrictClient, lead: User) -> None:
    make.contract(make.unit(contracted=False), number="A-1")
    page = client.send("/utforare/ny", **PROVIDER, **CONTRACT).page
    assert "Avtalsnumret finns redan. Skriv ett annat." in page.errors


def test_two_contracts_of_a_provider_never_hold_the_same_days(
    client: StrictClient, lead: User
) -> None:
    unit = make.unit()
    make.contract_of(unit).end_day = date(2026, 7, 1)
    path = f"/utforare/{unit.provider.public_id}/avtal"
    page = client.send(path, **{**CONTRACT, "first_day": "2026-06-30"}).page
    assert "gäller samma dagar" in page.errors[0]
    client.send(path, **{**CONTRACT, "first_day": "2026-07-01"})
    assert len(db.session.scalars(select(Contract)).all()) == 2


def test_only_one_provider_takes_those_who_do_not_choose(
    client: StrictClient, lead: User
) -> None:
    own_regi()
    values = {**PROVIDER, **CONTRACT, "regi": "intern", "is_default": "y"}
    page = client.send("/utforare/ny", **values).page
    assert any("Bara en utförare i taget" in error for error in page.errors)


def test_a_contract_is_changed_with_its_last_day_as_it_is_said(
    client: StrictClient, lead: User
) -> None:
    contract = make.contract(make.unit(contracted=False))
    path = f"/avtal/{contract.public_id}"
    client.send(path, last_day="2026-12-31", closed_from="2026-10-01")
    assert contract.end_day == date(2027, 1, 1)
    assert client.form(path).fields["last_day"] == ["2026-12-31"]
    page = client.send(path, first_day="2026-02-01").page
    assert any("Avtalet kan inte börja senare" in error for error in page.errors)


def test_a_unit_leaves_the_contract_and_the_list(
    client: StrictClient, lead: User
) -> None:
    unit = make.unit(name="Ateljén")
    covered = make.contract_of(unit).covered[0]
    path = f"/verksamhet/{unit.public_id}/avtal/{covered.public_id}/sluta"
    page = client.send(path, last_day="2024-12-31").page
    assert any("ingår från" in error for error in page.errors)
    client.send(path, last_day="2026-03-15")
    assert covered.end_day == date(2026, 3, 16)
    assert "Ateljén" not in client.page("/verksamheter").text


def test_the_list_treats_own_regi_like_the_others(
    client: StrictClient, lead: User
) -> None:
    own_regi(name="Egen")
    make.unit(name="Extern")
    rows = client.page("/utforare").table()
    assert [row[0] for row in rows] == ["Egen", "Extern"]
    assert rows[0][3:] == rows[1][3:]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Skriv namnet."),
        (
            "permit_number",
            "",
            "Skriv numret. Egen regi skriver anmälans nummer.",
        ),
        ("permit_maximum", "0", "Skriv ett antal mellan 1 och 999."),
        ("permit_maximum", "", "Skriv antalet med siffror, som i tillståndet."),
        ("manager", "", "Skriv föreståndarens namn."),
        (
            "first_day",
            "2024-12-31",
            "Avtalet gäller från 1 januari 2025. Verksamheten kan inte ingå tidigare.",
        ),
    ],
)
def test_a_unit_with_a_fault_is_refused(
    client: StrictClient, lead: User, field: str, value: str, message: str
) -> None:
    contract = make.contract()
    values = {**UNIT, field: value}
    page = client.send(f"/avtal/{contract.public_id}/verksamhet", **values).page
    assert message in page.errors
    assert db.session.scalars(select(Unit)).first() is None


# ---- Ceilings and room ----


def ceilings(count: int) -> dict[str, str]:
    return {f"c{day}{half}": str(count) for day in range(5) for half in ("am", "pm")}


def test_a_ceiling_is_never_above_the_permit(client: StrictClient, lead: User) -> None:
    unit = make.unit(permit_maximum=12)
    path = f"/verksamhet/{unit.public_id}/platser"
    values = {**ceilings(12), "c2pm": "13", "first_day": "2026-03-16"}
    page = client.send(path, **values).page
    assert "Onsdag eftermiddag: taket kan vara högst 12" in page.errors[0]
    client.send(path, **{**values, "c2pm": "12"})
    assert room(unit, date(2026, 3, 16)).free((2, "pm")) == 12


def test_a_changed_ceiling_counts_from_the_first_after_its_notice(
    client: StrictClient, lead: User
) -> None:
    unit = make.unit()
    make.capacity(unit, ceiling=5, weekday=0, half="am")
    path = f"/verksamhet/{unit.public_id}/platser"
    late = {**ceilings(4), "notified_on": "2026-03-16", "first_day": "2026-04-01"}
    page = client.send(path, **late).page
    assert page.errors == [
        "En ändring som anmäls 16 mars 2026 gäller tidigast 1 maj 2026."
    ]
    client.send(path, **{**late, "notified_on": "2026-03-15"})
    assert room(unit, date(2026, 3, 31)).ceilings[0, "am"] == 5
    assert room(unit, date(2026, 4, 1)).ceilings[0, "am"] == 4


def test_nobody_is_moved_because_a_ceiling_is_lowered(
    client: StrictClient, lead: User
) -> None:
    unit = make.unit()
    placed = [make.placement(make.person(), unit) for _ in range(3)]
    client.send(
        f"/verksamhet/{unit.public_id}/platser", **ceilings(1), first_day="2026-04-01"
    )
    found = room(unit, date(2026, 4, 1))
    assert found.full
    assert found.free((0, "am")) == 0
    assert all(each.end_day is None for each in placed)


def test_the_permit_is_not_lowered_under_a_ceiling(
    client: StrictClient, lead: User
) -> None:
    unit = make.unit(permit_maximum=12, street="A", town="B")
    make.capacity(unit, ceiling=10, weekday=0, half="am")
    path = f"/verksamhet/{unit.public_id}/andra"
    page = client.send(path, permit_maximum="9").page
    assert "Sänk först taket" in page.errors[0]
    client.send(path, permit_maximum="10", name="Ny")
    assert (unit.permit_maximum, unit.name) == (10, "Ny")


def test_the_permit_is_not_lowered_under_a_ceiling_to_come(
    client: StrictClient, lead: User
) -> None:
    unit = make.unit(permit_maximum=12, street="A", town="B")
    make.capacity(unit, ceiling=2, weekday=0, half="am")
    make.capacity(unit, ceiling=11, weekday=0, half="am", first_day=date(2026, 5, 1))
    path = f"/verksamhet/{unit.public_id}/andra"
    assert "Taket är 11" in client.send(path, permit_maximum="9").page.errors[0]


def test_room_follows_the_plans_by_half_day(client: StrictClient) -> None:
    unit = make.unit(permit_maximum=1)
    mornings = [[["09:00", "12:00"], *([None] * 6)]]
    make.placement(make.person(), unit, times=mornings)
    found = room(unit, date(2026, 3, 16))
    assert found.free((0, "am")) == 0
    assert found.free((0, "pm")) == 1
    assert not found.full


def test_an_order_that_waits_holds_a_place(client: StrictClient) -> None:
    unit = make.unit(permit_maximum=1)
    order = make.order(make.person(), unit, wanted_start=date(2026, 3, 16))
    assert room(unit, date(2026, 3, 16)).full
    order.status = "declined"
    db.session.flush()
    assert not room(unit, date(2026, 3, 16)).full


def test_a_placement_that_has_ended_or_is_annulled_holds_nothing(
    client: StrictClient,
) -> None:
    unit = make.unit(permit_maximum=1)
    make.placement(make.person(), unit, end_day=date(2026, 3, 16))
    assert room(unit, date(2026, 3, 15)).full
    assert not room(unit, date(2026, 3, 16)).full


# ---- Presentations ----


@pytest.fixture
def worker(client: StrictClient) -> User:
    user = make.user(Role.PROVIDER, unit=make.unit(name="Ateljén"))
    client.login(user)
    return user


def newest() -> Profile:
    query = select(Profile).order_by(Profile.version.desc()).limit(1)
    return db.session.scalars(query).one()


def test_the_unit_drafts_the_municipality_publishes(
    client: StrictClient, worker: User
) -> None:
    client.send(
        "/var-presentation",
        step="submit",
        text="Vi målar och väver.",
        activities=["paint", "textile"],
        opens="08:30",
        lunch_price="65",
        group_size="6",
    )
    draft = newest()
    assert (draft.status, draft.checked_on) == ("submitted", date(2026, 3, 16))
    assert draft.facts == {
        "activities": ["paint", "textile"],
        "opens": "8.30",
        "lunch_price": "65",
        "group_size": 6,
    }
    unit = draft.unit.public_id
    assert "Vi målar" not in client.page(f"/verksamheter/{unit}").text
    client.login(make.user(Role.LEAD))
    assert "Ateljén" in client.page("/presentationer").text
    client.send(f"/verksamhet/{unit}/presentation", outcome="publish")
    assert newest().status == "published"
    assert "Vi målar" in client.page(f"/verksamheter/{unit}").text


def test_what_was_typed_comes_back_in_the_form(
    client: StrictClient, worker: User
) -> None:
    client.send(
        "/var-presentation",
        step="save",
        text="Text",
        sound="quiet",
        lunch_price="62,50",
        open_days=["mon"],
    )
    fields = client.form("/var-presentation").fields
    assert fields["sound"] == ["quiet"]
    assert fields["open_days"] == ["mon"]
    assert fields["lunch_price"] == ["62,5"]
    assert newest().status == "draft"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": ""}, "Skriv den vanliga texten innan ni skickar in."),
        ({"text": "Vi är bäst."}, "Ta bort värdeord som ”bäst”."),
        ({"easy_text": "Ett unikt ställe."}, "Ta bort värdeord som ”unikt”."),
        ({"a_day": "Bäst i stan!"}, "Ta bort värdeord som ”Bäst”."),
        ({"opens": "25.00"}, "Skriv klockslaget som 8.30 eller 15.45."),
        ({"lunch_price": "-1"}, "Skriv ett belopp från 0 till 1000 kronor."),
        ({"lunch_price": "mycket"}, "Skriv beloppet i kronor, till exempel 1 234,50."),
        ({"travel": "x" * 201}, "Korta ner svaret till högst 200 tecken."),
        ({"text": "x" * 2001}, "Korta ner texten till högst 2000 tecken."),
    ],
    ids=[
        "no text",
        "praise",
        "easy",
        "a day",
        "clock",
        "negative",
        "words",
        "long",
        "too long",
    ],
)
def test_a_presentation_with_a_fault_is_refused(
    client: StrictClient, worker: User, values: dict[str, str], message: str
) -> None:
    page = client.send(
        "/var-presentation", **{"step": "submit", "text": "Text.", **values}
    ).page
    assert any(error.startswith(message) for error in page.errors)
    assert db.session.scalars(select(Profile)).first() is None


def test_a_presentation_is_sent_back_with_the_reason(
    client: StrictClient, worker: User
) -> None:
    client.send("/var-presentation", step="submit", text="Text.")
    lead, unit = make.user(Role.LEAD), newest().unit.public_id
    client.login(lead)
    path = f"/verksamhet/{unit}/presentation"
    page = client.send(path, outcome="return").page
    assert page.errors == ["Skriv vad som behöver ändras, så att de vet."]
    assert client.send(path).page.errors[0].startswith("Välj vad som ska hända")
    client.send(path, outcome="return", note="Skriv vilka tider ni har öppet.")
    client.login(worker)
    page = client.page("/var-presentation")
    assert "Skriv vilka tider ni har öppet." in page.text
    client.send("/var-presentation", step="submit", text="Text. 9 till 15.")
    assert (newest().version, newest().status) == (1, "submitted")


def test_what_is_published_stands_while_the_next_is_written(
    client: StrictClient, worker: User
) -> None:
    unit = db.session.scalars(select(Unit)).one()
    make.profile(unit, text="Det gamla.")
    client.send("/var-presentation", step="submit", text="Det nya.")
    assert (newest().version, newest().status) == (2, "submitted")
    assert "Det gamla." in client.page(f"/verksamheter/{unit.public_id}").text
    page = client.send("/var-presentation", step="save", text="Mer.").page
    assert "granskas av kommunen" in page.text
    assert newest().text == "Det nya."


def test_the_review_shows_what_changes(client: StrictClient, lead: User) -> None:
    unit = make.unit()
    make.profile(unit, facts={"sound": "quiet"})
    make.profile(unit, version=2, status="submitted", facts={"sound": "lively"})
    page = client.page(f"/verksamhet/{unit.public_id}/presentation")
    assert "Publicerat nu Lugnt och tyst Föreslaget Mycket ljud och folk" in page.text
    assert "verdict_sound" in page.form("outcome").names
    assert "verdict_lunch" not in page.form("outcome").names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vi bakar bröd i storkök.", []),
        ("Stans BÄSTA kafé", ["BÄSTA"]),
        ("Vi rekommenderas av många", ["rekommenderas"]),
        ("en bastant frukost", []),
        ("Vi arbetar främst med trä.", []),
    ],
)
def test_words_that_praise_are_found(text: str, found: list[str]) -> None:
    assert praise_in(text) == found


# ---- Scope ----


def elsewhere() -> Unit:
    """A unit that only another municipality has a contract with."""
    other = make.system(municipality=make.municipality(name="Annan"), name="Annat")
    unit = make.unit(name="Borta", contracted=False)
    make.contract(unit, system=other)
    return unit


def test_another_municipalitys_provider_is_not_there(
    client: StrictClient, lead: User
) -> None:
    unit = elsewhere()
    contract = make.contract_of(unit)
    covered = contract.covered[0].public_id
    for path in (
        f"/utforare/{unit.provider.public_id}",
        f"/utforare/{unit.provider.public_id}/andra",
        f"/utforare/{unit.provider.public_id}/avtal",
        f"/avtal/{contract.public_id}",
        f"/avtal/{contract.public_id}/verksamhet",
        f"/verksamhet/{unit.public_id}",
        f"/verksamhet/{unit.public_id}/andra",
        f"/verksamhet/{unit.public_id}/platser",
        f"/verksamhet/{unit.public_id}/presentation",
        f"/verksamhet/{unit.public_id}/avtal/{covered}/sluta",
    ):
        assert client.get(path).status_code == 404, path
    assert "Borta" not in client.page("/utforare").text


def test_a_provider_writes_only_for_the_unit_at_work(client: StrictClient) -> None:
    first, second = make.unit(name="Första"), make.unit(name="Andra")
    client.login(make.user(Role.PROVIDER, unit=second))
    make.profile(first, text="Förstas text", status="draft")
    page: Page = client.page("/var-presentation")
    assert page.heading == "Presentation av Andra"
    client.send("/var-presentation", step="save", text="Andras text")
    texts = dict(db.session.execute(select(Profile.unit_id, Profile.text)).all())
    assert texts == {first.id: "Förstas text", second.id: "Andras text"}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.PROVIDER, Role.FINANCE])
def test_only_the_lead_writes_contracts(client: StrictClient, role: Role) -> None:
    unit = make.unit()
    client.login(make.user(role, unit=unit))
    for path in ("/utforare/ny", f"/verksamhet/{unit.public_id}/platser"):
        assert client.get(path).status_code == 403
