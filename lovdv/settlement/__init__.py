"""What each provider is to have: invoices, payouts, internal orders, claims."""
