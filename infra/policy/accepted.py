"""Findings that are right for a reason, kept in a CSV file with the reason beside each."""

import csv
import fnmatch
import sys


class Accepted:
    """The accepted findings of one check: `what` (its name for the rule), `where` (a pattern), `count`, `why`.

    What is found more often than accepted is a finding, and so is what is accepted and no longer there.
    An empty `count` takes any number, but not none.
    """

    def __init__(self, path):
        with open(path, encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.seen = [0] * len(self.rows)
        for row in self.rows:
            if not row["why"]:
                sys.exit(f"{path}: {row['what']} {row['where']} is accepted without a reason")

    def takes(self, what, where):
        """Whether a finding is accepted; counts it."""
        for number, row in enumerate(self.rows):
            if row["what"] == what and fnmatch.fnmatchcase(where, row["where"]):
                self.seen[number] += 1
                return not row["count"] or self.seen[number] <= int(row["count"])
        return False

    def left_over(self):
        """What is accepted more often than it was found, as lines."""
        for row, seen in zip(self.rows, self.seen):
            if seen < int(row["count"] or 1):
                wanted = row["count"] or "any"
                yield f"{row['what']} {row['where']}: accepted ({wanted}), found {seen}; take it off the list"

    def conclude(self, found, summary):
        """Prints what is found beyond the list, and what is on the list in vain; the exit code."""
        found = [*found, *self.left_over()]
        for line in found:
            print(line)
        print(f"{summary}, {len(found)} findings", file=sys.stderr)
        return 1 if found else 0
