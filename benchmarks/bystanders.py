"""What bystanders cost: belgrade_2015 alone and among 200 States that take no part, interleaved, worlds compiled."""

from __future__ import annotations

from common import in_turn, spread, variants

from tests.laws.scale import BYSTANDERS, among_bystanders

ROUNDS, REPLICATIONS = 25, 60


def main() -> None:
    """Print the median ratio of paired rounds, with quartiles."""
    with variants([(among_bystanders(n).data, "both") for n in (0, BYSTANDERS)]) as both:
        print(f"compiling both worlds: {sum(each.compiled.seconds for each in both):.2f} s of CPU")
        ratios = [crowded / alone for alone, crowded in in_turn(both, REPLICATIONS, ROUNDS)]
    print(f"{BYSTANDERS} bystanders / none: {spread(ratios)}, {ROUNDS} pairs")


if __name__ == "__main__":
    main()
