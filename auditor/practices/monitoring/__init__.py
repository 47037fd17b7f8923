"""Watching the deployed application: drift, metrics, and the performance of the model."""
