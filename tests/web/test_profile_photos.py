"""Photos of units: re-encoded, without metadata, with words and consent, for all."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers import pictures
from lovdv.providers.models import Profile, Unit
from lovdv.providers.pictures import encoded
from lovdv.providers.profile_models import Photo, ProfilePhoto
from tests import make
from tests.kit_app import StrictClient

GPS = 0x8825
ALT = "En röd dörr med ramp."
PATH = "/var-presentation/bilder/entrance"


def sent(
    size: tuple[int, int] = (1600, 1000), kind: str = "JPEG", **told: object
) -> bytes:
    """A picture as a telephone sends it: turned, and with where it was taken."""
    out = io.BytesIO()
    Image.new("RGB", size, "firebrick").save(out, kind, exif=exif(), **told)
    return out.getvalue()


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010F], made[0x0112] = "Telefon AB", 6
    made[GPS] = {1: "N", 2: (60.0, 40.0, 30.0), 3: "E", 4: (17.0, 8.0, 20.0)}
    return made


def file(content: bytes, name: str = "bild.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


@pytest.fixture
def worker(client: StrictClient) -> User:
    user = make.user(Role.PROVIDER, unit=make.unit(name="Ateljén"))
    client.login(user)
    return user


def unit() -> Unit:
    return db.session.scalars(select(Unit).order_by(Unit.id).limit(1)).one()


def put(
    client: StrictClient, content: bytes | None = None, **values: object
) -> TestResponse:
    chosen = FileStorage() if content == b"" else file(content or sent())
    told = {"file": chosen, "alt": ALT, "consented": "y", **values}
    return client.send(PATH, **told)


def published(client: StrictClient) -> str:
    """Put, send in and publish; the address of the small picture."""
    put(client)
    client.send("/var-presentation", step="submit", text="Vi målar.")
    client.login(make.user(Role.LEAD))
    client.send(f"/verksamhet/{unit().public_id}/presentation", outcome="publish")
    digest = db.session.scalars(select(Photo.digest)).one()
    return f"/foto/{digest}-480.webp"


def test_where_when_and_with_what_it_was_taken_is_gone() -> None:
    made = encoded(sent())
    for content in (made.small, made.large):
        with Image.open(io.BytesIO(content)) as found:
            assert found.format == "WEBP"
            assert dict(found.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile"} & set(found.info)
        assert b"Telefon" not in content


def test_a_turned_picture_stands_upright_in_both_sizes() -> None:
    made = encoded(sent((1600, 1000)))
    assert (made.width, made.height) == (750, 1200)
    with Image.open(io.BytesIO(made.small)) as small:
        assert small.size == (300, 480)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_kinds_are_read(kind: str) -> None:
    assert encoded(sent(kind=kind)).width == 750


def test_what_can_be_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (500, 500), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(encoded(out.getvalue()).small)) as small:
        assert small.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def bomb() -> bytes:
    """A small file that says it holds 20 000 x 20 000 points."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def plain_png(size: tuple[int, int]) -> bytes:
    """A small file that takes a hundred megabytes and more to hold."""
    out = io.BytesIO()
    Image.new("RGBA", size, (0, 128, 0, 255)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def test_a_large_picture_is_read_in_its_own_shape_and_colour() -> None:
    made = encoded(plain_png((7_000, 3_500)))
    assert (made.width, made.height) == (1200, 600)
    with Image.open(io.BytesIO(made.large)) as large:
        assert large.getpixel((9, 9)) == pytest.approx((0, 128, 0), abs=4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", pictures.NOT_ONE),
        (b"%PDF-1.7", pictures.NOT_ONE),
        (b"GIF89a" + b"\0" * 50, pictures.NOT_ONE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", pictures.NOT_ONE),
        (sent()[:900], pictures.NOT_ONE),
        (sent((399, 900)), pictures.TOO_SMALL),
        (b"\xff" * (pictures.MOST_BYTES + 1), pictures.TOO_HEAVY),
        (bomb(), pictures.TOO_MANY),
        (sent((8_000, 7_000)), pictures.TOO_MANY),
        (plain_png((5_100, 5_100)), pictures.TOO_MANY),
    ],
    ids=["none", "pdf", "gif", "svg", "cut", "small", "heavy", "bomb", "many", "held"],
)
def test_a_wrong_file_is_refused_with_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(Refused) as refused:
        encoded(content)
    assert refused.value.message == message


def test_the_unit_puts_a_photo_in_its_draft(client: StrictClient, worker: User) -> None:
    put(client)
    held = db.session.scalars(select(ProfilePhoto)).one()
    assert (held.slot, held.alt, held.consented) == ("entrance", ALT, True)
    assert held.consent_by_id == worker.id
    page = client.page("/var-presentation/bilder")
    assert [image.get("alt") for image in page.one("main").iter("img")] == [ALT]
    address = next(page.one("main").iter("img")).get("src") or ""
    assert client.get(address).mimetype == "image/webp"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"content": b"x"}, pictures.NOT_ONE),
        ({"content": b""}, "Välj en bild."),
        ({"alt": ""}, "Beskriv bilden med en mening, för den som inte ser den."),
        ({"consented": None}, "Fråga alla som syns i bilden först, och kryssa sedan"),
    ],
    ids=["file", "nothing", "alt", "consent"],
)
def test_a_photo_with_a_fault_is_refused_and_the_words_stay(
    client: StrictClient, worker: User, values: dict[str, object], message: str
) -> None:
    page = put(client, **values).page
    assert any(error.startswith(message) for error in page.errors)
    assert page.form("alt").fields["alt"] == [values.get("alt", ALT)]
    assert db.session.scalars(select(ProfilePhoto)).first() is None


def test_only_the_words_may_be_changed(client: StrictClient, worker: User) -> None:
    put(client)
    client.send(PATH, alt="En blå dörr.", consented="y")
    held = db.session.scalars(select(ProfilePhoto)).one()
    assert held.alt == "En blå dörr."
    assert len(db.session.scalars(select(Photo)).all()) == 1


def test_a_draft_is_seen_by_nobody_else(client: StrictClient, worker: User) -> None:
    put(client)
    digest = db.session.scalars(select(Photo.digest)).one()
    assert client.get(f"/foto/{digest}-480.webp").status_code == 404
    client.login(make.user(Role.PROVIDER, unit=make.unit(name="Andra")))
    assert client.get(f"/var-presentation/bild/{digest}/480").status_code == 404


def test_a_published_photo_is_kept_for_a_day_and_named_by_its_content(
    client: StrictClient, worker: User
) -> None:
    address = published(client)
    client.get("/logga-ut")
    with client.session_transaction() as cookie:
        cookie.clear()
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    etag = response.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address.replace("-480", "-481")).status_code == 404


def test_everyone_sees_it_with_its_words_and_empty_places_are_calm(
    client: StrictClient, worker: User
) -> None:
    address = published(client)
    page = client.page(f"/verksamheter/{unit().public_id}")
    assert page.one("img", alt=ALT).get("src", "").startswith(address[:20])
    missing = "Ingen bild än: lokalen, det man gör, mer av det man gör."
    assert missing in page.text


def test_the_next_version_brings_the_photos(client: StrictClient, worker: User) -> None:
    published(client)
    client.login(worker)
    client.send("/var-presentation", step="save", text="Mer.")
    versions = db.session.execute(
        select(Profile.version, ProfilePhoto.slot)
        .join(ProfilePhoto, ProfilePhoto.profile_id == Profile.id)
        .order_by(Profile.version)
    ).all()
    assert versions == [(1, "entrance"), (2, "entrance")]
    client.post("/var-presentation/bilder/entrance/ta-ut")
    assert len(db.session.scalars(select(ProfilePhoto)).all()) == 1


def test_a_withdrawn_photo_is_gone_at_once(client: StrictClient, worker: User) -> None:
    address = published(client)
    digest = db.session.scalars(select(Photo.digest)).one()
    client.login(worker)
    client.post(f"/var-presentation/bild/{digest}/dra-tillbaka")
    assert client.get(address).status_code == 404
    again = client.get(address, headers={"If-None-Match": f'"{digest}"'})
    assert again.status_code == 404
    page = client.page(f"/verksamheter/{unit().public_id}")
    assert "Ingen bild än: entrén, lokalen" in page.text
    photo = db.session.scalars(select(Photo)).one()
    assert (photo.small, photo.large, photo.withdrawn_by_id) == (None, None, worker.id)
    assert pictures_refused(client)


def pictures_refused(client: StrictClient) -> bool:
    return "någon i den har ångrat sig" in put(client).page.text


def test_another_unit_withdraws_nothing(client: StrictClient, worker: User) -> None:
    put(client)
    digest = db.session.scalars(select(Photo.digest)).one()
    client.login(make.user(Role.PROVIDER, unit=make.unit(name="Andra")))
    response = client.post(f"/var-presentation/bild/{digest}/dra-tillbaka")
    assert response.status_code == 404


def test_a_published_photo_never_changes(
    client: StrictClient, worker: User, app: Flask
) -> None:
    published(client)
    held = db.session.scalars(select(ProfilePhoto)).one()
    held.alt = "Annat"
    with pytest.raises(DatabaseError, match="never changes"):
        db.session.flush()
    db.session.rollback()


def test_nothing_is_changed_while_the_municipality_reads(
    client: StrictClient, worker: User
) -> None:
    put(client)
    client.send("/var-presentation", step="submit", text="Vi målar.")
    assert "inskickad och granskas" in put(client).page.text
    assert client.post("/var-presentation/bilder/entrance/ta-ut").status_code == 409


def test_a_place_that_is_not_one_is_not_there(
    client: StrictClient, worker: User
) -> None:
    assert client.get("/var-presentation/bilder/roof").status_code == 404
