"""Blind means blind: every address is tried, and none gives an answer away.

The instrument's levels and every reason carry words that stand nowhere else, so a
page that shows what somebody gave is found by them.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lovdv.access import ALLOWED, Permission, Role, access_of
from lovdv.accounts.models import User
from lovdv.calibration import pairs
from lovdv.calibration.models import BlindScoring, CalibrationRound
from lovdv.extensions import db
from lovdv.needs import operations, scoring
from lovdv.needs.models import Assessment, InstrumentVersion, Level
from lovdv.people.models import Client, Decision
from tests import make
from tests import make_calibration as made
from tests.kit_app import StrictClient

SECRET = "Hemlig-motivering"
WORDS = ["Kvartsett", "Kvartstvå", "Kvartstre", "Kvartsfyra"]
ABOUT_INSTRUMENTS = ("needs.instrument", "needs.editor", "needs.consequence")
"""Pages about the instrument itself: its levels stand there for everybody."""


@pytest.fixture(autouse=True)
def instrument(app: Flask) -> InstrumentVersion:
    return make.instrument(levels=WORDS)  # type: ignore[arg-type]  # labels, in order


NAMES = ("mat", "vardag")
"""What a second name in an address is, when it is not an id: a question, a domain."""


def addresses(app: Flask, who: User, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every GET address open to the user, filled with every id: (endpoint, path)."""
    allowed = frozenset[Permission]().union(
        *(ALLOWED[Role(g.role)] for g in who.grants)
    )
    known = list(ids)
    for rule in app.url_map.iter_rules():
        open_to_all = rule.endpoint == "static" or access_of(rule.endpoint) == "public"
        if "GET" not in (rule.methods or ()) or open_to_all:
            continue
        if access_of(rule.endpoint) in allowed:
            yield from ((rule.endpoint, path) for path in filled(rule, known))


def filled(rule: Rule, ids: list[str]) -> Iterator[str]:
    names = sorted(rule.arguments, reverse=True)
    choices = [ids, *([*NAMES, *ids[:2]] for _ in names[1:])]
    for values in product(*choices[: len(names)]):
        try:
            built = rule.build(dict(zip(names, values, strict=True)))
        except ValueError:  # a number is asked for
            continue
        if built is not None:
            yield str(built[1])


def given_away(client: StrictClient, who: User, ids: Iterable[str]) -> list[str]:
    """The addresses that show a level or a reason that somebody gave."""
    client.login(who)
    found = []
    for endpoint, path in addresses(client.application, who, ids):
        about_instrument = endpoint.startswith(ABOUT_INSTRUMENTS)
        words = [SECRET] if about_instrument else [SECRET, *WORDS]
        content = readable(client.get(path))
        if any(word.encode() in content for word in words):
            found.append(path)
    return found


def readable(response: TestResponse) -> bytes:
    """What a page or a file says; a workbook is unpacked, another file is refused."""
    if response.data.startswith(b"PK"):
        with ZipFile(BytesIO(response.data)) as book:
            return b"".join(map(book.read, book.namelist()))
    known = ("text/html", "application/json", "text/csv", "image/svg+xml")
    assert response.mimetype in known, f"{response.request.path}: {response.mimetype}"
    return response.data


def ids_of(*kinds: type) -> list[str]:
    """The public ids of all rows of these kinds."""
    return [row.public_id for kind in kinds for row in db.session.scalars(select(kind))]


pytestmark = pytest.mark.slow

CASES = (CalibrationRound, BlindScoring)


@pytest.fixture
def users() -> list[User]:
    return made.assessors(*["Norr"] * 4)


@pytest.fixture
def round_(users: list[User]) -> CalibrationRound:
    """Open: three of four have handed in, each with reasons."""
    new = made.round_of(users)
    for user, level in zip(users[:3], "234", strict=True):
        made.hand_in(made.scoring_of(new, user), level, reason=SECRET + user.login)
    return new


@pytest.mark.parametrize("who", [0, 3], ids=["has handed in", "has not"])
def test_no_address_of_an_open_round_shows_an_assessor_anything(
    client: StrictClient, users: list[User], round_: CalibrationRound, who: int
) -> None:
    assert given_away(client, users[who], ids_of(*CASES)) == []


def test_no_address_of_an_open_round_shows_the_lead_anything(
    client: StrictClient, round_: CalibrationRound
) -> None:
    lead = make.user(Role.LEAD, Role.MANAGER)
    assert given_away(client, lead, ids_of(*CASES)) == []


def test_one_who_has_begun_sees_own_reasons_but_no_level(
    client: StrictClient, users: list[User], round_: CalibrationRound
) -> None:
    own = made.scoring_of(round_, users[3])
    made.answer(own, SECRET, mat="2")
    assert given_away(client, users[3], ids_of(*CASES)) == [
        f"/mina-kalibreringar/{own.public_id}"
    ]
    assert WORDS[0] not in client.page(f"/mina-kalibreringar/{own.public_id}").html


def test_levels_are_shown_when_the_round_is_closed_but_never_a_reason(
    client: StrictClient, users: list[User], round_: CalibrationRound
) -> None:
    """And so the words would have been found if they had stood there before."""
    made.close(round_)
    ids, own = ids_of(*CASES), made.scoring_of(round_, users[0])
    lead = make.user(Role.LEAD)
    page = f"/kalibrering/omgangar/{round_.public_id}"
    assert given_away(client, lead, ids) == [page]
    result = f"/mina-kalibreringar/{own.public_id}/resultat"
    assert given_away(client, users[0], ids) == [result]
    assert SECRET not in client.page(result).html


def test_another_assessors_scoring_has_no_address(
    client: StrictClient, users: list[User], round_: CalibrationRound
) -> None:
    others = [made.scoring_of(round_, user).public_id for user in users[:3]]
    client.login(users[3])
    for one in others:
        for rest in ("", "/resultat", "/borja"):
            assert client.get(f"/mina-kalibreringar/{one}{rest}").status_code == 404
        path = f"/mina-kalibreringar/{one}/svar/mat"
        assert client.post(path, data={"answer": "0"}).status_code == 404


@pytest.fixture
def first() -> User:
    return make.user(Role.ASSESSOR, Role.CASEWORKER)


@pytest.fixture
def second() -> User:
    """Assesses and handles cases: every page about a person is open to them."""
    return make.user(Role.ASSESSOR, Role.CASEWORKER)


@pytest.fixture
def person(first: User, second: User) -> Client:
    """With an earlier assessment, reviewed and established."""
    found = make.person(caseworker=first)
    make.assignment(found, second)
    make.placement(found)
    earlier = signed(found, first, "2")
    establish(earlier)
    return found


def establish(assessment: Assessment) -> None:
    """Reviewed by somebody else, and made the level."""
    by = make.user(Role.ASSESSOR)
    operations.review(assessment=assessment, verdict="agreed", comment="", by_id=by.id)
    operations.establish(assessment=assessment, first_day=None, ground="J", by_id=None)


def signed(person: Client, by: User, level: str) -> Assessment:
    new = make.draft(person, by)
    with_reasons(new, level)
    sign(new)
    return new


def with_reasons(draft: Assessment, level: str) -> None:
    typed = [
        scoring.Typed(name, value, SECRET, scoring.token(None))
        for name, value in made.LEVELS[level].items()
    ]
    scoring.save_answers(assessment=draft, typed=typed)


def sign(draft: Assessment) -> None:
    db.session.expire(draft, ["answers"])
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=domain)
    scoring.sign(assessment=draft, by_id=draft.assessor_id)


@pytest.fixture
def asked(person: Client, first: User, second: User) -> BlindScoring:
    """The second has said yes; then the first signs, and the level is established."""
    draft = make.draft(person, first)
    with_reasons(draft, "4")
    one = made.invited(draft, second)
    pairs.begin(scoring=one)
    sign(draft)
    establish(draft)
    return one


PERSON = (Client, Decision, Assessment, Level, CalibrationRound, BlindScoring)


def test_no_address_shows_the_one_who_scores_a_meeting_blind_anything(
    client: StrictClient, asked: BlindScoring, second: User
) -> None:
    """Neither the colleague's answers nor level, nor any from before."""
    assert given_away(client, second, ids_of(*PERSON)) == []


def test_the_whole_case_is_closed_meanwhile(
    client: StrictClient, asked: BlindScoring, second: User, person: Client
) -> None:
    client.login(second)
    for rest in ("", "/nivaer", "/bedomning/ny"):
        path = f"/personer/{person.public_id}{rest}"
        assert client.get(path).status_code in {302, 404}
    reason = {"reason": "Jag vill se vad hon skrev."}
    client.post(f"/personer/{person.public_id}/oppna", data=reason)
    assert client.get(f"/personer/{person.public_id}/nivaer").status_code == 404


def test_the_case_opens_again_when_the_scoring_is_handed_in(
    client: StrictClient, asked: BlindScoring, second: User, person: Client
) -> None:
    """And so the words would have been found if they had stood there before."""
    made.hand_in(asked, "3")
    client.login(second)
    official = asked.round.assessment
    assert official is not None
    levels = client.page(f"/personer/{person.public_id}/nivaer").html
    assert WORDS[1] in levels
    assert WORDS[3] in levels
    assert SECRET in client.page(f"/bedomningar/{official.public_id}/darfor").html


def test_the_first_sees_nothing_of_the_seconds_before_signing(
    client: StrictClient, person: Client, first: User, second: User
) -> None:
    draft = make.draft(person, first)
    one = made.invited(draft, second)
    pairs.begin(scoring=one)
    made.answer(one, "Bara-bredvid", **made.LEVELS["3"])
    made.hand_in(one, "3")
    client.login(first)
    ids = ids_of(CalibrationRound, BlindScoring, Assessment)
    for _, path in addresses(client.application, first, ids):
        assert b"Bara-bredvid" not in client.get(path).data, path
    pair = f"/mina-kalibreringar/moten/{one.round.public_id}"
    assert client.get(pair).status_code == 404
