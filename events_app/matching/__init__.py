"""Who goes where: problems in, answers out. Pure: imports nothing of the application."""
