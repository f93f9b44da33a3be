"""What a contract says, as a value."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Terms:
    """What a contract says."""

    number: str
    regi: str
    signed_on: date
    first_day: date
    end_day: date | None = None
    closed_from: date | None = None
    supplier_number: str = ""
    account: str = ""
    order_reference: str = ""
    vat_compensation: bool = False
    is_default: bool = False
