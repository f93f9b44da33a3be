"""The example instruments that ship with the engine."""

from importlib.resources import files

from assessment.instrument import Instrument
from assessment.reading import read_instrument


def shipped_instruments() -> tuple[Instrument, ...]:
    """Read every shipped instrument, in order of file name."""
    folder = files("assessment.instruments")
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")),
        key=lambda file: file.name,
    )
    return tuple(read_instrument(file.read_bytes()) for file in found)
