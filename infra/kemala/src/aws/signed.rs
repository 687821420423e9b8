//! Requests signed with SigV4: for STS, Lambda, Secrets Manager, CloudFormation and the HTTP API, each of which is
//! used for one call or two. A whole SDK crate for each would double the build.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use kemala_domain::AgencyCode;
use reqwest::Method;
use serde_json::{Map, Value};

use super::answer::{Answer, elements, pairs};
use crate::names::Names;
use crate::target::{Keys, Target};

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Account number, 12 digits.
    pub account: String,
    /// The principal's ARN.
    pub arn: String,
}

/// What a stack says of itself, each as key and value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    /// Its outputs.
    pub outputs: Vec<(String, String)>,
    /// Its parameters.
    pub parameters: Vec<(String, String)>,
}

/// A client that signs as the target's principal.
#[derive(Debug, Clone)]
pub struct SignedHttp {
    http: reqwest::Client,
    target: Target,
}

impl SignedHttp {
    /// A client for the target. Each call ends within 30 s.
    pub fn new(target: &Target) -> Result<Self> {
        let http = reqwest::Client::builder();
        // A proxy of the user's environment must not see what is meant for this machine's own emulator.
        let http = if target.is_aws() { http } else { http.no_proxy() };
        let http = http
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(30))
            .build()
            .context("could not set up an HTTP client")?;
        Ok(Self { http, target: target.clone() })
    }

    /// The same client as another principal.
    pub fn with_keys(&self, keys: Keys) -> Self {
        Self { http: self.http.clone(), target: self.target.with_keys(keys) }
    }

    /// Signs and sends one request for the named service; any status is an answer.
    pub async fn call(
        &self,
        service: &str,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer> {
        let identity = self.target.keys.credentials().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.target.region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let request = SignableRequest::new(method.as_str(), url, headers.iter().copied(), SignableBody::Bytes(body))?;
        let (instructions, _) = sign(request, &params)?.into_parts();

        let mut request = self.http.request(method, url).body(body.to_vec());
        for (name, value) in headers.iter().copied().chain(instructions.headers()) {
            request = request.header(name, value);
        }
        let response = request.send().await.with_context(|| format!("could not reach {url}"))?;
        let status = response.status().as_u16();
        let body = response.text().await.with_context(|| format!("the answer of {url} broke off"))?;
        Ok(Answer { status, body })
    }

    /// Calls an operation of a service that speaks JSON, such as `secretsmanager.PutSecretValue`.
    pub async fn operation(&self, service: &str, operation: &str, input: &Value) -> Result<Value> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", operation)];
        let url = format!("{}/", self.target.service(service));
        let body = input.to_string();
        self.call(service, Method::POST, &url, &headers, body.as_bytes()).await?.json(operation)
    }

    /// Calls an operation of a service that takes form fields and answers XML.
    pub async fn query(&self, service: &str, version: &str, action: &str, fields: &[(&str, &str)]) -> Result<String> {
        let fields = [("Action", action), ("Version", version)].into_iter().chain(fields.iter().copied());
        let form = reqwest::Url::parse_with_params("http://form", fields)?;
        let headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let body = form.query().unwrap_or_default().as_bytes();
        let url = format!("{}/", self.target.service(service));
        self.call(service, Method::POST, &url, &headers, body).await?.success(action)
    }

    /// Keys of a session in a role, valid for an hour.
    pub async fn assume_role(&self, role_arn: &str, session: &str, external_id: Option<&str>) -> Result<Keys> {
        let mut fields = vec![("RoleArn", role_arn), ("RoleSessionName", session)];
        fields.extend(external_id.map(|id| ("ExternalId", id)));
        let xml = self.query("sts", "2011-06-15", "AssumeRole", &fields).await?;
        let one = |name| elements(&xml, name).into_iter().next().ok_or_else(|| anyhow!("AssumeRole gave no {name}"));
        Ok(Keys {
            access_key_id: one("AccessKeyId")?,
            secret_access_key: one("SecretAccessKey")?,
            session_token: Some(one("SessionToken")?),
        })
    }

    /// Keys of a session in an agency's role, with which it polls its queue and calls the API.
    pub async fn agency_keys(&self, names: &Names, code: &AgencyCode) -> Result<Keys> {
        let role = names.agency_role(code);
        // The external id is the role's name.
        self.assume_role(&self.target.role_arn(&role), "kemala", Some(&role)).await
    }

    /// Who we are.
    pub async fn caller(&self) -> Result<Caller> {
        let xml = self.query("sts", "2011-06-15", "GetCallerIdentity", &[]).await?;
        let one = |name| elements(&xml, name).into_iter().next().ok_or_else(|| anyhow!("STS told no {name}"));
        Ok(Caller { account: one("Account")?, arn: one("Arn")? })
    }

    /// Outputs of a stack as key and value.
    pub async fn stack_outputs(&self, stack: &str) -> Result<Vec<(String, String)>> {
        Ok(self.stack(stack).await?.outputs)
    }

    /// Outputs and parameters of a stack.
    pub async fn stack(&self, name: &str) -> Result<Stack> {
        let xml = self.query("cloudformation", "2010-05-15", "DescribeStacks", &[("StackName", name)]).await?;
        Ok(Stack { outputs: pairs(&xml, "Output"), parameters: pairs(&xml, "Parameter") })
    }

    /// Invokes a function and waits for what it returns. A function that failed is an error.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value> {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.target.service("lambda"));
        let headers = [("content-type", "application/json")];
        let body = event.to_string();
        let what = format!("invocation of {function}");
        let answer = self.call("lambda", Method::POST, &url, &headers, body.as_bytes()).await?.json(&what)?;
        match answer.get("errorMessage") {
            Some(error) => Err(anyhow!("{what} failed: {error}")),
            None => Ok(answer),
        }
    }

    /// The fields of a secret that is a JSON object; none where nothing was put into it yet.
    pub async fn secret_if_any(&self, name: &str) -> Result<Map<String, Value>> {
        let input = serde_json::json!({ "SecretId": name });
        let target = "secretsmanager.GetSecretValue";
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
        let url = format!("{}/", self.target.service("secretsmanager"));
        let answer = self.call("secretsmanager", Method::POST, &url, &headers, input.to_string().as_bytes()).await?;
        if answer.status == 400 && answer.body.contains("staging label") {
            return Ok(Map::new());
        }
        let answer = answer.json(target)?;
        let text = answer["SecretString"].as_str().unwrap_or("{}");
        // The cause would quote the text.
        serde_json::from_str(text).map_err(|_| anyhow!("the secret {name} is no JSON object"))
    }

    /// Letters and digits that nobody can guess, made by Secrets Manager.
    pub async fn random_password(&self, length: u32) -> Result<String> {
        let input = serde_json::json!({ "PasswordLength": length, "ExcludePunctuation": true });
        let answer = self.operation("secretsmanager", "secretsmanager.GetRandomPassword", &input).await?;
        Ok(answer["RandomPassword"].as_str().context("Secrets Manager made up nothing")?.to_owned())
    }

    /// Replaces the value of a secret.
    pub async fn put_secret(&self, name: &str, value: &Value) -> Result<()> {
        let input = serde_json::json!({"SecretId": name, "SecretString": value.to_string()});
        self.operation("secretsmanager", "secretsmanager.PutSecretValue", &input).await.map(drop)
    }
}
