"""The editor in two windows: nothing changes places unseen, nothing typed is lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import delete, event
from sqlalchemy.orm import ORMExecuteState, Session

from lovdv.extensions import db
from lovdv.needs import instruments
from lovdv.needs.editor_document import Draft
from lovdv.needs.models import InstrumentVersion
from tests import small_instrument
from tests.web import test_instrument_editor as editing
from tests.web.test_instrument_editor import Editor, Part

editor, lead = editing.editor, editing.lead
BANDS = [{"label": "låg", "at_most": "1"}, {"label": "hög", "at_least": "2"}]


def stored_table(editor: Editor, bands: list[Part] = BANDS) -> str:
    """A table on the first two questions, high on the first; the path of its page."""
    path = editor.add("table")
    draft = instruments.draft_of(editor.version)
    names = [bands[0]["label"], bands[-1]["label"]]
    draft.part("table", path.rpartition("/")[2]).update(
        text="T",
        keys=[
            {"question": q["id"], "bands": bands} for q in draft.parts("question")[:2]
        ],
        rows=[
            {"bands": list(each), "level": "4" if each[0] == names[-1] else "1"}
            for each in product(names, repeat=2)
        ],
    )
    instruments.keep(editor.version, draft)
    db.session.flush()
    return path


def row_moved(editor: Editor, path: str, row: str) -> None:
    assert editor.send(path, row=row, deed="down", do="row").status_code == 302


def swapped_labels(editor: Editor, path: str) -> None:
    values = {"keys-0-bands-0-label": "hög", "keys-0-bands-1-label": "låg"}
    assert editor.send(path, **values).status_code == 302


CHANGES: list[tuple[str, Callable[[Editor, str], None]]] = [
    ("", lambda editor, path: row_moved(editor, path, "keys-0")),
    ("", swapped_labels),
    ("/rutor", lambda editor, path: row_moved(editor, path, "keys-0")),
    ("/rutor", swapped_labels),
]


@pytest.mark.parametrize(
    ("page", "change"), CHANGES, ids=["keys", "bands", "cells, keys", "cells, bands"]
)
def test_a_table_whose_keys_have_changed_is_not_saved_from_an_old_page(
    editor: Editor, page: str, change: Callable[[Editor, str], None]
) -> None:
    path = stored_table(editor)
    old = editor.page(path + page).form("seen")
    change(editor, path)
    after = editor.document["tables"]
    refused = editor.client.post(editor.base + path + page, data=old.filled({}))
    again = refused.page.form("seen").filled({})
    refused = editor.client.post(editor.base + path + page, data=again)
    assert "Därför sparas inget härifrån" in refused.page.errors[0]
    assert editor.document["tables"] == after


def test_a_table_whose_text_has_changed_may_be_saved_the_second_time(
    editor: Editor,
) -> None:
    path = stored_table(editor)
    old = editor.page(path).form("seen")
    editor.send(path, text="Ny text")
    refused = editor.client.post(editor.base + path, data=old.filled({"text": "Min"}))
    assert "Spara igen" in refused.page.errors[0]
    again = refused.page.form("seen").filled({})
    assert editor.client.post(editor.base + path, data=again).status_code == 302
    assert editor.document["tables"][0]["text"] == "Min"


def test_levels_that_have_changed_names_are_not_saved_from_an_old_page(
    editor: Editor,
) -> None:
    old = editor.page("/nivaer").form("seen")
    values = {f"levels-{n}-label": label for n, label in enumerate("2134")}
    editor.send("/nivaer", **values)
    after = editor.document
    refused = editor.client.post(f"{editor.base}/nivaer", data=old.filled({}))
    again = refused.page.form("seen").filled({})
    refused = editor.client.post(f"{editor.base}/nivaer", data=again)
    assert "Därför sparas inget härifrån" in refused.page.errors[0]
    assert editor.document == after


def paths(editor: Editor) -> list[str]:
    table = stored_table(editor)
    return [
        *("/om", "/nivaer", "/granser", "/ny-bedomning", table, f"{table}/rutor"),
        f"/skala/{editor.key('scales')}",
        f"/omrade/{editor.key('domains')}",
        f"/fraga/{editor.key('questions', within=0)}",
        f"/regel/{editor.key('rules')}",
        editor.add("decision"),
    ]


def test_every_page_keeps_what_was_typed_when_the_draft_was_published(
    editor: Editor,
) -> None:
    forms = {path: editor.page(path).form("seen") for path in paths(editor)}
    whole = Draft.opened(small_instrument.document(version="2"))
    instruments.keep(editor.version, whole)
    instruments.publish(version=editor.version, first_day=date(2027, 1, 1))
    for path, form in forms.items():
        refused = editor.client.post(editor.base + path, data=form.filled({}))
        assert "Utkastet har publicerats" in refused.page.errors[0]
        kept = refused.page.form("seen").fields
        typed = {name: value for name, value in form.fields.items() if name in kept}
        assert typed.keys() | {"row", "deed", "do"} >= form.fields.keys()
        assert {name: kept[name] for name in typed} == typed | {
            "csrf_token": kept["csrf_token"]
        }


@contextmanager
def deleted_when_held(editor: Editor) -> Iterator[None]:
    """Another window takes the draft away between its reading and its lock."""
    gone = delete(InstrumentVersion).where(InstrumentVersion.id == editor.version.id)

    def delete_first(state: ORMExecuteState) -> None:
        if getattr(state.statement, "_for_update_arg", None) is not None:
            state.session.connection().execute(gone)

    event.listen(Session, "do_orm_execute", delete_first)
    try:
        yield
    finally:
        event.remove(Session, "do_orm_execute", delete_first)


def test_a_draft_that_is_gone_when_it_is_held_is_told_in_words(editor: Editor) -> None:
    with deleted_when_held(editor):
        refused = editor.send("/om", source="Det jag skrev")
        assert "tagits bort i ett annat fönster" in refused.page.errors[0]
        assert refused.page.form("seen").fields["source"] == ["Det jag skrev"]


@pytest.mark.parametrize("path", ["publicera", "ta-bort"])
def test_nothing_is_done_with_a_draft_that_is_gone(editor: Editor, path: str) -> None:
    address = f"/instrument/{editor.public_id}/{path}"
    form = editor.client.form(address)
    with deleted_when_held(editor):
        sent = form.filled({"first_day": "2027-01-01"} if path == "publicera" else {})
        refused = editor.client.post(address, data=sent)
    assert refused.status_code == 409
    assert "tagits bort i ett annat fönster" in refused.page.text


def test_the_advice_of_a_draft_is_remembered(editor: Editor) -> None:
    editor.send(f"/fraga/{editor.key('questions', 1, within=0)}", weight="0")
    found = instruments.advice_on(editor.version)
    assert found
    assert instruments.advice_on(editor.version) is found


def test_a_band_may_be_named_anything(editor: Editor) -> None:
    odd = [{"label": 'a|~|"b', "at_most": "1"}, {"label": "[c", "at_least": "2"}]
    path = stored_table(editor, odd)
    before = editor.document["tables"][0]["rows"]
    editor.send(f"{path}/rutor", **{"rows-0-level": "2"})
    rows = editor.document["tables"][0]["rows"]
    assert rows == [{**before[0], "level": "2"}, *before[1:]]


def test_cells_that_do_not_fit_are_told_and_kept(editor: Editor) -> None:
    path = stored_table(editor)
    draft = instruments.draft_of(editor.version)
    table = draft.part("table", path.rpartition("/")[2])
    for key in table["keys"]:
        key["bands"] = [{"label": f"b{n}", "at_least": str(n)} for n in range(30)]
    table["rows"] = [{"bands": ["b29", "b29"], "level": "4"}]
    instruments.keep(editor.version, draft)
    db.session.flush()
    assert "500 rutor till visas inte" in editor.page(f"{path}/rutor").text
    editor.send(f"{path}/rutor", **{"rows-0-level": "1"})
    rows = editor.document["tables"][0]["rows"]
    assert [row["level"] for row in rows] == ["4", "1"]


@pytest.mark.parametrize("sent", ["", "x", "[1", "7", '{"a": 1}'])
def test_a_cell_that_is_not_a_cell_gives_no_level(editor: Editor, sent: str) -> None:
    path = stored_table(editor)
    before = editor.document["tables"]
    editor.send(f"{path}/rutor", **{"rows-0-bands": sent, "rows-0-level": ""})
    assert editor.document["tables"] == before


def test_a_question_is_moved_and_its_domain_is_shown(editor: Editor) -> None:
    response = editor.arrange("question", editor.key("questions", 0, 0), "down")
    assert f"/omrade/{editor.key('domains')}#question-" in response.location


def uploaded(editor: Editor, told: dict[str, Any], do: str = "") -> Any:
    return editing.sent_file(editor.client, json.dumps(told).encode(), do)


@pytest.mark.parametrize("odd", ["x \ud800", "x\0y"], ids=["half", "null"])
@pytest.mark.parametrize("do", ["check", ""])
def test_a_file_with_what_is_no_character_is_refused(
    editor: Editor, odd: str, do: str
) -> None:
    assert (
        "tecken som inte går att visa"
        in uploaded(editor, {"title": odd}, do).page.errors[0]
    )
    questions = [{"id": "q", "descriptions": {odd: ""}}]
    told = {"domains": [{"id": "d", "questions": questions}]}
    assert uploaded(editor, told, do).page.errors


@pytest.mark.parametrize("suffix", ["xlsx", "json"])
def test_a_draft_with_a_line_break_in_its_name_is_fetched(
    editor: Editor, suffix: str
) -> None:
    location = uploaded(editor, {"id": "a\nb", "version": "2.9"}).location
    fetched = editor.client.get(location.replace("/utkast", f"/fil/{suffix}"))
    assert f"instrument_a_b_2.9.{suffix}" in fetched.headers["Content-Disposition"]


def test_a_long_text_is_told_where_an_excel_file_is_asked_for(editor: Editor) -> None:
    editor.send("/om", source="x" * 40_000)
    fetched = editor.client.get(f"/instrument/{editor.public_id}/fil/xlsx")
    assert fetched.status_code == 409
    assert "hämta JSON-filen" in fetched.page.text
