"""The instrument editor: each part on its page, kept as it is typed."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import read_instrument
from lovdv import excel
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs import instrument_files
from lovdv.needs.models import InstrumentVersion
from tests import make, small_instrument
from tests.kit_app import StrictClient

FILES = Path(__file__).parents[1] / "data" / "instruments"
Part = dict[str, Any]


@pytest.fixture
def lead(app: Flask) -> User:
    make.system()
    return make.user(Role.LEAD)


@pytest.fixture
def editor(client: StrictClient, lead: User) -> "Editor":
    """The lead at a draft of the small instrument."""
    version = make.draft_instrument(small_instrument.document(version="2"))
    client.login(lead)
    return Editor(client, version.public_id)


class Editor:
    """One window of the editor."""

    def __init__(self, client: StrictClient, public_id: str) -> None:
        self.client, self.public_id = client, public_id
        self.base = f"/instrument/{public_id}/utkast"

    @property
    def version(self) -> InstrumentVersion:
        return db.session.scalars(
            select(InstrumentVersion).where(
                InstrumentVersion.public_id == self.public_id
            )
        ).one()

    @property
    def document(self) -> Part:
        found: Part = json.loads(self.version.document)
        return found

    def key(self, list_name: str, place: int = 0, within: int | None = None) -> str:
        draft = json.loads(self.version.draft)
        if within is not None:
            draft = draft["domains"][within]
        return str(draft[list_name][place]["_key"])

    def page(self, path: str = "") -> Any:
        return self.client.page(self.base + path)

    def send(self, path: str, containing: str = "seen", **values: object) -> Any:
        return self.client.send(self.base + path, containing, **values)

    def add(self, kind: str, **values: str) -> str:
        """A new part; the path of its page."""
        sent = {"kind": kind, **values}
        location = self.client.post(f"{self.base}/ny-del", data=sent).location
        return str(location).removeprefix(self.base)

    def arrange(self, kind: str, key: str, deed: str) -> Any:
        sent = {"kind": kind, "key": key, "do": deed}
        return self.client.post(f"{self.base}/ordna", data=sent)


def test_a_draft_begins_empty_and_says_what_is_missing(
    client: StrictClient, lead: User
) -> None:
    response = client.login(lead).post("/instrument/ny/tomt")
    page = client.page(response.location)
    assert page.heading == "Om instrumentet"
    assert "Skalor: Här finns inget ännu. Lägg till minst 1, högst 50." in page.text


def test_what_is_typed_is_kept_right_or_wrong(editor: Editor) -> None:
    scale = f"/skala/{editor.key('scales')}"
    editor.send(scale, **{"steps-1-points": "halva", "steps-2-points": " 1,50 "})
    steps = editor.document["scales"][0]["steps"]
    assert [step["points"] for step in steps] == ["0", "halva", "1.50"]
    page = editor.page(scale)
    assert "Skala 1, steg 2: Poäng: ”halva” är inte ett tal." in page.text
    assert page.one("input", name="steps-1-points").get("value") == "halva"


def test_a_number_has_a_comma_on_the_page_and_every_decimal(editor: Editor) -> None:
    question = f"/fraga/{editor.key('questions', within=0)}"
    editor.send(question, weight="0,04186")
    assert editor.document["domains"][0]["questions"][0]["weight"] == "0.04186"
    assert editor.page(question).one("input", name="weight").get("value") == "0,04186"


def test_a_part_without_a_name_gets_one(editor: Editor) -> None:
    path = editor.add("domain")
    editor.send(path, title="Lärande och vänner")
    assert editor.document["domains"][2]["id"] == "larande-och-vanner"
    key = path.rpartition("/")[2]
    editor.add("question", within=key)
    assert editor.document["domains"][2]["questions"][0]["id"] == (
        "larande-och-vanner-1"
    )


def test_a_new_question_begins_like_the_one_before(editor: Editor) -> None:
    editor.add("question", within=editor.key("domains", 1))
    new = editor.document["domains"][1]["questions"][-1]
    assert (new["scale"], new["weight"], new["required"]) == ("stod", "1", True)


def test_what_refers_to_a_question_follows_its_new_name(editor: Editor) -> None:
    editor.send(f"/fraga/{editor.key('questions', within=1)}", id="angest")
    found = editor.document
    shown = found["domains"][1]["questions"][1]["shown_when"]
    assert shown[0]["question"] == "angest"
    assert found["rules"][0]["when"][0]["question"] == "angest"
    assert read_instrument(json.dumps(found))


def test_what_gives_a_level_follows_its_new_label(editor: Editor) -> None:
    editor.send("/nivaer", **{"levels-2-label": "Tre"})
    found = editor.document
    assert found["limits"][2]["level"] == "Tre"
    assert found["rules"][0]["level"] == "Tre"


def test_two_levels_can_change_names_with_each_other(editor: Editor) -> None:
    values = {f"levels-{n}-label": label for n, label in enumerate("2134")}
    editor.send("/nivaer", **values)
    assert [limit["level"] for limit in editor.document["limits"]] == list("2134")


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ("up", ["1", "0", "2"]),
        ("down", ["0", "2", "1"]),
        ("copy", ["0", "1", "1", "2"]),
        ("remove", ["0", "2"]),
    ],
)
def test_a_row_is_moved_copied_and_taken_away(
    editor: Editor, deed: str, expected: list[str]
) -> None:
    path = f"/skala/{editor.key('scales')}"
    editor.send(path, row="steps-1", deed=deed, do="row")
    assert [s["code"] for s in editor.document["scales"][0]["steps"]] == expected


def test_enter_saves_and_does_nothing_with_rows(editor: Editor) -> None:
    """The first button of the form is the one that saves."""
    form = editor.page(f"/skala/{editor.key('scales')}").form("seen")
    first = next(form.element.iter("button"))
    assert (first.get("name"), "".join(first.itertext())) == (None, "Spara")


def test_a_part_is_moved_and_its_address_still_leads_to_it(editor: Editor) -> None:
    key = editor.key("domains", 1)
    editor.arrange("domain", key, "up")
    assert [d["id"] for d in editor.document["domains"]] == ["trygghet", "vardag"]
    assert "Trygghet" in editor.page(f"/omrade/{key}").heading


def test_a_question_is_moved_to_another_domain(editor: Editor) -> None:
    key = editor.key("questions", within=0)
    editor.send(f"/fraga/{key}", domain=editor.key("domains", 1))
    questions = [
        [question["id"] for question in domain["questions"]]
        for domain in editor.document["domains"]
    ]
    assert questions == [["resa"], ["oro", "ofta", "mat"]]


def test_a_copied_domain_asks_its_own_questions(editor: Editor) -> None:
    editor.arrange("domain", editor.key("domains", 1), "copy")
    copy = editor.document["domains"][2]
    assert [copy["id"], *(q["id"] for q in copy["questions"])] == [
        "trygghet-1",
        "oro-1",
        "ofta-1",
    ]
    assert copy["questions"][1]["shown_when"][0]["question"] == "oro-1"


@pytest.mark.parametrize(
    ("part", "held", "within"),
    [
        ("scale", "scales", None),
        ("domain", "domains", None),
        ("question", "questions", 0),
        ("rule", "rules", None),
    ],
)
def test_a_part_is_taken_away_after_a_question(
    editor: Editor, part: str, held: str, within: int | None
) -> None:
    path = f"/ta-bort/{part}/{editor.key(held, within=within)}"
    assert "?" in editor.page(path).heading
    editor.send(path)
    assert editor.client.get(editor.base + path).status_code == 404


def test_what_refers_to_a_part_that_is_gone_is_a_fault_that_can_be_mended(
    editor: Editor,
) -> None:
    editor.send(f"/ta-bort/question/{editor.key('questions', within=1)}")
    page = editor.page(f"/regel/{editor.key('rules')}")
    assert "Frågan ”oro” finns inte i instrumentet." in page.text
    assert "Finns inte: oro" in page.text


def test_every_kind_of_level_rule_has_a_page(editor: Editor) -> None:
    for kind in ("rule", "decision", "table"):
        path = editor.add(kind)
        assert editor.page(path).heading
    assert editor.page(f"{path}/rutor").heading.startswith("Rutor i tabellen")


def test_a_decision_list_is_entered(editor: Editor) -> None:
    path = editor.add("decision")
    editor.send(
        path,
        **{
            "level": "4",
            "text": "Hela summan är hög.",
            "when-0-on": "total",
            "when-0-at_least": "7",
        },
    )
    (decision,) = editor.document["decisions"]
    assert decision["when"] == [{"total": True, "at_least": "7", "at_most": None}]
    assert "Inga fel" in editor.page(path).text


def table(editor: Editor) -> str:
    """A table of two questions with two bands each; the path of its page."""
    path = editor.add("table")
    keys = {"keys-0-on": "question:mat", "keys-1-on": "question:resa", "text": "Två"}
    for key in (0, 1):
        keys |= {
            f"keys-{key}-bands-0-label": "lite",
            f"keys-{key}-bands-0-at_most": "1",
            f"keys-{key}-bands-1-label": "mycket",
            f"keys-{key}-bands-1-at_least": "2",
        }
    editor.send(path, **keys)
    return path


def test_a_look_up_table_is_entered_with_a_level_in_each_cell(editor: Editor) -> None:
    path = table(editor)
    cells = {f"rows-{n}-level": level for n, level in enumerate("1234")}
    editor.send(f"{path}/rutor", **cells)
    rows = editor.document["tables"][0]["rows"]
    assert rows[1] == {"bands": ["lite", "mycket"], "level": "2"}
    assert len(rows) == 4
    assert "Inga fel" in editor.page(path).text


def test_the_cells_follow_when_a_band_gets_another_name(editor: Editor) -> None:
    path = table(editor)
    editor.send(f"{path}/rutor", **{"rows-1-level": "2", "rows-3-level": "4"})
    editor.send(path, **{"keys-1-bands-1-label": "väldigt"})
    assert editor.document["tables"][0]["rows"] == [
        {"bands": ["lite", "väldigt"], "level": "2"},
        {"bands": ["mycket", "väldigt"], "level": "4"},
    ]


def test_intervals_of_reassessment_are_entered(editor: Editor) -> None:
    rows = {"from_age": ("0", "18"), "months": ("12", "24")}
    values = {
        f"reassessment-{n}-{name}": value
        for name, column in rows.items()
        for n, value in enumerate(column)
    }
    editor.send("/ny-bedomning", **values)
    assert editor.document["reassessment"] == [
        {"from_age": "0", "months": "12"},
        {"from_age": "18", "months": "24"},
    ]


def test_two_windows_do_not_overwrite_each_other(editor: Editor) -> None:
    path = f"/fraga/{editor.key('questions', within=0)}"
    theirs = editor.page(path).form("seen").filled({"text": "Deras fråga"})
    editor.send(path, text="Min fråga")
    refused = editor.client.post(editor.base + path, data=theirs)
    assert "Delen har ändrats i ett annat fönster" in refused.page.errors[0]
    assert "Text: Min fråga" in refused.page.text
    form = refused.page.form("seen")
    assert form.fields["text"] == ["Deras fråga"]
    assert editor.document["domains"][0]["questions"][0]["text"] == "Min fråga"
    editor.client.post(editor.base + path, data=form.filled({}))
    assert editor.document["domains"][0]["questions"][0]["text"] == "Deras fråga"


def test_two_windows_may_change_different_parts(editor: Editor) -> None:
    paths = [f"/fraga/{editor.key('questions', n, within=0)}" for n in (0, 1)]
    forms = [editor.page(path).form("seen") for path in paths]
    for number, path in enumerate(paths):
        sent = forms[number].filled({"text": f"Ny {number}"})
        assert editor.client.post(editor.base + path, data=sent).status_code == 302
    questions = editor.document["domains"][0]["questions"]
    assert [question["text"] for question in questions] == ["Ny 0", "Ny 1"]


def test_what_was_typed_in_a_part_that_is_gone_stays_on_the_page(
    editor: Editor,
) -> None:
    key = editor.key("questions", within=0)
    sent = editor.page(f"/fraga/{key}").form("seen").filled({"text": "Kvar här"})
    editor.send(f"/ta-bort/question/{key}")
    refused = editor.client.post(f"{editor.base}/fraga/{key}", data=sent)
    assert "Delen har tagits bort i ett annat fönster" in refused.page.errors[0]
    assert refused.page.form("seen").fields["text"] == ["Kvar här"]


def test_a_part_that_has_changed_is_not_taken_away_unseen(editor: Editor) -> None:
    key = editor.key("domains")
    path = f"{editor.base}/ta-bort/domain/{key}"
    sent = editor.client.page(path).form("seen").filled({})
    editor.add("question", within=key)
    refused = editor.client.post(path, data=sent)
    assert "Titta på den igen" in refused.page.errors[0]
    assert len(editor.document["domains"]) == 2


def test_the_check_gives_advice_when_there_is_no_fault(editor: Editor) -> None:
    editor.send(f"/fraga/{editor.key('questions', 1, within=0)}", weight="0")
    assert "Att tänka på" in editor.page().text
    assert "Frågan ”resa”" in editor.page().links


def test_a_draft_that_came_from_before_the_editor_is_opened(editor: Editor) -> None:
    editor.version.draft = ""
    db.session.commit()
    assert editor.page().heading == "Litet instrument"
    editor.send("/om", source="Ny källa")
    assert editor.document["source"] == "Ny källa"


def test_a_published_version_has_no_editor_but_can_be_copied(
    client: StrictClient, lead: User
) -> None:
    version = make.instrument()
    before = version.document
    client.login(lead)
    address = f"/instrument/{version.public_id}"
    assert client.get(f"{address}/utkast").status_code == 409
    assert (
        client.post(f"{address}/utkast/ny-del", data={"kind": "scale"}).status_code
        == 409
    )
    page = client.send(address)
    assert page.location.endswith("/utkast")
    copy = client.page(page.location)
    assert "version 2" in copy.text
    client.send(f"{page.location}/om", "seen", source="Annan källa")
    db.session.refresh(version)
    assert version.document == before


def test_the_differences_between_two_versions_are_told(
    client: StrictClient, lead: User
) -> None:
    version = make.instrument()
    client.login(lead)
    draft = client.send(f"/instrument/{version.public_id}").location
    client.send(f"{draft}/nivaer", "seen", **{"levels-0-text": "Något annat."})
    page = client.page(f"{draft.removesuffix('/utkast')}/skillnad")
    assert "Betyder 1." in page.text
    assert "Något annat." in page.text


def test_the_bench_gives_level_trace_and_margins(editor: Editor) -> None:
    answers = {"svar-mat": "2", "svar-resa": "1", "svar-oro": "2", "svar-ofta": "0"}
    address = f"/instrument/{editor.public_id}/prova"
    page = editor.client.send(address, **answers).page
    assert "Poäng 5 av 8" in page.text
    rows = [row[0] for row in page.table(0)]
    assert rows[-1] == "Nivå 3"
    assert "Regel" in rows
    assert "1 poäng till nivå 4." in page.text


def test_the_bench_names_every_missing_answer(editor: Editor) -> None:
    address = f"/instrument/{editor.public_id}/prova"
    page = editor.client.send(address, **{"svar-mat": "2", "svar-oro": "1"}).page
    assert "Frågan ”Resa” är inte besvarad." in page.text
    assert "Frågan ”Hur ofta” är inte besvarad." in page.text
    assert "Prisnivå" not in page.text


def test_the_bench_waits_for_a_draft_without_faults(editor: Editor) -> None:
    editor.send("/om", title="")
    page = editor.client.page(f"/instrument/{editor.public_id}/prova")
    assert "Utkastet har fel" in page.text


def test_a_draft_is_taken_away_and_a_published_version_is_not(
    editor: Editor,
) -> None:
    published = make.instrument(version="9")
    address = f"/instrument/{published.public_id}/ta-bort"
    refused = editor.client.send(address)
    assert "kan inte tas bort" in refused.page.errors[0]
    editor.client.send(f"/instrument/{editor.public_id}/ta-bort")
    left = db.session.scalars(select(InstrumentVersion.version)).all()
    assert left == ["9"]


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_a_file_that_is_fetched_can_be_taken_in_again(
    editor: Editor, form: str
) -> None:
    content = editor.client.get(f"/instrument/{editor.public_id}/fil/{form}").data
    file = {"document": (BytesIO(content), f"x.{form}")}
    response = editor.client.post(
        "/instrument/ny", data=file, content_type="multipart/form-data"
    )
    again = response.location.split("/")[2]
    assert Editor(editor.client, again).version.digest == editor.version.digest


def test_another_municipalitys_draft_is_not_there(editor: Editor) -> None:
    elsewhere = make.municipality(name="Annan kommun")
    make.system(municipality=elsewhere)
    editor.client.login(make.user(Role.LEAD, municipality=elsewhere))
    for path in ("", "/om", "/nivaer"):
        assert editor.client.get(editor.base + path).status_code == 404
    assert editor.client.get(f"{editor.base[:-7]}/fil/json").status_code == 404


@pytest.mark.parametrize("path", ["/finns-inte/1", "/skala/99", "/ta-bort/limit/1"])
def test_an_address_to_nothing_is_not_there(editor: Editor, path: str) -> None:
    assert editor.client.get(editor.base + path).status_code == 404


def test_an_assessor_tries_answers_but_changes_nothing(editor: Editor) -> None:
    editor.client.login(make.user(Role.ASSESSOR))
    assert editor.client.page(f"/instrument/{editor.public_id}/prova")
    assert editor.client.get(editor.base).status_code == 403
    assert editor.client.post("/instrument/ny/tomt").status_code == 403


def sent_file(client: StrictClient, content: bytes, do: str) -> Any:
    return client.post(
        "/instrument/ny",
        data={"document": (BytesIO(content), "fil"), "do": do},
        content_type="multipart/form-data",
    )


def test_a_faulty_workbook_is_sent_back_and_nothing_is_kept(
    client: StrictClient, lead: User
) -> None:
    document = json.loads(small_instrument.document())
    document["scales"][0]["steps"][1]["points"] = "lite"
    content = instrument_files.workbook_file(document)
    response = sent_file(client.login(lead), content, "check")
    assert response.mimetype == excel.MIME
    assert excel.read_sheets(response.data)["Skalor"][2][-1].startswith("Poäng:")
    assert db.session.scalars(select(InstrumentVersion)).all() == []


def test_a_file_without_faults_is_told_so_and_not_kept(
    client: StrictClient, lead: User
) -> None:
    content = instrument_files.workbook_file(json.loads(small_instrument.document()))
    response = sent_file(client.login(lead), content, "check")
    assert "Filen har inga fel." in client.page(response.location).text
    assert db.session.scalars(select(InstrumentVersion)).all() == []


def test_a_draft_with_faults_is_fetched_with_them_in_a_column(editor: Editor) -> None:
    editor.send("/granser", **{"limits-1-to": "x"})
    content = editor.client.get(f"/instrument/{editor.public_id}/fil/xlsx").data
    assert "inte ett tal" in excel.read_sheets(content)["Gränser"][2][-1]


def test_everything_that_gives_the_level_is_shown_to_who_may_read(
    client: StrictClient, lead: User
) -> None:
    for name, told in (
        ("wac-388-828-5820-lista", "Minst 20 ger medel. Nivå Medel."),
        ("wac-388-828-9660-a2", "Vilket slags stöd? (typ)"),
        ("virginia-12vac30-122-210", "Från och med 16 år: efter 36 månader."),
    ):
        content = (FILES / f"{name}.json").read_text("utf-8")
        version = make.draft_instrument(content)
        client.login(make.user(Role.ASSESSOR))
        assert told in client.page(f"/instrument/{version.public_id}").text


def test_a_list_that_is_null_in_a_file_is_an_empty_list(
    client: StrictClient, lead: User
) -> None:
    content = json.dumps({"id": "x", "domains": [{"id": "d", "questions": None}]})
    response = sent_file(client.login(lead), content.encode(), "")
    editor = Editor(client, response.location.split("/")[2])
    editor.add("question", within=editor.key("domains"))
    assert editor.document["domains"][0]["questions"][0]["id"] == "d-1"
