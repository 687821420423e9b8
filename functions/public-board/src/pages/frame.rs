//! What stands around every page.

use kemala_web::ICON_PATH;
use kemala_web::language::Language;
use maud::{DOCTYPE, Markup, html};

use super::View;

impl View<'_> {
    /// A page. `path` is its own address in Indonesian, for the link to its other language and for the menu.
    pub(super) fn page(&self, title: &str, path: &str, body: &Markup) -> Markup {
        let service = &self.site.jurisdiction.title;
        let other = match self.language {
            Language::Indonesian => Language::English,
            Language::English => Language::Indonesian,
        };
        let section = path.split(['?', '/']).nth(1).unwrap_or_default();
        let is_here = |link: &str| (link.trim_start_matches('/') == section).then_some("page");
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1";
                    title { (title) " – " (service) }
                    link rel="icon" href=(ICON_PATH) type="image/svg+xml";
                    link rel="stylesheet" href=(self.site.css_path);
                }
                body {
                    a class="skip" href="#isi" { (self.say("Langsung ke isi", "Skip to content")) }
                    header class="bar" {
                        div {
                            a class="brand" href=(self.link("/")) { (service) }
                            nav aria-label=(self.say("Menu utama", "Main menu")) {
                                a href=(self.link("/")) aria-current=[is_here("/")] { (self.say("Papan", "Board")) }
                                a href=(self.link("/instansi")) aria-current=[is_here("/instansi")] {
                                    (self.say("Instansi", "Agencies"))
                                }
                                a href=(self.link("/lapor")) aria-current=[is_here("/lapor")] {
                                    (self.say("Cek laporan", "Look up a report"))
                                }
                                a href=(other.link(path)) lang=(other.code()) hreflang=(other.code()) {
                                    (other.say("Bahasa Indonesia", "English"))
                                }
                            }
                        }
                    }
                    main id="isi" { (body) }
                    footer {
                        div {
                            p {
                                (self.say(
                                    "Tidak ada nama, akun, atau nomor telepon pelapor di halaman ini. Jumlah 1 dan 2 di suatu \
                                     wilayah ditulis “1–2”, dan laporan tentang perilaku pejabat tidak dirinci menurut \
                                     wilayah.",
                                    "No names, accounts or numbers of citizens are shown here. Counts of 1 and 2 in a place \
                                     are written “1–2”, and complaints about officials are counted for all places together.",
                                ))
                            }
                        }
                    }
                }
            }
        }
    }
}
