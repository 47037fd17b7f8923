"""Tests of what is shipped beside the package: documentation, site, tutorial, scripts, action and hook."""
