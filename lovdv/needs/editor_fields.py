"""Fields and rows of the instrument editor: they keep what is typed, right or wrong."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField
from wtforms.i18n import get_translations

from assessment import exact_number
from lovdv.forms import LongTextField, TextField, swedish_decimal
from lovdv.needs.editor_document import Draft, moved, text
from lovdv.needs.editor_shape import Part

TOTAL = "total"
MISSING = "Finns inte: "
Groups = dict[str, list[tuple[str, str]]]


def number_typed(typed: str | None) -> str:
    """'0,04186' as '0.04186'; what is no number stays as it was typed."""
    raw = (typed or "").strip()
    try:
        plain = f"{swedish_decimal(raw):f}"
        exact_number(plain)
    except ValueError:
        return raw
    return plain


def number_shown(stored: object) -> str:
    """A stored number with a comma; what is no number as it stands."""
    held = stored if isinstance(stored, str) else ""
    try:
        exact_number(held)
    except ValueError:
        return held
    return held.replace(".", ",")


class NumberText(TextField):
    """A number as text, with a Swedish comma on the page."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = number_typed(self.data)

    def _value(self) -> str:
        return number_shown(self.data)


class Choice(SelectField):
    """A list where what is stored can be chosen even when it is gone."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **kwargs)

    def offer(self, choices: Iterable[tuple[str, str]], empty: str = "Välj") -> None:
        found = [("", empty), *choices]
        self.choices = [*found, *self._gone({value for value, _ in found})]

    def offer_groups(self, groups: Groups, empty: str = "Välj") -> None:
        known = {value for group in groups.values() for value, _ in group}
        first: Groups = {"": [("", empty)]}
        gone = self._gone({"", *known})
        self.choices = {**first, **groups, **({"Borttaget": gone} if gone else {})}

    def _gone(self, known: set[str]) -> list[tuple[str, str]]:
        if not self.data or self.data in known:
            return []
        return [(self.data, MISSING + self.data.partition(":")[2] or self.data)]


class Row(Form):
    """One row of a list; `part` is its JSON form."""

    class Meta(Form.Meta):
        locales = ("sv_SE", "sv")

        def get_translations(self, form: Any) -> Any:
            return get_translations(self.locales)

    ignored: tuple[str, ...] = ("was",)

    def is_blank(self) -> bool:
        return not any(
            field.data
            for field in self
            if field.short_name not in self.ignored
            and not isinstance(field, BooleanField)
        )

    def title(self) -> str:
        """A few words to know the row by."""
        told = [
            str(f.data) for f in self if f.data and f.short_name not in self.ignored
        ]
        return " ".join(told)[:40]

    def part(self) -> Part:
        return {f.short_name: f.data for f in self if f.short_name not in self.ignored}


class StepRow(Row):
    code = TextField("Svar")
    points = NumberText("Poäng")
    label = TextField("Betyder")


class LevelRow(Row):
    was = HiddenField()
    label = TextField("Nivå")
    price_level = TextField("Prisnivå")
    text = LongTextField("Betyder")


class LimitRow(Row):
    was = HiddenField()
    level = Choice("Nivå")
    low = NumberText("Från", name="from")
    low_included = BooleanField("Från räknas med", name="from_included")
    high = NumberText("Till", name="to")
    high_included = BooleanField("Till räknas med", name="to_included")

    def is_limit(self) -> bool:
        """A row offered for a level is no limit until it has a bound."""
        return bool(self.was.data or self.low.data or self.high.data)

    def part(self) -> Part:
        low, high = self.low.data or None, self.high.data or None
        return {
            "level": self.level.data or "",
            "from": low,
            "from_included": bool(self.low_included.data and low),
            "to": high,
            "to_included": bool(self.high_included.data and high),
        }


class IntervalRow(Row):
    from_age = NumberText("Från och med ålder")
    months = NumberText("Månader till nästa bedömning")


class SubjectRow(Row):
    """A row that looks at a question, a domain's sum or the whole sum."""

    on = Choice("Vad")

    def subject(self) -> Part:
        return subject_part(self.on.data or "")


class ConditionRow(SubjectRow):
    at_least = NumberText("Minst")
    at_most = NumberText("Högst")

    def part(self) -> Part:
        return {
            **self.subject(),
            "at_least": self.at_least.data or None,
            "at_most": self.at_most.data or None,
        }


class BandRow(Row):
    was = HiddenField()
    label = TextField("Namn")
    at_least = NumberText("Minst")
    at_most = NumberText("Högst")

    def part(self) -> Part:
        return {
            "label": self.label.data or "",
            "at_least": self.at_least.data or None,
            "at_most": self.at_most.data or None,
        }


class KeyRow(SubjectRow):
    ignored = ("was", "bands")
    was = HiddenField()
    bands = FieldList(FormField(BandRow))

    def is_blank(self) -> bool:
        return not self.on.data and not filled(self.bands)

    def part(self) -> Part:
        return {**self.subject(), "bands": parts(self.bands)}


class DescriptionRow(Row):
    code = HiddenField()
    text = LongTextField("Beskrivning")


def subject_part(chosen: str) -> Part:
    """'question:mat' as {"question": "mat"}."""
    if chosen == TOTAL:
        return {"total": True}
    kind, _, name = chosen.partition(":")
    return {"domain" if kind == "domain" else "question": name}


def subject_chosen(part: Mapping[str, Any]) -> str:
    """The other way: what a list shows as chosen."""
    if part.get(TOTAL):
        return TOTAL
    kind = "domain" if text(part, "domain") else "question"
    name = text(part, kind)
    return f"{kind}:{name}" if name else ""


def subject_shown(part: Mapping[str, Any]) -> Part:
    return {**part, "on": subject_chosen(part)}


def subjects(draft: Draft, *, only_before: str | None = None) -> Groups:
    """What a condition may look at: sums, and questions by domain.

    `only_before` is the key of a question: then only questions asked before it.
    """
    groups: Groups = {}
    if only_before is None:
        groups["Summor"] = [(TOTAL, "Hela summan")] + [
            (f"domain:{text(d, 'id')}", f"Summan i {text(d, 'title') or text(d, 'id')}")
            for d in draft.parts("domain")
            if text(d, "id")
        ]
    for domain in draft.parts("domain"):
        held = []
        for question in domain.get("questions") or ():
            if question["_key"] == only_before:
                groups[_titled(domain)] = held
                return groups
            if text(question, "id"):
                held.append((f"question:{text(question, 'id')}", asked(question)))
        groups.setdefault(_titled(domain), []).extend(held)
    return groups


def _titled(domain: Part) -> str:
    return text(domain, "title") or text(domain, "id") or "Område utan namn"


def asked(question: Part) -> str:
    """A question as it is named in a list."""
    words = text(question, "text") or "Fråga utan text"
    short = words if len(words) <= 70 else f"{words[:69]}…"
    return f"{short} ({text(question, 'id')})"


def filled(field: FieldList) -> list[Row]:
    """The rows where something is typed."""
    return [entry.form for entry in field.entries if not entry.form.is_blank()]


def parts(field: FieldList) -> list[Part]:
    return [row.part() for row in filled(field)]


def row_names(field: FieldList) -> list[tuple[str, str]]:
    """The filled rows, to choose among: their name in the form, and words."""
    return [
        (entry.name, f"Rad {number}: {entry.form.title()}")
        for number, entry in enumerate(field.entries, 1)
        if not entry.form.is_blank()
    ]


def rearrange(field: FieldList, name: str, deed: str) -> None:
    """Move, copy or remove the row of that name; other names are other lists'."""
    rows = field.entries
    at = next((place for place, row in enumerate(rows) if row.name == name), None)
    if at is None:
        return
    if deed == "remove":
        del rows[at]
    elif deed == "copy":
        rows.insert(at + 1, rows[at])
    elif deed in {"up", "down"}:
        moved(rows, at, -1 if deed == "up" else 1)


def with_blanks(rows: Sequence[Part] | None, blanks: int) -> list[Part]:
    return [*(rows or ()), *({} for _ in range(blanks))]
