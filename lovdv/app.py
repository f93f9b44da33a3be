"""The factory: wiring only."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, request

import lovdv.models  # noqa: F401  (every table is known before the first query)
from lovdv import (
    access,
    audit,
    config,
    crypto,
    errors,
    formats,
    health,
    preferences,
    security,
    site,
    statutes,
)
from lovdv.accessibility import queries as accessibility_queries
from lovdv.accessibility import views as accessibility
from lovdv.accounts import sessions
from lovdv.accounts import views as accounts
from lovdv.allowance import views as allowance
from lovdv.allowance import waiting as allowance_waiting
from lovdv.basis import views as basis
from lovdv.basis import waiting as basis_waiting
from lovdv.calibration import views as calibration
from lovdv.calibration import waiting as calibration_waiting
from lovdv.choice import queries as choice_queries
from lovdv.choice import views as choice
from lovdv.choosing import views as choosing
from lovdv.choosing import waiting as choosing_waiting
from lovdv.controls import views as controls
from lovdv.database import begin_reading, begin_writing, prepare
from lovdv.eid import providers as eid_providers
from lovdv.eid import views as eid
from lovdv.extensions import csrf, db
from lovdv.fairness import views as fairness
from lovdv.followup import views as followup
from lovdv.forecast import views as forecast
from lovdv.guides import queries as guides_queries
from lovdv.guides import views as guides
from lovdv.imports import views as imports
from lovdv.leaving import queries as leaving_queries
from lovdv.leaving import views as leaving
from lovdv.ledger import read_back_queries
from lovdv.ledger import views as ledger
from lovdv.letters import queries as letters_queries
from lovdv.letters import views as letters
from lovdv.needs import reassessment_queries
from lovdv.needs import views as needs
from lovdv.needs import worklists as needs_worklists
from lovdv.paths import instance_path, templates_folder
from lovdv.payment_rules import views as payment_rules
from lovdv.payouts import views as payouts
from lovdv.payouts import waiting as payouts_waiting
from lovdv.people import names
from lovdv.people import queries as people_queries
from lovdv.people import views as people
from lovdv.placements import queries as placements_queries
from lovdv.placements import views as placements
from lovdv.prices import views as prices
from lovdv.providers import capacity_waiting, profile_waiting
from lovdv.providers import queries as providers_queries
from lovdv.providers import views as providers
from lovdv.queues import queries as queues_queries
from lovdv.queues import views as queues
from lovdv.reading import showing
from lovdv.reading import views as reading
from lovdv.reading import waiting as reading_waiting
from lovdv.rounds import views as rounds
from lovdv.settlement import views as settlement
from lovdv.systems import views as systems
from lovdv.visits import queries as visits_queries
from lovdv.visits import views as visits

FEATURES = (
    accounts,
    eid,
    people,
    needs,
    calibration,
    providers,
    reading,
    choice,
    guides,
    choosing,
    visits,
    queues,
    leaving,
    letters,
    rounds,
    placements,
    payment_rules,
    prices,
    payouts,
    controls,
    ledger,
    basis,
    settlement,
    allowance,
    forecast,
    imports,
    followup,
    fairness,
    systems,
    accessibility,
)
WAITING = (
    people_queries.waiting,
    needs_worklists.waiting,
    reassessment_queries.waiting,
    calibration_waiting.waiting,
    choice_queries.waiting,
    guides_queries.waiting,
    choosing_waiting.waiting,
    visits_queries.waiting,
    queues_queries.waiting,
    leaving_queries.waiting,
    letters_queries.waiting,
    placements_queries.waiting,
    payouts_waiting.waiting,
    read_back_queries.waiting,
    basis_waiting.waiting,
    allowance_waiting.waiting,
    providers_queries.waiting,
    capacity_waiting.waiting,
    reading_waiting.waiting,
    profile_waiting.waiting,
    accessibility_queries.waiting,
)


def create_app(chosen: Mapping[str, Any] | None = None) -> Flask:
    """The application; `chosen` replaces file and environment (tests)."""
    app = Flask(
        "lovdv",
        instance_path=instance_path(),
        instance_relative_config=True,
        template_folder=str(templates_folder()),
    )
    config.load(app, chosen)
    app.before_request(_begin)
    app.teardown_request(lambda _error: begin_reading())
    for part in (crypto, errors, formats, statutes, preferences, showing, site, names):
        part.init_app(app)
    _bind(app)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.register_blueprint(health.bp)
    app.extensions["lovdv_waiting"] = WAITING
    return app


def _bind(app: Flask) -> None:
    """Databases, forms' tokens, then who may do what; headers and log go last out."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)
    security.init_app(app)
    csrf.init_app(app)
    access.init_app(app)
    audit.init_app(app)
    sessions.init_app(app)
    eid_providers.init_app(app)


def _begin() -> None:
    """A GET only reads; everything else takes the write lock from the start."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        begin_reading()
    else:
        begin_writing()
