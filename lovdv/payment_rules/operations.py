"""Writing rule sets, deciding them, and granting supplements."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from lovdv import audit
from lovdv.accounts.queries import name_of
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payment_rules.models import RuleDraft, SupplementGrant
from lovdv.payment_rules.queries import KEY, is_replaced, standing_grants
from lovdv.payment_rules.sections import (
    DECIDED,
    Fault,
    Section,
    fault_in,
    told,
)
from lovdv.placements.models import Placement
from lovdv.placements.operations import hold
from lovdv.systems.models import ChoiceSystem, Rule
from lovdv.systems.operations import decide_rule
from payments import FIELDS, Month, RuleSet, read_rules
from payments.errors import BadRule
from payments.rule_rows import SupplementRule
from payments.rulesets import NAMES

MOST_BYTES = 200_000
ANOTHER = (
    "{who} har sparat i utkastet sedan du öppnade sidan. Ingenting är sparat nu. "
    "Jämför med det som står i en ny flik, och spara igen om det du skrev ska gälla."
)
"""What the second of two editors is told."""


def begin(
    *,
    system: ChoiceSystem,
    content: Mapping[str, object],
    started_from: str,
    by_id: int | None,
) -> RuleDraft:
    """A draft of its own, from rules that are there already or a file."""
    kept = {name: value for name, value in content.items() if name not in DECIDED}
    draft = RuleDraft(
        choice_system_id=system.id,
        content=kept,
        started_from=started_from[:200],
        created_at=now(),
        updated_at=now(),
        updated_by_id=by_id,
    )
    db.session.add(draft)
    db.session.flush()
    audit.change("payment_rule.begin", object=draft.public_id)
    return draft


def example(name: str) -> dict[str, object]:
    """The file of a rule set that ships, as it was written."""
    if name not in NAMES:
        raise Refused("Välj något att börja från.", "start")
    return content_of((files("payments.rulesets") / f"{name}.json").read_bytes())


def content_of(file: bytes) -> dict[str, object]:
    """A rule file's fields; faults in them are shown in the draft."""
    if len(file) > MOST_BYTES:
        raise Refused("Filen är för stor för att vara en regelfil.", "file")
    try:
        table = json.loads(file.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise Refused(
            f"Filen är inte en regelfil (JSON): rad {error.lineno}, tecken "
            f"{error.colno}. Hämta en härifrån och jämför.",
            "file",
        ) from error
    except (ValueError, RecursionError) as error:
        raise Refused(
            "Filen är inte en regelfil (JSON). Hämta en härifrån och jämför.", "file"
        ) from error
    if not isinstance(table, dict):
        raise Refused("Filen ska innehålla en regeluppsättning.", "file")
    unknown = sorted(set(table) - {field.name for field in FIELDS})
    if unknown:
        raise Refused(f"Filen har fält som inte finns: {', '.join(unknown)}.", "file")
    if not _can_be_kept(table):
        raise Refused(
            "Filen har tecken eller tal som inte går att spara. Ta bort dem.", "file"
        )
    return table


def _can_be_kept(table: Mapping[str, object]) -> bool:
    """Whether the database takes it: halves of characters, NUL and NaN it does not."""
    try:
        written = json.dumps(table, ensure_ascii=False, allow_nan=False)
        return bool(written.encode()) and "\\u0000" not in written
    except ValueError:
        return False


def save(
    *,
    draft: RuleDraft,
    section: Section,
    content: Mapping[str, object],
    version: str,
    by_id: int | None,
) -> Fault | None:
    """One section, if nothing in it is wrong; else the fault, and nothing is saved."""
    _refuse_stale(draft, version)
    rest = {k: v for k, v in draft.content.items() if k not in section.names}
    fault = fault_in(section, {**rest, **content})
    if fault is not None:
        return fault
    draft.content = {**rest, **content}
    draft.version += 1
    draft.updated_at, draft.updated_by_id = now(), by_id
    db.session.flush()
    audit.change(
        "payment_rule.edit", object=draft.public_id, after={"section": section.key}
    )
    return None


def _refuse_stale(draft: RuleDraft, version: str) -> None:
    db.session.refresh(draft, with_for_update=True)
    if str(draft.version) != version:
        who = name_of(draft.updated_by_id) or "Någon annan"
        raise Refused(ANOTHER.format(who=who))


def throw_away(draft: RuleDraft) -> None:
    db.session.delete(draft)
    db.session.flush()
    audit.change("payment_rule.throw_away", object=draft.public_id)


def decide(
    *, draft: RuleDraft, first_day: date, reference: str, version: str, by_id: int
) -> Rule:
    """The draft as rules from a first day; the draft is then gone."""
    _refuse_stale(draft, version)
    if first_day.day != 1:
        raise Refused("Regler börjar gälla den första i en månad.", "first_day")
    try:
        read_rules({**draft.content, **DECIDED, "first_day": first_day.isoformat()})
    except BadRule as error:
        raise Refused(f"Reglerna är inte färdiga. {told(error).why}") from error
    rule = decide_rule(
        choice_system_id=draft.choice_system_id,
        key=KEY,
        first_day=first_day,
        value=draft.content,
        reference=reference,
        decided_by_id=by_id,
    )
    db.session.delete(draft)
    db.session.flush()
    return rule


@dataclass(frozen=True)
class Granted:
    """What is granted to a placement."""

    code: str
    first_day: date
    end_day: date | None
    amount: int | None
    reason: str
    proof: str


def grant(
    *, placement: Placement, what: Granted, rules: RuleSet | None, by_id: int
) -> SupplementGrant:
    """A supplement from a day, with what its rule demands."""
    supplements = rules.supplements if rules else ()
    found = next((one for one in supplements if one.code == what.code), None)
    if found is None:
        raise Refused("Tillägget finns inte i reglerna. Välj ett annat.", "code")
    _check(found, what)
    hold(placement)
    _refuse_twice(placement, what, is_once=found.per == "once")
    return _recorded(placement, what, by_id, None)


def _refuse_twice(placement: Placement, what: Granted, *, is_once: bool) -> None:
    """The same supplement is granted once for a day, or once in a month."""
    for other in standing_grants(placement, what.code):
        same = Month.of(other.first_day) == Month.of(what.first_day)
        if same if is_once else _meet(what, other):
            raise Refused(
                f"Placeringen har redan tillägget från {other.first_day}. Avsluta det "
                "först, eller välj en annan dag.",
                "first_day",
            )


def _meet(what: Granted, other: SupplementGrant) -> bool:
    begins = max(what.first_day, other.first_day)
    return all(end is None or begins < end for end in (what.end_day, other.end_day))


def _check(rule: SupplementRule, what: Granted) -> None:
    name = rule.name
    if rule.needs_proof and not what.proof:
        raise Refused(f"{name} kräver underlag. Skriv var det finns.", "proof")
    if not rule.is_individual and what.amount is not None:
        raise Refused(f"{name} har reglernas belopp. Töm rutan.", "amount")
    if rule.is_individual and (what.amount is None or what.amount <= 0):
        raise Refused(f"{name} är individuellt. Skriv beloppet.", "amount")
    if rule.is_individual and not what.reason:
        raise Refused(f"{name} är individuellt. Skriv skälet.", "reason")
    if rule.is_individual and rule.per != "once" and what.end_day is None:
        raise Refused(f"{name} är individuellt. Skriv sista dagen.", "last_day")


def end(
    *, grant: SupplementGrant, end_day: date, reason: str, by_id: int
) -> SupplementGrant:
    """The same supplement to another last day, as a row in its place."""
    if end_day < grant.first_day:
        raise Refused(
            f"Tillägget börjar {grant.first_day}. Skriv den dagen, eller dagen före om "
            "det aldrig ska betalas.",
            "last_day",
        )
    hold(grant.placement)
    if is_replaced(grant):
        raise Refused(
            "Tillägget har redan fått en annan sista dag. Öppna listan igen och ändra "
            "det som står där nu."
        )
    if grant.end_day is not None and end_day > grant.end_day:
        _refuse_next(grant, end_day)
    what = Granted(
        code=grant.code,
        first_day=grant.first_day,
        end_day=end_day,
        amount=grant.amount,
        reason=f"{grant.reason} Slut: {reason}".strip()[:400],
        proof=grant.proof,
    )
    return _recorded(grant.placement, what, by_id, grant.id)


def _refuse_next(grant: SupplementGrant, end_day: date) -> None:
    """A longer supplement may reach the next that is granted."""
    for other in standing_grants(grant.placement, grant.code):
        if grant.first_day < other.first_day < end_day and other.id != grant.id:
            raise Refused(
                f"Samma tillägg börjar igen {other.first_day}. Skriv en tidigare dag.",
                "last_day",
            )


def _recorded(
    placement: Placement, what: Granted, by_id: int, replaces_id: int | None
) -> SupplementGrant:
    new = SupplementGrant(
        placement_id=placement.id,
        code=what.code,
        first_day=what.first_day,
        end_day=what.end_day,
        amount=what.amount,
        reason=what.reason,
        proof=what.proof,
        replaces_id=replaces_id,
        recorded_at=now(),
        recorded_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "supplement.end" if replaces_id else "supplement.grant",
        about=(placement.client_id,),
        object=new.public_id,
        after={"code": what.code, "from": what.first_day, "end": what.end_day},
    )
    return new
