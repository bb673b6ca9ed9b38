"""Speed-dating and table rounds."""
