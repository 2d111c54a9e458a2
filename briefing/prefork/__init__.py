"""Kernels that are forked."""
