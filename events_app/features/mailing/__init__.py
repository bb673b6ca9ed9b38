"""What is written to people, and the outbox."""
