//! Officers of the local system: accounts in its user pool, with which somebody signs in to the desk.

use anyhow::Result;
use kemala_domain::AgencyCode;
use serde_json::json;

use super::state::Local;
use crate::aws::SignedHttp;

/// What somebody types to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The account's name.
    pub name: String,
    /// Its password, the same for all local officers; it is worth nothing elsewhere.
    pub password: String,
}

impl Local {
    /// An officer who acts for these bodies; made where there is none.
    ///
    /// # Errors
    /// Where the user pool refuses.
    pub async fn officer(&self, http: &SignedHttp, agencies: &[AgencyCode]) -> Result<Login> {
        let codes: Vec<&str> = agencies.iter().map(AgencyCode::as_str).collect();
        let login = Login {
            name: format!("petugas-{}", codes.join("-").to_lowercase()),
            password: self.officers_password.clone(),
        };
        let pool = self.output("DeskUserPoolId")?;
        let call = async |operation: &str, more: serde_json::Value| {
            let mut input = json!({ "UserPoolId": pool, "Username": login.name });
            input
                .as_object_mut()
                .into_iter()
                .zip(more.as_object())
                .for_each(|(input, more)| input.extend(more.clone()));
            http.operation("cognito-idp", &format!("AWSCognitoIdentityProviderService.{operation}"), &input).await
        };
        let agency = json!([{ "Name": "custom:agency", "Value": codes.join(" ") }]);
        if call("AdminGetUser", json!({})).await.is_err() {
            call("AdminCreateUser", json!({ "UserAttributes": agency, "MessageAction": "SUPPRESS" })).await?;
        }
        call("AdminSetUserPassword", json!({ "Password": login.password, "Permanent": true })).await?;
        Ok(login)
    }
}
