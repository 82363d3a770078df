"""Prints what runs of shipped scenarios come to: a JSON object of a digest a run.

What is asked for is one JSON object: names, replications, every_arm; order (of sets; null: as they are), packages
(which are imported so) and instead (module, text, other text: what is replaced in the source).
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256

from tests.guard import sets

if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    sets.use(asked["order"], asked["packages"], asked["instead"])
    from tests.guard.runs import logs  # now that the project is imported as asked

    told = (each for name in asked["names"] for each in logs(name, asked["replications"], every_arm=asked["every_arm"]))
    digests = {run: sha256(repr(log).encode()).hexdigest() for run, log in told}
    json.dump(digests, sys.stdout)
