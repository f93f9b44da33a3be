"""Payment's properties: the engine's, and the promises after any sequence of steps."""

import os
from collections.abc import Iterator

from tests.prove import properties

EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "1000"))
FILES = {
    "web/test_payment_promises": EXAMPLES,
    "engines/test_pay_properties": EXAMPLES,
    "engines/test_pay_together": EXAMPLES,
    "engines/test_pay_parts_of_months": EXAMPLES,
    # Forty tests, each drawing rules and a month of its own: an hour at 1,000.
    "engines/test_pay_any_rules": EXAMPLES // 5,
}


def prove() -> Iterator[str]:
    yield "Examples are for each property. Of the promises, one is 4 to 24 steps drawn"
    yield "from all that people do to a month and to what it rests on; it is run once"
    yield "on each database."
    yield ""
    yield from properties.prove(FILES)
