"""Requests in, pages out: figures for those who lead, and the log for its reviewer."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.charts import BarChart, bar_chart
from lovdv.choice.words import KINDS
from lovdv.clock import start_of, today
from lovdv.followup import queries
from lovdv.followup.queries import Figures
from lovdv.followup.small_counts import LEAST, share_of, shown, shown_parts

bp = Blueprint("followup", __name__)

DAYS = 90
SAMPLE = 25


@bp.get("/siffror")
@requires(Permission.FIGURES_READ)
def figures() -> ResponseReturnValue:
    found = queries.figures(actor().municipality_id, today())
    return render_template(
        "followup/figures.html",
        figures=found,
        shown=shown,
        laws=shown_parts(found.by_law),
        regis=shown_parts(found.placed_by_regi),
        choices=shown_parts(found.choices),
        chart=_regi_chart(found),
        external_share=share_of(
            queries.REGIS["extern"], found.placed_by_regi, found.placed
        ),
        no_choice_share=share_of(
            KINDS["no_choice"], found.choices, found.placing_choices
        ),
        least=LEAST,
        today=today(),
    )


def _regi_chart(figures: Figures) -> BarChart | None:
    """Bars only when every part may be shown."""
    counts = figures.placed_by_regi
    if not counts or min(counts.values()) < LEAST:
        return None
    return bar_chart(
        caption="Personer med plats i dag",
        row_heading="Utförare",
        value_heading="Personer",
        rows=[(name, count, str(count)) for name, count in counts.items()],
    )


@bp.get("/logg")
@requires(Permission.LOG_REVIEW)
def log() -> ResponseReturnValue:
    """Cases opened with a reason, readings of protected people, and a drawn sample."""
    since = start_of(today() - timedelta(days=DAYS))
    month = today().replace(day=1).isoformat()
    opened = queries.openings(actor(), since)
    protected = queries.of_protected(actor(), since)
    drawn = queries.sample(actor(), since, SAMPLE, f"{actor().municipality_id} {month}")
    audit.read(
        "log.review",
        about=[
            *(row.client_id for row in opened),
            *(client for row in (*protected, *drawn) for client in row.client_ids),
        ],
    )
    return render_template(
        "followup/log.html", opened=opened, protected=protected, drawn=drawn, days=DAYS
    )
