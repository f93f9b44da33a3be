"""Picture sets: read in, cleaned, shown beside words, credited, and served safely."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.reading import zipped
from lovdv.reading.cleaning import NotAPicture, clean, clean_png, clean_svg
from lovdv.reading.models import Symbol, SymbolSet
from lovdv.reading.words import WORDS
from tests import make
from tests.kit_app import StrictClient
from tests.kit_page import text_of
from tests.kit_pictures import CIRCLE, HEADING, ROW, packed, png, svg, zipped_up


@pytest.fixture
def lead(client: StrictClient) -> StrictClient:
    make.system()
    return client.login(make.user(Role.LEAD))


def upload(client: StrictClient, content: bytes) -> TestResponse:
    file = (io.BytesIO(content), "bilder.zip")
    return client.post("/bilder/ny", data={"name": "Våra bilder", "file": file})


def the_set() -> SymbolSet:
    return db.session.scalars(select(SymbolSet)).one()


def use(client: StrictClient, content: bytes) -> Symbol:
    """Read in and use a set of one picture."""
    upload(client, content)
    client.post(f"/bilder/{the_set().public_id}/anvand")
    return db.session.scalars(select(Symbol)).one()


# Reading in


def test_the_lead_sees_what_was_understood_before_it_is_used(
    lead: StrictClient,
) -> None:
    content = packed(
        ROW,
        "bus;saknas.svg;Buss;CC0;A;B",
        "dog;hund.png;;CC0;A;B",
        "coffee;kaffe.svg;Kafé;CC0;A;B",
        "Träd!;kaffe.svg;Träd;CC0;A;B",
        "car;bil.txt;Bil;CC0;A;B",
        kaffe_svg=svg(),
        hund_png=png(),
        bil_txt=b"hej",
    )
    page = lead.page(upload(lead, content).location)
    assert the_set().faults == [
        "Rad 3: filen saknas.svg finns inte i zip-filen.",
        "Rad 4: ord saknas.",
        "Rad 5: nyckeln ”coffee” står på en rad tidigare.",
        "Rad 6: nyckeln ”Träd!” får bara ha små bokstäver a–z, siffror, - och _.",
        "Rad 7: filen bil.txt är varken SVG eller PNG.",
    ]
    for words in ("5 fel i listan", "Kafé", "Ada Ritare", *the_set().faults):
        assert words in page.text
    assert the_set().status == "draft"
    assert "openmoji" in lead.get("/sa-fungerar-valet").text


def test_a_set_in_use_stands_beside_words_and_the_rest_are_our_own(
    lead: StrictClient, clients: object, app: Flask
) -> None:
    symbol = use(lead, packed(ROW.replace("coffee", "thinking"), kaffe_svg=svg()))
    for reader in (lead, StrictClient(app)):
        page = reader.page("/sa-fungerar-valet")
        shown = [image.get("src") for image in page.all("img") if image.get("width")]
        assert f"/bild/{symbol.public_id}" in shown
        assert any("openmoji" in (address or "") for address in shown)


def test_the_lead_goes_back_to_the_pictures_from_the_start(lead: StrictClient) -> None:
    symbol = use(lead, packed(ROW.replace("coffee", "thinking"), kaffe_svg=svg()))
    lead.post("/bilder/standard")
    assert the_set().status == "ready"
    assert symbol.public_id not in lead.get("/sa-fungerar-valet").text
    lead.post(f"/bilder/{the_set().public_id}/anvand")
    assert the_set().status == "used"


def test_the_newest_set_takes_over_and_the_other_rests(lead: StrictClient) -> None:
    use(lead, packed(ROW, kaffe_svg=svg()))
    address = upload(lead, packed(ROW, kaffe_svg=svg())).location
    lead.post(f"{address}/anvand")
    found = db.session.scalars(select(SymbolSet).order_by(SymbolSet.id)).all()
    assert [each.status for each in found] == ["ready", "used"]


def test_a_draft_is_thrown_away_and_what_is_read_in_is_not(lead: StrictClient) -> None:
    address = upload(lead, packed(ROW, kaffe_svg=svg())).location
    lead.post(f"{address}/kasta")
    assert db.session.scalars(select(Symbol)).all() == []
    use(lead, packed(ROW, kaffe_svg=svg()))
    answer = lead.post(f"/bilder/{the_set().public_id}/kasta", follow_redirects=True)
    assert "redan inlästa" in answer.text
    assert the_set().status == "used"


def test_a_set_without_pictures_is_not_used(lead: StrictClient) -> None:
    upload(lead, packed("coffee;borta.svg;Kafé;CC0;A;B"))
    answer = lead.post(f"/bilder/{the_set().public_id}/anvand", follow_redirects=True)
    assert "har inga bilder" in answer.text
    assert the_set().status == "draft"


def test_the_list_to_fill_in_has_every_key(lead: StrictClient) -> None:
    rows = lead.get("/bilder/mall").get_data().decode("utf-8-sig").splitlines()
    assert rows[0] == HEADING
    assert {row.split(";")[0] for row in rows[1:]} == set(WORDS)


def test_every_vendored_picture_has_its_word(app: Flask) -> None:
    assert app.static_folder is not None
    folder = f"{app.static_folder}/vendor/openmoji-17.0.0"
    files = {path.stem for path in Path(folder).glob("*.svg")}
    assert files == set(WORDS)


def test_another_municipality_sees_nothing_of_it(
    lead: StrictClient, app: Flask
) -> None:
    upload(lead, packed(ROW, kaffe_svg=svg()))
    other = make.municipality(name="Grannby")
    stranger = StrictClient(app).login(make.user(Role.LEAD, municipality=other))
    symbol = db.session.scalars(select(Symbol)).one()
    for path in (
        f"/bilder/{the_set().public_id}",
        f"/bilder/prov/{symbol.public_id}",
        f"/bild/{symbol.public_id}",
    ):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/bilder/{the_set().public_id}/anvand").status_code == 404


# The file


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hej", "ingen zip-fil"),
        (zipped_up({"kaffe.svg": svg()}), "har 0 listor"),
        (zipped_up({"a.csv": b"x", "b.csv": b"x"}), "har 2 listor"),
        (zipped_up({"a.csv": b"nyckel;fil;ord\n"}), "saknar kolumnen licens"),
        (packed(), "har inga rader"),
        (packed(*[ROW] * 501), "fler än 500 rader"),
        (zipped_up({f"{n}.svg": b"" for n in range(1001)}), "för stor uppackad"),
        (zipped_up({"a.csv": b" " * 41 * zipped.MEGABYTE}), "för stor uppackad"),
        (zipped_up({"a.csv": b" " * 2 * zipped.MEGABYTE}), "större än 1 MB"),
    ],
    ids=[
        *("no zip", "no list", "two lists", "no columns", "no rows", "many rows"),
        *("many files", "a bomb", "a large list"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        zipped.understood(content)


def test_a_refused_file_keeps_the_name_that_was_typed(lead: StrictClient) -> None:
    page = upload(lead, b"hej").page
    assert "Filen är ingen zip-fil" in page.errors[0]
    assert page.one("input", name="name").get("value") == "Våra bilder"


def test_no_more_is_unpacked_than_may_be_kept_whatever_the_file_says() -> None:
    content = packed(ROW, kaffe_svg=b"<svg>" + b" " * (zipped.MAX_PICTURE + 1))
    assert zipped.understood(content).faults == [
        "Rad 2: filen kaffe.svg är större än 1 MB."
    ]


@pytest.mark.parametrize("name", ["../../kaffe.svg", "/etc/kaffe.svg", "a/../k.svg"])
def test_a_path_in_the_file_leads_nowhere(name: str) -> None:
    row = ROW.replace("kaffe.svg", name)
    content = zipped_up({"l.csv": f"{HEADING}\n{row}".encode(), name: svg()})
    assert [each.key for each in zipped.understood(content).pictures] == ["coffee"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_file_packed_in_an_unusual_way_is_told_by_row(packing: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("lista.csv", f"{HEADING}\n{ROW}")
        archive.writestr("kaffe.svg", svg(), packing)
    told = "Rad 2: filen kaffe.svg är packad på ett ovanligt sätt; packa den på nytt."
    assert zipped.understood(made.getvalue()).faults == [told]


def test_too_long_words_are_told_by_row() -> None:
    found = zipped.understood(packed(ROW.replace("Kafé", "K" * 81), kaffe_svg=svg()))
    assert found.faults == ["Rad 2: ord är längre än 80 tecken."]


# Cleaning


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<a href="https://annan.se">{}</a>',
        '<image href="https://annan.se/x.png"/>',
        '<use href="https://annan.se/x.svg#a"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="data:x"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<rect onload="alert(1)" fill="url(https://annan.se)"/>',
        '<rect style="fill: url( &quot;//annan.se&quot;)"/>',
        "<style>@import 'https://annan.se'; rect{fill:url(//annan.se)}</style>",
        "<style>rect{fill:u\\72l(x)}</style>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        "<!-- annan --><?xml-stylesheet href='https://annan.se'?>",
        '<metadata xmlns:x="https://annan.se"><x:y/></metadata>',
    ],
)
def test_only_what_draws_is_left_of_a_svg(inside: str) -> None:
    made = clean_svg(svg(inside.replace("{}", CIRCLE) + CIRCLE)).decode()
    for word in ("annan", "alert", "script", "javascript", "data:", "import", "\\72"):
        assert word not in made
    assert "<circle" in made


def test_what_draws_is_kept() -> None:
    inside = (
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
        "<style>.b{fill:#fff}</style>"
        '<path class="b" d="M0 0" fill="url(\'#a\')"/><use href="#a"/>'
    )
    made = clean_svg(svg(inside)).decode()
    for words in ("linearGradient", ".b{fill:#fff}", "url('#a')", 'href="#a"'):
        assert words in made


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<svg", "skadad"),
        (b'<?xml version="1.0" encoding="klartext"?><svg/>', "skadad"),
        (b"<html/>", "ingen SVG"),
        (svg("<text>x</text>"), "inget som går att rita"),
        (svg("<g>" * 200 + CIRCLE + "</g>" * 200), "inuti varandra"),
        (svg(CIRCLE * 5001), "fler än 5000"),
        (b'<!DOCTYPE s [<!ENTITY a "b">]>' + svg("&a;"), "ENTITY"),
    ],
    ids=["broken", "encoding", "html", "empty", "deep", "many", "entities"],
)
def test_a_svg_that_cannot_be_used_says_why(content: bytes, told: str) -> None:
    with pytest.raises(NotAPicture, match=told):
        clean_svg(content)


def test_a_png_is_drawn_anew_without_what_else_it_held() -> None:
    told = PngInfo()
    told.add_text("GPS", "59.33, 18.06")
    kind, made = clean("BILD.PNG", png(1000, 500, pnginfo=told))
    image = Image.open(io.BytesIO(made))
    assert (kind, image.size, image.info) == ("image/png", (512, 256), {})


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"hej", "skadad"), (png()[:40], "skadad"), (png(4097, 1), "bredare")],
)
def test_a_png_that_cannot_be_used_says_why(content: bytes, told: str) -> None:
    with pytest.raises(NotAPicture, match=told):
        clean_png(content)


# Serving


def test_a_picture_is_served_so_that_it_can_do_no_harm(
    lead: StrictClient, app: Flask
) -> None:
    symbol = use(lead, packed(ROW, kaffe_svg=svg()))
    for reader in (lead, StrictClient(app)):
        answer = reader.get(f"/bild/{symbol.public_id}")
        assert answer.mimetype == "image/svg+xml"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert "public" in answer.headers["Cache-Control"]


def test_a_draft_is_shown_to_the_lead_only(lead: StrictClient, app: Flask) -> None:
    upload(lead, packed(ROW, kaffe_svg=svg()))
    symbol = db.session.scalars(select(Symbol)).one()
    assert lead.get(f"/bilder/prov/{symbol.public_id}").status_code == 200
    assert lead.get(f"/bild/{symbol.public_id}").status_code == 404
    assert StrictClient(app).get(f"/bild/{symbol.public_id}").status_code == 404


def test_every_picture_is_credited(lead: StrictClient, client: StrictClient) -> None:
    use(lead, packed(ROW, kaffe_svg=svg()))
    rows = client.page("/licenser").table(1)
    assert rows[0] == ["Kafé", "CC BY 4.0", "Ada Ritare", "https://exempel.se"]
    assert len(rows) == len(WORDS) + 1
    assert ["kaffe", "CC BY-SA 4.0", "OpenMoji", "https://openmoji.org"] in rows


def test_the_page_of_sets_says_which_is_in_use(lead: StrictClient) -> None:
    assert "Används" in text_of(lead.page("/bilder").one("table"))
    use(lead, packed(ROW, kaffe_svg=svg()))
    first, own = lead.page("/bilder").table()
    assert first[3] == "Där egna bilder saknas"
    assert own[0] == "Våra bilder"
    assert own[3] == "Används"


# Easy read that is missing


def test_a_unit_without_easy_read_has_a_task_and_the_lead_a_count(
    lead: StrictClient, app: Flask
) -> None:
    without, written, empty = make.unit(), make.unit(), make.unit()
    make.profile(without)
    make.profile(written, easy_text="Vi bakar bröd.")
    unit = StrictClient(app).login(make.user(Role.PROVIDER, unit=without))
    assert "Skriv er presentation på lättläst" in unit.page("/start").text
    unit = StrictClient(app).login(make.user(Role.PROVIDER, unit=written))
    assert "på lättläst" not in unit.page("/start").text
    assert "Verksamheter utan egen lättläst text" in lead.page("/start").text
    names = [row[0] for row in lead.page("/presentationer/lattlast").table()]
    assert names == [without.name, empty.name]


def test_the_unit_and_the_lead_see_how_easy_the_easy_read_is(
    lead: StrictClient, app: Flask
) -> None:
    unit = make.unit(name="Bageriet")
    hard = "Verksamhetsutvecklingen genomsyrar kompetensförsörjningen."
    make.profile(unit, status="draft", easy_text="Bageriet bakar bröd.\n" + hard)
    reader = StrictClient(app).login(make.user(Role.PROVIDER, unit=unit))
    page = reader.page("/var-presentation")
    assert "LIX" in page.text
    assert "Ordet ”Verksamhetsutvecklingen” är långt" in page.text
    assert "”Bageriet”" not in page.text
    make.profile(unit, version=2, status="submitted", easy_text="Vi bakar bröd.")
    assert "LIX 3" in lead.page(f"/verksamhet/{unit.public_id}/presentation").text


@pytest.mark.parametrize(
    ("status", "easy"), [("submitted", ""), ("draft", "Vi bakar.")]
)
def test_there_is_no_task_when_easy_read_is_written_or_looked_at(
    client: StrictClient, status: str, easy: str
) -> None:
    unit = make.unit()
    make.profile(unit, status=status, easy_text=easy)
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert "på lättläst" not in client.page("/start").text
