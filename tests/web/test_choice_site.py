"""Distance, map, saved units, and what a reader takes home."""

import io
import re
from collections.abc import Callable
from datetime import date

import pikepdf
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, func, select

from lovdv import audit
from lovdv.access import Role
from lovdv.choice import links, listing, ordering, overview, snapshot
from lovdv.choice.link_models import ShortLink
from lovdv.extensions import db
from lovdv.needs import pdf
from lovdv.providers.models import Profile, Unit
from lovdv.providers.pictures import encoded
from lovdv.providers.profile_models import Photo, ProfilePhoto
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import units
from tests.kit_page import Page, text_of
from tests.kit_pdf import alternatives, page_text
from tests.kit_races import at_once

CENTRE = {"name": "Resecentrum", "latitude": 60_675_000, "longitude": 17_150_000}


def names(page: Page) -> list[str]:
    return [text_of(heading) for heading in page.all("h2")]


@pytest.fixture
def places(app: Flask) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="map",
        first_day=make.START,
        value={"points": [CENTRE]},
    )


@pytest.fixture
def spread(places: None) -> list[Unit]:
    return [
        make.unit(name="Nära", latitude=60_676_000, longitude=17_150_000),
        make.unit(name="Långt", latitude=60_775_000, longitude=17_150_000),
        make.unit(name="Okänd"),
    ]


# ---- Distance and map ----


def test_units_are_sorted_by_distance_and_the_unknown_stand_last(
    client: StrictClient, spread: list[Unit]
) -> None:
    page = client.page("/verksamheter?ordning=distance&fran=Resecentrum")
    assert names(page) == ["Nära", "Långt", "Okänd"]
    assert "110 meter från Resecentrum, fågelvägen" in page.text
    assert "11 km från Resecentrum" in page.text
    assert "3 av 3 visas. 1 av dem har ingen uppgift om ”avstånd”" in page.text


def test_distance_is_offered_only_where_places_are_named(client: StrictClient) -> None:
    units(2)
    page = client.page("/verksamheter?ordning=distance")
    assert "distance" not in {o.get("value") for o in page.all("option")}
    assert "Ordningen är blandad" in page.text


def test_without_a_place_the_order_is_the_readers_own(
    client: StrictClient, spread: list[Unit]
) -> None:
    blended = names(client.page("/verksamheter?s=abc"))
    assert names(client.page("/verksamheter?s=abc&ordning=distance")) == blended


def test_links_keep_the_place(client: StrictClient, spread: list[Unit]) -> None:
    page = client.page("/verksamheter?fran=Resecentrum")
    own = client.page(page.links["Nära"])
    assert "110 meter från Resecentrum" in own.text


def test_the_map_has_the_same_numbers_as_the_list(
    client: StrictClient, spread: list[Unit]
) -> None:
    page = client.page("/verksamheter/karta?ordning=alphabetical")
    numbers = [text_of(text) for text in page.all("text", class_="lov-map__number")]
    items = {li.get("value"): text_of(li) for li in page.all("li") if li.get("value")}
    assert {items[number].split(",")[0] for number in numbers} == {"Nära", "Långt"}
    assert set(items) == {"1", "2", "3"}
    assert "Okänd, Adress: ingen uppgift (inte på kartan)" in items["3"]
    described = text_of(page.one("desc"))
    assert all(f"{number} är " in described for number in numbers)


def test_a_map_of_nothing_says_so(client: StrictClient) -> None:
    units(1)
    assert "Ingen av verksamheterna" in client.page("/verksamheter/karta").text


def test_a_map_of_one_point_is_drawn(client: StrictClient) -> None:
    make.unit(latitude=60_676_000, longitude=17_150_000)
    assert len(client.page("/verksamheter/karta").all("circle")) == 1


def test_the_lead_writes_places_and_positions(client: StrictClient) -> None:
    unit = make.unit(street="A", town="B")
    client.login(make.user(Role.LEAD))
    path = f"/verksamhet/{unit.public_id}/andra"
    page = client.send(path, position="60,67").page
    assert page.errors[0].startswith("Skriv läget som latitud; longitud")
    client.send(path, position="60,67584; 17,1519")
    assert (unit.latitude, unit.longitude) == (60_675_840, 17_151_900)
    assert client.form(path).fields["position"] == ["60,67584; 17,1519"]
    rule = f"/valfrihetssystem/{make.system().public_id}/regel/map"
    told = {"first_day": "2026-03-16", "reference": "§ 1"}
    page = client.send(rule, points="Torget 60,6", **told).page
    assert page.errors[0].startswith("Raden ”Torget 60,6” går inte att läsa")
    client.send(rule, points="Torget; 60,675; 17,15", **told)
    assert "Torget" in client.page("/verksamheter?fran=Torget").text


# ---- A filter by what a day looks like ----


def test_a_unit_where_both_go_well_fits_either_wish(client: StrictClient) -> None:
    make.profile(make.unit(name="Båda"), facts={"lunch": "both"})
    make.profile(make.unit(name="Egen"), facts={"lunch": "own"})
    page = client.page("/verksamheter?lunch=served")
    assert names(page) == ["Båda"]


def test_days_and_work_outside_can_be_asked_for(client: StrictClient) -> None:
    week = {"open_days": ["mon", "tue"], "outside_work": "yes"}
    make.profile(make.unit(name="Tidig"), facts=week)
    make.profile(make.unit(name="Sen"), facts={"open_days": ["tue"]})
    page = client.page("/verksamheter?dagar=mon&dagar=tue&foretag=yes")
    assert names(page) == ["Tidig"]
    assert "1 av 2 visas." in page.text


# ---- Saved, and taken home ----


def keep(client: StrictClient, *saved: Unit) -> None:
    for unit in saved:
        client.post_without_token(
            "/verksamheter/spara", data={"unit": unit.public_id, "keep": "1"}
        )


def test_the_saved_stand_on_a_page_of_their_own(client: StrictClient) -> None:
    first, second, other = units(3)
    assert "Du har inte sparat någon än" in client.page("/verksamheter/sparade").text
    keep(client, first, second)
    shown = names(client.page("/verksamheter/sparade"))
    assert {first.name, second.name} <= set(shown)
    assert other.name not in shown


def taken(client: StrictClient, query: str = "") -> Page:
    path = f"/verksamheter/sparade{query}"
    form = client.page(path).form(action="/verksamheter/ta-med")
    response = client.post_without_token(form.action, data=form.fields)
    assert response.status_code == 302
    return client.page(response.headers["Location"])


def test_two_who_take_the_same_home_at_once_have_one_link(cloned_app: Flask) -> None:
    def keep_one() -> object:
        return links.keep(parameters=[("s", "abc")], rule={"keep_months": 1})

    assert at_once(cloned_app, keep_one, keep_one) == ["", ""]
    with cloned_app.app_context():
        count = select(func.count()).select_from(ShortLink)
        assert db.session.scalar(count) == 1


def address_on(page: Page) -> str:
    """The short address that the page shows in words and leads to."""
    words = next(words for words in page.links if "/v/" in words)
    assert page.links[words] == f"http://{words}"
    return page.links[words]


def test_a_short_link_keeps_order_filters_and_saved_units(
    client: StrictClient, clients: object
) -> None:
    saved = units(6)[:3]
    keep(client, *saved)
    order = names(client.page("/verksamheter/sparade?ordning=alphabetical"))[:3]
    page = taken(client, "?ordning=alphabetical")
    address = address_on(page)
    assert re.fullmatch(r"http://localhost/v/[2-9a-z]{9}", address)
    other = clients()
    response = other.get(address.removeprefix("http://localhost"))
    arrived = other.page(response.headers["Location"])
    assert names(arrived)[:3] == order
    assert "Du kom hit med en länk" in arrived.text
    sent = {"unit": [unit.public_id for unit in saved], "keep": "1"}
    other.post_without_token("/verksamheter/spara", data=sent)
    assert set(names(other.page("/verksamheter/sparade"))) >= set(order)


def test_a_link_without_saved_units_leads_to_the_list_in_the_same_order(
    client: StrictClient, clients: object
) -> None:
    units(8)
    order = names(client.page("/verksamheter?s=abc123"))
    page = taken(client, "?s=abc123")
    path = address_on(page).removeprefix("http://localhost")
    other = clients()
    assert names(other.page(other.get(path).headers["Location"])) == order


def test_the_qr_code_is_our_own_drawing_with_a_title(client: StrictClient) -> None:
    units(1)
    image = taken(client).one("img", class_="lov-qr")
    response = client.get(image.get("src"))
    assert response.mimetype == "image/svg+xml"
    assert b"<title>QR-kod till http://localhost/v/" in response.data
    assert (image.get("alt") or "").startswith("QR-kod till localhost/v/")


def test_the_same_page_has_the_same_link_and_it_says_nothing_of_the_reader(
    client: StrictClient,
) -> None:
    units(1)
    taken(client, "?s=abc")
    taken(client, "?s=abc")
    kept = db.session.scalars(select(ShortLink)).one()
    assert {name for name, _ in kept.parameters} == {"s", "system"}
    assert kept.end_day == date(2027, 3, 16)


def test_a_link_lasts_as_long_as_the_rule_says_and_then_is_a_calm_page(
    client: StrictClient,
) -> None:
    units(1)
    decide_rule(
        choice_system_id=make.system().id,
        key="link",
        first_day=make.START,
        value={"keep_months": 1},
    )
    taken(client)
    key = db.session.scalars(select(ShortLink.key)).one()
    client.application.config["TODAY"] = "2026-04-15"
    assert client.get(f"/v/{key}").status_code == 302
    client.application.config["TODAY"] = "2026-04-16"
    for path in (f"/v/{key}", f"/verksamheter/ta-med/{key}", "/v/finnsinte"):
        response = client.get(path)
        assert response.status_code == 410
        assert response.page.heading == "Länken gäller inte längre"
    assert client.get(f"/v/{key}.svg").status_code == 404
    taken(client)
    assert db.session.scalar(select(func.count()).select_from(ShortLink)) == 1


def test_nobody_fills_the_database_with_links(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    units(1)
    monkeypatch.setattr(links, "MOST_A_DAY", 1)
    taken(client, "?s=a")
    sent = {"s": "b"}
    response = client.post_without_token("/verksamheter/ta-med", data=sent)
    assert response.status_code == 409
    assert "Skriv ut sidan i stället" in response.page.text


def test_another_site_makes_no_links(client: StrictClient) -> None:
    response = client.post_without_token(
        "/verksamheter/ta-med", headers={"Origin": "https://annan.example"}
    )
    assert response.status_code == 403


def photograph(unit: Unit) -> None:
    user = make.user(Role.PROVIDER, unit=unit)
    profile = make.profile(unit, status="submitted", facts={"lunch_price": "65"})
    out = io.BytesIO()
    Image.new("RGB", (600, 500), "teal").save(out, "PNG")
    made = encoded(out.getvalue())
    photo = Photo(
        digest=made.digest,
        width=made.width,
        height=made.height,
        small=made.small,
        large=made.large,
        uploaded_by_id=user.id,
        uploaded_at=profile.created_at,
    )
    held = ProfilePhoto(
        profile_id=profile.id,
        slot="entrance",
        alt="En grön dörr.",
        consented=True,
        consent_by_id=user.id,
        consent_at=profile.created_at,
        photo=photo,
    )
    db.session.add(held)
    db.session.flush()
    profile.status = "published"
    db.session.flush()


def test_the_saved_are_a_pdf_with_pictures_and_their_words(
    client: StrictClient,
) -> None:
    first, second = units(2)
    photograph(first)
    query = f"e={first.public_id}&e={second.public_id}"
    response = client.get(f"/verksamheter/sparade.pdf?{query}&s=abc")
    assert response.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(response.data)) as file:
        text = page_text(file)
        assert first.name in text
        assert "65 kr" in text
        assert "ingen uppgift" in text
        shown = alternatives(file)
    assert shown[0] == "En grön dörr."
    assert shown[1].startswith("QR-kod till http://localhost/verksamheter?s=abc")


def test_when_the_presses_are_busy_the_reader_is_told_what_to_do(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    units(1)
    monkeypatch.setattr(pdf, "SECONDS", 0)
    with pdf._presses, pdf._presses:
        response = client.get("/verksamheter/sparade.pdf")
    assert response.status_code == 409
    assert "Försök igen om en minut" in response.page.text
    assert client.get("/verksamheter/sparade.pdf").status_code == 200


# ---- The whole list, whatever the seed ----


def test_no_contracted_unit_is_missing_whatever_the_seed(app: Flask) -> None:
    listed = {unit.public_id for unit in units(30)}
    offer = snapshot.site().offers[0]
    for number in range(50):
        seed = f"seed {number}"
        found = listing.entries(offer, seed)
        assert {entry.public_id for entry in found} == listed
        assert found == ordering.neutral(seed, found, lambda e: e.public_id)


def test_pages_and_choices_show_the_same_order(app: Flask) -> None:
    units(12)
    day, system = date(2026, 3, 16), make.system()
    offer = snapshot.site().offers[0]
    shown = [entry.public_id for entry in listing.entries(offer, "abc")]
    chosen = [row.public_id for row in listing.everything(system, day, "abc")]
    assert shown == chosen


def test_what_is_published_next_is_read_at_once(client: StrictClient) -> None:
    unit = make.unit(name="Ateljén")
    make.profile(unit, facts={"sound": "quiet"})
    assert "Lugnt och tyst" in client.page("/verksamheter").text
    make.profile(unit, version=2, facts={"sound": "lively"})
    assert "Mycket ljud och folk" in client.page("/verksamheter").text
    assert db.session.scalar(select(func.count()).select_from(Profile)) == 2


def test_a_process_that_has_kept_its_fill_still_shows_every_unit(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read long ago makes way, but never for the page that shows it."""
    monkeypatch.setattr(overview, "KEPT_AT_MOST", 1)
    for unit in units(3):
        make.profile(unit, facts={"sound": "quiet"})
    client.page("/verksamheter")
    make.profile(make.unit(name="Ny"), facts={"sound": "lively"})
    assert len(names(client.page("/verksamheter"))) == 4


@pytest.fixture
def kept(app: Flask) -> None:
    """As on a server; what another test left is another database's."""
    app.extensions.pop(snapshot.KEPT, None)
    app.config["KEEP_SITE"] = True


def test_what_is_kept_is_read_anew_as_soon_as_somebody_changes_something(
    client: StrictClient, clients: object, kept: None
) -> None:
    unit = make.unit(name="Ateljén", street="A", town="B")
    reader = clients()
    assert names(reader.page("/verksamheter")) == ["Ateljén"]
    assert _asked(reader) == 1
    client.login(make.user(Role.LEAD))
    client.send(f"/verksamhet/{unit.public_id}/andra", name="Verkstaden")
    assert names(reader.page("/verksamheter")) == ["Verkstaden"]


def test_what_is_read_about_a_person_lets_the_kept_stand(
    client: StrictClient, app: Flask, kept: None
) -> None:
    units(3)
    person = make.person()
    db.session.commit()

    def kept_after(log: Callable[..., None]) -> object:
        with audit.acting(person.municipality_id):
            log("person", about=[person.id])
            db.session.commit()
        client.page("/verksamheter")
        return app.extensions[snapshot.KEPT]

    first = kept_after(audit.change)
    assert kept_after(audit.read) is first
    assert kept_after(audit.change) is not first


def test_what_is_kept_shows_each_reader_their_own_order_way_and_saved(
    clients: object, kept: None
) -> None:
    first, *_ = units(9)
    make.profile(first, facts={"activities": ["cafe"]})
    one, other = clients(), clients()
    orders = [names(one.page(f"/verksamheter?s={seed}")) for seed in ("a", "b")]
    assert orders[0] != orders[1]
    assert orders[0] == names(other.page("/verksamheter?s=a"))
    keep(one, first)
    other.post_without_token("/visning", data={"reading": "easy", "next": "/"})
    assert "Sparad Ateljé 0" in one.page("/verksamheter").text
    assert "Sparad" not in other.page("/verksamheter").text.replace("Mina sparade", "")
    assert "Här kan du arbeta i kafé." in other.page("/verksamheter").text
    assert "Här kan du arbeta i kafé." not in one.page("/verksamheter").text


def test_nothing_is_kept_past_midnight(client: StrictClient, kept: None) -> None:
    unit = make.unit(name="Sista dagen", contracted=False)
    make.contract(unit, end_day=date(2026, 3, 17))
    assert names(client.page("/verksamheter")) == ["Sista dagen"]
    client.application.config["TODAY"] = "2026-03-17"
    assert names(client.page("/verksamheter")) == []


def test_a_list_asks_the_database_as_often_whatever_its_length(
    app: Flask, client: StrictClient
) -> None:
    make.system()
    asked = [_asked(client, count) for count in (2, 20)]
    assert asked[0] == asked[1]


def _asked(client: StrictClient, count: int = 0) -> int:
    for unit in units(count):
        make.profile(unit, facts={"sound": "quiet"})
    client.page("/verksamheter")
    seen: list[str] = []

    def note(*told: object) -> None:
        seen.append(str(told[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.page("/verksamheter")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("SELECT")])
