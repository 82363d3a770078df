"""The command line: parse, call, print. A command group a file; a command imports what is heavy itself."""

from simcrisis.cli.app import main

__all__ = ["main"]
