"""The command line: parse, call, print. A command group a file; heavy parts are imported by the command that needs them."""

from simcrisis.cli.app import main

__all__ = ["main"]
