"""Names of people with a protected identity, on every page of an assessment."""

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.needs import masking, saving, scoring
from lovdv.needs.models import Assessment
from tests import make, make_needs
from tests.kit_app import StrictClient

NAMES = ("Hemlig", "Namnberg")


@pytest.fixture
def reader(app: Flask) -> User:
    """An assessor who has the case, and may not see the identity."""
    return make.user(Role.ASSESSOR)


@pytest.fixture
def signed(reader: User) -> Assessment:
    """An assessment in which a colleague has written the person's name everywhere."""
    person = make.person(
        caseworker=reader, first_name=NAMES[0], last_name=NAMES[1], protection="secrecy"
    )
    make.decision(person)
    draft = written(make.draft(person, make.user(Role.ASSESSOR), **make.LEVELS["4"]))
    return make_needs.signing(draft)


def written(draft: Assessment) -> Assessment:
    text = " ".join(NAMES)
    draft.took_part = draft.own_words = text
    shown = scoring.token(next(row for row in draft.answers if row.question == "mat"))
    typed = scoring.Typed("mat", "2", text, shown, evidence=text)
    scoring.save_answers(assessment=draft, typed=[typed])
    saving.save_words(
        assessment=draft, typed=saving.TypedWords("vardag", text, "said", "")
    )
    return draft


@pytest.mark.parametrize("page", ["darfor", "granska", "faststall"])
def test_no_page_of_an_assessment_tells_who_it_is(
    client: StrictClient, reader: User, signed: Assessment, page: str
) -> None:
    text = client.login(reader).page(f"/bedomningar/{signed.public_id}/{page}").text
    assert [name for name in NAMES if name in text] == []


def test_the_draft_that_is_taken_over_does_not_tell_who_it_is(
    client: StrictClient, reader: User, signed: Assessment
) -> None:
    draft = written(make.draft(signed.client, reader, **make.LEVELS["4"]))
    for name in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=name)
    browser = client.login(reader)
    for rest in ("", "/signera"):
        text = browser.page(f"/bedomningar/{draft.public_id}{rest}").text
        assert [name for name in NAMES if name in text] == []


@pytest.mark.parametrize(
    ("names", "text", "read"),
    [
        (["Anna-Karin"], "Anna och Karin. Anna-Karins.", "* och *. *."),
        (["Per von Berg"], "Hon von oben, Berg, per von Berg", "Hon von oben, *, *"),
        (["God man Per i Lund"], "Bor i Hus med en man.", "Bor i Hus med en man."),
        (["Bo"], "Bo vill bo hos BO.", "* vill bo hos *."),
        (["kim berg"], "Kim Berg och Kim", "* och *"),
        ([""], "Ingenting.", "Ingenting."),
    ],
)
def test_names_are_hidden_and_ordinary_words_are_not(
    names: list[str], text: str, read: str
) -> None:
    assert masking.without(names)(text) == read.replace("*", "(skyddat namn)")
