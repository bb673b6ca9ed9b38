"""The demo, backup, checks of a set-up, and what the law asks a public site to say of itself."""
