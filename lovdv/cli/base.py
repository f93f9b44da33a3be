"""lovdv init-db: tables, guards, and the municipality that works in them."""

import click

from lovdv import audit, migrate
from lovdv.cli.shell import Day, Misused, application, step
from lovdv.cli.swedish import Command
from lovdv.clock import today
from lovdv.database import writing
from lovdv.extensions import db
from lovdv.systems import operations, queries

SERVICE = "daglig_verksamhet"


@click.command(cls=Command)
@click.option("--code", metavar="KOD", help="Kommunens kod, fyra siffror.")
@click.option("--name", metavar="NAMN", help="Kommunens namn.")
@click.option(
    "--first-day",
    type=Day(),
    metavar="DAG",
    help="Första dagen som valfrihetssystemet gäller. Annars i dag.",
)
def init_db(code: str | None, name: str | None, first_day: object) -> None:
    """Skapa eller uppdatera tabellerna, och lägg upp kommunen.

    Kan köras hur många gånger som helst; det som redan finns lämnas i fred. Med
    --code och --name läggs kommunen och dess valfrihetssystem upp.
    """
    if (code is None) != (name is None):
        raise Misused("Ange både --code och --name, eller inget av dem.")
    if code is not None and not (len(code) == 4 and code.isdecimal()):
        raise Misused("Kommunkoden är fyra siffror, till exempel 2180.")
    with application():
        migrate.upgrade(db.engine)
        step("Tabellerna är på plats.")
        if code and name:
            step(_registered(code, name, first_day or today()))


def _registered(code: str, name: str, first_day: object) -> str:
    with writing():
        known = [home for home in queries.municipalities() if home.code == code]
        if known:
            return f"Kommunen fanns redan: {known[0].code} {known[0].name}."
        home = operations.register_municipality(code=code, name=name)
        with audit.acting(home.id):
            operations.register_system(
                municipality=home,
                name="Daglig verksamhet",
                first_day=first_day,
                service=SERVICE,
            )
            audit.change("municipality.register", object=home.public_id)
        db.session.commit()
    return f"Kommunen är upplagd: {code} {name}. Gör nu: lovdv create-admin NAMN"


COMMANDS = (init_db,)
