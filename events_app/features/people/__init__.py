"""Communes, consent, retention and erasure."""
