"""Where templates, migrations and the instance folder are."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    packaged = PACKAGE / "templates"
    return packaged if packaged.is_dir() else PACKAGE.parent / "templates"


def migrations_folder() -> Path:
    return PACKAGE / "migrations"


def instance_path() -> str | None:
    chosen = os.environ.get("LOVDV_INSTANCE")
    return str(Path(chosen).resolve()) if chosen else None
