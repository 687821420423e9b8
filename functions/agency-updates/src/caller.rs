//! Who calls. API Gateway has checked the signature and the role's policy; here the role's name is compared with the
//! path once more, so that a policy that is too wide opens nothing.

use kemala_domain::AgencyCode;
use kemala_runtime::request::Request;

use kemala_messages::agency_api::Problem;

use crate::problem;

/// Checks that the caller has the agency's own role.
///
/// # Errors
/// 403 for anybody else.
pub fn check(request: &Request, role_prefix: &str, agency: &AgencyCode) -> Result<(), Problem> {
    let role = user_arn(request).and_then(role_of).ok_or_else(problem::not_yours)?;
    if role.strip_prefix(role_prefix) == Some(agency.as_str()) { Ok(()) } else { Err(problem::not_yours()) }
}

fn user_arn(request: &Request) -> Option<&str> {
    request.request_context.authorizer.as_ref()?.iam.as_ref()?.user_arn.as_deref()
}

/// Name of the role in `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
fn role_of(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let service = parts.by_ref().nth(2)?;
    let resource = parts.nth(2)?;
    let mut names = resource.split('/');
    match (service, names.next()?) {
        ("sts", "assumed-role") => names.next(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_assumed_role_has_a_name() {
        let role = role_of("arn:aws:sts::000000000000:assumed-role/kemala-dev-jateng-skpd-DINKES/poll");
        assert_eq!(role, Some("kemala-dev-jateng-skpd-DINKES"));
        for arn in [
            "",
            "arn:aws:iam::000000000000:root",
            "arn:aws:iam::000000000000:user/kemala-dev-jateng-skpd-DINKES",
            "arn:aws:iam::000000000000:role/kemala-dev-jateng-skpd-DINKES",
            "arn:aws:sts::000000000000:assumed-role",
        ] {
            assert_eq!(role_of(arn), None, "{arn}");
        }
    }

    #[test]
    fn nobody_is_refused() {
        assert_eq!(
            check(&Request::default(), "kemala-dev-jateng-skpd-", &"DINKES".parse().unwrap()).unwrap_err().status,
            403
        );
    }
}
