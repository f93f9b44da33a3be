"""The cells of a look-up table: every combination of bands, and the level it gives."""

import json
from collections.abc import Iterator
from itertools import islice, product
from math import prod

from wtforms import FieldList, FormField, HiddenField

from lovdv.needs.editor_document import Draft, text
from lovdv.needs.editor_fields import Choice, Row, asked
from lovdv.needs.editor_forms import PartForm
from lovdv.needs.editor_rule_forms import key_labels
from lovdv.needs.editor_shape import Part

MOST_CELLS = 400


class CellRow(Row):
    bands = HiddenField()
    level = Choice("Nivå")

    def combination(self) -> list[str]:
        """The bands, as they were sent to the page."""
        try:
            found = json.loads(self.bands.data or "[]")
        except ValueError:
            return []
        return list(map(str, found)) if isinstance(found, list) else []


class CellsForm(PartForm):
    """A level for each combination; an empty one gives none here."""

    kind, own, lists = "table", ("keys", "rows"), ("rows",)
    rows = FieldList(FormField(CellRow))

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        stored = {tuple(r.get("bands") or ()): text(r, "level") for r in _rows(part)}
        return {
            "rows": [
                {"bands": json.dumps(bands), "level": stored.get(bands, "")}
                for bands in combinations(part)
            ]
        }

    @classmethod
    def followed(cls, stored: Part) -> object:
        return key_labels(stored)

    def offer(self, draft: Draft, key: str) -> None:
        levels = [(label, label) for label in draft.labels() if label]
        for row in self.rows.entries:
            row.form.level.offer(levels, "Ger ingen nivå")

    def rows_to_arrange(self) -> list[tuple[str, str]]:
        return []

    def typed(self, stored: Part) -> Part:
        """The levels that are chosen, in the stored order when nothing has changed."""
        chosen = {
            tuple(entry.form.combination()): entry.form.level.data
            for entry in self.rows.entries
            if entry.form.level.data
        }
        shown = {tuple(entry.form.combination()) for entry in self.rows.entries}
        before = {tuple(r.get("bands") or ()): text(r, "level") for r in _rows(stored)}
        chosen |= {
            b: v for b, v in before.items() if b not in shown and fits(b, stored)
        }
        order = [*(b for b in before if b in chosen), *chosen]
        return {
            "keys": stored.get("keys"),
            "rows": [
                {"bands": list(b), "level": chosen[b]} for b in dict.fromkeys(order)
            ],
        }


def _rows(part: Part) -> list[Part]:
    return part.get("rows") or []


def combinations(part: Part) -> list[tuple[str, ...]]:
    """Every combination of the keys' bands, the last key changing fastest."""
    labels = [_labels(key) for key in part.get("keys") or ()]
    return list(islice(product(*labels), MOST_CELLS)) if labels else []


def cells_left_out(part: Part) -> int:
    """How many combinations there are beside those that are shown."""
    keys = part.get("keys") or ()
    found = prod(len(_labels(key)) for key in keys) if keys else 0
    return max(found - MOST_CELLS, 0)


def fits(bands: tuple[str, ...], part: Part) -> bool:
    """Whether a row is still a cell of the table."""
    keys = part.get("keys") or []
    return len(bands) == len(keys) and all(
        band in _labels(key) for band, key in zip(bands, keys, strict=True)
    )


def _labels(key: Part) -> list[str]:
    return [text(b, "label") for b in key.get("bands") or () if text(b, "label")]


def key_names(draft: Draft, part: Part) -> Iterator[str]:
    """What each key of a table looks at, in words."""
    questions = {text(q, "id"): asked(q) for q in draft.parts("question")}
    domains = {text(d, "id"): text(d, "title") for d in draft.parts("domain")}
    for key in part.get("keys") or ():
        if key.get("total"):
            yield "Hela summan"
        elif text(key, "domain"):
            name = text(key, "domain")
            yield f"Summan i {domains.get(name) or name}"
        else:
            name = text(key, "question")
            yield questions.get(name, name or "Inget valt")
