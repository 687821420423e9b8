//! The package as a page that can be printed, in Indonesian: self-contained, without scripts.

use jiff::Timestamp;
use kemala_domain::clocks::{Clock, State};
use kemala_domain::ladder::Target;
use kemala_domain::{Calendar, Status};
use kemala_messages::agency::EventView;
use maud::{Markup, html};

use super::package::{Body, Package};
use kemala_report::page::frame;

/// The page.
pub(super) fn page(package: &Package, calendar: &Calendar) -> Markup {
    let at = |moment: Timestamp| calendar.local(moment).strftime("%d-%m-%Y %H.%M %Z").to_string();
    let title = format!("Berkas laporan {}", package.ticket);
    let body = html! {
        p { "Disusun oleh " (package.service) " pada " (at(package.made_at)) "." }
        dl class="explained" {
            dt { "Instansi yang menangani" } dd { (named(&package.agency)) }
            dt { "Status" } dd { (status(package.status)) }
            dt { "Diterima" } dd { (at(package.opened_at)) ", " (package.voices) " pelapor" }
            @if let Some(place) = &package.place.name { dt { "Lokasi" } dd { (place) } }
        }
        h2 { "Batas waktu" }
        table class="texts" {
            thead { tr { th { "Kewajiban" } th { "Batas waktu" } th { "Keadaan" } th { "Tingkat tertinggi yang diberi tahu" } } }
            tbody {
                @for clock in &package.clocks {
                    tr {
                        th { (promise(clock.clock)) }
                        td { (at(clock.due_at)) }
                        td { (state(clock.state)) }
                        td { (clock.rung.as_deref().map_or("-", rung)) }
                    }
                }
            }
        }
        h2 { "Eskalasi" }
        @if package.rungs.is_empty() { p { "Belum ada." } } @else {
            table class="texts" {
                thead { tr { th { "Waktu" } th { "Kewajiban" } th { "Tingkat" } th { "Diberi tahu" } th { "Tanpa alamat" } } }
                tbody {
                    @for reached in &package.rungs {
                        tr {
                            th { (at(reached.at)) }
                            td { (promise(reached.clock)) }
                            td { (rung(&reached.rung)) }
                            td { (targets(&reached.told)) }
                            td { (targets(&reached.unreached)) }
                        }
                    }
                }
            }
        }
        h2 { "Pemegang laporan" }
        table class="texts" {
            thead { tr { th { "Instansi" } th { "Sejak" } th { "Sampai" } th { "Jam kerja" } } }
            tbody {
                @for held in &package.holds {
                    tr {
                        th { (named(&held.agency)) }
                        td { (at(held.from)) }
                        td { (held.until.map_or_else(|| "sekarang".to_owned(), at)) }
                        td { (format!("{:.1}", held.working_hours).replace('.', ",")) }
                    }
                }
            }
        }
        h2 { "Riwayat" }
        table class="texts" {
            thead { tr { th { "Waktu" } th { "Peristiwa" } th { "Keterangan" } } }
            tbody {
                @for event in &package.events {
                    tr {
                        th { (at(event.at)) }
                        td { (what(&event.what)) }
                        td { (remark(event)) }
                    }
                }
            }
        }
        h2 { "Bukti" }
        @if package.evidence.is_empty() { p { "Instansi tidak melampirkan foto." } } @else {
            ul { @for link in &package.evidence { li { (link) } } }
        }
        h2 { "Isi laporan" }
        @match &package.report {
            Some(report) => {
                blockquote { (report.text) }
                @if let Some(link) = &report.permalink { p { "Sumber: " (link) } }
                p { "Persetujuan pelapor: " (report.consent) }
            }
            None => p { "Tidak disertakan, karena pelapor belum menyetujuinya atau laporan bersifat rahasia." }
        }
    };
    frame(&title, &body)
}

/// What there is to say of an event: what was written, or which rung of which promise.
fn remark(event: &EventView) -> String {
    match (&event.text, event.clock, &event.rung) {
        (Some(text), ..) => text.clone(),
        (None, Some(clock), Some(name)) => format!("{}: {}", promise(clock), rung(name)),
        _ => String::new(),
    }
}

/// Whether a promise was broken.
pub(super) fn is_missed(state: State) -> bool {
    matches!(state, State::Breached | State::MetLate)
}

fn named(body: &Body) -> String {
    format!("{} ({})", body.name, body.code)
}

fn targets(targets: &[Target]) -> String {
    let names = targets.iter().map(|target| match target {
        Target::Holder => "instansi".to_owned(),
        Target::Head => "pimpinan instansi".to_owned(),
        Target::Secretary => "sekretaris daerah setempat".to_owned(),
        Target::People => "petugas siaga".to_owned(),
        Target::Desk(code) => code.to_string(),
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

fn promise(clock: Clock) -> &'static str {
    match clock {
        Clock::Acknowledge => "Penerimaan oleh instansi",
        Clock::FirstResponse => "Tanggapan pertama",
        Clock::Resolution => "Penyelesaian",
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Running => "berjalan",
        State::Paused => "berhenti sementara, menunggu pelapor",
        State::Met => "dipenuhi",
        State::MetLate => "dipenuhi, tetapi terlambat",
        State::Breached => "dilanggar",
        State::Ended => "berakhir",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Triage => "diperiksa petugas",
        Status::Assigned => "diteruskan, belum diterima",
        Status::Accepted => "diterima instansi",
        Status::InProgress => "sedang ditangani",
        Status::WaitingCitizen => "menunggu jawaban pelapor",
        Status::Resolved => "dinyatakan selesai",
        Status::Closed => "ditutup",
        Status::Reopened => "dibuka kembali",
        Status::Joined => "digabungkan dengan laporan lain",
        Status::Withdrawn => "dicabut",
        Status::Rejected => "ditolak",
    }
}

/// The pack names its rungs; those of the usual names are said in Indonesian.
fn rung(name: &str) -> &str {
    match name {
        "ring" => "petugas siaga",
        "reminder" => "pengingat",
        "head" => "pimpinan",
        "secretary" => "sekretaris daerah",
        "governor" => "gubernur",
        "mayor" => "wali kota",
        "regent" => "bupati",
        "ombudsman" => "ombudsman",
        other => other,
    }
}

/// What happened, by the name of its event.
fn what(name: &str) -> &str {
    match name {
        "opened" => "Laporan dibuka",
        "voice_added" => "Pelapor lain bergabung",
        "citizen_replied" => "Pelapor menulis",
        "edited" => "Laporan diubah pelapor",
        "reassigned" => "Dialihkan ke instansi lain",
        "voice_withdrawn" => "Satu laporan dihapus",
        "withdrawn" => "Laporan dicabut",
        "joined" | "ticket_joined" => "Digabungkan",
        "unjoined" => "Dipisahkan kembali",
        "accepted" => "Diterima instansi",
        "started" => "Mulai ditangani",
        "citizen_asked" => "Instansi bertanya kepada pelapor",
        "responded" => "Instansi menanggapi",
        "resolved" => "Dinyatakan selesai",
        "photo_reused" => "Foto pernah dipakai di laporan lain",
        "refused" => "Instansi menyatakan bukan kewenangannya",
        "noted" => "Catatan petugas",
        "rejected" => "Ditolak",
        "corrected" => "Data laporan diperbaiki petugas",
        "confirmed" => "Pelapor membenarkan penyelesaian",
        "reopened" => "Dibuka kembali",
        "withdrawal_asked" => "Pelapor meminta laporannya dihapus",
        "stopped" => "Pelapor tidak ingin dihubungi lagi",
        "status_asked" => "Pelapor menanyakan perkembangan",
        "placed" => "Pelapor menyebutkan lokasi",
        "place_overdue" => "Lokasi tidak dijawab pada waktunya",
        "answer_overdue" => "Pertanyaan tidak dijawab pada waktunya",
        "closed" => "Ditutup karena tidak ada keberatan",
        "reply_sent" => "Balasan kepada pelapor terkirim",
        "reply_failed" => "Balasan kepada pelapor tidak terkirim",
        "clock_step" => "Batas waktu: tingkat eskalasi tercapai",
        "agency_silent" => "Instansi tidak menanggapi laporan apa pun",
        other => other,
    }
}
