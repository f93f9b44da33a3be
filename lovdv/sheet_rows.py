"""A workbook's rows in the sheet's own form, for files of many thousand lines.

openpyxl writes all the rest of a workbook. It needs five times as long for a row, most
of it for looking up what is the same in the whole column.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import IO, TypeAlias
from xml.sax.saxutils import escape

Value: TypeAlias = str | int | Decimal | date | None

LONGEST = 32_767
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DAY_NOUGHT = date(1899, 12, 30).toordinal()


def write(
    body: IO[bytes], rows: Iterable[Sequence[Value]], styles: Mapping[str, int]
) -> int:
    """Write rows below a heading; the number of the last.

    `styles` has the number of each column's cell style, by the column's letter.
    """
    columns = [(f'<c r="{letter}', f'" s="{styles[letter]}"') for letter in styles]
    last = 1
    for last, row in enumerate(rows, start=2):
        cells = "".join(
            f"{start}{last}{style}{_content(value)}"
            for (start, style), value in zip(columns, row, strict=True)
        )
        body.write(f'<row r="{last}">{cells}</row>'.encode())
    return last


def allowed(text: str) -> str:
    """The text without what no cell may hold."""
    return FORBIDDEN.sub("", text)[:LONGEST]


def _content(value: Value) -> str:
    """The rest of a cell; a text is never anything else, whatever it looks like."""
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "/>"
    number = value.toordinal() - DAY_NOUGHT if isinstance(value, date) else value
    return f"><v>{number}</v></c>"


@lru_cache(maxsize=10_000)
def _text(text: str) -> str:
    """Remembered, since most texts of a file stand in many rows."""
    told = escape(allowed(text), {"\r": "&#13;"})
    if not told:
        return ' t="inlineStr"/>'
    space = "" if told == told.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{told}</t></is></c>'
