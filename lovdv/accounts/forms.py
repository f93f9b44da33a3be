"""What users may send about accounts."""

from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import DataRequired, Email, Length, Optional

from lovdv.access import ROLE_NAMES, Role
from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    TextField,
    after,
    options,
)

LOGIN = DataRequired("Skriv ditt användarnamn.")
PASSWORD = DataRequired("Skriv ditt lösenord.")


class SignInForm(BaseForm):
    login = TextField("Användarnamn", [LOGIN], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Lösenord", [PASSWORD], render_kw={"autocomplete": "current-password"}
    )


class UserForm(BaseForm):
    conflicts = {
        "login": ("login", "Användarnamnet är upptaget. Välj ett annat."),
    }

    login = TextField("Användarnamn", [DataRequired("Skriv ett användarnamn.")])
    name = TextField("Namn", [DataRequired("Skriv personens namn.")])
    email = TextField(
        "E-post",
        [Optional(), Email("Skriv en e-postadress, till exempel namn@kommun.se.")],
    )
    password = PasswordField(
        "Första lösenord",
        [
            DataRequired("Skriv ett lösenord."),
            Length(min=12, message="Lösenordet är för kort. Använd minst 12 tecken."),
        ],
        description="Minst 12 tecken. Personen byter det själv.",
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(BaseForm):
    password = PasswordField(
        "Nytt första lösenord",
        [
            DataRequired("Skriv ett lösenord."),
            Length(min=12, message="Lösenordet är för kort. Använd minst 12 tecken."),
        ],
        description="Minst 12 tecken. Säg det till personen, som byter det själv.",
        render_kw={"autocomplete": "new-password"},
    )


class GrantForm(BaseForm):
    role = SelectField(
        "Roll",
        choices=options(
            (role.value, name)
            for role, name in ROLE_NAMES.items()
            if role not in (Role.CLIENT, Role.REPRESENTATIVE, Role.SUPPORTER)
        ),
    )
    unit = SelectField("Enhet (bara för utförare)", choices=[])
    sees_protected = BooleanField("Får se skyddade personuppgifter")
    first_day = DayField("Gäller från", [DataRequired("Skriv från vilken dag.")])
    last_day = LastDayField(
        "Gäller till och med",
        [Optional(), after("first_day", "Sista dagen kan inte komma före den första.")],
    )


class NewUserForm(UserForm, GrantForm):
    """A user and the first role."""


class PasswordForm(BaseForm):
    present = PasswordField(
        "Nuvarande lösenord",
        [DataRequired("Skriv lösenordet som du har nu.")],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        "Nytt lösenord",
        [
            DataRequired("Skriv ett nytt lösenord."),
            Length(min=12, message="Lösenordet är för kort. Använd minst 12 tecken."),
        ],
        description="Minst 12 tecken, gärna en mening.",
        render_kw={"autocomplete": "new-password"},
    )
