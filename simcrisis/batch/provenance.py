"""What a batch is known by elsewhere: a citation, and its folder described as an RO-Crate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from simcrisis.batch.plan import Plan
from simcrisis.batch.work import versions

CRATE = "ro-crate-metadata.json"
CITATION = "citation.txt"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_PROCESS = "https://w3id.org/ro/wfrun/process/0.5"
_SOFTWARE = "#simcrisis"
_ACTION = "#batch"
_KINDS = {"json": "application/json", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}


def crate(plan: Plan, files: Iterable[str]) -> dict[str, Any]:
    """Return the RO-Crate metadata (version 1.1, Process Run Crate) of a batch folder with these files."""
    parts = sorted(files)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {
        "@context": f"{_PROFILE}/context",
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _PROFILE},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": f"simcrisis batch: {plan.scenario.title}",
                "description": plan.citation,
                "datePublished": now,
                "license": "The data may be used under the terms that their maker sets",
                "conformsTo": {"@id": _PROCESS},
                "hasPart": [{"@id": name} for name in parts],
                "mentions": {"@id": _ACTION},
            },
            {"@id": _PROCESS, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
            {
                "@id": _SOFTWARE,
                "@type": "SoftwareApplication",
                "name": "simcrisis",
                "version": versions()["simcrisis"],
                "softwareVersion": versions()["simcrisis"],
                "softwareRequirements": [f"{name} {number}" for name, number in versions().items()],
            },
            {
                "@id": _ACTION,
                "@type": "CreateAction",
                "name": "Simulation of every arm under common luck",
                "description": plan.manifest()["command"],
                "endTime": now,
                "instrument": {"@id": _SOFTWARE},
                "object": [{"@id": "manifest.json"}],
                "result": [{"@id": name} for name in parts if name != "manifest.json"],
                "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
            },
            *(_file(name) for name in parts),
        ],
    }


def _file(name: str) -> dict[str, Any]:
    told = {
        "manifest.json": "Scenario, seed, arms, design points and versions: regenerates everything else",
        "failures.jsonl": "Runs that failed, with what runs them again",
    }
    ending = name.rpartition(".")[2]
    stem = name.rpartition("/")[2].removesuffix(f".{ending}")
    return {
        "@id": name,
        "@type": "File",
        "name": told.get(name, f"Table {stem}; columns in the documentation of simcrisis, docs/tables.md"),
        "encodingFormat": _KINDS.get(ending, "text/plain"),
    }
