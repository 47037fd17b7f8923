"""The words in which results are told, the same for all outputs."""
