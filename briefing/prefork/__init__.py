"""Kernels that are forked."""

from .errors import BadKernelspec, KernelNotStarted, NoZygote, PreforkError, ZygoteGone
from .kernelspec import PROVISIONER, kernelspec, write_kernelspec
from .provisioner import PreforkProvisioner, prestart, shutdown

__all__ = [
    "PROVISIONER",
    "BadKernelspec",
    "KernelNotStarted",
    "NoZygote",
    "PreforkError",
    "PreforkProvisioner",
    "ZygoteGone",
    "kernelspec",
    "prestart",
    "shutdown",
    "write_kernelspec",
]
