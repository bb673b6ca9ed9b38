"""One module per sub-command of `convive`."""
