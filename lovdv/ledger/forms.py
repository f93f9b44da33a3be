"""What users may send about account rows, files, answers and the year's end."""

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from lovdv.forms import BaseForm, DayField, TextField, options
from lovdv.ledger.account_words import COUNTERPARTS, KINDS, LAWS, REGIS

ALL = "Alla"
REFERENCE = "Var är det beslutat?"
WHY = "Skriv varför, så att det går att förstå sedan."


def code_field(label: str, **told: str) -> TextField:
    return TextField(label, [Optional(), Length(max=20)], **told)


class AccountForm(BaseForm):
    """One account row: what it asks of a line, and where such lines are booked."""

    regi = SelectField("Regi", choices=options(REGIS, ALL))
    counterpart = SelectField("Juridisk form", choices=options(COUNTERPARTS, ALL))
    law = SelectField("Lagrum", choices=options(LAWS, ALL))
    provider = SelectField("Utförare", choices=[])
    unit = SelectField("Enhet", choices=[])
    kind = SelectField("Slag av rad", choices=options(KINDS, ALL))
    kind_code = TextField(
        "Tilläggets kod",
        [Optional(), Length(max=28)],
        description="Bara när raden gäller ett enda tillägg.",
    )
    account = TextField("Konto", [DataRequired("Skriv kontot."), Length(max=20)])
    responsibility = code_field("Ansvar")
    operation = code_field("Verksamhet")
    counterpart_code = code_field("Motpart")
    project = code_field("Projekt")
    activity = code_field("Aktivitet")
    free = code_field("Fri koddel")
    contra = code_field(
        "Motkonto",
        description="Det konto som verifikationen balanseras mot, till exempel "
        "leverantörsskulder. Behövs för SIE.",
    )
    vat_per_cent = IntegerField(
        "Momsersättning, procent",
        [Optional(), NumberRange(0, 100, message="Skriv hela procent, 0 till 100.")],
        description="Tomt betyder 6 procent. Ändrar aldrig det som betalas.",
    )
    first_day = DayField("Gäller från och med", [InputRequired("Ange första dagen.")])
    reference = TextField(REFERENCE, [DataRequired("Skriv beslutet."), Length(max=120)])

    def validate_kind_code(self, field: TextField) -> None:
        if field.data and self.kind.data != "supplement":
            raise ValidationError("Välj slaget tillägg när du skriver en kod.")


class AccountFileForm(BaseForm):
    file = FileField(
        "Kontering i Excel eller CSV",
        [FileRequired("Välj en fil.")],
        description="Samma kolumner som i tabellen du kan hämta.",
    )
    first_day = DayField("Gäller från och med", [InputRequired("Ange första dagen.")])
    reference = TextField(REFERENCE, [DataRequired("Skriv beslutet."), Length(max=120)])


class EndForm(BaseForm):
    """From which day something no longer holds."""

    first_day = DayField(
        "Upphör från och med", [InputRequired("Ange första dagen det inte gäller.")]
    )


class MakeFileForm(BaseForm):
    """Make a file again; the reason is asked for when it becomes another."""

    template = SelectField("Mall", choices=[])
    reason = TextField(
        "Varför rättas filen?",
        [Optional(), Length(max=300)],
        description="Behövs bara om filen blir en annan än den som redan är gjord.",
    )


class AnswerFileForm(BaseForm):
    file = FileField(
        "Svaret från ekonomisystemet",
        [FileRequired("Välj en fil.")],
        description="Excel eller CSV med rubrikerna rad, leverantörsnr eller "
        "organisationsnr, och status, orsak och belopp.",
    )

    conflicts = {"read_back": ("file", "Filen lästes in samtidigt av någon annan.")}


class RejectedForm(BaseForm):
    note = TextField("Vad har du gjort åt det?", [DataRequired(WHY), Length(max=300)])

    conflicts = {"read_back_answer": (None, "Uppgiften är redan avslutad.")}


class YearEndForm(BaseForm):
    """What was expected but unpaid on a day, and the period that it is booked in."""

    day = DayField("Balansdag", [InputRequired("Ange balansdagen.")])
    period = DayField(
        "Bokföringsperiod, första dagen",
        [InputRequired("Ange månaden som listan bokförs i.")],
        description="Till exempel 2026-12-01, eller 2027-01-01 för en egen period.",
    )
    reason = TextField(
        "Varför görs listan om?",
        [Optional(), Length(max=300)],
        description="Behövs bara om en lista för samma dag och period blir en annan.",
    )


class TemplateFileForm(BaseForm):
    file = FileField("Mall i JSON", [FileRequired("Välj en fil.")])


class SieForm(BaseForm):
    """How the SIE files are written: a number makes a part a dimension."""

    name = TextField("Namn", [DataRequired("Ge mallen ett namn."), Length(max=60)])
    series = TextField(
        "Verifikationsserie",
        [DataRequired("Skriv serien."), Length(max=20)],
    )
    per = SelectField(
        "Rader i verifikationen",
        choices=options(
            {
                "account": "En rad per kontosträng och månad",
                "line": "En rad per ersättningsrad, med placeringsnummer",
            }
        ),
    )
    responsibility = IntegerField("Ansvar", [Optional(), NumberRange(1, 9999)])
    operation = IntegerField("Verksamhet", [Optional(), NumberRange(1, 9999)])
    counterpart = IntegerField("Motpart", [Optional(), NumberRange(1, 9999)])
    project = IntegerField("Projekt", [Optional(), NumberRange(1, 9999)])
    activity = IntegerField("Aktivitet", [Optional(), NumberRange(1, 9999)])
    free = IntegerField("Fri koddel", [Optional(), NumberRange(1, 9999)])
    first_day = DayField("Gäller från och med", [InputRequired("Ange första dagen.")])
    reference = TextField(REFERENCE, [Optional(), Length(max=120)])


class AnswerSettingsForm(BaseForm):
    """The finance system's own headings and words in its answer."""

    line = TextField("Rubrik för radens nummer", [Optional(), Length(max=60)])
    supplier = TextField("Rubrik för leverantörsnummer", [Optional(), Length(max=60)])
    organisation = TextField("Rubrik för organisationsnummer", [Optional()])
    status = TextField("Rubrik för status", [Optional(), Length(max=60)])
    reason = TextField("Rubrik för orsak", [Optional(), Length(max=60)])
    amount = TextField("Rubrik för belopp", [Optional(), Length(max=60)])
    paid = TextField(
        "Ord som betyder betald", [Optional()], description="Med komma emellan."
    )
    rejected = TextField(
        "Ord som betyder avvisad", [Optional()], description="Med komma emellan."
    )
    first_day = DayField("Gäller från och med", [InputRequired("Ange första dagen.")])
