"""What users may send about providers, contracts, units and capacity."""

from typing import Any

from stdnum.se import orgnr
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    TextField,
    after,
    options,
)
from lovdv.placements.plans import HALVES, WEEKDAYS, half_day_text
from lovdv.positions import position_of
from lovdv.providers.capacity import Half, Room
from lovdv.providers.terms import Terms

COUNTERPARTS = {
    "company": "Företag",
    "association": "Förening",
    "municipality": "Annan kommun",
    "own": "Kommunens egen regi",
}
REGI = {"extern": "Extern utförare", "intern": "Kommunens egen regi"}
MAIL = Email("Skriv en e-postadress, till exempel namn@utforare.se.")


def organisation_number(form: BaseForm, field: Any) -> None:
    """556677-8899 and 5566778899 are the same, and kept as the first."""
    if not orgnr.is_valid(field.data or ""):
        raise ValidationError(
            "Organisationsnumret stämmer inte. Kontrollera de tio siffrorna."
        )
    field.data = orgnr.format(field.data)


def position(form: BaseForm, field: Any) -> None:
    try:
        position_of(field.data)
    except ValueError as error:
        raise ValidationError(
            "Skriv läget som latitud; longitud, till exempel 60,67584; 17,15190."
        ) from error


class ProviderForm(BaseForm):
    name = TextField("Namn", [DataRequired("Skriv utförarens namn."), Length(max=120)])
    organisation_number = TextField(
        "Organisationsnummer",
        [DataRequired("Skriv organisationsnumret."), organisation_number],
    )
    counterpart = SelectField("Motpart", choices=options(COUNTERPARTS))
    email = TextField("E-post", [Optional(), MAIL])
    phone = TextField("Telefon", [Optional(), Length(max=40)])


class ContractForm(BaseForm):
    conflicts = {
        "contract_choice_system_id": (
            "number",
            "Avtalsnumret finns redan. Skriv ett annat.",
        ),
        "contract.choice_system_id": (
            "number",
            "Avtalsnumret finns redan. Skriv ett annat.",
        ),
    }

    number = TextField(
        "Avtalsnummer", [DataRequired("Skriv avtalets nummer."), Length(max=40)]
    )
    regi = SelectField("Regi", choices=options(REGI))
    signed_on = DayField(
        "Undertecknat av båda",
        [InputRequired("Skriv dagen då båda har skrivit under.")],
    )
    first_day = DayField("Första dag", [InputRequired("Skriv avtalets första dag.")])
    last_day = LastDayField(
        "Sista dag",
        [Optional(), after("first_day", "Sista dag kan inte vara före första dag.")],
        description="Lämna tomt om avtalet gäller tills vidare.",
    )
    closed_from = DayField(
        "Stängt för nya val från",
        [Optional()],
        description="Verksamheterna visas även därefter, men går inte att välja.",
    )
    supplier_number = TextField("Leverantörsnummer", [Optional(), Length(max=40)])
    account = TextField("Konto, ansvar, verksamhet", [Optional(), Length(max=80)])
    order_reference = TextField("Beställarreferens", [Optional(), Length(max=40)])
    vat_compensation = BooleanField("Priset innehåller momsersättning")
    is_default = BooleanField(
        "Tar emot dem som inte väljer",
        description="Bara kommunens egen regi, och bara en utförare i taget.",
    )

    def terms(self) -> Terms:
        assert self.signed_on.data is not None
        assert self.first_day.data is not None
        return Terms(
            number=self.number.data,
            regi=self.regi.data,
            signed_on=self.signed_on.data,
            first_day=self.first_day.data,
            end_day=self.last_day.end_day,
            closed_from=self.closed_from.data,
            supplier_number=self.supplier_number.data,
            account=self.account.data,
            order_reference=self.order_reference.data,
            vat_compensation=self.vat_compensation.data,
            is_default=self.is_default.data,
        )


class NewProviderForm(ProviderForm, ContractForm):
    """The provider and its first contract with the municipality."""


class UnitForm(BaseForm):
    name = TextField(
        "Verksamhetens namn", [DataRequired("Skriv namnet."), Length(max=120)]
    )
    permit_number = TextField(
        "Tillståndsnummer hos IVO",
        [DataRequired("Skriv numret. Egen regi skriver anmälans nummer.")],
        description="För egen regi: numret på anmälan till IVO.",
    )
    permit_maximum = IntegerField(
        "Högsta antal personer samtidigt",
        [
            InputRequired("Skriv antalet med siffror, som i tillståndet."),
            NumberRange(min=1, max=999, message="Skriv ett antal mellan 1 och 999."),
        ],
    )
    manager = TextField("Föreståndare", [DataRequired("Skriv föreståndarens namn.")])
    street = TextField("Gatuadress", [DataRequired("Skriv gatuadressen.")])
    postcode = TextField("Postnummer", [Optional(), Length(max=10)])
    town = TextField("Ort", [DataRequired("Skriv orten.")])
    area = TextField(
        "Område", [Optional(), Length(max=60)], description="Stadsdel eller kommundel."
    )
    position = TextField(
        "Läge på kartan",
        [Optional(), position],
        description="Latitud; longitud, till exempel 60,67584; 17,15190.",
    )
    phone = TextField("Telefon", [Optional(), Length(max=40)])
    email = TextField("E-post", [Optional(), MAIL])

    def values(self) -> dict[str, object]:
        names = (
            "name permit_number permit_maximum manager street postcode town area"
            " phone email"
        )
        told = self.position.data
        latitude, longitude = position_of(told) if told else (None, None)
        said = {name: self[name].data for name in names.split()}
        return {**said, "latitude": latitude, "longitude": longitude}


class NewUnitForm(UnitForm):
    first_day = DayField("Ingår i avtalet från", [InputRequired("Skriv dagen.")])


class EndCoverForm(BaseForm):
    last_day = LastDayField(
        "Sista dag i avtalet", [InputRequired("Skriv verksamhetens sista dag.")]
    )


class CeilingField(IntegerField):
    """Every fault says which half-day it is about, since there are ten of them."""

    def __init__(self, words: str, **kwargs: Any) -> None:
        self.fault = f"{words}: skriv ett antal från 0 till 999, 0 om det är stängt."
        limits = NumberRange(min=0, max=999, message=self.fault)
        super().__init__(words, [InputRequired(self.fault), limits], **kwargs)

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            self.errors = []
            raise StopValidation(self.fault)


class CapacityForm(BaseForm):
    """Ten ceilings are made below: Monday to Friday, before and after noon."""

    first_day = DayField("Gäller från", [InputRequired("Skriv från vilken dag.")])
    notified_on = DayField(
        "Anmält av utföraren", [InputRequired("Skriv dagen då ändringen anmäldes.")]
    )

    def ceilings(self) -> dict[Half, int]:
        return {
            (weekday, half): self[f"c{weekday}{half}"].data
            for weekday in range(5)
            for half in HALVES
        }

    def rows(self) -> list[tuple[str, list[Any]]]:
        return [
            (WEEKDAYS[weekday], [self[f"c{weekday}{half}"] for half in HALVES])
            for weekday in range(5)
        ]

    def show(self, room: Room) -> None:
        for (weekday, half), ceiling in room.ceilings.items():
            if weekday < 5:
                self[f"c{weekday}{half}"].data = ceiling


for _weekday in range(5):
    for _half in HALVES:
        _words = half_day_text(f"{_weekday}{_half}").capitalize()
        setattr(CapacityForm, f"c{_weekday}{_half}", CeilingField(_words))
