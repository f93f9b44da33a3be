"""Published rules on habiliteringsersättning, to begin from and to test against.

Their limits in minutes are assumed, for they are not printed; the rates are.
"""

from collections.abc import Mapping
from types import MappingProxyType

from payments.allowance_rules import AllowanceRules, read_allowance

_COMMON: Mapping[str, object] = MappingProxyType(
    {
        "rounding": "1",
        "counted": ["attended", "extra"],
        "payer": {"extern": "municipality", "intern": "municipality"},
    }
)
_BY_DAY: Mapping[str, object] = MappingProxyType(
    {**_COMMON, "full_from": "240", "half_from": "60"}
)

PRESETS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "goteborg-2020": {
            **_BY_DAY,
            "name": "Göteborg 2020",
            "source": "Göteborg 2020, procent av prisbasbeloppet",
            "first_day": "2020-01-01",
            "kind": "base_amount",
            "full": "0.24",
            "half": "0.168",
        },
        "kristianstad-2018": {
            **_BY_DAY,
            "name": "Kristianstad 2018",
            "source": "Kristianstad 2018, fasta belopp",
            "first_day": "2018-01-01",
            "kind": "fixed",
            "full": "54",
            "half": "39",
        },
        "sollentuna": {
            **_COMMON,
            "name": "Sollentuna",
            "source": "Sollentuna, per närvarotimme",
            "first_day": "2018-01-01",
            "kind": "hour",
            "hour": "8",
            "hours": "whole",
            "least": "0",
        },
    }
)


def preset(name: str) -> AllowanceRules:
    decided = {"revision": "1", "decided_at": "2018-01-01T00:00:00+00:00"}
    return read_allowance({**PRESETS[name], **decided})
