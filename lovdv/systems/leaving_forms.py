"""What is decided about letters, and about providers that leave."""

from wtforms.validators import DataRequired

from lovdv.forms import TextField, at_most
from lovdv.systems.rule_fields import ReasonsField, RuleForm, Whole


class LeavingForm(RuleForm):
    key, title = "leaving", "När en utförare slutar"
    own = ("days_before",)
    reasons = ("exit_reasons",)

    days_before = Whole(
        "Dagar före sista dagen som personerna ska ha svarat",
        0,
        180,
        description="Så att det finns tid att beställa en ny plats.",
    )
    exit_reasons = ReasonsField(
        "Varför en utförare slutar",
        description="Ett skäl på varje rad. Systemledaren väljer i listan.",
    )


class LetterForm(RuleForm):
    key, title = "letter", "Brev"
    own = ("protected",)

    protected = TextField(
        "Så skickas brev till den som har skyddade personuppgifter",
        [
            DataRequired("Skriv hur brevet ska skickas."),
            at_most(200),
        ],
    )
