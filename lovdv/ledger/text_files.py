"""Text files after the municipality's own template: values in, bytes out.

A template says fields, order, width, sign, marks, encoding and line ends; rows are
mappings from a source's name to its value. What does not fit is a named fault, and
no value is ever cut.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from lovdv.ledger.characters import fitted

Value: TypeAlias = str | int | Decimal | date | None
TextRow: TypeAlias = Mapping[str, Value]

DELIMITED, FIXED = "delimited", "fixed"
FORMULA_MARKS = ("=", "+", "-", "@")
DATE_PARTS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d"}

SUM, COUNT = "summa", "antal_rader"
MINUS_ONLY, ALWAYS, UNSIGNED, APART = "minus", "always", "none", "apart"
LEADING, TRAILING = "leading", "trailing"
LEFT, RIGHT = "left", "right"
NO_SIGN = "Bara ett tal har ett tecken."


@dataclass(frozen=True)
class Field:
    """One field of a row; `text` stands as it is where there is no source."""

    source: str = ""
    text: str = ""
    title: str = ""
    width: int = 0
    align: str = LEFT
    fill: str = " "
    sign: str = MINUS_ONLY
    sign_place: str = LEADING
    plus: str = "+"
    minus: str = "-"
    decimals: int = 2
    decimal: str = ","
    date_format: str = "YYYY-MM-DD"
    only_sign: bool = False


@dataclass(frozen=True)
class Template:
    """How a whole file is written."""

    layout: str
    fields: tuple[Field, ...]
    header: tuple[tuple[Field, ...], ...] = ()
    footer: tuple[tuple[Field, ...], ...] = ()
    titles: bool = False
    encoding: str = "utf-8-sig"
    line_end: str = "\r\n"
    separator: str = ";"
    quote: str = "needed"
    guard: bool = True
    per: str = "line"
    name: str = ""


@dataclass(frozen=True)
class Fault:
    """A value that the template cannot hold, and where."""

    row: int
    field: str
    message: str


class DoesNotFit(Exception):
    """Some values cannot be written; every one is listed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


@dataclass
class _Writing:
    """What a file is while it is being written."""

    template: Template
    faults: list[Fault] = field(default_factory=list)

    def line(self, fields: Iterable[Field], row: TextRow, number: int) -> str:
        told = [self.cell(each, row, number) for each in fields]
        separator = self.template.separator
        return (separator if self.template.layout == DELIMITED else "").join(told)

    def cell(self, each: Field, row: TextRow, number: int) -> str:
        try:
            text = _text_of(each, row, self.template)
            if self.template.layout == FIXED:
                return _padded(text, each)
            return _quoted(text, self.template)
        except ValueError as error:
            self.faults.append(Fault(number, label(each), str(error)))
            return ""


def label(each: Field) -> str:
    return each.title or each.source or f"”{each.text}”"


def written(template: Template, rows: Iterable[TextRow], about: TextRow) -> bytes:
    """The file; `about` is what header and footer may say besides sums and counts.

    >>> fields = (Field("placeringsnr", width=6), Field("belopp", width=10,
    ...     align=RIGHT, fill="0", decimal="", sign_place=TRAILING, sign=ALWAYS))
    >>> rows = [{"placeringsnr": "P-1", "belopp": Decimal("626.00")},
    ...         {"placeringsnr": "P-2", "belopp": Decimal("-12.50")}]
    >>> end = (Field(text="SLUT"), Field("summa", width=10, align=RIGHT))
    >>> told = Template(FIXED, fields, footer=(end,), encoding="cp850", line_end="|")
    >>> written(told, rows, {}).decode()
    'P-1   000062600+|P-2   000001250-|SLUT    613,50|'
    """
    writing = _Writing(template)
    body, known = [], list(rows)
    for number, row in enumerate(known, start=1):
        body.append(writing.line(template.fields, row, number))
    around = {**about, **_sums(known)}
    head = [writing.line(fields, around, 0) for fields in template.header]
    foot = [writing.line(fields, around, 0) for fields in template.footer]
    if template.titles:
        titles = (Field(text=label(each)) for each in template.fields)
        head.append(writing.line(titles, {}, 0))
    if writing.faults:
        raise DoesNotFit(writing.faults)
    text = "".join(f"{line}{template.line_end}" for line in [*head, *body, *foot])
    try:
        return text.encode(template.encoding)
    except UnicodeEncodeError as error:
        missing = f"ett tecken finns inte i {template.encoding}. Ändra mallen."
        raise DoesNotFit([Fault(0, "hela filen", missing)]) from error


def _sums(rows: Sequence[TextRow]) -> dict[str, Value]:
    """What a header or footer says of all the rows."""
    amounts = [row.get("belopp") for row in rows]
    kronor = [amount for amount in amounts if isinstance(amount, Decimal)]
    return {
        SUM: sum(kronor, Decimal("0.00")),
        COUNT: len(rows),
        "summa_plus": sum((x for x in kronor if x > 0), Decimal("0.00")),
        "summa_minus": sum((x for x in kronor if x < 0), Decimal("0.00")),
    }


def _text_of(each: Field, row: TextRow, template: Template) -> str:
    if not each.source:
        return fitted(each.text, template.encoding)
    if each.source not in row:
        raise ValueError(f"Uppgiften {each.source} finns inte för den här raden.")
    value = row[each.source]
    if each.only_sign:
        return _sign(value, each)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _number(value, each)
    if isinstance(value, date):
        return _day(value, each.date_format)
    text = fitted(value or "", template.encoding)
    if template.layout == DELIMITED and template.guard:
        return f"'{text}" if text.startswith(FORMULA_MARKS) else text
    return text


def _sign(value: Value, each: Field) -> str:
    if not isinstance(value, int | Decimal):
        raise ValueError(NO_SIGN)  # noqa: TRY004 - a fault of the template
    return each.minus if value < 0 else each.plus


def _number(value: int | Decimal, each: Field) -> str:
    """Digits and sign; APART leaves the sign to a field of its own."""
    if value < 0 and each.sign == UNSIGNED:
        raise ValueError(
            f"{value} är negativt, men fältet har inget tecken. Lägg till ett eget "
            "fält för tecknet."
        )
    digits = _digits(abs(value), each)
    mark = _mark(value, each)
    if each.sign_place == TRAILING:
        return _zeros(digits, each, len(mark)) + mark
    return mark + _zeros(digits, each, len(mark))


def _zeros(digits: str, each: Field, taken: int) -> str:
    """Zeros stand between the sign and the digits; other fills stand outside."""
    if each.fill != "0" or each.align != RIGHT:
        return digits
    return digits.rjust(each.width - taken, "0")


def _mark(value: int | Decimal, each: Field) -> str:
    if each.sign in {UNSIGNED, APART}:
        return ""
    if value < 0:
        return each.minus
    return each.plus if each.sign == ALWAYS else ""


def _digits(value: int | Decimal, each: Field) -> str:
    if isinstance(value, int):
        return str(value)
    shown = value.quantize(Decimal(1).scaleb(-each.decimals))
    if shown != value:
        raise ValueError(
            f"{value} har fler än {each.decimals} decimaler och avrundas inte."
        )
    whole, _, part = f"{shown:f}".partition(".")
    return f"{whole}{each.decimal if part else ''}{part}"


def _day(value: date, pattern: str) -> str:
    """'2026-02-01' in another order.

    >>> _day(date(2026, 2, 1), "YYMMDD"), _day(date(2026, 2, 1), "YYYYMM")
    ('260201', '202602')
    """
    for part, code in DATE_PARTS.items():
        pattern = pattern.replace(part, code)
    return value.strftime(pattern)


def _padded(text: str, each: Field) -> str:
    if not each.width:
        return text
    if len(text) > each.width:
        raise ValueError(
            f"”{text}” har {len(text)} tecken och får inte plats på {each.width}. "
            "Ändra bredden i mallen; inget kapas."
        )
    if each.align == RIGHT:
        return text.rjust(each.width, each.fill)
    return text.ljust(each.width, each.fill)


def _quoted(text: str, template: Template) -> str:
    breaks = template.separator in text or '"' in text
    if template.quote == "never":
        if breaks:
            raise ValueError(
                f"”{text}” innehåller skiljetecknet eller ett citattecken, och mallen "
                "omger inte texter med citattecken."
            )
        return text
    if template.quote == "always" or breaks:
        return '"' + text.replace('"', '""') + '"'
    return text
