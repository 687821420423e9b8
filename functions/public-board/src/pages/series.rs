//! A month's days as bars.

use jiff::ToSpan;
use kemala_domain::figures::{Board, Figure};
use maud::{Markup, html};

use super::View;

/// Units of the drawing: width of a day, and height of the highest bar.
const DAY: i64 = 20;
const HEIGHT: i64 = 120;

impl View<'_> {
    /// Reports day by day, as bars and as a table.
    pub(super) fn series(&self, board: &Board) -> Markup {
        let last = board.month.last_day();
        let days: Vec<_> = board.month.first_day().series(1.day()).take_while(|day| *day <= last).collect();
        let of_day = |day, figure| board.days.get(day).map_or(0, |figures| figures.get(figure).max(0));
        let reported: Vec<i64> = days.iter().map(|day| of_day(day, Figure::Opened)).collect();
        let most = reported.iter().max().copied().unwrap_or(0).max(1);
        let width = DAY * i64::try_from(days.len()).unwrap_or(31);
        let title = self.say("Laporan baru setiap hari", "New reports day by day");
        html! {
            figure class="series" {
                svg viewBox={ "0 0 " (width) " " (HEIGHT + 20) } width=(width) height=(HEIGHT + 20) role="img"
                    aria-label={ (title) ", " (self.say("paling banyak", "at most")) " " (self.number(most)) } {
                    @for (n, count) in (0..).zip(&reported) {
                        rect class="bar-day" x=(n * DAY + 2) y=(HEIGHT - count * HEIGHT / most) width=(DAY - 4)
                            height=(count * HEIGHT / most) {}
                        @if n % 5 == 0 { text x=(n * DAY + DAY / 2) y=(HEIGHT + 16) text-anchor="middle" { (n + 1) } }
                    }
                }
                figcaption { (title) }
            }
            details {
                summary { (self.say("Angka setiap hari", "Numbers of each day")) }
                table {
                    caption { (title) }
                    thead { tr {
                        th scope="col" { (self.say("Tanggal", "Day")) }
                        th scope="col" class="n" { (self.say("Dilaporkan", "Reported")) }
                        th scope="col" class="n" { (self.say("Dijawab", "Answered")) }
                        th scope="col" class="n" { (self.say("Dinyatakan selesai", "Settled")) }
                    } }
                    tbody {
                        @for day in days.iter().filter(|day| board.days.contains_key(day)) {
                            tr {
                                th scope="row" { (day.day()) }
                                @for figure in [Figure::Opened, Figure::Answered, Figure::Resolved] {
                                    td class="n" { (self.number(of_day(day, figure))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
