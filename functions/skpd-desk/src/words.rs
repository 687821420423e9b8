//! What officers read: states, actions, events and faults, in Indonesian and English.

use kemala_domain::clocks::{Clock, Step};
use kemala_domain::ladder::Target;
use kemala_domain::lifecycle::Action;
use kemala_domain::{AgencyCode, Kind, Urgency};
use kemala_messages::agency::EventView;
use kemala_messages::agency_api::{Fault, Problem};
use kemala_web::language::Language;

/// What a button says.
pub fn action(action: Action, language: Language) -> &'static str {
    match action {
        Action::Accept => language.say("Terima", "Accept"),
        Action::Start => language.say("Mulai kerjakan", "Start work"),
        Action::AskCitizen => language.say("Tanya warga", "Ask the citizen"),
        Action::Respond => language.say("Jawab warga", "Answer the citizen"),
        Action::Resolve => language.say("Nyatakan selesai", "Resolve"),
        Action::NotOurs => language.say("Bukan kewenangan kami", "Not ours"),
        Action::Note => language.say("Tambah catatan", "Add a note"),
        Action::Assign => language.say("Teruskan ke instansi", "Assign"),
        Action::Reject => language.say("Tolak", "Reject"),
        Action::Join => language.say("Gabungkan", "Join"),
        Action::Unjoin => language.say("Pisahkan", "Take out again"),
        Action::Correct => language.say("Perbaiki data", "Correct"),
    }
}

/// What an action is for.
pub fn hint(action: Action, language: Language) -> &'static str {
    match action {
        Action::Accept | Action::Start => "",
        Action::AskCitizen => language.say(
            "Dikirim sebagai balasan di X. Setiap instansi hanya dapat bertanya satu kali untuk satu laporan; batas waktu berhenti selama menunggu jawaban.",
            "Posted on X. An agency may ask once; deadlines pause while the answer is waited for.",
        ),
        Action::Respond => {
            language.say("Dikirim sebagai balasan di X atas nama instansi Anda.", "Posted on X in your agency's name.")
        }
        Action::Resolve => language.say(
            "Dikirim sebagai balasan di X. Warga dapat menyatakan belum selesai; laporan lalu dibuka kembali.",
            "Posted on X. The citizen may object, which reopens the ticket.",
        ),
        Action::NotOurs => language.say(
            "Laporan diteruskan ke instansi yang Anda pilih. Bila tidak dipilih, sistem meneruskannya ke instansi berikutnya atau ke meja triase; setelah penolakan ketiga selalu ke meja triase.",
            "Goes to the agency that you name, or to the triage desk.",
        ),
        Action::Note => {
            language.say("Hanya terlihat oleh petugas, tidak oleh warga.", "Only agencies and desks see it.")
        }
        Action::Assign => language.say(
            "Laporan masuk ke antrean instansi itu; batas waktu laporan tetap berjalan, tidak dihitung ulang dari awal.",
            "Goes to that agency's queue; the citizen's deadlines go on.",
        ),
        Action::Reject => language.say(
            "Alasan dikirim sebagai balasan di X, lalu laporan berakhir.",
            "The reason is posted on X, and the ticket ends.",
        ),
        Action::Join => language.say(
            "Kiriman warga dalam laporan ini pindah ke laporan induk tentang kejadian yang sama.",
            "Its voices move to the other ticket of the same incident.",
        ),
        Action::Unjoin => language.say(
            "Laporan ini berdiri sendiri lagi di meja triase.",
            "It stands for itself again, on the triage desk.",
        ),
        Action::Correct => language.say(
            "Isi hanya yang perlu diperbaiki. Perbaikan dipakai untuk melatih sistem.",
            "Fill in only what is wrong. Corrections train the classifier.",
        ),
    }
}

/// A promise of the law.
pub fn clock(clock: Clock, language: Language) -> &'static str {
    match clock {
        Clock::Acknowledge => language.say("Diterima instansi", "Acknowledged"),
        Clock::FirstResponse => language.say("Jawaban pertama", "First response"),
        Clock::Resolution => language.say("Penyelesaian", "Resolution"),
    }
}

/// How much harm threatens.
pub fn urgency(urgency: Urgency, language: Language) -> &'static str {
    match urgency {
        Urgency::Emergency => language.say("Darurat", "Emergency"),
        Urgency::High => language.say("Mendesak", "Urgent"),
        Urgency::Normal => language.say("Biasa", "Normal"),
    }
}

/// What a post is.
pub fn kind(kind: Kind, language: Language) -> &'static str {
    match kind {
        Kind::Complaint => language.say("Pengaduan", "Complaint"),
        Kind::Question => language.say("Permintaan informasi", "Question"),
        Kind::Other => language.say("Lainnya", "Other"),
    }
}

/// What a reason is about.
pub fn about(about: &str, language: Language) -> &'static str {
    match about {
        "kind" => language.say("Jenis", "Kind"),
        "category" => language.say("Kategori", "Category"),
        "place" => language.say("Tempat", "Place"),
        "urgency" => language.say("Urgensi", "Urgency"),
        "agency" => language.say("Instansi", "Agency"),
        "triage" => language.say("Triase", "Triage"),
        _ => language.say("Lainnya", "Other"),
    }
}

/// What led to a conclusion: a word as it stands in the text, what the model saw, or why there was doubt.
pub fn because(matched: &str, language: Language) -> String {
    let is_model =
        |name: &str| name.strip_prefix("m-").is_some_and(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    match matched.split_once(": ") {
        Some((name, words)) if is_model(name) => return format!("model: {words}"),
        _ if is_model(matched) => return "model".to_owned(),
        _ => {}
    }
    match matched {
        "outside" => language.say("di luar wilayah", "outside the area"),
        "unsure" => language.say("belum yakin", "unsure"),
        "nothing_to_act_on" => language.say("mungkin tidak perlu ditindaklanjuti", "perhaps nothing to act on"),
        "no_agency" => language.say("belum jelas instansinya", "no agency by the rules"),
        "may_be_accusation" => language.say("mungkin menyangkut perilaku pejabat", "may be about officials' conduct"),
        "no_live_queue" => language.say("instansinya belum menerima laporan", "the agency takes no tickets yet"),
        "corrected" => language.say("diperbaiki petugas meja triase", "corrected by a desk"),
        "supervisory" => language.say("menyangkut perilaku pejabat", "about officials' conduct"),
        word => return word.to_owned(),
    }
    .to_owned()
}

/// One line of a time line. What was written stands beside it.
pub fn event(event: &EventView, language: Language, name: &dyn Fn(&AgencyCode) -> String) -> String {
    let code = |code: &Option<AgencyCode>| code.as_ref().map(name).unwrap_or_default();
    let text = match event.what.as_str() {
        "opened" => language.say("Laporan dibuka", "Ticket opened"),
        "voice_added" => language.say("Laporan lain tentang kejadian ini", "Another report of this incident"),
        "citizen_replied" => language.say("Warga menulis", "The citizen wrote"),
        "edited" => language.say("Warga mengubah tulisannya", "The citizen edited the post"),
        "reassigned" => {
            let (from, to) = (code(&event.from), code(&event.to));
            return match language {
                Language::Indonesian => format!("Diteruskan dari {from} ke {to}"),
                Language::English => format!("Handed from {from} to {to}"),
            };
        }
        "voice_withdrawn" => language.say("Satu tulisan dihapus pelapornya", "A post was deleted"),
        "withdrawn" => language.say("Laporan dicabut", "Ticket withdrawn"),
        "joined" => language.say("Digabungkan ke laporan lain", "Joined into another ticket"),
        "ticket_joined" => language.say("Laporan lain digabungkan ke sini", "Another ticket was joined into this one"),
        "accepted" => language.say("Diterima instansi", "Accepted by the agency"),
        "started" => language.say("Mulai dikerjakan", "Work has begun"),
        "citizen_asked" => language.say("Bertanya kepada warga", "The citizen was asked"),
        "responded" => language.say("Menjawab warga", "The citizen was answered"),
        "resolved" => language.say("Dinyatakan selesai", "Said to be resolved"),
        "photo_reused" => language.say(
            "Perhatian: foto ini pernah dipakai untuk laporan lain",
            "Note: this photo was shown for another ticket",
        ),
        "refused" => language.say("Dinyatakan bukan kewenangan instansi", "Said not to be theirs"),
        "noted" => language.say("Catatan", "Note"),
        "rejected" => language.say("Tidak dapat ditindaklanjuti", "Rejected"),
        "unjoined" => language.say("Dipisahkan lagi", "Taken out again"),
        "corrected" => language.say("Data diperbaiki petugas meja", "Corrected by a desk"),
        "confirmed" => language.say("Warga membenarkan sudah selesai", "The citizen confirmed"),
        "reopened" => language.say("Warga menyatakan belum selesai", "The citizen objected"),
        "withdrawal_asked" => language.say("Warga meminta laporannya dihapus", "The citizen asked for deletion"),
        "stopped" => language.say("Warga meminta tidak dibalas lagi", "The citizen wants no more posts"),
        "status_asked" => language.say("Warga menanyakan perkembangan", "The citizen asked how things stand"),
        "placed" => language.say("Warga menyebut tempatnya", "The citizen named the place"),
        "place_overdue" => language.say("Warga tidak menjawab pertanyaan tentang tempat", "The place was not answered"),
        "answer_overdue" => language.say("Warga tidak menjawab pertanyaan", "The question was not answered"),
        "closed" => language.say("Ditutup: tidak ada sanggahan", "Closed: nobody objected"),
        "reply_sent" => language.say("Balasan terkirim di X", "Posted on X"),
        "reply_failed" => language.say("Balasan tidak terkirim di X", "Could not be posted on X"),
        "clock_step" => return step(event, language, name),
        "agency_silent" => language.say("Instansi tidak menanggapi laporan apa pun", "The agency answers nothing"),
        _ => language.say("Perubahan", "Change"),
    };
    text.to_owned()
}

/// A rung of the ladder: which promise, how, and who was told.
fn step(event: &EventView, language: Language, name: &dyn Fn(&AgencyCode) -> String) -> String {
    let promise = event.clock.map_or("", |promise| clock(promise, language));
    let how = match event.step {
        Some(Step::Breach) => language.say("batas waktu terlewati", "deadline missed"),
        Some(Step::Reminder) | None => language.say("pengingat", "reminder"),
    };
    let target = |target: &Target| match target {
        Target::Holder => language.say("instansi penanggung jawab", "the agency").to_owned(),
        Target::Head => language.say("kepala instansi", "its head").to_owned(),
        Target::Secretary => language.say("sekretaris daerah setempat", "its government's secretary").to_owned(),
        Target::People => language.say("petugas piket", "who is on duty").to_owned(),
        Target::Desk(desk) => name(desk),
    };
    let targets: Vec<String> = event.told_to.iter().map(target).collect();
    let told = targets.join(", ");
    match language {
        Language::Indonesian => format!("{promise}: {how}; diberitahukan kepada {told}"),
        Language::English => format!("{promise}: {how}; told {told}"),
    }
}

/// Why something was not done.
pub fn problem(problem: &Problem, language: Language) -> String {
    if language == Language::English {
        return problem.detail.clone();
    }
    if !problem.errors.is_empty() {
        let faults: Vec<String> = problem.errors.iter().map(fault).collect();
        return faults.join(" ");
    }
    let said = |part: &str| problem.detail.contains(part);
    match problem.status {
        403 => "Bagian ini hanya untuk meja triase, Sekda, Gubernur, dan Ombudsman.",
        404 => "Laporan dengan nomor ini tidak ada pada Anda.",
        409 if said("has asked the citizen before") => {
            "Instansi Anda sudah pernah bertanya; setiap instansi hanya dapat bertanya satu kali untuk satu laporan."
        }
        409 if said("cannot be asked") => "Warga ini tidak dapat ditanyai; mohon tindak lanjuti berdasarkan keterangan yang ada.",
        409 if said("takes no tickets") => "Instansi itu belum menerima laporan; pilih instansi lain atau meja triase.",
        409 if said("has the ticket already") => "Laporan sudah ada pada instansi itu.",
        409 if said("officials are accused") => "Laporan pengawasan hanya dapat dipegang Inspektorat.",
        409 if said("cannot take this ticket in") => {
            "Tidak dapat digabungkan: laporan induk tidak ditemukan, sudah berakhir, sudah dinyatakan selesai, atau sama dengan laporan ini, atau salah satunya laporan pengawasan."
        }
        409 => "Tindakan ini tidak dapat dilakukan pada status laporan saat ini. Mungkin orang lain baru saja mengubahnya.",
        422 => "Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman, lalu coba lagi.",
        400 => "Permintaan tidak dapat diproses. Mohon muat ulang halaman, lalu coba lagi.",
        _ => "Sistem sedang sibuk. Mohon coba beberapa saat lagi; tidak ada yang tercatat dua kali.",
    }
    .to_owned()
}

/// What is wrong with a field.
fn fault(fault: &Fault) -> String {
    let field = match fault.pointer.as_str() {
        "/reply_text" => "Balasan",
        "/text" => "Catatan",
        "/reason" => "Alasan",
        "/photo" => "Tautan foto",
        "/to" => "Instansi",
        "/into" => "Laporan induk",
        "/place" => "Tempat",
        "/category" => "Kategori",
        "" => "Formulir",
        _ => "Isian",
    };
    let what = if fault.detail.starts_with("has a link") {
        "berisi tautan, atau tulisan yang dianggap tautan oleh X. Hapus tautannya, dan beri spasi setelah titik."
            .to_owned()
    } else if let Some(rest) = fault.detail.strip_prefix("has ") {
        let length = rest.split(' ').next().unwrap_or_default();
        format!("terlalu panjang: {length} karakter menurut hitungan X; paling banyak 200.")
    } else if fault.detail.starts_with("is missing") {
        "wajib diisi.".to_owned()
    } else if fault.detail.starts_with("say what is otherwise") {
        "belum berisi perbaikan apa pun.".to_owned()
    } else if fault.detail.contains("1 to 500 characters") {
        "kosong atau terlalu panjang; paling banyak 500 karakter.".to_owned()
    } else if fault.detail.starts_with("name another body") {
        "harus instansi lain, bukan instansi Anda sendiri.".to_owned()
    } else if fault.pointer == "/place" {
        "tidak dikenal; pilih dari daftar.".to_owned()
    } else if fault.pointer == "/photo" {
        "harus berupa alamat https sebuah foto, paling panjang 500 karakter.".to_owned()
    } else {
        "tidak dapat dibaca; mohon periksa isinya.".to_owned()
    };
    format!("{field} {what}")
}

#[cfg(test)]
mod tests {
    use kemala_casework::problem as problems;
    use kemala_domain::Status;
    use kemala_domain::lifecycle::Refused;

    use super::*;

    #[test]
    fn every_refusal_is_told_in_its_own_words() {
        let agency = || "DINKES".parse().unwrap();
        let refusals = [
            Refused::ForDesks(Action::Assign),
            Refused::NotNow { action: Action::Accept, status: Status::Resolved },
            Refused::AskedBefore(agency()),
            Refused::NobodyToAsk,
            Refused::NoQueue(agency()),
            Refused::TheirsAlready(agency()),
            Refused::Supervisory(agency()),
            Refused::CannotJoin { into: "KJ-45RQ0X8XD".parse().unwrap() },
        ];
        let told: std::collections::BTreeSet<String> = refusals
            .iter()
            .map(|refused| problem(&problems::refused(refused, Vec::new()), Language::Indonesian))
            .collect();
        assert_eq!(told.len(), refusals.len(), "{told:#?}");
    }

    #[test]
    fn faults_name_their_field() {
        let told = |pointer: &str, detail: &str| problem(&problems::bad_field(pointer, detail), Language::Indonesian);
        assert_eq!(told("/reason", "is missing: a text"), "Alasan wajib diisi.");
        assert!(told("/reply_text", "has 230 characters, as X counts them; at most 200 fit").contains("230 karakter"));
        assert!(told("/reply_text", "has a link, or what X would make one").contains("tautan"));
    }
}
