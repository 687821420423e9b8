"""Runs MiniStack, and notes each permission that a role has used: role, action and resource, once, in used.jsonl.

A test compares these with what the template grants. MiniStack keeps no such record itself: its CloudTrail knows
operations, not the actions that they are checked as, and no roles.
"""

import json

from ministack.app import main
from ministack.core import iam_evaluator

SESSION = ":assumed-role/"
decide = iam_evaluator.evaluate
seen = set()
record = open("used.jsonl", "w", buffering=1)


def decide_and_note(context, policies, *limits):
    result = decide(context, policies, *limits)
    if result.decision == "Allow" and SESSION in context.principal_arn:
        role = context.principal_arn.split(SESSION)[1].split("/")[0]
        used = (role, context.action, context.resource_arn)
        if used not in seen:
            seen.add(used)
            print(json.dumps(dict(zip(("role", "action", "resource"), used))), file=record)
    return result


iam_evaluator.evaluate = decide_and_note
main()
