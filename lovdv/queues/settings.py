"""The municipality's rules about queues, typed."""

from collections.abc import Mapping

from lovdv.placements.settings import whole, word, words


def offer_days(choice_system_id: int) -> int:
    return whole(choice_system_id, "queue", "offer_days")


def ahead_days(choice_system_id: int) -> int:
    """How far ahead an offered place may begin."""
    return whole(choice_system_id, "queue", "ahead_days")


def lapse(choice_system_id: int) -> str:
    """The place in line after a no or no answer: keep or last."""
    return word(choice_system_id, "queue", "lapse")


def decline_reasons(choice_system_id: int) -> Mapping[str, str]:
    return words(choice_system_id, "queue", "decline_reasons")


def pass_reasons(choice_system_id: int) -> Mapping[str, str]:
    return words(choice_system_id, "queue", "pass_reasons")
