"""The rule sets that ship, one JSON file each: published facts and stated guesses."""

import json
from importlib.resources import files

from payments.reading import read_rules
from payments.rules import RuleSet

NAMES = ("goteborg-2023", "tyreso-2020")


def shipped(name: str) -> RuleSet:
    """A shipped rule set by name.

    >>> shipped("tyreso-2020").basis, shipped("goteborg-2023").basis
    ('day', 'month')
    """
    text = (files(__name__) / f"{name}.json").read_text("utf-8")
    return read_rules(json.loads(text))
