//! What a form sends.

use std::borrow::Cow;

use kemala_casework::body;
use kemala_domain::TicketId;
use kemala_messages::agency_api::{Fault, Update};
use kemala_runtime::request::{Request, raw_body};
use serde_json::{Map, Value};

/// Longest form that is read: bulk forms have 50 numbers, texts 500 characters.
const LONGEST: usize = 20_000;
/// Longest key of a form; ours have 22 characters.
const LONGEST_KEY: usize = 64;

/// The fields of a form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a request; one that is no form has no fields.
    pub fn of(request: &Request) -> Self {
        let body = raw_body(request).filter(|body| body.len() <= LONGEST).unwrap_or(Cow::Borrowed(&[]));
        Self(form_urlencoded::parse(&body).into_owned().collect())
    }

    /// The value of a field, without what stands around it; `None` where it is empty or not there.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim())?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// The key under which the form is sent; `None` where it has none that can be kept.
    pub fn key(&self) -> Option<&str> {
        self.get("kunci").filter(|key| key.len() <= LONGEST_KEY && key.bytes().all(|byte| byte.is_ascii_graphic()))
    }

    /// The form as it is shown again after an answer of that status. Only where nobody knows whether it was written it keeps
    /// its key, so that it does nothing twice when it is sent again.
    pub fn shown_again(&self, status: u16) -> Self {
        if status == 503 { self.clone() } else { self.without("kunci") }
    }

    /// The same form without a field.
    pub fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(field, _)| field != name).cloned().collect())
    }

    /// All fields, as they were sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value.as_str()))
    }

    /// Every ticket that is named, in order; what is no number is passed over.
    pub fn tickets(&self) -> Vec<TicketId> {
        let numbers = self.0.iter().filter(|(field, _)| field == "nomor");
        numbers.filter_map(|(_, value)| value.trim().parse().ok()).collect()
    }

    /// The same form with its one text as what the action takes: bulk forms have one field for all of them.
    pub fn with_text(&self) -> Self {
        let takes = match self.get("aksi") {
            Some("reject") => &["alasan"][..],
            Some("respond") => &["balasan"],
            _ => &[],
        };
        let text = self.get("teks").unwrap_or_default();
        let mut fields: Vec<_> = takes.iter().map(|field| ((*field).to_owned(), text.to_owned())).collect();
        let belongs = |field: &str| match self.get("aksi") {
            Some("assign") => field == "instansi",
            Some("join") => field == "induk",
            _ => false,
        };
        let kept = self.0.iter().filter(|(field, _)| !matches!(field.as_str(), "instansi" | "induk") || belongs(field));
        fields.extend(kept.cloned());
        Self(fields)
    }

    /// The update that the form asks for, read as the API reads its bodies.
    ///
    /// # Errors
    /// Every fault, by its field.
    pub fn update(&self) -> Result<Update, Vec<Fault>> {
        let mut fields = Map::new();
        for (field, name) in [
            ("aksi", "action"),
            ("balasan", "reply_text"),
            ("catatan", "text"),
            ("alasan", "reason"),
            ("foto", "photo"),
            ("instansi", "to"),
            ("induk", "into"),
            ("kategori", "category"),
            ("jenis", "kind"),
            ("urgensi", "urgency"),
        ] {
            if let Some(value) = self.get(field) {
                fields.insert(name.to_owned(), value.into());
            }
        }
        if let Some(place) = self.get("tempat") {
            // The list offers "33.16.08 Jepon, Kabupaten Blora".
            let code = place.split_whitespace().next().unwrap_or(place);
            fields.insert("place".to_owned(), code.into());
        }
        if let Some(supervisory) = self.get("pengawasan") {
            fields.insert("supervisory".to_owned(), (supervisory == "ya").into());
        }
        if let Some(into) = fields.get_mut("into").filter(|into| into.is_string()) {
            *into = into.as_str().unwrap_or_default().to_uppercase().into();
        }
        body::of_value(&Value::Object(fields), "")
    }
}

#[cfg(test)]
mod tests {
    use kemala_domain::lifecycle::Action;

    use super::*;

    fn form(body: &str) -> Form {
        let mut request = Request::default();
        request.body = Some(body.to_owned());
        Form::of(&request)
    }

    #[test]
    fn a_form_is_an_update() {
        let update = |body: &str| form(body).update();
        assert_eq!(update("aksi=accept&balasan=").unwrap().action(), Action::Accept);
        let resolved = update("aksi=resolve&balasan=Sudah+ditambal.&foto=https%3A%2F%2Fimg.example.go.id%2F1.jpg");
        assert_eq!(resolved.unwrap().action(), Action::Resolve);
        let corrected = update("aksi=correct&tempat=33.16.08+Jepon%2C+Blora&pengawasan=tidak&kategori=road_damage");
        insta::assert_debug_snapshot!(corrected.unwrap(), @r#"
        Correct {
            category: Some(
                Category(
                    "road_damage",
                ),
            ),
            place: Some(
                RegionCode(
                    "33.16.08",
                ),
            ),
            kind: None,
            urgency: None,
            supervisory: Some(
                false,
            ),
        }
        "#);
        assert_eq!(update("aksi=respond").unwrap_err()[0].pointer, "/reply_text");
        assert_eq!(update("").unwrap_err()[0].pointer, "/action");
    }

    #[test]
    fn a_form_of_which_nobody_knows_keeps_its_key() {
        let form = form("aksi=respond&kunci=abc&balasan=Baik");
        assert_eq!(form.shown_again(503).key(), Some("abc"));
        for status in [409, 422] {
            let again = form.shown_again(status);
            assert_eq!((again.key(), again.get("balasan")), (None, Some("Baik")), "{status}");
        }
    }

    #[test]
    fn numbers_are_read_as_often_as_they_stand() {
        let form = form("nomor=KJ-45RQ0X8XD&nomor=%3F&nomor=kj-45rq0x8xd&x=1");
        assert_eq!(form.tickets().len(), 2);
        assert_eq!(form.get("y"), None);
    }
}
