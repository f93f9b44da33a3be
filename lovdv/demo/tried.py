"""The demo's draft of a next instrument version, run over everybody's answers."""

import json
from typing import Any

from lovdv.clock import today
from lovdv.demo.acting import acting_as
from lovdv.demo.ground import Ground
from lovdv.needs import consequences, queries
from lovdv.needs.instruments import keep_draft

LEAD = "systemledare"


def try_out(ground: Ground) -> None:
    """The lead weighs whether one question should count double."""
    with acting_as(ground, LEAD) as lead:
        version = queries.version_on(ground.system_id, today())
        assert version is not None
        draft = keep_draft(
            choice_system_id=ground.system_id,
            document=_heavier(json.loads(version.document)),
        )
        consequences.run(version=draft, on=today(), by_id=lead.user_id)


def _heavier(document: dict[str, Any]) -> dict[str, Any]:
    """The first question counts double, and the highest level has no upper limit."""
    document["version"] = f"{document['version']}-utkast"
    document["domains"][0]["questions"][0]["weight"] = "2"
    document["limits"][-1] |= {"to": None, "to_included": False}
    return document
