"""What users may send about prices."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
)
from wtforms.i18n import get_translations
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from lovdv.forms import (
    BaseForm,
    DayField,
    KronorField,
    LongTextField,
    OneOf,
    PerCentField,
    TextField,
)
from lovdv.prices.announcing import Announcement
from lovdv.prices.opi import PUBLISHED, published
from lovdv.prices.proposing import Edited, Proposed
from payments import kronor, ore
from payments.indexing import index_shown

STATUSES = {"definitive": "Definitiv", "preliminary": "Preliminär"}
OTHER = "other"


class PriceFileForm(BaseForm):
    system = SelectField("Valfrihetssystem", choices=[])
    file = FileField(
        "Prislista i Excel eller CSV",
        [FileRequired("Välj en fil.")],
        description="Kolumnerna nivå, omfattning, regi, belopp_kr och enhet, i vilken "
        "ordning som helst. Högst 8 MB.",
    )


class IndexField(PerCentField):
    most = 5_000
    not_one = "Skriv indexet i procent med högst två decimaler, till exempel 2,2."
    too_large = "Indexet är för stort. Kontrollera siffrorna."


class StatedIndexForm(BaseForm):
    """The index that a decision says its list follows."""

    index_name = TextField(
        "Indexets namn",
        [Optional(), Length(max=60)],
        description="Till exempel OPI 2027.",
    )
    percent = IndexField(
        "Index enligt beslutet, procent",
        [Optional()],
        description="Tomt om beslutet inte anger något index.",
    )


class ProposalForm(BaseForm):
    """Which list is raised, by what, and from when."""

    prices = SelectField("Lista som räknas upp", choices=[])
    index = OneOf(
        "Index",
        {
            **{
                str(one.year): f"{one.name}: {index_shown(one.hundredths)}"
                for one in PUBLISHED
            },
            OTHER: "Annat index",
        },
    )
    index_name = TextField(
        "Det andra indexets namn",
        [Length(max=60)],
        description="Till exempel OPI 2027.",
    )
    percent = IndexField("Det andra indexet, procent", description="Till exempel 3,1.")
    first_day = DayField(
        "Gäller från och med", [InputRequired("Ange första dagen priserna gäller.")]
    )

    def validate_index_name(self, field: Any) -> None:
        if self.index.data == OTHER and not field.data:
            raise ValidationError("Skriv vad indexet heter.")

    def validate_percent(self, field: Any) -> None:
        if self.index.data == OTHER and not field.data:
            raise ValidationError(field.not_one)

    @property
    def chosen(self) -> tuple[str, int]:
        """The index's name and hundredths of a per cent."""
        if self.index.data == OTHER:
            return self.index_name.data, self.percent.hundredths or 0
        found = published(int(self.index.data))
        return found.name, found.hundredths


class CellRow(Form):
    """A price in kronor, and why it is not the proposed one."""

    class Meta(Form.Meta):
        locales = ("sv_SE", "sv")

        def get_translations(self, form: Any) -> Any:
            return get_translations(self.locales)

    amount = KronorField("Nytt pris", [InputRequired("Skriv ett pris i kronor.")])
    reason = TextField(
        "Skäl",
        [Length(max=300, message="Skälet är för långt. Skriv högst 300 tecken.")],
    )
    proposed = 0

    def validate_amount(self, field: Any) -> None:
        if field.data <= 0:
            raise ValidationError("Priset ska vara över noll.")

    def validate_reason(self, field: Any) -> None:
        if self.amount.errors or self.amount.data is None or field.data:
            return
        if ore(self.amount.data) != self.proposed:
            raise ValidationError("Skriv varför priset avviker från förslaget.")


class CellsForm(BaseForm):
    """The proposal cell by cell."""

    seen = HiddenField()
    cells = FieldList(FormField(CellRow))

    @classmethod
    def of(cls, rows: Sequence[Proposed], seen: str) -> "CellsForm":
        told = [{"amount": kronor(one.text), "reason": one.reason} for one in rows]
        form = cls(data={"seen": seen, "cells": told})
        form.rows = rows
        for one, typed in form.lines:
            typed.proposed = one.proposed
        return form

    rows: Sequence[Proposed] = ()

    @property
    def lines(self) -> list[tuple[Proposed, Any]]:
        """What was proposed, beside what is typed."""
        return list(zip(self.rows, (e.form for e in self.cells), strict=False))

    @property
    def edited(self) -> list[Edited]:
        return [
            Edited(ore(typed.amount.data), typed.reason.data) for _, typed in self.lines
        ]


class PriceDecisionForm(BaseForm):
    name = TextField(
        "Namn",
        [
            DataRequired("Ge listan ett namn, till exempel Prislista 2026."),
            Length(max=120),
        ],
    )
    first_day = DayField(
        "Gäller från och med", [InputRequired("Ange första dagen priserna gäller.")]
    )
    reference = TextField(
        "Beslutets beteckning",
        [
            DataRequired("Ange beslutet, till exempel SN 2026/123 § 45."),
            Length(max=120),
        ],
    )
    status = OneOf(
        "Är priserna definitiva?",
        STATUSES,
        default="definitive",
        description="En preliminär lista betalas som den står. När den definitiva "
        "beslutas med samma första dag rättas det som redan är betalt.",
    )
    vat_compensation = IntegerField(
        "Momskompensation som ingår i externa priser, procent",
        [
            InputRequired("Skriv 0 om ingen momskompensation ingår."),
            NumberRange(0, 30, message="Skriv hela procent, 0 till 30."),
        ],
        default=0,
    )
    announced_on = DayField("Tillkännagavs för utförarna", [Optional()])
    announcement = TextField(
        "Hur det tillkännagavs",
        [Optional(), Length(max=200)],
        description="Till exempel brev 2026/55 till alla utförare.",
    )
    override_reason = LongTextField(
        "Skäl att börja utan tillkännagivande i tid",
        [Optional(), Length(max=400, message="Skriv högst 400 tecken.")],
        description="Skälet står på listan och i loggen.",
    )
    seen = HiddenField()

    conflicts = {
        "price_list": (
            "first_day",
            "En annan lista med samma första dag beslutades samtidigt. Försök igen.",
        )
    }

    @property
    def told(self) -> Announcement:
        return Announcement(
            self.announced_on.data,
            self.announcement.data or "",
            self.override_reason.data or "",
        )
