"""What users may send about settlement."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lovdv.forms import BaseForm, DayField, KronorField, TextField, options

WAYS = {
    "invoice": "Utförarens faktura",
    "payout": "Utbetalning efter vårt underlag",
    "internal": "Internorder (egen regi)",
}
ENTRIES = {
    "set_off": "Räknas av mot en senare månad",
    "payment": "Utföraren har betalat tillbaka",
    "written_off": "Skrivs av",
}


class WayForm(BaseForm):
    way = SelectField("Avräknas med", choices=options(WAYS))
    first_day = DayField("Gäller från och med", [InputRequired("Ange första dagen.")])
    reference = TextField(
        "Var är det beslutat?", [DataRequired("Skriv beslutet."), Length(max=120)]
    )


class InvoiceForm(BaseForm):
    """An invoice, or with a minus before the amount a credit note."""

    provider = SelectField("Utförare", choices=[])
    number = TextField(
        "Fakturanummer", [DataRequired("Skriv fakturans nummer."), Length(max=60)]
    )
    day = DayField("Fakturadatum", [InputRequired("Ange fakturans datum.")])
    reference = TextField(
        "Referens",
        [Optional(), Length(max=200)],
        description="OCR från underlaget, eller månaderna som 2026-02, 2026-03.",
    )
    amount = KronorField(
        "Belopp utan moms",
        [InputRequired("Skriv beloppet i kronor.")],
        description="Minus framför för en kreditfaktura.",
    )
    vat = KronorField(
        "Moms på fakturan",
        [Optional()],
        description="Daglig verksamhet är momsfri. Har fakturan moms ger den ingen "
        "momsersättning.",
    )

    conflicts = {
        "supplier_invoice": ("number", "Fakturan är redan registrerad."),
    }


class InvoiceFileForm(BaseForm):
    file = FileField(
        "Fakturor i Excel eller CSV",
        [FileRequired("Välj en fil.")],
        description="Kolumnerna organisationsnr eller leverantörsnr, fakturanr, "
        "fakturadatum, referens, belopp och moms.",
    )


class PlaceForm(BaseForm):
    run = SelectField("Månad", choices=[])
    amount = KronorField(
        "Belopp", [InputRequired("Skriv hur mycket som gäller månaden.")]
    )

    conflicts = {"invoice_share": ("run", "Fakturan är redan fördelad på månaden.")}


class ClaimForm(BaseForm):
    kind = SelectField("Vad har hänt?", choices=options(ENTRIES))
    amount = KronorField("Belopp", [InputRequired("Skriv beloppet i kronor.")])
    against = SelectField("Månad att räkna av mot", choices=[])
    day = DayField("Dag", [InputRequired("Ange dagen.")])
    note = TextField(
        "Varför?",
        [
            DataRequired("Skriv varför, så att det går att förstå sedan."),
            Length(max=300),
        ],
    )


class SettlementFileForm(BaseForm):
    way = SelectField(
        "Fil",
        choices=options({"payout": "Utbetalningsunderlag", "internal": "Internorder"}),
    )
    reason = TextField(
        "Varför rättas filen?",
        [Optional(), Length(max=300)],
        description="Behövs bara om filen blir en annan än den som redan är gjord.",
    )
