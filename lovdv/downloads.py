"""A file that the reader keeps instead of looking at it."""

import io

from flask import Response, send_file

from lovdv.excel import MIME


def attached(content: bytes, name: str, kind: str = MIME) -> Response:
    """The file under a name; a workbook unless another kind is said."""
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)
