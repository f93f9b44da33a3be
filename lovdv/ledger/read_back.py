"""Reading finance's answer about a run: kept as it came, nothing overwritten."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import insert

from lovdv import audit, excel
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import account_queries, answers, read_back_queries, template_queries
from lovdv.ledger.answers import Answer, AnswerSettings, PaidLine
from lovdv.ledger.models import ReadBack, ReadBackAnswer, ReadBackRow
from lovdv.ledger.text_reading import TemplateFaults
from lovdv.payouts.locking import lock
from lovdv.payouts.models import PaymentRun

MOST_ROWS = 150_000
"""An answer may have a row for each line of a run."""
AT_A_TIME = 2_000


def read(
    *, run: PaymentRun, content: bytes, file_name: str, by_id: int | None
) -> ReadBack:
    """Keep every row of the file, matched or not; the same file is read once."""
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status != "exported":
        raise Refused("Körningen är inte exporterad, så ekonomin kan inte ha svarat.")
    digest = hashlib.sha256(content).hexdigest()
    earlier = read_back_queries.same_file(run, digest)
    if earlier is not None:
        raise Refused(
            f"Den här filen är redan inläst ({earlier.file_name}). Inget läses två "
            "gånger.",
            "file",
        )
    found = _matched(run, excel.read(content, file_name, most=MOST_ROWS))
    counts = Counter(one.outcome == answers.UNMATCHED for one in found)
    kept = ReadBack(
        run_id=run.id,
        file_name=file_name[:200],
        content=content,
        sha256=digest,
        row_count=len(found),
        matched=counts[False],
        unmatched=counts[True],
        read_at=now(),
        read_by_id=by_id,
    )
    db.session.add(kept)
    db.session.flush()
    rows = [_row(kept, one) for one in found]
    for start in range(0, len(rows), AT_A_TIME):
        db.session.execute(insert(ReadBackRow), rows[start : start + AT_A_TIME])
    audit.change(
        "run.read_back",
        object=run.public_id,
        after={"file": kept.public_id, "rows": kept.row_count},
    )
    return kept


def _matched(run: PaymentRun, rows: Sequence[Sequence[str]]) -> list[Answer]:
    lines = [
        PaidLine(
            id=line.id,
            provider_id=line.provider_id,
            supplier_number=line.supplier_number,
            organisation_number=line.organisation_number,
            amount=line.amount,
        )
        for line in account_queries.run_lines(run)
    ]
    try:
        found = answers.matched(rows, lines, _settings(run))
    except TemplateFaults as fault:
        raise Refused(" ".join(fault.faults), "file") from fault
    if not found:
        raise Refused("Filen har inga rader under rubrikerna.", "file")
    return found


def _settings(run: PaymentRun) -> AnswerSettings:
    decided = template_queries.in_force(
        run.choice_system_id, run.month, kinds=("answer",)
    )
    return answers.read_settings(decided[0].value) if decided else AnswerSettings()


def _row(kept: ReadBack, one: Answer) -> dict[str, object]:
    return {
        "read_back_id": kept.id,
        "number": one.number,
        "line_id": one.line_id,
        "provider_id": one.provider_id,
        "outcome": one.outcome,
        "amount": one.amount,
        "reason": one.reason,
        "fault": one.fault,
    }


def answer(*, row: ReadBackRow, note: str, by_id: int | None) -> None:
    """Say what was done about a rejected row, which closes the task."""
    if row.outcome != answers.REJECTED:
        raise Refused("Bara en avvisad rad är en uppgift.")
    if read_back_queries.answer_to(row) is not None:
        raise Refused("Uppgiften är redan avslutad. Läs sidan igen.")
    db.session.add(
        ReadBackAnswer(
            row_id=row.id, note=note, answered_at=now(), answered_by_id=by_id
        )
    )
    db.session.flush()
    audit.change("run.rejected_answer", object=row.public_id)
