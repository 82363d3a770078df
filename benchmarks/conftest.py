"""What pytest-benchmark may write into files that are kept: of a machine its cores and processor, no names."""

from __future__ import annotations

from typing import Any

from benchmarks.history import machine


def pytest_benchmark_update_machine_info(config: object, machine_info: dict[str, Any]) -> None:
    """Say no more of the machine than other histories do."""
    kept = {name: machine_info[name] for name in ("python_implementation", "python_version", "system")}
    machine_info.clear()
    machine_info.update(kept, **machine())


def pytest_benchmark_update_json(config: object, output_json: dict[str, Any]) -> None:
    """Leave out the branch, which says nothing when it is gone."""
    for name in ("branch", "project"):
        output_json["commit_info"].pop(name, None)
