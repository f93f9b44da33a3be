"""One at a time works on a choice system's runs."""

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.systems.models import ChoiceSystem


def lock(choice_system_id: int) -> None:
    """One computation at a time; another that is under way is told of at once."""
    try:
        with db.session.begin_nested():
            db.session.execute(
                select(ChoiceSystem.id)
                .where(ChoiceSystem.id == choice_system_id)
                .with_for_update(nowait=True)
            )
    except DBAPIError as error:
        raise Refused(
            "En annan körning pågår just nu. Vänta en stund och försök igen."
        ) from error
