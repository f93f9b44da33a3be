"""Letters and reminders in the person's own way of reading."""
