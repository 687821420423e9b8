"""Runs MiniStack, and notes in decisions.jsonl what roles were allowed (once) and refused (each time).

Tests compare these with what the template grants. MiniStack keeps no such record itself: its CloudTrail knows
operations, not the actions that they are checked as, and no roles.
"""

import json

from ministack.app import main
from ministack.core import iam_evaluator

SESSION = ":assumed-role/"
evaluate, enforce = iam_evaluator.evaluate, iam_evaluator.enforce
noted = set()
record = open("decisions.jsonl", "w", buffering=1)


def note(principal, action, resource, decision):
    if SESSION in principal:
        line = {"role": principal.split(SESSION)[1].split("/")[0], "action": action, "resource": resource,
                "decision": decision}
        print(json.dumps(line), file=record)


def evaluate_and_note(context, policies, *limits):
    result = evaluate(context, policies, *limits)
    allowed = (context.principal_arn, context.action, context.resource_arn)
    if result.decision == "Allow" and allowed not in noted:
        noted.add(allowed)
        note(*allowed, "allowed")
    return result


def enforce_and_note(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    refusal = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    if isinstance(refusal, iam_evaluator.EvalResult):
        note(refusal.principal_arn, iam_action, resource_arn, "refused")
    return refusal


iam_evaluator.evaluate, iam_evaluator.enforce = evaluate_and_note, enforce_and_note
main()
