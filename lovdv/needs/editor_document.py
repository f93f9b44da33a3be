"""A draft while it is edited: its JSON form, where each part has a key of its own.

The key stays when a part is moved or renamed, so that an address always leads to the
part it led to before. Keys are never part of the instrument.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from sqlalchemy.exc import NoResultFound

from lovdv.needs.editor_shape import LISTS, Part, children

KEY, NEXT = "_key", "_next"
REFERENCE = {"scale": "scale", "question": "question", "domain": "domain"}
GIVING = ("rule", "decision", "table")
"""What gives or changes a level; their names are told apart together."""
LONGEST_NAME = 40


class PartGone(NoResultFound):
    """The part has been taken away since the page was shown."""


class Draft:
    """One draft's working form; every change is made in place."""

    def __init__(self, value: Part) -> None:
        self.value = value
        self.value.setdefault("format", "lovdv-instrument-1")
        for name, _ in children("instrument"):
            if not self.value.get(name):
                self.value[name] = []
        self._give_keys("instrument", value)

    def name_instrument(self) -> None:
        """The instrument gets its short name from its title, when it has none."""
        if not text(self.value, "id"):
            self.value["id"] = slug(text(self.value, "title"))

    @classmethod
    def opened(cls, text: str) -> "Draft":
        return cls(json.loads(text))

    def text(self) -> str:
        """The working form as it is stored."""
        return json.dumps(self.value, ensure_ascii=False, sort_keys=True)

    def document(self) -> Part:
        """The instrument's JSON form: no keys, and no empty list of rules."""
        bare: Part = _bare(self.value)
        for name in ("rules", "decisions", "tables", "reassessment"):
            if not bare.get(name):
                bare.pop(name, None)
        return bare

    def document_text(self) -> str:
        return json.dumps(self.document(), ensure_ascii=False, sort_keys=True)

    def _give_keys(self, kind: str, part: Part) -> None:
        for name, child in children(kind):
            if name in part and part[name] is None:
                part[name] = []
            for item in part.get(name) or ():
                if child in LISTS and KEY not in item:
                    number = self.value.get(NEXT, 1)
                    item[KEY], self.value[NEXT] = str(number), number + 1
                self._give_keys(child, item)

    # ---- Finding ----

    def parts(self, kind: str) -> list[Part]:
        """Every part of a kind, in order."""
        if kind == "question":
            return [q for d in self.value["domains"] for q in d.get("questions") or ()]
        found: list[Part] = self.value[LISTS[kind]]
        return found

    def part(self, kind: str, key: str) -> Part:
        for item in self.parts(kind):
            if item[KEY] == key:
                return item
        raise PartGone(kind)

    def has(self, kind: str, key: str) -> bool:
        return any(item[KEY] == key for item in self.parts(kind))

    def siblings(self, kind: str, key: str) -> list[Part]:
        """The list that holds the part."""
        part = self.part(kind, key)
        return next(held for held in self._lists(kind) if part in held)

    def _lists(self, kind: str) -> Iterator[list[Part]]:
        if kind != "question":
            yield self.value[LISTS[kind]]
            return
        for domain in self.value["domains"]:
            yield domain.setdefault("questions", [])

    def domain_of(self, question_key: str) -> Part:
        for domain in self.value["domains"]:
            if any(q[KEY] == question_key for q in domain.get("questions") or ()):
                found: Part = domain
                return found
        raise PartGone("question")

    def labels(self) -> list[str]:
        return [text(level, "label") for level in self.value["levels"]]

    # ---- Changing ----

    def add(self, kind: str, part: Part, *, within: str = "") -> Part:
        """Put a new part last in its list; a question in a domain."""
        held = (
            self.part("domain", within).setdefault("questions", [])
            if kind == "question"
            else self.parts(kind)
        )
        held.append(part)
        self._give_keys("instrument", self.value)
        self.give_name(kind, part)
        return part

    def copy(self, kind: str, key: str) -> Part:
        """Put a copy right after the part, with names of its own."""
        held, part = self.siblings(kind, key), self.part(kind, key)
        new = _without_keys(deepcopy(part))
        held.insert(held.index(part) + 1, new)
        self._give_keys("instrument", self.value)
        self._rename_copy(kind, new)
        return new

    def _rename_copy(self, kind: str, new: Part) -> None:
        renamed = {}
        for child_kind, item in [(kind, new), *_nested(kind, new)]:
            old = text(item, "id")
            item["id"] = self._free(child_kind, old, item)
            renamed[child_kind, old] = item["id"]
        for (child_kind, old), name in renamed.items():
            if child_kind in REFERENCE:
                _replace(new, REFERENCE[child_kind], old, name)

    def move(self, kind: str, key: str, steps: int) -> None:
        held, part = self.siblings(kind, key), self.part(kind, key)
        moved(held, held.index(part), steps)

    def move_to_domain(self, question_key: str, domain_key: str) -> None:
        part = self.part("question", question_key)
        if self.domain_of(question_key)[KEY] != domain_key:
            target = self.part("domain", domain_key)
            self.siblings("question", question_key).remove(part)
            target.setdefault("questions", []).append(part)

    def remove(self, kind: str, key: str) -> None:
        self.siblings(kind, key).remove(self.part(kind, key))

    def change(self, kind: str, key: str, fields: Mapping[str, object]) -> None:
        """Give a part these fields; what refers to its name follows."""
        part = self.part(kind, key)
        before = text(part, "id")
        part.update(fields)
        self.give_name(kind, part)
        if kind in REFERENCE:
            self._follow(REFERENCE[kind], before, text(part, "id"), kind)

    def _follow(self, field: str, before: str, after: str, kind: str) -> None:
        left = any(text(other, "id") == before for other in self.parts(kind))
        if before and after and before != after and not left:
            _replace(self.value, field, before, after)

    def rename_levels(self, names: Mapping[str, str]) -> None:
        """Let everything that gives a level follow its new label."""
        for name, _ in children("instrument"):
            if name != "levels":
                for item in self.value[name]:
                    _replace_all(item, "level", names)

    # ---- Names ----

    def give_name(self, kind: str, part: Part) -> None:
        """A part without a name gets one that is free."""
        if text(part, "id"):
            return
        if kind == "domain":
            wanted = slug(text(part, "title"))
            if not wanted:
                return
        elif kind == "question":
            wanted = f"{text(self.domain_of(part[KEY]), 'id') or 'fraga'}-1"
        else:
            wanted = f"{_WORDS[kind]}-1"
        part["id"] = self._free(kind, wanted, part)

    def _free(self, kind: str, wanted: str, part: Part) -> str:
        same = GIVING if kind in GIVING else (kind,)
        taken = {
            text(item, "id")
            for each in same
            for item in self.parts(each)
            if item is not part
        }
        if not wanted or wanted not in taken:
            return wanted
        stem = re.sub(r"-[0-9]+$", "", wanted)[: LONGEST_NAME - 4]
        numbers = range(1, len(taken) + 2)
        return next(n for n in (f"{stem}-{i}" for i in numbers) if n not in taken)


_WORDS = {"scale": "skala", "rule": "regel", "decision": "rad", "table": "tabell"}


def text(part: Mapping[str, Any], name: str) -> str:
    """A field as text, whatever is stored there."""
    value = part.get(name)
    return value if isinstance(value, str) else ""


def slug(words: str) -> str:
    """'Lärande och att tillämpa' as a name: 'larande-och-att-tillampa'."""
    letters = unicodedata.normalize("NFD", words.casefold())
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", letters))
    return plain.strip("-")[:LONGEST_NAME].strip("-")


def digest_of(value: object) -> str:
    """Tell two states of a part apart."""
    return hashlib.sha256(
        json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()[:20]


def moved(items: list[Any], place: int, steps: int) -> None:
    """Move one item up or down; at the ends it stays."""
    target = min(max(place + steps, 0), len(items) - 1)
    items.insert(target, items.pop(place))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if k not in {KEY, NEXT}}
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return value


def _without_keys(part: Part) -> Part:
    found: Part = _bare(part)
    return found


def _nested(kind: str, part: Part) -> Iterator[tuple[str, Part]]:
    for name, child in children(kind):
        if child in LISTS:
            for item in part.get(name) or ():
                yield child, item


def _replace(node: Any, field: str, before: str, after: str) -> None:
    _replace_all(node, field, {before: after})


def _replace_all(node: Any, field: str, names: Mapping[str, str]) -> None:
    """Change a field's value everywhere beneath, where it is one of the names."""
    if isinstance(node, dict):
        held = node.get(field)
        if isinstance(held, str) and held in names:
            node[field] = names[held]
        for value in node.values():
            _replace_all(value, field, names)
    elif isinstance(node, list):
        for item in node:
            _replace_all(item, field, names)
