"""What a change would cost, the budget, and last year's payments run again."""
