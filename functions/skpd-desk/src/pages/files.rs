//! Files that pages load. Their names change with what is in them, so browsers keep them for ever.

use std::sync::LazyLock;

use kemala_web::BASE_CSS;
use kemala_web::answer::{Answer, KEPT_FOR_EVER, tag};

static STYLE: LazyLock<String> = LazyLock::new(|| format!("{BASE_CSS}\n{}", include_str!("desk.css")));
static STYLE_NAME: LazyLock<String> = LazyLock::new(|| format!("meja-{}.css", tag(STYLE.as_bytes())));
const SCRIPT: &str = include_str!("desk.js");
static SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| format!("meja-{}.js", tag(SCRIPT.as_bytes())));

/// Path of the style.
pub fn style() -> String {
    format!("/berkas/{}", *STYLE_NAME)
}

/// Path of the script, without which everything works.
pub fn script() -> String {
    format!("/berkas/{}", *SCRIPT_NAME)
}

/// A file by its name.
pub fn file(name: &str) -> Option<Answer> {
    let (content_type, content) = match name {
        _ if name == *STYLE_NAME => ("text/css; charset=utf-8", STYLE.as_str()),
        _ if name == *SCRIPT_NAME => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return None,
    };
    Some(Answer::file(content_type, content).caching(KEPT_FOR_EVER))
}
