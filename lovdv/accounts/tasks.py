"""The main task of each kind of work, as the start page offers it."""

from flask import current_app, url_for
from flask_login import current_user

from lovdv.access import Permission, may_visit
from lovdv.start import Link

P = Permission
# The permission that makes it somebody's main task, what it is called, and where.
MAIN_TASKS = (
    (P.PERSON_OWN, "Till min sida", "people.own"),
    (P.SUPPORT_WORK, "Öppna arbetslistan", "choice.support"),
    (P.PERSON_WRITE, "Öppna mina personer", "people.people"),
    (P.ASSESSMENT_SCORE, "Öppna bedömningarna", "needs.assessments"),
    (P.ATTENDANCE_REPORT, "Rapportera närvaro", "placements.attendance"),
    (P.ORDER_ANSWER, "Svara på beställningar", "placements.orders"),
    (P.RUN_PREPARE, "Öppna månadskörningen", "payouts.runs"),
    (P.RUN_ATTEST, "Attestera en körning", "payouts.runs"),
    (P.PROFILE_PUBLISH, "Öppna utförarna", "providers.providers"),
    (P.SYSTEM_WRITE, "Öppna reglerna", "systems.systems"),
    (P.FIGURES_READ, "Se siffrorna", "followup.figures"),
    (P.LOG_REVIEW, "Granska loggen", "followup.log"),
    (P.ACCOUNT_WRITE, "Öppna användarna", "accounts.users"),
)


def main_tasks() -> list[Link]:
    """What the signed-in user can start with, the most important first."""
    found: dict[str, Link] = {}
    for permission, label, endpoint in MAIN_TASKS:
        known = endpoint in current_app.view_functions
        if known and current_user.may(permission) and may_visit(endpoint):
            link = Link(label, endpoint, url_for(endpoint), current=False)
            found.setdefault(endpoint, link)
    return list(found.values())
