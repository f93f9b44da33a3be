"""Why a mutant may live: by its function and the line it gets."""

EXPLAINED: dict[tuple[str, str], str] = {}
