use kemala_classifier::Jurisdiction;
use kemala_domain::public::is_news;
use kemala_domain::samples::{agency, decision, monday};
use kemala_domain::{Actor, PostKey};
use kemala_web::language::Language;

use super::*;
use crate::site::tests::{jateng, pack};

fn event(body: EventBody) -> Event {
    let ticket = "KJ-45RQ0X8XD".parse().unwrap();
    Event { ticket, seq: 3, at: monday(), actor: Actor::Clock, body, undelivered: Default::default(), filed: None }
}

fn bodies() -> Vec<EventBody> {
    let post = PostKey::x("1").unwrap();
    let text = || "Sudah kami cek @warga_16".to_owned();
    vec![
        EventBody::Opened { decision: Box::new(decision("DINKES")) },
        EventBody::Reassigned { from: agency("DINKES"), to: agency("PEMKAB3316") },
        EventBody::Accepted,
        EventBody::Started,
        EventBody::CitizenAsked { text: text() },
        EventBody::Responded { text: text() },
        EventBody::Resolved { text: text(), photo: Some("https://a.id/1.jpg".to_owned()) },
        EventBody::Rejected { reason: text() },
        EventBody::Confirmed { post: post.clone() },
        EventBody::Reopened { post: None },
        EventBody::Joined { into: "KJ-45RQ0X8XD".parse().unwrap() },
        EventBody::Unjoined { ticket: "KJ-45RQ0X8XD".parse().unwrap() },
        EventBody::Withdrawn,
        EventBody::Closed { told: true },
        EventBody::Noted { text: text() },
        EventBody::Refused { reason: text(), named: None },
        EventBody::VoiceAdded { post: post.clone() },
        EventBody::CitizenReplied { post },
        EventBody::AgencySilent { since: None, waiting: 2 },
    ]
}

#[test]
fn what_is_news_is_told_and_nothing_else() {
    let jurisdiction = Jurisdiction::load(&pack()).unwrap();
    let view = View { site: jateng(), jurisdiction: &jurisdiction, language: Language::Indonesian, now: monday() };
    let mut lines = String::new();
    for body in bodies() {
        let update = view.update(&event(body.clone()));
        assert_eq!(update.is_some(), is_news(&body), "{}", body.name());
        if let Some(update) = update {
            lines += &format!("{:?} {}", update.status, update.description);
            lines += &update.media_url.map(|url| format!(" {url}")).unwrap_or_default();
            lines += "\n";
        }
    }
    insta::assert_snapshot!(lines, @"
    Open Diterima dan diteruskan ke Dinas Kesehatan
    Open Diteruskan ke Pemerintah Kabupaten Blora
    Open Diterima oleh instansi
    Open Mulai dikerjakan
    Open Instansi bertanya: Sudah kami cek [akun]
    Open Instansi menjawab: Sudah kami cek [akun]
    Closed Dinyatakan selesai: Sudah kami cek [akun] https://a.id/1.jpg
    Closed Tidak dapat ditindaklanjuti: Sudah kami cek [akun]
    Closed Warga membenarkan sudah selesai
    Open Dibuka kembali
    Closed Digabungkan dengan laporan lain
    Open Dipisahkan kembali
    Closed Dicabut
    Closed Ditutup
    ");
    let update = view.update(&event(EventBody::Accepted)).unwrap();
    assert_eq!(update.update_id, "KJ-45RQ0X8XD-3");
}
