"""The forms of the instrument editor: one page, one part; nothing typed is refused."""

from collections.abc import Sequence
from typing import ClassVar

from flask import request
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)

from lovdv.forms import BaseForm, LongTextField, TextField, options
from lovdv.needs import editor_words as words
from lovdv.needs.editor_document import KEY, Draft, PartGone, digest_of, text
from lovdv.needs.editor_fields import (
    Choice,
    ConditionRow,
    DescriptionRow,
    LevelRow,
    LimitRow,
    NumberText,
    StepRow,
    filled,
    parts,
    rearrange,
    row_names,
    subject_shown,
    subjects,
    with_blanks,
)
from lovdv.needs.editor_shape import Part

NAME_HINT = "Används i filer och svar. Lämna tomt så får delen ett namn."


class PartForm(BaseForm):
    """A part of a draft as it was seen, and as it is typed now."""

    kind: ClassVar[str] = "instrument"
    own: ClassVar[Sequence[str]] = ()
    lists: ClassVar[Sequence[str]] = ()
    seen = HiddenField()
    named = HiddenField()
    row = SelectField("Rad", validate_choice=False)
    deed = SelectField(
        "Vad ska hända?", choices=options(words.DEEDS), validate_choice=False
    )

    @classmethod
    def of(cls, draft: Draft, key: str = "") -> "PartForm":
        """The form filled with the stored part, or with what is being sent."""
        form = cls(data=cls.shown(draft, part_or_nothing(cls, draft, key)))
        form.offer(draft, key)
        form.row.choices = options(form.rows_to_arrange())
        return form

    @classmethod
    def part_in(cls, draft: Draft, key: str) -> Part:
        return draft.value if cls.kind == "instrument" else draft.part(cls.kind, key)

    @classmethod
    def stored(cls, draft: Draft, key: str) -> Part:
        """The fields that this page shows and changes."""
        part = cls.part_in(draft, key)
        return {name: part.get(name) for name in cls.own}

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        """The stored part as the fields want it."""
        return dict(part)

    def offer(self, draft: Draft, key: str) -> None:
        """Fill the lists with what there is to choose."""

    def rows_to_arrange(self) -> list[tuple[str, str]]:
        return [row for name in self.lists for row in row_names(self[name])]

    def rearrange(self, do: str) -> None:
        """Carry out what was asked of the rows, beside storing them."""
        if do == "row":
            for name in self.lists:
                rearrange(self[name], self.row.data or "", self.deed.data or "")

    def typed(self, stored: Part) -> Part:
        """The part's own fields as they are typed; `stored` is what they replace."""
        return {
            name: parts(self[name]) if name in self.lists else self[name].data
            for name in self.own
        }

    def renamed_levels(self) -> dict[str, str]:
        return {}

    @classmethod
    def followed(cls, stored: Part) -> object:
        """The names in a part that are followed by what refers to them."""
        return None

    @classmethod
    def names_now(cls, stored: Part) -> str:
        return digest_of(cls.followed(stored))

    def see(self, stored: Part) -> None:
        """Remember what the part was when it was shown."""
        self.seen.data, self.named.data = digest_of(stored), self.names_now(stored)


def part_or_nothing(kind: type[PartForm], draft: Draft, key: str) -> Part:
    """The part; nothing when what is sent is about a part that has been taken away."""
    try:
        return kind.part_in(draft, key)
    except PartGone:
        if request.method == "GET":
            raise
        return {}


class RemoveForm(BaseForm):
    """A button, and what the part was when it was shown."""

    seen = HiddenField()


def offer_conditions(
    field: FieldList, draft: Draft, *, only_before: str | None = None
) -> None:
    groups = subjects(draft, only_before=only_before)
    for row in field.entries:
        row.form.on.offer_groups(groups)


def conditions_shown(part: Part, name: str, blanks: int = 1) -> list[Part]:
    return with_blanks([subject_shown(c) for c in part.get(name) or ()], blanks)


def level_choices(draft: Draft) -> list[tuple[str, str]]:
    return [(label, label) for label in draft.labels() if label]


class AboutForm(PartForm):
    own = (
        *("id", "version", "title", "source", "text", "direction", "basis"),
        "irrelevant_lowers_maximum",
    )
    title = TextField("Vad instrumentet heter")
    version = TextField("Version", description="Till exempel 1 eller 2027.")
    source = LongTextField(
        "Källa", description="Vem som har gjort instrumentet, och varifrån det kommer."
    )
    text = LongTextField("Det läsaren behöver veta")
    id = TextField(
        "Kort namn",
        description="Samma i alla versioner. Små bokstäver a–z, siffror och streck.",
    )
    direction = RadioField("Vad betyder fler poäng?", choices=options(words.DIRECTIONS))
    basis = RadioField("Vad jämförs gränserna med?", choices=options(words.BASES))
    irrelevant_lowers_maximum = BooleanField(
        "”Ej relevant” sänker det högsta möjliga",
        description="Då räknas frågan bort ur maxpoängen när den är ej relevant.",
    )

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        return {
            **part,
            "direction": part.get("direction") or "ascending",
            "basis": part.get("basis") or "points",
        }


class ScaleForm(PartForm):
    kind, own, lists = "scale", ("id", "steps"), ("steps",)
    id = TextField("Skalans namn", description=NAME_HINT)
    steps = FieldList(FormField(StepRow))

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        blanks = 1 if part.get("steps") else 4
        return {**part, "steps": with_blanks(part.get("steps"), blanks)}


class DomainForm(PartForm):
    kind, own = "domain", ("id", "title", "text")
    title = TextField("Områdets rubrik")
    text = LongTextField("Vad området handlar om")
    id = TextField("Kort namn", description=NAME_HINT)


class QuestionForm(PartForm):
    kind, lists = "question", ("shown_when",)
    own = (
        *("id", "text", "scale", "weight", "descriptions", "required"),
        *("may_be_irrelevant", "shown_when"),
    )
    text = LongTextField("Frågan")
    domain = Choice("Område")
    scale = Choice("Skala")
    weight = NumberText(
        "Vikt", description="Svarets poäng gånger vikten. Till exempel 1 eller 0,04186."
    )
    required = BooleanField("Frågan måste besvaras")
    may_be_irrelevant = BooleanField("”Ej relevant” är ett möjligt svar")
    descriptions = FieldList(FormField(DescriptionRow))
    shown_when = FieldList(FormField(ConditionRow))
    id = TextField("Kort namn", description=NAME_HINT)

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        if KEY not in part:
            return {}
        return {
            **part,
            "domain": draft.domain_of(part[KEY])[KEY],
            "weight": part.get("weight") or "1",
            "required": part.get("required", True),
            "descriptions": _descriptions(draft, part),
            "shown_when": conditions_shown(part, "shown_when"),
        }

    def offer(self, draft: Draft, key: str) -> None:
        self.domain.offer(
            [
                (d["_key"], text(d, "title") or text(d, "id") or "Område utan namn")
                for d in draft.parts("domain")
            ]
        )
        labels = _step_labels(draft, self.scale.data or "")
        for row in self.descriptions.entries:
            code = row.form.code.data or ""
            label = labels.get(code, "finns inte i skalan")
            row.form.text.label.text = f"Svar {code}, {label}"
        self.scale.offer(
            [(text(s, "id"), words.scale_words(s)) for s in draft.parts("scale")]
        )
        offer_conditions(self.shown_when, draft, only_before=key)

    def typed(self, stored: Part) -> Part:
        rows = [entry.form for entry in self.descriptions.entries]
        told = {row.code.data: row.text.data for row in rows if row.text.data}
        return {**super().typed(stored), "descriptions": told}


def _steps(draft: Draft, name: str) -> list[Part]:
    """The steps of a scale; none when the scale is not there."""
    named = (s for s in draft.parts("scale") if text(s, "id") == name)
    return next(named, {}).get("steps") or []


def _step_labels(draft: Draft, name: str) -> dict[str, str]:
    return {text(s, "code"): text(s, "label") for s in _steps(draft, name)}


def _descriptions(draft: Draft, part: Part) -> list[Part]:
    """A row for each step in the question's scale, and for texts left over."""
    told = part.get("descriptions") or {}
    codes = [text(step, "code") for step in _steps(draft, text(part, "scale"))]
    return [
        {"code": code, "text": told.get(code, "")}
        for code in dict.fromkeys([*filter(None, codes), *told])
    ]


class LevelsForm(PartForm):
    own = lists = ("levels",)
    levels = FieldList(FormField(LevelRow))

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        rows = [{**level, "was": text(level, "label")} for level in part["levels"]]
        return {"levels": with_blanks(rows, 1 if rows else 4)}

    @classmethod
    def followed(cls, stored: Part) -> object:
        return [text(level, "label") for level in stored.get("levels") or ()]

    def renamed_levels(self) -> dict[str, str]:
        """Old labels to new ones, where the old is not another level now."""
        rows = filled(self.levels)
        names = {row.was.data: row.label.data for row in rows if row.was.data}
        kept = {row.label.data for row in rows}
        return {
            old: new
            for old, new in names.items()
            if new and old != new and (old not in kept or set(names) == kept)
        }


class LimitsForm(PartForm):
    own = lists = ("limits",)
    limits = FieldList(FormField(LimitRow))

    @classmethod
    def shown(cls, draft: Draft, part: Part) -> Part:
        rows = [_limit_shown(limit) for limit in part["limits"]]
        held = {text(limit, "level") for limit in part["limits"]}
        wanted = [label for label in draft.labels() if label and label not in held]
        new = [_new_limit(level) for level in wanted]
        return {"limits": [*rows, *new] or with_blanks((), 2)}

    def offer(self, draft: Draft, key: str) -> None:
        for row in self.limits.entries:
            row.form.level.offer(level_choices(draft))

    def typed(self, stored: Part) -> Part:
        rows = filled(self.limits)
        return {"limits": [row.part() for row in rows if row.is_limit()]}


def _limit_shown(limit: Part) -> Part:
    return {
        **limit,
        "was": "1",
        "low": limit.get("from"),
        "low_included": limit.get("from_included"),
        "high": limit.get("to"),
        "high_included": limit.get("to_included"),
    }


def _new_limit(level: str) -> Part:
    return {"level": level, "low_included": True, "high_included": True}
