"""What a unit may send about its own ceilings."""

from lovdv.providers.forms import CapacityForm


class NotifyForm(CapacityForm):
    """The unit's own word is of today."""

    notified_on = None
