"""`python -m tests.baseline_runs`: draw the pictures anew. Look at each before it is committed."""

from tests.test_run_plots import BASELINES, DRAWN_WITH, PICTURES, release, written

for name in PICTURES:
    written(name, BASELINES / f"{name}.png")
DRAWN_WITH.write_text(f"{release()}\n")
