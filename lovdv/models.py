"""Imports every feature's models, so that migrations see all tables."""

import lovdv.accessibility.models
import lovdv.accounts.models
import lovdv.allowance.models
import lovdv.audit_chain
import lovdv.basis.models
import lovdv.calibration.models
import lovdv.choice.draft_models
import lovdv.choice.link_models
import lovdv.choice.models
import lovdv.choice.paper_models
import lovdv.choosing.models
import lovdv.controls.models
import lovdv.eid.models
import lovdv.forecast.models
import lovdv.guides.models
import lovdv.imports.models
import lovdv.leaving.models
import lovdv.ledger.models
import lovdv.letters.models
import lovdv.needs.consequence_models
import lovdv.needs.models
import lovdv.needs.statement_models
import lovdv.payment_rules.models
import lovdv.payouts.models
import lovdv.people.models
import lovdv.placements.models
import lovdv.prices.models
import lovdv.providers.models
import lovdv.providers.profile_models
import lovdv.queues.models
import lovdv.reading.models
import lovdv.rounds.models
import lovdv.settlement.models
import lovdv.systems.models
import lovdv.visits.models  # noqa: F401
from lovdv.database import Base

metadata = Base.metadata
