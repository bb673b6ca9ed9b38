"""Counting who comes and goes where nobody registers: sites, gates, two buttons, figures by hour."""
