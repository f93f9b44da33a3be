"""What waits on the start page: choices taken back after a unit had said yes."""

from collections.abc import Sequence

from lovdv.access import Actor, Permission
from lovdv.choice.regrets import to_handle
from lovdv.start import Waiting


def waiting(actor: Actor) -> Sequence[Waiting]:
    if not actor.may(Permission.CHOICE_PLACE):
        return ()
    count = len(to_handle(actor))
    if not count:
        return ()
    text = "Enheten har sagt ja. Ring den och annullera platsen."
    return [
        Waiting("Ångrade val", "choosing.regretted", count, text, urgent=True),
    ]
