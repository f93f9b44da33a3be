"""Two tabs on one question: whatever they do, nothing that is typed is lost.

A text is lost when it is written over by a tab that never showed it, or when it is
taken out of a field before it has been stored. Replies may be lost on the way.
"""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs import saving
from lovdv.needs.models import Answer, Assessment, DomainWords
from tests import make

TABS = 2
STEPS = st.lists(
    st.tuples(
        st.integers(0, TABS - 1),
        st.sampled_from(["write", "type", "save", "lose", "mine", "theirs", "load"]),
        st.sampled_from(["ett", "två\nrader", ""]),
    ),
    min_size=8,
    max_size=20,
)


@dataclass
class Tab:
    """What a tab's script does: scoring_item.js, without the page."""

    draft: Assessment
    kind: str
    text: str = ""
    seen: str = ""
    base: str = ""
    clash: tuple[str, str] | None = None
    is_saved: bool = True
    maybe: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=lambda: {""})

    def load(self) -> None:
        """Open the page anew; a page that holds something is not left."""
        if not self.is_saved:
            return
        row = stored(self.draft, self.kind)
        self.text = self.base = text_of(row)
        self.seen = token_of(row, self.kind)
        self.shown.add(self.text)

    def type(self, text: str) -> None:
        self.text, self.is_saved = text, False
        self.shown.add(text)

    def save(self, *, loses_reply: bool = False) -> None:
        if self.is_saved or self.clash:
            return
        outcome = sent(self.draft, self.kind, self.text, self.seen)
        if loses_reply:
            self.maybe.append(self.text)
        elif outcome.conflict is not None:
            self.meet(text_of(outcome.conflict), outcome.seen)
        else:
            self.settle(outcome)

    def settle(self, outcome: saving.Saved | saving.SavedWords) -> None:
        if outcome.newer is not None:
            self.text = text_of(outcome.newer)
            self.shown.add(self.text)
        self.base = self.text
        self.seen, self.is_saved, self.maybe = outcome.seen, True, []

    def meet(self, other: str, seen: str) -> None:
        if other in self.maybe:
            self.seen, self.maybe = seen, []
            self.save()
            return
        self.clash = other, seen
        self.shown.add(other)

    def choose(self, *, mine: bool) -> None:
        if self.clash is None:
            return
        other, self.seen = self.clash
        self.clash = None
        self.text = self.text if mine else other
        self.save()


def stored(draft: Assessment, kind: str) -> Answer | DomainWords | None:
    model = Answer if kind == "answer" else DomainWords
    return db.session.scalars(
        select(model)
        .where(model.assessment_id == draft.id)
        .execution_options(populate_existing=True)
    ).first()


def text_of(row: Answer | DomainWords | None) -> str:
    if row is None:
        return ""
    return row.reason if isinstance(row, Answer) else row.text


def token_of(row: Answer | DomainWords | None, kind: str) -> str:
    if kind == "answer":
        assert row is None or isinstance(row, Answer)
        return saving.token(row)
    assert row is None or isinstance(row, DomainWords)
    return saving.words_token(row)


def sent(
    draft: Assessment, kind: str, text: str, seen: str
) -> saving.Saved | saving.SavedWords:
    if kind == "answer":
        typed = saving.Typed("mat", "", text, seen)
        return saving.save_answers(assessment=draft, typed=[typed])[0]
    words = saving.TypedWords("vardag", text, "", seen)
    return saving.save_words(assessment=draft, typed=words)


def do(tab: Tab, step: str, word: str, number: int) -> None:
    match step:
        case "type":
            tab.type(f"{word} {number}" if word else "")
        case "write":
            tab.type(f"{word} {number}" if word else "")
            tab.save()
        case "save":
            tab.save()
        case "lose":
            tab.save(loses_reply=True)
        case "load":
            tab.load()
        case choice:
            tab.choose(mine=choice == "mine")


@pytest.mark.parametrize("what", ["answer", "words"])
def test_no_typed_text_is_lost_whatever_two_tabs_do(app: Flask, what: str) -> None:
    assessor = make.user(Role.ASSESSOR)

    @given(STEPS)
    def holds(steps: list[tuple[int, str, str]]) -> None:
        tabs = opened(assessor, what)
        for number, (which, step, word) in enumerate(steps):
            tab = tabs[which]
            held, before = tab.text, text_of(stored(tab.draft, what))
            was_clash, base = tab.clash, tab.base
            do(tab, step, word, number)
            after = text_of(stored(tab.draft, what))
            # What is written over has been shown where it was written over.
            assert before == after or before in tab.shown
            # A field changes by hand, by choice, or when it held nothing of its own.
            taken_out = tab.text != held and step not in {"type", "write"}
            assert not taken_out or was_clash or held == base
        settled(tabs)

    holds()


def opened(assessor: User, kind: str) -> list[Tab]:
    draft = make.draft(make.person(caseworker=assessor), assessor)
    tabs = [Tab(draft, kind) for _ in range(TABS)]
    for tab in tabs:
        tab.load()
    return tabs


def settled(tabs: list[Tab]) -> None:
    """In the end everything is sent, and what was typed last stands."""
    for tab in [one for one in tabs if not one.is_saved]:
        held = tab.text
        tab.save()
        for _ in range(2):  # what is chosen may have been overtaken once more
            tab.choose(mine=True)
        assert tab.is_saved
        assert text_of(stored(tab.draft, tab.kind)) in {held, tab.text}
