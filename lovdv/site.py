"""What every page shows around its content: menus, names and footer."""

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from lovdv.access import ROLE_NAMES, Actor, Permission, actor, may_visit
from lovdv.start import Link

# (label, endpoint), each shown by the same check that guards its view.
SIGNED_IN = (
    ("Start", "accounts.start"),
    ("Min sida", "people.own"),
    ("Mitt val", "choice.own"),
    ("Min nivå", "needs.own_level"),
    ("Personer", "people.people"),
    ("Bedömningar", "needs.assessments"),
    ("Begäran om ny bedömning", "needs.reassessments_due"),
    ("Mina kalibreringar", "calibration.own"),
    ("Stöd att välja", "choice.support"),
    ("Val", "choice.choices"),
    ("Köer", "queues.index"),
    ("Beställningar", "placements.orders"),
    ("Placeringar", "placements.placements"),
    ("Närvaro", "placements.attendance"),
    ("Ny bedömning", "needs.reassessments_asked"),
    ("Yttranden", "needs.unit_statements"),
    ("Månadskörning", "payouts.runs"),
    ("Prislistor", "prices.price_lists"),
    ("Ersättningsregler", "payment_rules.index"),
    ("Kontroller", "controls.index"),
    ("Ersättning", "basis.bases"),
    ("Habiliteringsersättning", "allowance.index"),
    ("Habiliteringsersättning", "allowance.own"),
    ("Avräkning", "settlement.index"),
    ("Ekonomifiler", "ledger.index"),
    ("Nyckel till ekonomifiler", "ledger.keys"),
    ("Prognos", "forecast.index"),
    ("Utförare", "providers.providers"),
    ("Våra platser", "providers.own_capacity"),
    ("Vår presentation", "providers.own_profile"),
    ("Lotsar", "guides.guides"),
    ("Besök", "visits.index"),
    ("Valfrihetssystem", "systems.systems"),
    ("Instrument", "needs.instruments"),
    ("Kalibrering", "calibration.rounds"),
    ("Siffror", "followup.figures"),
    ("Logg", "followup.log"),
    ("Läs in", "imports.index"),
    ("Användare", "accounts.users"),
)
CHOOSING = (("Jämför verksamheter", "choice.compare"),)
VISITOR = (
    ("Jämför verksamheter", "choice.compare"),
    ("Så fungerar valet", "choice.how"),
)
USER_MENU = (("Mitt konto", "accounts.own"),)
FOOTER = (
    *CHOOSING,
    ("Tillgänglighet", "accessibility.told"),
    ("Så behandlar vi personuppgifter", "systems.privacy"),
    ("Bilder och licenser", "systems.attribution"),
)


def links(rows: tuple[tuple[str, str], ...]) -> list[Link]:
    return [
        Link(label, endpoint, url_for(endpoint), endpoint == request.endpoint)
        for label, endpoint in rows
        if endpoint in current_app.view_functions and may_visit(endpoint)
    ]


def around() -> dict[str, object]:
    signed_in = current_user.is_authenticated
    return {
        "site": _site(actor() if signed_in else None),
        "navigation": links(_menu(actor()) if signed_in else VISITOR),
        "user_menu": links(USER_MENU) if signed_in else [],
        "footer_links": links(FOOTER),
    }


def _menu(reader: Actor) -> tuple[tuple[str, str], ...]:
    """Those who choose, and those who help them, have the comparison at the top."""
    choosing = reader.may(Permission.CHOICE_OWN) or reader.may(Permission.SUPPORT_WORK)
    return SIGNED_IN + CHOOSING if choosing else SIGNED_IN


def _site(reader: Actor | None) -> dict[str, object]:
    return {
        "demo": current_app.config["DEMO"],
        "municipality": current_app.config["MUNICIPALITY"],
        "home_url": url_for("accounts.index"),
        "preferences_url": url_for("preferences.save"),
        "current_url": request.full_path.rstrip("?"),
        "sign_in_url": url_for("accounts.sign_in"),
        "sign_out_url": url_for("accounts.sign_out"),
        "extend_url": url_for("accounts.extend"),
        "idle_seconds": reader.idle_seconds if reader else None,
        "role_names": _roles(reader) if reader else [],
    }


def _roles(reader: Actor) -> list[str]:
    """The roles held, and for a provider the unit that is worked at now."""
    unit = dict(reader.units).get(reader.unit_id or 0)
    names = sorted(ROLE_NAMES[role] for role in reader.roles)
    return [*names, unit] if unit else names


def init_app(app: Flask) -> None:
    app.context_processor(around)
