"""The comparison that everyone may read."""

from datetime import date

import pytest

from lovdv.preferences import COOKIE
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import fill, units
from tests.kit_page import Page, text_of


def names(page: Page) -> list[str]:
    return [text_of(heading) for heading in page.all("h2")]


def test_every_contracted_unit_is_listed_and_own_regi_like_the_rest(
    client: StrictClient,
) -> None:
    external = make.unit(name="Fjärran", contracted=False)
    own = make.unit(name="Kommunens kök", contracted=False)
    make.contract(external)
    make.contract(own, regi="intern", is_default=True)
    page = client.page("/verksamheter")
    assert set(names(page)) == {"Fjärran", "Kommunens kök"}
    assert "2 av 2 visas." in page.text
    assert "regi" not in page.text.lower()


def test_a_unit_whose_contract_is_not_signed_or_has_ended_is_not_shown(
    client: StrictClient,
) -> None:
    later = make.unit(name="Senare", contracted=False)
    gone = make.unit(name="Slut", contracted=False)
    make.contract(later, signed_on=date(2026, 3, 17), first_day=date(2026, 3, 17))
    make.contract(gone, end_day=date(2026, 3, 16))
    assert names(client.page("/verksamheter")) == []


def test_a_full_and_a_closed_unit_stand_there_with_words(client: StrictClient) -> None:
    fill(make.unit(name="Full"))
    closed = make.unit(name="Stängd", contracted=False)
    make.contract(closed, closed_from=date(2026, 3, 1))
    page = client.page("/verksamheter")
    assert set(names(page)) == {"Full", "Stängd"}
    assert "Fullt – kö" in page.text
    assert "Tar inte emot nya val" in page.text


def test_the_order_follows_the_link_until_there_is_a_choice_then_the_cookie(
    client: StrictClient,
) -> None:
    units(8)
    first = client.get("/verksamheter")
    assert COOKIE not in str(first.headers.get("Set-Cookie"))
    kept = first.page.form("ordning").fields["s"][0]
    assert names(client.page(f"/verksamheter?s={kept}")) == names(first.page)
    client.get(f"/verksamheter?s={kept}&ordning=neutral")
    assert names(client.page("/verksamheter")) == names(first.page)


def test_links_carry_the_seed_before_there_is_a_cookie(client: StrictClient) -> None:
    units(2)
    page = client.page("/verksamheter?s=abc123")
    assert "s=abc123" in page.links["Ateljé 0"]


def test_the_reader_may_sort_by_name_and_area(client: StrictClient) -> None:
    make.unit(name="Älgen", area="Norr")
    make.unit(name="Åsen", area="Söder")
    make.unit(name="Zonen", area="Öster")
    by_name = client.page("/verksamheter?ordning=alphabetical")
    assert names(by_name) == ["Zonen", "Åsen", "Älgen"]
    by_area = client.page("/verksamheter?ordning=area")
    assert names(by_area) == ["Älgen", "Åsen", "Zonen"]


def test_a_list_has_25_a_page_and_nobody_is_lost_between_pages(
    client: StrictClient,
) -> None:
    units(30)
    first = client.page("/verksamheter?s=abc")
    second = client.page(first.links["Nästa"])
    assert (len(names(first)), len(names(second))) == (25, 5)
    assert len(set(names(first)) | set(names(second))) == 30


def test_a_filter_says_how_many_and_keeps_those_who_have_not_answered(
    client: StrictClient,
) -> None:
    make.profile(make.unit(name="Kafé"), facts={"activities": ["cafe"]})
    make.profile(make.unit(name="Snickeri"), facts={"activities": ["wood"]})
    make.unit(name="Tyst")
    page = client.page("/verksamheter?gor=cafe")
    assert set(names(page)) == {"Kafé", "Tyst"}
    assert "2 av 3 visas." in page.text
    assert "1 av dem har ingen uppgift om ”vad gör man här”" in page.text


def test_accessibility_asks_for_everything_that_is_ticked(client: StrictClient) -> None:
    make.profile(make.unit(name="Hiss"), facts={"access": ["lift"]})
    make.profile(make.unit(name="Båda"), facts={"access": ["lift", "hoist"]})
    page = client.page("/verksamheter?finns=lift&finns=hoist")
    assert names(page) == ["Båda"]


def test_only_with_room_leaves_out_the_full_and_says_so(client: StrictClient) -> None:
    make.unit(name="Öppen")
    fill(make.unit(name="Full"))
    page = client.page("/verksamheter?ledigt=1")
    assert names(page) == ["Öppen"]
    assert "1 av 2 visas." in page.text


@pytest.mark.parametrize(
    "query",
    [
        *("sida=99", "sida=x", "ordning=recommended", "gor=nothing", "s=<b>"),
        *("system=0", "endpoint=a", "_anchor=x", "_scheme=x", "_method=x"),
    ],
)
def test_an_address_that_makes_no_sense_shows_everybody(
    client: StrictClient, query: str
) -> None:
    units(2)
    assert len(names(client.page(f"/verksamheter?{query}"))) == 2


def test_nobody_is_recommended_and_nothing_is_ticked(client: StrictClient) -> None:
    units(3)
    page = client.page("/verksamheter")
    assert not [box for box in page.all("input") if box.get("checked") is not None]
    assert "rekommend" not in page.text.lower()


def test_two_or_three_are_compared_question_by_question(client: StrictClient) -> None:
    both = units(2)
    make.profile(both[0], facts={"sound": "quiet", "lunch_price": "65"})
    page = client.page(
        f"/verksamheter/jamfor?e={both[0].public_id}&e={both[1].public_id}"
    )
    rows = {row[0]: set(row[1:]) for row in page.table()}
    assert rows["Hur är det med ljud och folk?"] == {"Lugnt och tyst", "ingen uppgift"}
    assert rows["Vad kostar lunchen?"] == {"65 kr", "ingen uppgift"}


def test_more_than_three_are_not_compared_at_once(client: StrictClient) -> None:
    query = "&".join(f"e={unit.public_id}" for unit in units(4))
    page = client.page(f"/verksamheter/jamfor?{query}")
    assert "tre åt gången" in page.text
    assert all(len(row) == 4 for row in page.table())


def test_comparing_nobody_leads_back(client: StrictClient) -> None:
    units(1)
    page = client.page("/verksamheter/jamfor?e=missing")
    assert "inte valt några" in page.text


def test_a_unit_without_presentation_still_has_its_page(client: StrictClient) -> None:
    unit = make.unit(name="Ny", street="Storgatan 1", town="Gävle")
    page = client.page(f"/verksamheter/{unit.public_id}")
    assert page.heading == "Ny"
    assert "ingen uppgift" in page.text
    assert "Storgatan 1" in page.text


def test_a_unit_without_contract_has_no_page(client: StrictClient) -> None:
    unit = make.unit(contracted=False)
    assert client.get(f"/verksamheter/{unit.public_id}").status_code == 404


def test_easy_read_is_made_from_facts_with_a_picture_beside_each_sentence(
    client: StrictClient,
) -> None:
    unit = make.unit(name="Ateljén")
    make.profile(unit, facts={"activities": ["paint"], "lunch": "served"})
    client.post_without_token("/visning", data={"reading": "easy", "next": "/"})
    page = client.page(f"/verksamheter/{unit.public_id}")
    lines = [text_of(li) for li in page.all("li") if list(li.iter("img"))]
    assert lines == ["Här kan du måla och skapa.", "Du kan köpa lunch här."]


def test_the_print_view_holds_every_unit_and_every_question(
    client: StrictClient,
) -> None:
    units(30)
    page = client.page("/verksamheter/utskrift?s=abc")
    assert len(names(page)) == 30
    assert "Hur åker man hit?" in page.text


def test_a_visitor_saves_a_unit_in_the_one_cookie(client: StrictClient) -> None:
    unit = make.unit()
    data = {"unit": unit.public_id, "keep": "1", "next": "/verksamheter"}
    response = client.post_without_token("/verksamheter/spara", data=data)
    assert response.headers["Location"] == "/verksamheter"
    assert [c.key for c in client._cookies.values()] == [COOKIE]
    page = client.page(f"/verksamheter/{unit.public_id}")
    page.one("button", aria_pressed="true", type="submit", class_="lov-linkbutton")


def test_another_site_cannot_change_the_visitors_cookie(client: StrictClient) -> None:
    for path in ("/verksamheter/spara", "/visning"):
        response = client.post_without_token(
            path, headers={"Origin": "https://annan.example"}
        )
        assert response.status_code == 403


def test_before_there_is_a_choice_system_the_page_says_so(client: StrictClient) -> None:
    assert "inte öppnat något val" in client.page("/verksamheter").text


def test_how_the_choice_works_tells_the_days_and_the_order(
    client: StrictClient,
) -> None:
    make.system()
    page = client.page("/sa-fungerar-valet")
    assert "Du har 21 dagar att välja" in page.text
    assert "slumpad" in page.text
