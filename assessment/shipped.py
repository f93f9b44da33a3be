"""What ships with the engine: the example instruments, and the schema of the format."""

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


def instrument_schema() -> str:
    """Return the JSON Schema of docs/instrument-format.md, as its text."""
    return files("assessment").joinpath("instrument.schema.json").read_text("utf-8")
