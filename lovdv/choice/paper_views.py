"""Requests in, a file out: the signed paper that a choice was made on."""

from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import signed_papers
from lovdv.choice.blueprint import bp
from lovdv.choice.scans import ENDINGS
from lovdv.downloads import attached


@bp.get("/val/papper/<public_id>")
@requires(Permission.CHOICE_READ)
def paper(public_id: str) -> ResponseReturnValue:
    """Only ever a file to keep: what stands in a PDF is never run by a page of ours."""
    found = signed_papers.paper_in_case(actor(), public_id)
    audit.read("choice.paper", about=[found.client_id], object=found.public_id)
    name = f"val-{found.public_id[:8]}.{ENDINGS[found.media]}"
    response = attached(found.content or b"", name, found.media)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
