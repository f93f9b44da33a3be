"""Keeping an uploaded file until it is read in or thrown away."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import delete

from lovdv import audit, crypto
from lovdv.clock import now
from lovdv.database import random_id
from lovdv.extensions import db
from lovdv.imports.models import ImportDraft
from lovdv.imports.queries import SEALED, Opened
from lovdv.imports.running import Examined, Kind, Scope, as_rows, read_in

KEPT = timedelta(hours=24)


def keep(
    *,
    kind: Kind,
    file_name: str,
    rows: Sequence[Sequence[str]],
    examined: Examined,
    municipality_id: int,
    by_id: int,
    month: date | None = None,
) -> ImportDraft:
    """Keep the rows sealed; what others left for a day is thrown away."""
    db.session.execute(
        delete(ImportDraft).where(ImportDraft.uploaded_at < now() - KEPT)
    )
    public_id = random_id()
    new = ImportDraft(
        public_id=public_id,
        municipality_id=municipality_id,
        kind=kind.name,
        file_name=file_name[:200],
        month=month,
        sealed=_sealed(public_id, rows, examined),
        uploaded_at=now(),
        uploaded_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("import.upload", object=public_id, after={"kind": kind.name})
    return new


def _sealed(public_id: str, rows: Sequence[Sequence[str]], examined: Examined) -> bytes:
    held = json.dumps({"rows": rows, "results": as_rows(examined)})
    return crypto.encrypt(held, SEALED, public_id)


def renew(*, opened: Opened, examined: Examined) -> None:
    """Show what the file does now, since that has changed."""
    opened.draft.sealed = _sealed(opened.draft.public_id, opened.rows, examined)
    audit.change("import.renew", object=opened.draft.public_id)


def carry_out(*, opened: Opened, scope: Scope, only_good: bool) -> Examined:
    """Read in what was shown; the draft is then gone."""
    public_id = opened.draft.public_id
    done = read_in(
        opened.kind,
        opened.rows,
        scope,
        only_good=only_good,
        expecting=opened.examined.digest,
    )
    _remove(public_id)
    audit.change("import.read_in", object=public_id, after=dict(done.counts))
    return done


def throw_away(*, opened: Opened) -> None:
    _remove(opened.draft.public_id)
    audit.change("import.throw_away", object=opened.draft.public_id)


def _remove(public_id: str) -> None:
    db.session.execute(delete(ImportDraft).where(ImportDraft.public_id == public_id))
