"""Experiments, events and sweeps as they are recorded."""
