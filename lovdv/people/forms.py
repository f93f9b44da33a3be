"""What users may send about people, their numbers, names and circle."""

from typing import Any

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import (
    DataRequired,
    Email,
    Length,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.clock import today
from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    LongTextField,
    OneOf,
    TextField,
    after,
    options,
)
from lovdv.people import numbers, words

TAKEN_NUMBER = (
    "Numret finns redan hos en annan person. Sök på numret för att öppna ärendet."
)
TAKEN_CASE = "Ärendenumret används redan. Kontrollera numret, eller sök på det."


class TickField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NumberField(TextField):
    """Personnummer, samordningsnummer or reservnummer; `number` is what was read."""

    number: numbers.Number | None = None

    def pre_validate(self, form: BaseForm) -> None:
        if not self.data:
            return
        try:
            self.number = numbers.read(self.data, on=today())
        except numbers.NotANumber as error:
            raise ValidationError(str(error)) from error


def not_in_future(message: str) -> Any:
    def check(form: BaseForm, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise ValidationError(message)

    return check


def longest(count: int) -> Length:
    return Length(max=count, message=f"Texten är för lång. Skriv högst {count} tecken.")


class SearchForm(BaseForm):
    text = TextField(
        "Sök person",
        [DataRequired("Skriv ett namn, ett helt nummer eller ett ärendenummer.")],
        description="Namn, hela personnumret eller ärendenumret. Sökningen loggas.",
        render_kw={"autocomplete": "off"},
    )


class OpenForm(BaseForm):
    reason = TextField(
        "Varför behöver du öppna ärendet?",
        [
            DataRequired("Skriv varför du behöver öppna ärendet."),
            Length(min=8, max=300, message="Skriv en mening, högst 300 tecken."),
        ],
        description="Till exempel: Anna är sjuk i dag och enheten ringer om schemat.",
    )


class NameFields(BaseForm):
    first_name = TextField(
        "Förnamn", [DataRequired("Skriv personens förnamn."), longest(80)]
    )
    last_name = TextField(
        "Efternamn", [DataRequired("Skriv personens efternamn."), longest(80)]
    )


class ContactForm(BaseForm):
    birth_date = DayField(
        "Födelsedag",
        [Optional(), not_in_future("Födelsedagen kan inte ligga i framtiden.")],
        description="Fyll i om den är en annan än den i personnumret.",
    )
    street = TextField("Gatuadress", [Optional(), longest(120)])
    postcode = TextField("Postnummer", [Optional(), longest(10)])
    town = TextField("Ort", [Optional(), longest(60)])
    phone = TextField("Telefon", [Optional(), longest(40)])
    email = TextField(
        "E-post",
        [Optional(), Email("Skriv en e-postadress, till exempel namn@exempel.se.")],
    )
    communication = LongTextField(
        "Så kommunicerar vi med personen",
        [Optional(), longest(1000)],
        description="Till exempel: korta meningar, bildstöd, ring via assistenten. "
        "Skriv inga diagnoser.",
    )


class RegisterForm(NameFields, ContactForm):
    conflicts = {
        "case_number": ("case_number", TAKEN_CASE),
        "client_number": ("number", TAKEN_NUMBER),
    }

    number = NumberField(
        "Personnummer, samordningsnummer eller reservnummer",
        [DataRequired("Skriv personens nummer."), longest(24)],
        description="Tio eller tolv siffror, eller kommunens reservnummer. "
        "Numret sparas krypterat.",
        render_kw={"autocomplete": "off"},
    )
    case_number = TextField(
        "Ärendenummer",
        [DataRequired("Skriv ärendets nummer i verksamhetssystemet."), longest(40)],
        description="Samma som i kommunens verksamhetssystem.",
    )
    responsible = SelectField("Ansvarig", choices=[])


class NameForm(NameFields):
    first_day = DayField("Gäller från", [DataRequired("Skriv från vilken dag.")])


class NumberForm(BaseForm):
    conflicts = {"client_number": ("number", TAKEN_NUMBER)}

    number = NumberField(
        "Nytt nummer",
        [DataRequired("Skriv det nya numret."), longest(24)],
        description="Det gamla numret sparas och går fortfarande att söka på.",
        render_kw={"autocomplete": "off"},
    )
    first_day = DayField(
        "Gäller från",
        [
            DataRequired("Skriv från vilken dag."),
            not_in_future("Numret kan inte börja gälla i framtiden."),
        ],
    )


class ProtectionForm(BaseForm):
    protection = OneOf("Skydd", words.PROTECTIONS, "Välj skydd, eller ingen.")
    alias = TextField(
        "Namn som enheten använder",
        [Optional(), longest(40)],
        description="Enheten ser det här namnet i stället för personens eget.",
    )


class CheckForm(BaseForm):
    evidence = TextField(
        "Vad visar det?",
        [DataRequired("Skriv vilket papper som visar uppdraget."), longest(200)],
        description="Till exempel: registerutdrag från överförmyndaren 2026-02-01.",
    )
    checked_on = DayField(
        "Kontrollerat den",
        [
            DataRequired("Skriv vilken dag du kontrollerade uppdraget."),
            not_in_future("Kontrollen kan inte ligga i framtiden."),
        ],
    )
    next_check_on = DayField(
        "Nästa kontroll",
        [Optional(), after("checked_on", "Nästa kontroll kommer efter den förra.")],
    )


class MandateForm(CheckForm):
    name = TextField("Namn", [DataRequired("Skriv företrädarens namn."), longest(120)])
    phone = TextField("Telefon", [Optional(), longest(40)])
    kind = SelectField("Typ av företrädare", choices=options(words.MANDATE_KINDS))
    scope = TickField(
        "Uppdraget omfattar",
        choices=options(words.SCOPES),
        description="För att välja daglig verksamhet behövs sörja för person.",
    )
    first_day = DayField("Gäller från", [DataRequired("Skriv från vilken dag.")])
    last_day = LastDayField(
        "Gäller till och med",
        [Optional(), after("first_day", "Sista dagen kan inte komma före den första.")],
    )
    login = TextField(
        "Användarnamn i lovdv",
        [Optional(), longest(120)],
        description="Om företrädaren har ett konto och ska kunna logga in.",
    )


class SupporterForm(BaseForm):
    name = TextField("Namn", [DataRequired("Skriv stödpersonens namn."), longest(120)])
    relation = TextField(
        "Relation",
        [Optional(), longest(80)],
        description="Till exempel mamma, vän eller boendestödjare.",
    )
    phone = TextField("Telefon", [Optional(), longest(40)])
    consented_on = DayField(
        "Personen sa ja den",
        [
            DataRequired("Skriv vilken dag personen sa ja."),
            not_in_future("Dagen kan inte ligga i framtiden."),
        ],
    )
    last_day = LastDayField(
        "Gäller till och med",
        [
            Optional(),
            after("consented_on", "Sista dagen kan inte komma före den första."),
        ],
    )


class LastDayForm(BaseForm):
    last_day = LastDayField(
        "Sista dag som gäller", [DataRequired("Skriv sista dagen som gäller.")]
    )


class HandOverForm(BaseForm):
    giver = SelectField("Från", choices=[])
    taker = SelectField("Till", choices=[])
    people = TickField("Ärenden", choices=[])
    first_day = DayField("Från och med", [DataRequired("Skriv från vilken dag.")])
    last_day = LastDayField(
        "Till och med",
        [Optional(), after("first_day", "Sista dagen kan inte komma före den första.")],
        description="Fyll i vid semester eller sjukdom: då har båda ärendena till och "
        "med den dagen. Lämna tomt för att lämna över för gott.",
    )

    def validate_people(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Kryssa i minst ett ärende.")

    def validate_taker(self, field: Any) -> None:
        if field.data == self.giver.data:
            raise ValidationError("Välj någon annan än den som lämnar över.")


class RemarkForm(BaseForm):
    about = TextField(
        "Vad handlar det om?",
        [DataRequired("Skriv vad det handlar om, till exempel beslutet."), longest(80)],
    )
    text = LongTextField(
        "Vad är fel?", [DataRequired("Skriv vad du tycker är fel."), longest(2000)]
    )


class AnswerForm(BaseForm):
    answer = LongTextField(
        "Svar",
        [DataRequired("Skriv ett svar som personen kan läsa."), longest(2000)],
        description="Personen ser svaret på sin sida. Skriv kort och enkelt.",
    )
