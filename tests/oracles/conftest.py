"""Decides whether the tests that need the published descriptions are collected; it holds no test."""

from __future__ import annotations

import warnings

from tests.oracles.descriptions import given_folder

# Without the descriptions there is nothing to judge by: these files are then no tests, rather than skipped ones.
collect_ignore_glob = [] if given_folder() else ["test_*_description.py"]

if given_folder():
    with warnings.catch_warnings():
        # discord.py 2.7 imports audioop, which Python 3.11 and 3.12 warn of; here every warning is an error.
        warnings.simplefilter("ignore", DeprecationWarning)
        import discord  # noqa: F401
