"""Series: meetings of one group of communes or structures, and who was represented at each."""
