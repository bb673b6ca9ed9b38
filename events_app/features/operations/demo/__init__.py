"""The demo territory: ten events on dates around today, and invented people of the real communes."""
