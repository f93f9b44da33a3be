"""What users may send about text templates: settings, and fields one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.i18n import get_translations
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
)

from lovdv.forms import BaseForm, DayField, TextField, options
from lovdv.ledger.text_files import Field, Template
from lovdv.ledger.text_reading import as_value
from lovdv.ledger.text_sources import OF_ROW, OF_RUN, OF_WHOLE

FIXED_TEXT = "Egen fast text"
PARTS = {
    "header-0": "Huvudrad",
    "header-1": "Huvudrad 2",
    "fields": "Rad",
    "footer-0": "Slutrad",
    "footer-1": "Slutrad 2",
}
ENCODINGS = {
    "utf-8-sig": "UTF-8 med märke (Excel)",
    "utf-8": "UTF-8",
    "latin-1": "Latin-1 (ISO 8859-1)",
    "cp1252": "Windows-1252",
    "cp437": "PC8 (cp437)",
    "cp850": "DOS (cp850)",
}
SIGNS = {
    "minus": "Bara minus",
    "always": "Plus och minus",
    "apart": "I ett eget fält",
    "none": "Inget tecken; negativt är ett fel",
}
ORDINARY = Field()
STEP, LAST_PLACE = 10, 9_990
"""Fields stand ten apart, so that another fits between; a new one goes last."""


class FieldRow(Form):
    """One field of the file; an empty row is left out."""

    class Meta(Form.Meta):
        locales = ("sv_SE", "sv")

        def get_translations(self, form: Any) -> Any:
            return get_translations(self.locales)

    place = IntegerField(
        "Ordning", [Optional(), NumberRange(0, 9_999)], default=LAST_PLACE
    )
    part = SelectField("Står i", choices=options(PARTS), default="fields")
    source = SelectField(
        "Hämtas från",
        choices=options(
            {k: f"{k}: {v[0]}" for k, v in {**OF_ROW, **OF_RUN, **OF_WHOLE}.items()},
            FIXED_TEXT,
        ),
    )
    text = StringField("Fast text", [Length(max=200)])
    title = TextField("Rubrik", [Length(max=60)])
    width = IntegerField("Bredd", [Optional(), NumberRange(0, 400)])
    align = SelectField(
        "Justering", choices=options({"left": "Vänster", "right": "Höger"})
    )
    fill = StringField("Utfyllnad", [Length(max=1)], default=" ")
    sign = SelectField("Tecken", choices=options(SIGNS), default="minus")
    sign_place = SelectField(
        "Tecknets plats", choices=options({"leading": "Före", "trailing": "Efter"})
    )
    only_sign = BooleanField("Bara tecknet")
    plus = StringField("Plus skrivs", [Length(max=3)], default="+")
    minus = StringField("Minus skrivs", [Length(max=3)], default="-")
    decimals = IntegerField("Decimaler", [Optional(), NumberRange(0, 6)], default=2)
    decimal = StringField("Decimaltecken", [Length(max=1)], default=",")
    date_format = TextField("Datum skrivs", [Length(max=20)], default="YYYY-MM-DD")
    remove = BooleanField("Ta bort fältet")

    @property
    def is_empty(self) -> bool:
        return not self.source.data and not self.text.data

    @property
    def value(self) -> dict[str, object]:
        """The field as it is kept: only what differs from the ordinary."""
        told = {
            "source": self.source.data or "",
            "text": "" if self.source.data else self.text.data or "",
            "title": self.title.data or "",
            "width": self.width.data or 0,
            "align": self.align.data,
            "fill": self.fill.data or " ",
            "sign": self.sign.data,
            "sign_place": self.sign_place.data,
            "only_sign": self.only_sign.data,
            "plus": self.plus.data or "",
            "minus": self.minus.data or "",
            "decimals": 2 if self.decimals.data is None else self.decimals.data,
            "decimal": self.decimal.data or "",
            "date_format": self.date_format.data or ORDINARY.date_format,
        }
        return {k: v for k, v in told.items() if v != getattr(ORDINARY, k)}


class TextTemplateForm(BaseForm):
    """A text template as a whole, with an example under way."""

    name = TextField("Namn", [DataRequired("Ge mallen ett namn."), Length(max=60)])
    layout = SelectField(
        "Slag av fil",
        choices=options({"delimited": "Skiljetecken (CSV)", "fixed": "Fast bredd"}),
    )
    per = SelectField(
        "En rad per",
        choices=options(
            {
                "line": "ersättningsrad",
                "account": "kontosträng, månad och utförare",
                "voucher": "kontosträng, och motkontot mot den",
            }
        ),
    )
    encoding = SelectField("Teckenuppsättning", choices=options(ENCODINGS))
    line_end = SelectField(
        "Radslut", choices=options({"crlf": "CR LF (Windows)", "lf": "LF"})
    )
    separator = StringField("Skiljetecken", [Length(max=1)], default=";")
    quote = SelectField(
        "Citattecken",
        choices=options({"needed": "Vid behov", "always": "Alltid", "never": "Aldrig"}),
    )
    titles = BooleanField("Rubriker på första raden")
    guard = BooleanField(
        "Skydda mot formler",
        description="Texter som börjar med = + - @ får ett tecken framför sig, så att "
        "Excel inte räknar dem. Stäng av om ekonomisystemet läser filen.",
        default=True,
    )
    fields = FieldList(FormField(FieldRow))
    first_day = DayField("Gäller från och med", [InputRequired("Ange första dagen.")])
    reference = TextField("Var är det beslutat?", [Optional(), Length(max=120)])

    @classmethod
    def of(cls, name: str, made: Template) -> "TextTemplateForm":
        """The form filled with a template."""
        told = as_value(made)
        rows = [
            {**_whole(each), "part": part, "place": number * STEP}
            for part, line in _lines(told)
            for number, each in enumerate(line, start=1)
        ]
        return cls(formdata=None, data={**told, "name": name, "fields": rows})

    @property
    def value(self) -> dict[str, object]:
        """The template as it would be kept."""
        kept = [
            row.form
            for row in self.fields
            if not row.form.remove.data and not row.form.is_empty
        ]
        kept.sort(key=lambda row: row.place.data or 0)
        return {
            "layout": self.layout.data,
            "per": self.per.data,
            "encoding": self.encoding.data,
            "line_end": self.line_end.data,
            "separator": self.separator.data or ";",
            "quote": self.quote.data,
            "titles": self.titles.data,
            "guard": self.guard.data,
            "fields": _of(kept, "fields"),
            "header": _several(kept, "header"),
            "footer": _several(kept, "footer"),
        }


def _whole(each: Mapping[str, object]) -> dict[str, object]:
    return {**vars(ORDINARY), **each}


def _lines(told: Mapping[str, Any]) -> list[tuple[str, Sequence[Any]]]:
    ends = [
        (f"{part}-{number}", line)
        for part in ("header", "footer")
        for number, line in enumerate(told[part][:2])
    ]
    head = [pair for pair in ends if pair[0].startswith("header")]
    foot = [pair for pair in ends if pair[0].startswith("footer")]
    return [*head, ("fields", told["fields"]), *foot]


def _of(rows: Sequence[FieldRow], part: str) -> list[dict[str, object]]:
    return [row.value for row in rows if row.part.data == part]


def _several(rows: Sequence[FieldRow], part: str) -> list[list[dict[str, object]]]:
    found = [_of(rows, f"{part}-{number}") for number in range(2)]
    return [line for line in found if line]
