"""What differs between two versions, ready to be read."""

from assessment import Change, difference
from lovdv.needs.instruments import readable
from lovdv.needs.models import InstrumentVersion

KINDS = {
    "added": "Nytt",
    "removed": "Borttaget",
    "changed": "Ändrat",
    "moved": "Flyttat",
}


def differences(
    old: InstrumentVersion, new: InstrumentVersion
) -> tuple[Change, ...] | None:
    """Every change from the old to the new; None while one of them has faults."""
    before, after = readable(old), readable(new)
    return difference(before, after) if before and after else None
