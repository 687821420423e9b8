//! Who may do what. A change of a role is a change of this snapshot.

use std::collections::BTreeSet;

use yaml_serde::Value;

use crate::template::{Resource, items, resources, text};

/// `actions on resources` for each statement of a role's policies.
fn statements(role: &Resource) -> Vec<Value> {
    let policies = items(&role.get("Policies"));
    policies.iter().flat_map(|policy| items(&policy["PolicyDocument"]["Statement"])).collect()
}

#[test]
fn each_role_may_do_exactly_this() {
    let mut lines = String::new();
    for role in resources("AWS::IAM::Role") {
        lines += &format!("{}\n", role.id);
        for statement in statements(&role) {
            let denied = if text(&statement["Effect"]) == "Deny" { "never " } else { "" };
            lines += &format!("  {denied}{}\n", text(&statement["Action"]));
            for resource in items(&statement["Resource"]) {
                let only = text(&statement["Condition"]);
                let only = if only.is_empty() { only } else { format!(" where {only}") };
                lines += &format!("    on {}{only}\n", text(&resource));
            }
        }
    }
    insta::assert_snapshot!(lines, @"
    PollingRole${Code}
      sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility, sqs:GetQueueAttributes, sqs:GetQueueUrl
        on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:kemala-${Stage}-${Pack}-skpd-${Code}.fifo
      execute-api:Invoke
        on arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AgencyApi}/$default/GET/agencies/${Code}/*
        on arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AgencyApi}/$default/POST/agencies/${Code}/*
    WebhookIntakeRole
      logs:CreateLogStream, logs:PutLogEvents
        on WebhookIntakeLog.Arn
      secretsmanager:GetSecretValue
        on XSecret.Id
      sqs:SendMessage, sqs:SendMessageBatch
        on ReportsQueue.Arn
        on QuarantineQueue.Arn
    ClassificationRole
      logs:CreateLogStream, logs:PutLogEvents
        on ClassificationLog.Arn
      sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes
        on ReportsQueue.Arn
      sqs:SendMessage
        on QuarantineQueue.Arn
      dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:DeleteItem
        on Table.Arn
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
    SkpdFanoutRole
      logs:CreateLogStream, logs:PutLogEvents
        on SkpdFanoutLog.Arn
      dynamodb:DescribeStream, dynamodb:GetRecords, dynamodb:GetShardIterator
        on Table.StreamArn
      dynamodb:ListStreams
        on ${Table.Arn}/stream/*
      dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem
        on Table.Arn
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
      sqs:SendMessage
        on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:kemala-${Stage}-${Pack}-skpd-*.fifo
        on RepliesQueue.Arn
        on FailedInvocations.Arn
      sns:Publish
        on !If(OwnPeopleTopic, PeopleTopic, PeopleTopicArn)
    SlaEscalationRole
      logs:CreateLogStream, logs:PutLogEvents
        on SlaEscalationLog.Arn
      dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
      dynamodb:Query
        on ${Table.Arn}/index/due
        on ${Table.Arn}/index/undelivered
        on ${Table.Arn}/index/agency
      sqs:SendMessage
        on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:kemala-${Stage}-${Pack}-skpd-*.fifo
        on RepliesQueue.Arn
        on FailedInvocations.Arn
      sns:Publish
        on !If(OwnPeopleTopic, PeopleTopic, PeopleTopicArn)
    SchedulerRole
      lambda:InvokeFunction
        on SlaEscalation.Arn
        on SearchPoll.Arn
      sqs:SendMessage
        on FailedInvocations.Arn
    CitizenReplyRole
      logs:CreateLogStream, logs:PutLogEvents
        on CitizenReplyLog.Arn
      sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes
        on RepliesQueue.Arn
      secretsmanager:GetSecretValue
        on XAccountSecret.Id
      dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem
        on Table.Arn
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
    SearchPollRole
      logs:CreateLogStream, logs:PutLogEvents
        on SearchPollLog.Arn
      secretsmanager:GetSecretValue
        on XAccountSecret.Id
      sqs:SendMessage, sqs:SendMessageBatch
        on ReportsQueue.Arn
        on QuarantineQueue.Arn
      sqs:SendMessage
        on FailedInvocations.Arn
      dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem
        on Table.Arn
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
      dynamodb:Query
        on ${Table.Arn}/index/due
    Open311Role
      logs:CreateLogStream, logs:PutLogEvents
        on Open311Log.Arn
      secretsmanager:GetSecretValue
        on Open311Keys.Id
      sqs:SendMessage, sqs:SendMessageBatch
        on ReportsQueue.Arn
      dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query
        on Table.Arn where ForAllValues:StringLike: dynamodb:LeadingKeys: TICKET#*, POST#*, PACK#*
      dynamodb:Query
        on ${Table.Arn}/index/opened
    PublicBoardRole
      logs:CreateLogStream, logs:PutLogEvents
        on PublicBoardLog.Arn
      dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query
        on Table.Arn where ForAllValues:StringLike: dynamodb:LeadingKeys: BOARD#*, TICKET#*
      dynamodb:Query
        on ${Table.Arn}/index/opened
    AgencyUpdatesRole
      logs:CreateLogStream, logs:PutLogEvents
        on AgencyUpdatesLog.Arn
      dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:DeleteItem
        on Table.Arn
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
      dynamodb:Query
        on ${Table.Arn}/index/agency
    SkpdDeskRole
      logs:CreateLogStream, logs:PutLogEvents
        on SkpdDeskLog.Arn
      secretsmanager:GetSecretValue
        on DeskSessionSecret.Id
      dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query, dynamodb:PutItem
        on Table.Arn
      dynamodb:DeleteItem
        on Table.Arn where ForAllValues:StringLike: dynamodb:LeadingKeys: TICKET#*
      never dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem
        on Table.Arn where ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*
      dynamodb:Query
        on ${Table.Arn}/index/agency
        on ${Table.Arn}/index/escalated
    ");
}

#[test]
fn each_role_trusts_exactly_this() {
    let trust = |role: &Resource| {
        let document = role.get("AssumeRolePolicyDocument");
        let statement = &document["Statement"][0];
        let who = [text(&statement["Principal"]), text(&statement["Condition"])];
        format!("{}: {}", role.id, who.join("; ").trim_end_matches("; "))
    };
    let lines: Vec<_> = resources("AWS::IAM::Role").iter().map(trust).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    PollingRole${Code}: AWS: arn:${AWS::Partition}:iam::${Account}:root, Account: !Select(4, !Split(:, !FindInMap(Pollers, ${Stage}-${Pack}, Code, DefaultValue: arn:${AWS::Partition}:iam::${AWS::AccountId}:*))); StringEquals: sts:ExternalId: kemala-${Stage}-${Pack}-skpd-${Code}, ArnLike: aws:PrincipalArn: !FindInMap(Pollers, ${Stage}-${Pack}, Code, DefaultValue: arn:${AWS::Partition}:iam::${AWS::AccountId}:*)
    WebhookIntakeRole: Service: lambda.amazonaws.com
    ClassificationRole: Service: lambda.amazonaws.com
    SkpdFanoutRole: Service: lambda.amazonaws.com
    SlaEscalationRole: Service: lambda.amazonaws.com
    SchedulerRole: Service: scheduler.amazonaws.com; StringEquals: aws:SourceAccount: AWS::AccountId
    CitizenReplyRole: Service: lambda.amazonaws.com
    SearchPollRole: Service: lambda.amazonaws.com
    Open311Role: Service: lambda.amazonaws.com
    PublicBoardRole: Service: lambda.amazonaws.com
    AgencyUpdatesRole: Service: lambda.amazonaws.com
    SkpdDeskRole: Service: lambda.amazonaws.com
    ");
}

#[test]
fn no_permission_is_a_wildcard() {
    for role in resources("AWS::IAM::Role") {
        assert!(role.get("ManagedPolicyArns").is_null(), "{}: a managed policy allows more than we use", role.id);
        for statement in statements(&role) {
            for action in items(&statement["Action"]) {
                assert!(!text(&action).contains('*'), "{}: {}", role.id, text(&action));
            }
            for resource in items(&statement["Resource"]) {
                assert_ne!(text(&resource), "*", "{}: {}", role.id, text(&statement["Action"]));
            }
        }
    }
}

#[test]
fn who_may_write_rows_may_not_write_rules() {
    for role in resources("AWS::IAM::Role") {
        let writes = |statement: &Value| {
            let actions = items(&statement["Action"]);
            actions
                .iter()
                .map(text)
                .filter(|action| {
                    matches!(action.as_str(), "dynamodb:PutItem" | "dynamodb:UpdateItem" | "dynamodb:DeleteItem")
                })
                .collect::<BTreeSet<_>>()
        };
        let (denials, grants): (Vec<_>, Vec<_>) =
            statements(&role).into_iter().partition(|statement| text(&statement["Effect"]) == "Deny");
        let granted: BTreeSet<_> = grants.iter().flat_map(writes).collect();
        let is_of_packs = |denial: &&Value| {
            text(&denial["Condition"]) == "ForAnyValue:StringLike: dynamodb:LeadingKeys: PACK#*"
                && text(&denial["Resource"]) == "Table.Arn"
        };
        let denied: BTreeSet<_> = denials.iter().filter(is_of_packs).flat_map(writes).collect();
        assert!(granted.is_subset(&denied), "{} may write overrides", role.id);
    }
}

#[test]
fn only_the_webhook_and_pages_are_public() {
    let public: Vec<_> = resources("AWS::Serverless::Function")
        .into_iter()
        .filter(|function| !function.get("FunctionUrlConfig").is_null())
        .map(|function| format!("{}: {}", function.id, function.text("FunctionUrlConfig/AuthType")))
        .collect();
    assert_eq!(public, ["WebhookIntake: NONE", "Open311: NONE", "PublicBoard: NONE"]);
    for route in resources("AWS::ApiGatewayV2::Route") {
        // The desk signs officers in by itself: a browser cannot sign for IAM.
        let expected = if route.id == "DeskApiRoute" { "NONE" } else { "AWS_IAM" };
        assert_eq!(route.text("AuthorizationType"), expected, "{}", route.id);
    }
}

#[test]
fn every_queue_refuses_plain_http() {
    let covered: Vec<_> =
        resources("AWS::SQS::QueuePolicy").iter().flat_map(|policy| items(&policy.get("Queues"))).collect();
    let covered: Vec<_> = covered.iter().map(text).collect();
    for queue in resources("AWS::SQS::Queue") {
        let by_name = |name: &String| *name == queue.id || *name == format!("Ref: {}", queue.id);
        assert!(covered.iter().any(by_name), "{} has no policy", queue.id);
        assert_eq!(queue.text("SqsManagedSseEnabled"), "true", "{}", queue.id);
    }
}
