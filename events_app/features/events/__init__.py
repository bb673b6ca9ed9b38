"""Events, sessions, venues, the public agenda."""
