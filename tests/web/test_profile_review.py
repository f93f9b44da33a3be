"""Presentations reviewed field by field, confirmed, and told the same way for all."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_models import ProfileConfirmation, ProfileReview
from lovdv.providers.profile_quality import TOO_FEW
from lovdv.providers.profiling import doubtful_in, flagged_in
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient

OWN = "/var-presentation"


@pytest.fixture
def unit() -> Unit:
    return make.unit(name="Ateljén")


@pytest.fixture
def worker(app: object, unit: Unit) -> User:
    return make.user(Role.PROVIDER, unit=unit)


@pytest.fixture
def lead(app: object) -> User:
    return make.user(Role.LEAD)


@pytest.fixture
def path(client: StrictClient, unit: Unit, worker: User, lead: User) -> str:
    """The review of what the unit has sent in; the lead is signed in."""
    client.login(worker)
    client.send(OWN, step="submit", text="Vi är flera.", sound="quiet", a_day="Fika.")
    client.login(lead)
    return f"/verksamhet/{unit.public_id}/presentation"


def newest() -> Profile:
    query = select(Profile).order_by(Profile.version.desc()).limit(1)
    return db.session.scalars(query).one()


def public(client: StrictClient, unit: Unit) -> str:
    return client.page(f"/verksamheter/{unit.public_id}").text


# ---- Field by field ----


def test_the_municipality_publishes_its_own_wording_and_the_unit_is_told(
    client: StrictClient, unit: Unit, worker: User, path: str
) -> None:
    client.send(
        path,
        outcome="publish",
        verdict_sound="approved",
        verdict_text="change",
        note_text="Skriv vad ni gör.",
        wording_text="Vi målar och väver.",
        verdict_a_day="change",
        note_a_day="Skriv när.",
        wording_a_day="Klockan 9 fikar vi.",
    )
    assert newest().status == "published"
    assert "Vi målar och väver." in public(client, unit)
    assert "Klockan 9 fikar vi." in public(client, unit)
    client.login(worker)
    rows = client.page(f"{OWN}/svar").table()
    assert rows == [
        ["Presentation", "Vi är flera.", "Vi målar och väver.", "Skriv vad ni gör."],
        ["Så här ser en dag ut", "Fika.", "Klockan 9 fikar vi.", "Skriv när."],
    ]


def test_what_is_not_marked_is_approved_and_kept_so(
    client: StrictClient, path: str
) -> None:
    client.send(path, outcome="publish")
    told = db.session.scalars(select(ProfileReview)).one()
    assert {f["verdict"] for f in told.fields.values()} == {"approved"}
    assert set(told.fields) == {"text", "sound", "a_day"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"verdict_text": "change", "wording_text": "Ny text."},
            "Presentation: skriv varför det behöver ändras.",
        ),
        (
            {"verdict_text": "change", "note_text": "Otydligt."},
            (
                "Presentation: skriv texten som den ska bli, eller skicka tillbaka "
                "presentationen."
            ),
        ),
        (
            {"verdict_sound": "change", "note_sound": "Det är mycket ljud."},
            (
                "Hur är det med ljud och folk?: skriv texten som den ska bli, eller "
                "skicka tillbaka presentationen."
            ),
        ),
        (
            {
                "verdict_text": "change",
                "note_text": "x",
                "wording_text": "Vi är bäst.",
            },
            (
                "Ta bort värdeord som ”bäst”. Skriv vad som finns och görs, så att "
                "alla presentationer går att jämföra."
            ),
        ),
    ],
    ids=["no reason", "no wording", "a fact", "praise of our own"],
)
def test_a_change_without_its_parts_is_not_published(
    client: StrictClient, path: str, values: dict[str, str], message: str
) -> None:
    page = client.send(path, outcome="publish", **values).page
    assert page.errors == [message]
    assert newest().status == "submitted"
    kept = page.form("outcome").fields
    assert {name: kept[name] for name in values} == {n: [v] for n, v in values.items()}


def test_fields_are_sent_back_with_their_reasons(
    client: StrictClient, worker: User, path: str
) -> None:
    client.send(
        path,
        outcome="return",
        verdict_sound="change",
        note_sound="Vi hörde mycket ljud vid besöket.",
    )
    client.login(worker)
    assert "Läs vad som ska ändras och varför" in client.page(OWN).links
    answered = client.page(f"{OWN}/svar")
    assert "Vi hörde mycket ljud vid besöket." in answered.text
    assert client.form(OWN).fields["text"] == ["Vi är flera."]
    client.send(OWN, step="submit", sound="lively")
    assert newest().version == 1


def test_nobody_publishes_what_was_written_after_they_opened_the_page(
    client: StrictClient, worker: User, lead: User, path: str
) -> None:
    opened = client.form(path).filled({"outcome": "publish"})
    client.send(path, outcome="return", note="Skriv vad ni gör.")
    client.login(worker)
    client.send(OWN, step="submit", text="Något helt annat.")
    client.login(lead)
    page = client.post(path, data=opened).page
    assert page.errors[0].startswith("Verksamheten har skrivit om presentationen")
    assert newest().status == "submitted"
    client.send(path, outcome="publish")
    assert newest().status == "published"


def test_every_answer_is_kept(
    client: StrictClient, worker: User, lead: User, path: str
) -> None:
    client.send(path, outcome="return", note="Första svaret.")
    client.login(worker)
    client.send(OWN, step="submit", text="Vi målar.")
    client.login(lead)
    client.send(path, outcome="publish", note="Andra svaret.")
    client.login(worker)
    page = client.page(f"{OWN}/svar")
    assert page.text.index("Andra svaret.") < page.text.index("Första svaret.")


def test_only_what_changes_is_asked_about(
    client: StrictClient, unit: Unit, worker: User, lead: User, path: str
) -> None:
    client.send(path, outcome="publish")
    client.login(worker)
    client.send(OWN, step="submit", sound="lively")
    client.login(lead)
    asked = {name for name in client.form(path).names if name.startswith("verdict_")}
    assert asked == {"verdict_sound"}


def test_another_unit_reads_no_answers(client: StrictClient, path: str) -> None:
    client.send(path, outcome="return", note="Bara till Ateljén.")
    client.login(make.user(Role.PROVIDER, unit=make.unit(name="Andra")))
    assert "Bara till Ateljén." not in client.page(f"{OWN}/svar").text


# ---- Words that praise, and awards ----


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vi blev årets arbetsplats 2024.", ["årets arbetsplats"]),
        ("Årets sista öppna dag är den 23.", []),
        ("Vi är certifierade.", ["certifierade"]),
        ("Vi har fått pris för maten.", ["fått pris"]),
        ("Lunchens pris är 65 kronor.", []),
        ("En omtyckt verksamhet", ["omtyckt"]),
    ],
)
def test_awards_and_doubtful_words_are_flagged(text: str, found: list[str]) -> None:
    assert doubtful_in(text) == found


def test_awards_that_cannot_be_anything_else_are_praise() -> None:
    assert flagged_in("Nominerade till en utmärkelse") == ["Nominerade", "utmärkelse"]


def test_flagged_words_are_told_in_the_draft_at_once_and_in_the_review(
    client: StrictClient, worker: User, lead: User, unit: Unit
) -> None:
    client.login(worker)
    client.send(OWN, step="save", text="Vi är certifierade och bäst.")
    assert "Presentation: bäst, certifierade" in client.page(OWN).text
    client.send(OWN, step="submit", text="Vi är certifierade.")
    assert newest().status == "submitted"
    client.login(lead)
    page = client.page(f"/verksamhet/{unit.public_id}/presentation")
    assert "Titta på de här orden certifierade." in page.text


# ---- Checked, reminded, no longer confirmed ----


def checked(unit: Unit, day: date) -> Profile:
    return make.profile(unit, checked_on=day)


def test_the_public_page_says_when_facts_were_checked_and_when_no_longer(
    client: StrictClient, unit: Unit
) -> None:
    profile = checked(unit, date(2025, 10, 1))
    assert "Senast kontrollerad 1 oktober 2025." in public(client, unit)
    client.application.config["TODAY"] = "2026-03-31"
    assert "Ej bekräftad" not in public(client, unit)
    client.application.config["TODAY"] = "2026-04-01"
    assert "Ej bekräftad sedan 1 april 2026" in public(client, unit)
    assert profile.checked_on == date(2025, 10, 1)


def test_the_unit_is_reminded_and_confirms_with_one_button(
    client: StrictClient, unit: Unit, worker: User
) -> None:
    checked(unit, date(2025, 10, 5))
    client.login(worker)
    question = "Stämmer er presentation fortfarande?"
    assert question in client.page("/start").text
    client.send(f"{OWN}/stammer")
    kept = db.session.scalars(select(ProfileConfirmation)).one()
    assert (kept.confirmed_on, kept.confirmed_by_id) == (date(2026, 3, 16), worker.id)
    assert question not in client.page("/start").text
    assert "Senast kontrollerad 16 mars 2026." in public(client, unit)


def test_nobody_is_reminded_too_early_and_without_text_there_is_nothing_to_confirm(
    client: StrictClient, unit: Unit, worker: User
) -> None:
    client.login(worker)
    assert "ingen publicerad presentation" in client.page(f"{OWN}/stammer").text
    checked(unit, date(2026, 3, 1))
    assert "Stämmer er presentation" not in client.page("/start").text


def test_the_months_are_the_municipalitys_to_decide(
    client: StrictClient, unit: Unit
) -> None:
    checked(unit, date(2026, 1, 31))
    decide_rule(
        choice_system_id=make.system().id,
        key="profile",
        first_day=make.START,
        value={"confirm_months": 1, "remind_days_before": 5},
    )
    assert "Ej bekräftad sedan 28 februari 2026" in public(client, unit)


# ---- The same time for all ----


def test_the_lead_sees_how_long_each_took_and_the_middle_by_regi(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    sent, out = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    make.profile(unit, submitted_at=sent, published_at=out)
    own = make.unit(name="Köket", contracted=False)
    make.contract(own, regi="intern")
    make.profile(own, submitted_at=sent, published_at=sent)
    client.login(lead)
    page = client.page("/presentationer")
    assert {row[0]: row[5] for row in page.table()} == {"Ateljén": "7", "Köket": "0"}
    assert "Extern utförare, mittvärde i dagar 7" in page.text


def test_sending_back_does_not_start_the_time_anew(
    client: StrictClient, worker: User, lead: User, path: str
) -> None:
    client.application.config["TODAY"] = "2026-03-18"
    client.login(lead)
    client.send(path, outcome="return", note="Mer.")
    client.login(worker)
    client.send(OWN, step="submit", text="Mer.")
    client.application.config["TODAY"] = "2026-03-20"
    client.login(lead)
    client.send(path, outcome="publish")
    assert client.page("/presentationer").table()[0][5] == "4"


# ---- Quality ----


def test_quality_has_one_source_and_year_and_few_answers_are_hidden(
    client: StrictClient, lead: User
) -> None:
    many, few, none = (make.unit(name=name) for name in ("Alfa", "Beta", "Gamma"))
    client.login(lead)
    client.send(
        "/presentationer/kvalitet", "words", words="Trivs du?", source="KB", year="2025"
    )
    address = client.page("/presentationer/kvalitet").links["Trivs du?"]
    numbers = {
        f"per_cent_{many.public_id}": "80",
        f"n_{many.public_id}": "12",
        f"per_cent_{few.public_id}": "100",
        f"n_{few.public_id}": "4",
    }
    client.send(address, **numbers)
    assert "80 procent, 12 har svarat Källa: KB, 2025" in public(client, many)
    assert TOO_FEW in public(client, few)
    assert "100 procent" not in public(client, few)
    assert "Trivs du? ingen uppgift Källa: KB, 2025" in public(client, none)
    both = f"/verksamheter/jamfor?e={many.public_id}&e={few.public_id}"
    assert "80 procent" in client.page(both).text
    form = client.form(address)
    assert form.fields[f"n_{few.public_id}"] == ["4"]


def test_a_result_needs_both_numbers(client: StrictClient, lead: User) -> None:
    unit = make.unit(name="Alfa")
    client.login(lead)
    client.send(
        "/presentationer/kvalitet", "words", words="Trivs du?", source="KB", year="2025"
    )
    address = client.page("/presentationer/kvalitet").links["Trivs du?"]
    page = client.send(address, **{f"per_cent_{unit.public_id}": "80"}).page
    assert page.errors == ["Skriv både procent och antal svar, eller inget."]
    hidden = client.post(f"{address}/visa", data={"shown": "0"})
    assert hidden.status_code == 302
    assert "Trivs du?" not in public(client, unit)
