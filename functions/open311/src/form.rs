//! The fields of a POST, as a form has them.

use std::borrow::Cow;

use kemala_runtime::request::{Request, only_header, raw_body};

use crate::refusal::Refusal;

/// Largest body that is taken: a description of 4,000 characters has at most 48,000 bytes when it is encoded.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What was sent. Personal data: never logged.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 400 for what is no form, 413 for what is too large.
    pub fn of(request: &Request) -> Result<Self, Refusal> {
        let kind = only_header(request, "content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::bad("send a form: Content-Type: application/x-www-form-urlencoded; charset=utf-8"));
        }
        let body = raw_body(request).ok_or_else(|| Refusal::bad("the body is not the base64 that it is said to be"))?;
        if body.len() > MAX_BODY_BYTES {
            return Err(Refusal::too_large(format!("a body has at most {MAX_BODY_BYTES} bytes")));
        }
        let owned = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned());
        Ok(Self(form_urlencoded::parse(&body).map(owned).collect()))
    }

    /// A field that may be given once, without spaces around it; one that is empty counts as not given.
    ///
    /// # Errors
    /// 400 where it is given again.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(of, _)| of == name).map(|(_, value)| value.trim());
        let mut values = values.by_ref().filter(|value| !value.is_empty());
        let first = values.next();
        if values.next().is_some() {
            return Err(Refusal::bad(format!("{name}: give it once")));
        }
        Ok(first)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A form as Lambda hands it over.
    pub fn posted(body: &str) -> Request {
        let mut request = Request::default();
        request.headers.insert("content-type", "application/x-www-form-urlencoded; charset=utf-8".parse().unwrap());
        request.body = Some(body.to_owned());
        request
    }

    #[test]
    fn fields_are_given_once() {
        let form = Form::of(&posted("a=+1%20&b=&c=2&c=3&d=&d=4")).map_err(|refusal| refusal.status).ok().unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("d")), (Ok(Some("1")), Ok(None), Ok(Some("4"))));
        assert_eq!(form.get("c").unwrap_err().status, 400);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let status = |request: &Request| Form::of(request).err().map(|refusal| refusal.status);
        assert_eq!(status(&Request::default()), Some(400));
        let mut broken = posted("?");
        broken.is_base64_encoded = true;
        assert_eq!(status(&broken), Some(400));
        assert_eq!(status(&posted(&"x".repeat(MAX_BODY_BYTES))), None);
        assert_eq!(status(&posted(&"x".repeat(MAX_BODY_BYTES + 1))), Some(413));
    }
}
