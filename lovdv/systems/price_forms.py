"""What may be decided about price lists: what is looked at, what providers are told."""

from lovdv.forms import OneOf
from lovdv.systems.rule_fields import RuleForm, Whole

ANNOUNCED = {
    "new_model": "Listor som betalar på ett nytt sätt",
    "every_list": "Alla listor",
}


class PriceForm(RuleForm):
    key, title = "price", "Prislistor"
    own = ("jump_percent", "announce", "notice_days")

    jump_percent = Whole(
        "Varna när ett pris ändras mer än så många procent",
        0,
        100,
        description="Jämfört med listan före. Priset behålls alltid som det står.",
    )
    announce = OneOf("Det här ska tillkännages för utförarna först", ANNOUNCED)
    notice_days = Whole(
        "Dagar före första dagen som utförarna ska få veta det",
        0,
        365,
        description="Enligt avtalen.",
    )
