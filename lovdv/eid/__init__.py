"""Signing in with e-identification, from providers that speak OpenID Connect."""
