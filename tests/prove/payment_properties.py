"""Payment's properties: the engine's, and the promises after any sequence of steps."""

import os
from collections.abc import Iterator

from tests.prove import properties

EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "2000"))
FILES = (
    "web/test_payment_promises",
    "engines/test_pay_properties",
    "engines/test_pay_any_rules",
    "engines/test_pay_together",
    "engines/test_pay_parts_of_months",
)


def prove() -> Iterator[str]:
    yield f"{EXAMPLES} examples a property. Of the promises, an example is 4 to 24"
    yield "steps drawn from all that people do to a month and to what it rests on; it"
    yield "is run once on each database."
    yield ""
    yield from properties.prove(FILES, EXAMPLES)
