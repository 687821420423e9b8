//! Plots as SVG, drawn by hand: three kinds need no library, and colours follow the page.

use kemala_domain::figures::Ratio;
use maud::{Markup, html};

use crate::labels::number;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 180.0;
/// Room for numbers at the left, and for labels below.
const LEFT: f64 = 44.0;
const BELOW: f64 = 22.0;
/// Height of a horizontal bar with the space around it.
const ROW: f64 = 24.0;
/// Where horizontal bars begin, after their names.
const NAMES: f64 = 330.0;

/// Columns side by side, for each label as many as there are series.
pub(crate) fn columns(title: &str, series: &[&str], groups: &[(String, Vec<i64>)]) -> Markup {
    let top = top_of(groups.iter().flat_map(|(_, values)| values));
    let slot = (WIDTH - LEFT) / groups.len().max(1) as f64;
    let width = slot * 0.8 / series.len().max(1) as f64;
    html! {
        figure {
            figcaption {
                (title)
                @for (n, name) in series.iter().enumerate() { " " span class={ "key s" (n) } { (name) } }
            }
            svg role="img" aria-label=(title) viewBox={ "0 -8 " (WIDTH) " " (HEIGHT + BELOW + 8.0) } {
                (grid(top))
                @for (at, (label, values)) in groups.iter().enumerate() {
                    @let left = LEFT + slot * (at as f64 + 0.1);
                    @for (n, value) in values.iter().enumerate() {
                        @let height = height(*value, top);
                        rect class={ "s" (n) } x=(coordinate(left + width * n as f64)) y=(coordinate(HEIGHT - height))
                            width=(coordinate(width)) height=(coordinate(height)) {
                            title { (label) ": " (number(*value)) }
                        }
                    }
                    @if groups.len() <= 16 || at % (groups.len() / 16 + 1) == 0 {
                        text x=(coordinate(left + slot * 0.4)) y=(HEIGHT + 16.0) text-anchor="middle" { (label) }
                    }
                }
            }
        }
    }
}

/// A line over days.
pub(crate) fn line(title: &str, points: &[(String, i64)]) -> Markup {
    let top = top_of(points.iter().map(|(_, value)| value));
    // The last label needs room.
    let step = (WIDTH - LEFT - 14.0) / points.len().saturating_sub(1).max(1) as f64;
    let places: Vec<String> = points
        .iter()
        .enumerate()
        .map(|(n, (_, value))| {
            format!("{},{}", coordinate(LEFT + step * n as f64), coordinate(HEIGHT - height(*value, top)))
        })
        .collect();
    html! {
        figure {
            figcaption { (title) }
            svg role="img" aria-label=(title) viewBox={ "0 -8 " (WIDTH) " " (HEIGHT + BELOW + 8.0) } {
                (grid(top))
                polyline class="line" points=(places.join(" ")) {}
                @for (n, (label, _)) in points.iter().enumerate() {
                    @if points.len() <= 16 || n % (points.len() / 16 + 1) == 0 {
                        text x=(coordinate(LEFT + step * n as f64)) y=(HEIGHT + 16.0) text-anchor="middle" { (label) }
                    }
                }
            }
        }
    }
}

/// Shares as horizontal bars, with what they are of.
pub(crate) fn shares(title: &str, rows: &[(&str, Ratio)]) -> Markup {
    let height = ROW * rows.len() as f64;
    let full = WIDTH - NAMES - 110.0;
    html! {
        figure {
            figcaption { (title) }
            svg role="img" aria-label=(title) viewBox={ "0 0 " (WIDTH) " " (height.max(1.0)) } {
                @for (n, (name, ratio)) in rows.iter().enumerate() {
                    @let y = ROW * n as f64;
                    @let value = ratio.value().unwrap_or(0.0).min(1.0);
                    text x=(NAMES - 8.0) y=(coordinate(y + 16.0)) text-anchor="end" { (shortened(name)) }
                    rect class="track" x=(NAMES) y=(coordinate(y + 5.0)) width=(coordinate(full)) height=(ROW - 10.0) {}
                    rect class="s0" x=(NAMES) y=(coordinate(y + 5.0)) width=(coordinate(full * value)) height=(ROW - 10.0) {}
                    text x=(coordinate(NAMES + full + 8.0)) y=(coordinate(y + 16.0)) {
                        @match ratio.value() {
                            Some(value) => { ((value * 100.0).round()) " % (" (number(ratio.part)) "/" (number(ratio.whole)) ")" },
                            None => "–",
                        }
                    }
                }
            }
        }
    }
}

/// Lines at nothing, the half and the top.
fn grid(top: i64) -> Markup {
    html! {
        @for value in [0, top / 2, top] {
            @let y = HEIGHT - height(value, top);
            line class="grid" x1=(LEFT) x2=(WIDTH) y1=(coordinate(y)) y2=(coordinate(y)) {}
            text x=(LEFT - 6.0) y=(coordinate((y + 4.0).max(10.0))) text-anchor="end" { (number(value)) }
        }
    }
}

/// The value at the upper edge: even, so that its half is a number too.
fn top_of<'a>(values: impl Iterator<Item = &'a i64>) -> i64 {
    let most = values.copied().max().unwrap_or(0).max(2);
    most + most % 2
}

/// A time may take back more than it adds; then nothing is drawn.
fn height(value: i64, top: i64) -> f64 {
    HEIGHT * value.max(0) as f64 / top.max(1) as f64
}

fn coordinate(value: f64) -> String {
    format!("{value:.1}")
}

/// A name that fits beside a bar.
fn shortened(name: &str) -> String {
    const MOST: usize = 48;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    name.chars().take(MOST - 1).chain(['…']).collect()
}
