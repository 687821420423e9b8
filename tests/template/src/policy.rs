//! The policy that the transformed template keeps: who may do what, and what is open to everybody.
//!
//! [`objections`] is tried on the template as it is, for every pack, and on templates in which one thing is made wider.

use serde_json::{Map, Value, json};

use crate::transformed::{Transformed, items, packs, text};

/// Functions that everybody may call; each looks for itself who calls, or shows what everybody may see.
const PUBLIC_FUNCTIONS: [&str; 3] = ["WebhookIntake", "Open311", "PublicBoard"];
/// The route that everybody may call: a browser cannot sign for IAM, so the desk signs officers in by itself.
const PUBLIC_ROUTE: &str = "DeskApiRoute";
/// Types that give permissions in ways that are not looked at here, so there are none.
const REFUSED_TYPES: [&str; 5] =
    ["AWS::IAM::AccessKey", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::User", "AWS::IAM::UserPolicy"];
const QUEUES: &str = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:kemala-${Stage}-${Pack}-skpd-";
const API: &str = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AgencyApi}/$default/";

/// What a template allows beyond the policy, each as a sentence.
fn objections(template: &Transformed) -> Vec<String> {
    let mut found = Vec::new();
    for (id, resource) in template.0["Resources"].as_object().unwrap() {
        let kind = resource["Type"].as_str().unwrap_or_default();
        let properties = &resource["Properties"];
        if REFUSED_TYPES.contains(&kind) {
            found.push(format!("{id}: {kind} is not used here"));
        }
        match kind {
            "AWS::IAM::Role" => role(template, id, properties, &mut found),
            "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" => {
                let traced = resource["Condition"] == "IsTraced";
                grants(template, id, &properties["PolicyDocument"], traced, &mut found);
            }
            "AWS::Lambda::Function" if text(&properties["Role"]) != format!("${{{id}Role.Arn}}") => {
                found.push(format!("{id} has not a role of its own"));
            }
            "AWS::Lambda::Url" => {
                let function = text(&properties["TargetFunctionArn"]);
                if properties["AuthType"] != "AWS_IAM" && !is_public(&function) {
                    found.push(format!("{id} is open to everybody"));
                }
            }
            "AWS::Lambda::Permission" => may_invoke(id, properties, &mut found),
            "AWS::ApiGatewayV2::Route" if properties["AuthorizationType"] != "AWS_IAM" && id != PUBLIC_ROUTE => {
                found.push(format!("{id} is open to everybody"));
            }
            _ => {}
        }
        open_statements(id, properties, &mut found);
    }
    found
}

fn is_public(function: &str) -> bool {
    PUBLIC_FUNCTIONS.iter().any(|public| function == format!("${{{public}}}"))
}

fn role(template: &Transformed, id: &str, properties: &Value, found: &mut Vec<String>) {
    if !items(&properties["ManagedPolicyArns"]).is_empty() {
        found.push(format!("{id} has a managed policy"));
    }
    for policy in items(&properties["Policies"]) {
        grants(template, id, &policy["PolicyDocument"], false, found);
    }
    for statement in items(&properties["AssumeRolePolicyDocument"]["Statement"]) {
        if statement["Action"] != "sts:AssumeRole" || !trust_is_narrow(id, statement) {
            found.push(format!("{id} trusts {statement}"));
        }
    }
}

/// Services in roles of ours; in an agency's role an account, and in it who is named, with the external id.
fn trust_is_narrow(id: &str, statement: &Value) -> bool {
    let Some(principal) = statement["Principal"].as_object().filter(|principal| principal.len() == 1) else {
        return false;
    };
    let conditions = &statement["Condition"];
    match id.strip_prefix("PollingRole") {
        None if id == "SchedulerRole" => {
            principal.get("Service") == Some(&json!("scheduler.amazonaws.com"))
                && text(&conditions["StringEquals"]["aws:SourceAccount"]) == "${AWS::AccountId}"
        }
        None => principal.get("Service") == Some(&json!("lambda.amazonaws.com")),
        Some(code) => {
            let account = principal.get("AWS").map(Value::to_string).unwrap_or_default();
            let who = conditions["ArnLike"]["aws:PrincipalArn"].to_string();
            account.contains(":iam::${Account}:root")
                && who.contains("Pollers")
                && who.contains(code)
                && text(&conditions["StringEquals"]["sts:ExternalId"])
                    == format!("kemala-${{Stage}}-${{Pack}}-skpd-{code}")
        }
    }
}

fn grants(template: &Transformed, id: &str, document: &Value, traced: bool, found: &mut Vec<String>) {
    for statement in items(&document["Statement"]) {
        let (actions, resources) = (items(&statement["Action"]), items(&statement["Resource"]));
        if actions.is_empty() || resources.is_empty() {
            found.push(format!("{id} does not say what on what: {statement}"));
        }
        if statement["Effect"] == "Deny" {
            continue;
        }
        for action in actions.iter().map(text).filter(|action| action.contains(['*', '?', '{'])) {
            found.push(format!("{id} may {action}"));
        }
        let xray =
            |action: &Value| matches!(action.as_str(), Some("xray:PutTraceSegments" | "xray:PutTelemetryRecords"));
        let may_be_all = traced && actions.iter().all(xray);
        for resource in resources {
            let named = (may_be_all && resource == "*") || is_named(template, id, resource);
            if !named {
                found.push(format!("{id} may {} on {}", statement["Action"], text(resource)));
            }
        }
    }
}

/// Whether a resource is one of ours, or one of the few patterns.
fn is_named(template: &Transformed, role: &str, resource: &Value) -> bool {
    // A topic of ours or one that the deployment names.
    if let Some([_, Value::Object(_), Value::Object(_)]) = resource["Fn::If"].as_array().map(Vec::as_slice) {
        let both = resource["Fn::If"].as_array().unwrap();
        return both[1..].iter().map(text).all(|name| name.starts_with("${") && !name.contains('*'));
    }
    let resource = text(resource);
    if let Some(code) = role.strip_prefix("PollingRole") {
        let own = [
            format!("{QUEUES}{code}.fifo"),
            format!("{API}GET/agencies/{code}/*"),
            format!("{API}POST/agencies/{code}/*"),
        ];
        return own.contains(&resource);
    }
    if resource == format!("{QUEUES}*.fifo") || resource == "${Table.Arn}/stream/*" {
        return true;
    }
    if let Some(index) = resource.strip_prefix("${Table.Arn}/index/") {
        let indexes = items(&template.properties("Table")["GlobalSecondaryIndexes"]);
        return indexes.iter().any(|known| known["IndexName"] == index);
    }
    let exact = resource.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let id = exact.and_then(|exact| exact.split('.').next()).unwrap_or_default();
    template.0["Resources"].get(id).is_some()
}

fn may_invoke(id: &str, properties: &Value, found: &mut Vec<String>) {
    let function = text(&properties["FunctionName"]);
    let by_url = properties["FunctionUrlAuthType"] == "NONE" || properties["InvokedViaFunctionUrl"] == true;
    let fine = match properties["Principal"].as_str() {
        Some("*") => by_url && is_public(&function),
        Some(service) => service.ends_with(".amazonaws.com") && !properties["SourceArn"].is_null(),
        None => false,
    };
    if !fine {
        found.push(format!("{id} lets anybody call {function}"));
    }
}

/// Resource policies, wherever they stand: nobody is allowed anything as everybody.
fn open_statements(id: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            let open = |principal: &Value| match principal {
                Value::String(all) => all == "*",
                Value::Object(kinds) => kinds.values().flat_map(items).any(|one| one == "*"),
                _ => false,
            };
            let allows = object.get("Effect") == Some(&json!("Allow"));
            if allows && (object.get("Principal").is_some_and(open) || object.contains_key("NotPrincipal")) {
                found.push(format!("{id} allows everybody {}", object["Action"]));
            }
            object.values().for_each(|value| open_statements(id, value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| open_statements(id, value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_pack_s_template_keeps_the_policy() {
    for (pack, template) in packs().await {
        assert_eq!(objections(template), [""; 0], "{pack}");
    }
}

/// A change of one resource's properties, if it applies to them.
type Widening = (&'static str, fn(&mut Map<String, Value>) -> Option<()>);

fn first_statement(properties: &mut Map<String, Value>) -> Option<&mut Value> {
    properties.get_mut("Policies")?.pointer_mut("/0/PolicyDocument/Statement/0")
}

const WIDENINGS: [Widening; 12] = [
    ("any action", |role| {
        first_statement(role)?["Action"] = json!("*");
        Some(())
    }),
    ("any action of a service", |role| {
        first_statement(role)?["Action"] = json!(["dynamodb:*"]);
        Some(())
    }),
    ("any action but one", |role| {
        let statement = first_statement(role)?.as_object_mut()?;
        statement.remove("Action");
        statement.insert("NotAction".to_owned(), json!("iam:PassRole"));
        Some(())
    }),
    ("any resource", |role| {
        first_statement(role)?["Resource"] = json!("*");
        Some(())
    }),
    ("any resource of a type", |role| {
        first_statement(role)?["Resource"] = json!({"Fn::Sub": "arn:${AWS::Partition}:sqs:*:*:*"});
        Some(())
    }),
    ("a managed policy", |role| {
        role.get("AssumeRolePolicyDocument")?;
        role.insert("ManagedPolicyArns".to_owned(), json!(["arn:aws:iam::aws:policy/ReadOnlyAccess"]));
        Some(())
    }),
    ("anybody's role", |role| {
        role.get_mut("AssumeRolePolicyDocument")?["Statement"][0]["Principal"] = json!("*");
        Some(())
    }),
    ("a role for any account", |role| {
        role.get_mut("AssumeRolePolicyDocument")?["Statement"][0]["Principal"] = json!({"AWS": "*"});
        Some(())
    }),
    ("a role without conditions, which those of agencies have", |role| {
        let statement = role.get_mut("AssumeRolePolicyDocument")?["Statement"][0].as_object_mut()?;
        statement.remove("Condition").map(drop)
    }),
    ("an open queue", |policy| {
        policy.get("Queues")?;
        policy.get_mut("PolicyDocument")?["Statement"][0]["Effect"] = json!("Allow");
        Some(())
    }),
    ("an open route", |route| {
        (route.get("AuthorizationType")? == "AWS_IAM").then_some(())?;
        route.insert("AuthorizationType".to_owned(), json!("NONE")).map(drop)
    }),
    ("another function's role", |function| {
        function.get("Handler")?;
        function.insert("Role".to_owned(), json!({"Fn::GetAtt": ["SlaEscalationRole2", "Arn"]})).map(drop)
    }),
];

#[tokio::test]
async fn whatever_is_made_wider_is_objected_to() {
    let whole = packs().await.values().next().unwrap();
    // One agency stands for all, which are made by one loop.
    let mut template = whole.clone();
    let resources = template.0["Resources"].as_object_mut().unwrap();
    resources.retain(|id, _| {
        let of_an_agency = ["AgencyQueue", "AgencyTlsOnly", "PollingRole"].iter().any(|name| id.starts_with(name));
        !of_an_agency || id.ends_with("TRIAGE")
    });
    let ids: Vec<String> = resources.keys().cloned().collect();
    assert_eq!(objections(&template), [""; 0]);
    let mut tried = 0;
    for (name, widen) in WIDENINGS {
        let before = tried;
        for id in &ids {
            let mut wider = template.clone();
            let properties = wider.0["Resources"][id]["Properties"].as_object_mut();
            if properties.and_then(widen).is_some() {
                assert!(!objections(&wider).is_empty(), "{name} in {id} passes");
                tried += 1;
            }
        }
        assert!(tried > before, "{name} was tried nowhere");
    }
    for (name, resource) in [
        ("a user", json!({"Type": "AWS::IAM::User"})),
        ("a managed policy of ours", json!({"Type": "AWS::IAM::ManagedPolicy"})),
        (
            "a public address",
            json!({"Type": "AWS::Lambda::Url",
                "Properties": {"AuthType": "NONE", "TargetFunctionArn": {"Ref": "AgencyUpdates"}}}),
        ),
        (
            "a function for everybody",
            json!({"Type": "AWS::Lambda::Permission", "Properties":
                {"FunctionName": {"Ref": "Classification"}, "Principal": "*", "InvokedViaFunctionUrl": true}}),
        ),
        (
            "tracing though it is off",
            json!({"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement":
                [{"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}]}}}),
        ),
    ] {
        let mut wider = template.clone();
        wider.0["Resources"]["Another"] = resource;
        assert!(!objections(&wider).is_empty(), "{name} passes");
        tried += 1;
    }
    println!("{tried} wider templates, each objected to");
}
