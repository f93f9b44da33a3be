"""Who can sign in to the demo, one for each role and a few colleagues."""

from dataclasses import dataclass

from lovdv.access import ROLE_NAMES, Role

PASSWORD = "demo-demo-demo"


@dataclass(frozen=True)
class Person:
    """A user of the demo; `unit` names where a provider works."""

    login: str
    name: str
    roles: tuple[Role, ...]
    note: str = ""
    unit: str = ""
    sees_protected: bool = False
    team: str = ""
    shown: bool = True


ASSESSORS, NORTH, SOUTH = "Nivåbedömare", "LSS norr", "LSS söder"
ASSESSORS_SOUTH = "Nivåbedömare söder"

USERS = (
    Person("handlaggare", "Karin Lindqvist", (Role.CASEWORKER,), team=NORTH),
    Person("bedomare", "Erik Sandström", (Role.ASSESSOR,), team=ASSESSORS),
    Person("bedomare2", "Amina Yusuf", (Role.ASSESSOR,), "kollega", team=ASSESSORS),
    Person("brukare", "Elsa Nordin", (Role.CLIENT,)),
    Person("foretradare", "Göran Hedlund", (Role.REPRESENTATIVE,), "god man"),
    Person("stodperson", "Maja Blom", (Role.SUPPORTER,)),
    Person("lots", "Jasmin Haddad", (Role.GUIDE,)),
    Person("utforare", "Siv Haglund", (Role.PROVIDER,), "egen regi", unit="Ekbacken"),
    Person(
        "utforare2", "Nadja Ferm", (Role.PROVIDER,), "extern", unit="Solhöjden Centrum"
    ),
    Person("ekonom", "Lars Wikström", (Role.FINANCE,)),
    Person("attestant", "Birgitta Öhman", (Role.APPROVER,)),
    Person("systemledare", "Helena Åström", (Role.LEAD,)),
    Person("chef", "Anders Falk", (Role.MANAGER,)),
    Person("logggranskare", "Ulrika Molin", (Role.LOG_REVIEWER,)),
    Person("admin", "Peter Rydberg", (Role.ADMIN,)),
    Person(
        "handlaggare2",
        "Mikael Forsman",
        (Role.CASEWORKER,),
        "ser skyddade",
        sees_protected=True,
        team=NORTH,
    ),
    Person(
        "handlaggare3", "Sofia Bergqvist", (Role.CASEWORKER,), team=NORTH, shown=False
    ),
    Person("handlaggare4", "Hassan Ali", (Role.CASEWORKER,), team=SOUTH, shown=False),
    Person("handlaggare5", "Ingrid Ek", (Role.CASEWORKER,), team=SOUTH, shown=False),
    Person("ekonom2", "Camilla Rosén", (Role.FINANCE,), shown=False),
    *(
        Person(f"bedomare{number}", name, (Role.ASSESSOR,), team=team, shown=False)
        for number, (name, team) in enumerate(
            (
                ("Linnea Dahl", ASSESSORS),
                ("Johan Nyberg", ASSESSORS),
                ("Fatima Rahimi", ASSESSORS),
                ("Kerstin Lund", ASSESSORS_SOUTH),
                ("Oskar Vik", ASSESSORS_SOUTH),
                ("Petra Holm", ASSESSORS_SOUTH),
            ),
            start=3,
        )
    ),
    Person("lots2", "Tomas Eng", (Role.GUIDE,), shown=False),
)


def logins() -> list[dict[str, str]]:
    """What the sign-in page and the command show."""
    return [
        {
            "role": _role(person),
            "login": person.login,
            "password": PASSWORD,
            "name": person.name,
        }
        for person in USERS
        if person.shown
    ]


def _role(person: Person) -> str:
    name = " och ".join(ROLE_NAMES[role] for role in person.roles)
    note = person.note or person.unit
    if person.unit:
        note = f"{person.unit}, {person.note}"
    return f"{name} ({note})" if note else name
