"""Reading: payouts."""

from collections.abc import Sequence

from lovdv.access import Actor
from lovdv.start import Waiting


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    return ()
