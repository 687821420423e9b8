//! The map: each area is a link with its name and number, the darker the more.

use kemala_map::{Shape, Sheet};
use maud::{Markup, html};

use super::View;
use crate::counts::{Count, LEVELS};

impl View<'_> {
    /// A sheet, with a number for each shape, and where a click on it leads.
    pub(super) fn map(
        &self,
        sheet: &Sheet,
        title: &str,
        count: impl Fn(&Shape) -> Count,
        link: impl Fn(&Shape) -> String,
    ) -> Markup {
        html! {
            figure class="map" {
                svg viewBox={ "-2 -2 " (sheet.width + 4) " " (sheet.height + 4) } width=(sheet.width + 4)
                    height=(sheet.height + 4) role="group" aria-label=(title) {
                    @for shape in &sheet.shapes {
                        @let count = count(shape);
                        @let words = format!("{}: {}", shape.name, count.shown(self.language));
                        a href=(link(shape)) aria-label=(words) {
                            title { (words) }
                            path class={ "l" (count.level()) } fill-rule="evenodd" d=(shape.path) {}
                        }
                    }
                }
                figcaption class="legend" {
                    span { (title) ":" }
                    @for (level, words) in LEVELS.iter().enumerate() {
                        span { svg width="16" height="16" aria-hidden="true" focusable="false" {
                            rect class={ "l" (level) } width="16" height="16" {}
                        } (words) }
                    }
                }
            }
        }
    }
}
