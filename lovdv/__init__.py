"""lovdv: choice of provider, need levels and payment for daglig verksamhet."""

from lovdv.app import create_app

__all__ = ["create_app"]
