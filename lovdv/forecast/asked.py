"""What the address asks for: a choice system, and a year."""

from flask import request

from lovdv.access import actor
from lovdv.basis.months import YEARS
from lovdv.clock import today
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, system_of


def chosen_system() -> ChoiceSystem:
    """The choice system in the address, else the municipality's first."""
    asked = request.args.get("system", "")
    home = actor().municipality_id
    return system_of(home, asked) if asked else main_system(home)


def chosen_year() -> int:
    """The year in the address, when it is one that can be asked for, else this year."""
    asked = request.args.get("ar", "")
    is_year = asked.isascii() and asked.isdecimal() and len(asked) == 4
    return int(asked) if is_year and int(asked) in YEARS else today().year
