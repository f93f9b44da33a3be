"""The forms of what gives or changes a level beside the limits, one page for each."""

from typing import Any

from wtforms import FieldList, FormField, RadioField

from lovdv.forms import LongTextField, TextField, options
from lovdv.needs import editor_words as words
from lovdv.needs.editor_document import Draft, text
from lovdv.needs.editor_fields import (
    Choice,
    ConditionRow,
    IntervalRow,
    KeyRow,
    filled,
    parts,
    rearrange,
    row_names,
    subject_chosen,
    subject_shown,
    subjects,
    with_blanks,
)
from lovdv.needs.editor_forms import (
    NAME_HINT,
    PartForm,
    conditions_shown,
    level_choices,
    offer_conditions,
)
from lovdv.needs.editor_shape import Part

MOST_KEYS = 4


class RuleForm(PartForm):
    kind, lists = "rule", ("when",)
    own = ("id", "kind", "text", "when", "level")
    kind_of_rule = RadioField(
        "Vad gör regeln?", choices=options(words.RULE_KINDS), name="kind"
    )
    level = Choice("Nivå")
    when = FieldList(FormField(ConditionRow))
    text = LongTextField("Regeln i ord", description="Står i förklaringen av nivån.")
    id = TextField("Kort namn", description=NAME_HINT)

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        return {
            **part,
            "kind_of_rule": part.get("kind"),
            "when": conditions_shown(part, "when"),
        }

    def offer(self, draft: Draft, key: str) -> None:
        self.level.offer(level_choices(draft))
        offer_conditions(self.when, draft)

    def typed(self, stored: Part) -> Part:
        return {
            "id": self.id.data,
            "kind": self.kind_of_rule.data or "",
            "text": self.text.data,
            "when": parts(self.when),
            "level": self.level.data or "",
        }


class DecisionForm(PartForm):
    kind, lists = "decision", ("when",)
    own = ("id", "text", "when", "level")
    level = Choice("Nivå")
    when = FieldList(FormField(ConditionRow))
    text = LongTextField("Raden i ord", description="Står i förklaringen av nivån.")
    id = TextField("Kort namn", description=NAME_HINT)

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        return {**part, "when": conditions_shown(part, "when")}

    def offer(self, draft: Draft, key: str) -> None:
        self.level.offer(level_choices(draft))
        offer_conditions(self.when, draft)


class IntervalsForm(PartForm):
    own = lists = ("reassessment",)
    reassessment = FieldList(FormField(IntervalRow))

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        rows = part.get("reassessment")
        return {"reassessment": with_blanks(rows, 1 if rows else 2)}


class TableForm(PartForm):
    """The keys of a look-up table, and the bands of each."""

    kind, lists = "table", ("keys",)
    own = ("id", "text", "keys", "rows")
    text = LongTextField("Tabellen i ord", description="Står i förklaringen av nivån.")
    keys = FieldList(FormField(KeyRow))
    id = TextField("Kort namn", description=NAME_HINT)

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        keys = [_key_shown(n, key) for n, key in enumerate(part.get("keys") or ())]
        wanted = min(max(len(keys) + 1, 2), MOST_KEYS)
        new = [_key_shown(-1, {}) for _ in range(wanted - len(keys))]
        return {**part, "keys": [*keys, *new]}

    @classmethod
    def followed(cls, stored: Part) -> object:
        return key_labels(stored)

    def offer(self, draft: Draft, key: str) -> None:
        groups = subjects(draft)
        for row in self.keys.entries:
            row.form.on.offer_groups(groups)

    def rows_to_arrange(self) -> list[tuple[str, str]]:
        found = []
        for number, entry in enumerate(self.keys.entries, 1):
            found.append((entry.name, f"Nyckel {number}"))
            bands = row_names(entry.form.bands)
            found += [
                (name, f"Nyckel {number}, {told.lower()}") for name, told in bands
            ]
        return found

    def rearrange(self, do: str) -> None:
        super().rearrange(do)
        if do == "row":
            for entry in self.keys.entries:
                rearrange(entry.form.bands, self.row.data or "", self.deed.data or "")

    def typed(self, stored: Part) -> Part:
        """The table with its rows following the keys and bands they belong to."""
        keys = filled(self.keys)
        rows = [
            {**row, "bands": [_band_now(key, row) for key in keys]}
            for row in stored.get("rows") or ()
        ]
        unique = {tuple(row["bands"]): row for row in reversed(rows)}
        return {
            "id": self.id.data,
            "text": self.text.data,
            "keys": [key.part() for key in keys],
            "rows": list(reversed(unique.values())),
        }


def key_labels(table: Part) -> list[tuple[str, list[str]]]:
    """What each key looks at, with the names of its bands: the cells follow them."""
    return [
        (subject_chosen(key), [text(band, "label") for band in key.get("bands") or ()])
        for key in table.get("keys") or ()
    ]


def _key_shown(place: int, key: Part) -> Part:
    bands = [{**band, "was": text(band, "label")} for band in key.get("bands") or ()]
    return {
        "was": str(place) if place >= 0 else "",
        "on": subject_shown(key)["on"],
        "bands": with_blanks(bands, 1 if bands else 2),
    }


def _band_now(key: Any, row: Part) -> str:
    """The name that a row's band has on this key now; empty when it has none."""
    place, held = key.was.data or "", row.get("bands") or []
    before = held[int(place)] if place.isdecimal() and int(place) < len(held) else ""
    names = {band.was.data: band.label.data for band in filled(key.bands)}
    return str(names.get(before) or (before if before not in names else ""))
