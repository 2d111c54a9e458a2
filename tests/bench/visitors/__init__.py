"""Visitors without a browser: each speaks the protocol its server speaks, as far as it takes to have the charts.

A crowd of them is one process, run by the environment of the contender:

    python -m tests.bench.visitors KIND PAGE COUNT SECONDS

It prints what the visitors met as one line of JSON, stays until its input ends, then leaves as a closed
tab would, and ends.
"""
