"""The workbook of a run's findings, and of the frame that its sample was drawn from."""

from collections.abc import Iterator

from lovdv import excel
from lovdv.controls import listing, sample
from lovdv.controls import settings as control_settings
from lovdv.controls.words import DECIDED, EFFECTS
from lovdv.formats import instant
from lovdv.formats import month as month_name
from lovdv.payouts.models import PaymentRun
from payments import in_kronor
from payments.control_catalogue import TITLES
from payments.sampling import number_of

COLUMNS = (
    excel.Column("kontroll", width=34),
    excel.Column("gäller", width=30),
    excel.Column("avser period", excel.MONTH),
    excel.Column("vad", width=80),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("beslut", width=20),
    excel.Column("skäl", width=40),
    excel.Column("beslutat", width=18),
)
FRAME = (
    excel.Column("radens namn", width=44),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("vikt", excel.WHOLE, 12),
    excel.Column("tal ur fröet", width=24),
    excel.Column("dragen", width=10),
)
METHOD = (
    "Varje rad får ett tal: de 8 första byten av SHA-256 av ”frö|radens namn”, läst "
    "som ett heltal. Talet gånger 2 upphöjt till 64 delas med vikten, utan rest, och "
    "raderna med de lägsta kvoterna dras."
)


def findings(run: PaymentRun) -> bytes:
    sheets = [
        excel.Sheet("Kontroller", COLUMNS, _findings(run)),
        excel.Pairs("Inställningar", list(_settings(run))),
    ]
    return excel.workbook(sheets, title=f"Kontroller {month_name(run.month)}")


def _findings(run: PaymentRun) -> Iterator[list[excel.Value]]:
    for row in listing.everything(run):
        found = row.finding
        yield [
            TITLES.get(found.control, found.control),
            row.about,
            found.month,
            found.message,
            in_kronor(found.amount),
            DECIDED.get(found.decision, "") or EFFECTS[found.effect],
            found.reason,
            instant(found.decided_at),
        ]


def _settings(run: PaymentRun) -> Iterator[tuple[str, str, excel.Value]]:
    for one in control_settings.kept(run).values():
        why = one.row.reason if one.is_off and one.row else ""
        told = f"{one.told}. Därför att: {why}" if why else one.told
        yield one.control.title, excel.TEXT, told


def frame(run: PaymentRun) -> bytes:
    """Every line that could be drawn, so that anybody can draw them again."""
    settings = control_settings.kept(run)
    setting, seed = settings[sample.SAMPLE], control_settings.seed_of(run)
    found = sample.weighing(run)
    drawn = {row.line_id for row in sample.sampled_lines(run)}
    rows = [
        [
            one.name,
            in_kronor(one.amount),
            one.weight,
            str(number_of(seed, one.name)),
            "ja" if one.line_id in drawn else "",
        ]
        for one in sample.weighed(run, setting, found)
    ]
    about = [
        ("frö", excel.TEXT, seed),
        ("antal rader i ramen", excel.WHOLE, len(rows)),
        ("antal som dras", excel.WHOLE, sample.sample_size(run, setting)),
        ("så dras raderna", excel.TEXT, METHOD),
    ]
    return excel.workbook(
        [excel.Sheet("Ram", FRAME, rows), excel.Pairs("Så drogs urvalet", about)],
        title=f"Urval {month_name(run.month)}",
    )
