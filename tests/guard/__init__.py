"""A guard: nothing under the engine touches another random source, a clock, an address or the order of a set."""
