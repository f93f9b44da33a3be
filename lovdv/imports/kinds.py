"""What can be read in, in the order it must be done, and the files to fill in."""

from typing import cast

from lovdv import excel
from lovdv.imports import attendance, decisions, people, placements
from lovdv.imports.running import Kind

KINDS: dict[str, Kind] = {
    module.name: cast(Kind, module)
    for module in (people, decisions, placements, attendance)
}


def template(kind: Kind) -> bytes:
    """A workbook with the headings, choices to pick from and how to fill it in."""
    columns = [
        excel.Column(
            field.title,
            excel.DAY if field.kind == "day" else excel.TEXT,
            0,
            field.choices,
        )
        for field in kind.fields
    ]
    told = [
        (field.title, f"{field.help}{' Måste fyllas i.' if field.required else ''}")
        for field in kind.fields
    ]
    return excel.template(columns, [], told, title=f"{kind.title} att läsa in")
