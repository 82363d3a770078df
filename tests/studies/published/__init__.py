"""Published results as small studies: each module states one in words and numbers, and measures whether it shows here.

A module holds what was expected, and the statistic by which it is judged, as they were committed before any result was
looked at; its `why` was written when the result was known. `python -m tests.studies.published NAME` measures one again.
"""
