"""Every parser of ours under texts that nobody would write: what holds for each of them, whatever it is given.

`registry` holds what a target is, the `*_targets` modules the targets, `targets` collects them. `tests/fuzzing/test_fuzzing.py` runs them
with hypothesis, `scripts/fuzz.py` with a fuzzer that is guided by coverage.
"""
