//! A city beside the province: the same program, other data.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use kemala_domain::Decision;

use super::tests::shipped;
use super::{Consumer, Jurisdiction, Pack};
use crate::Post;

const TODAY: Date = date(2026, 11, 24);

static CITY: LazyLock<Pack> = LazyLock::new(|| Pack::check(&city()).unwrap());

fn city() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/kota-yogyakarta")
}

fn decide(pack: &Pack, text: &str, day: Date) -> Decision {
    pack.classify(&Post { text, place_tag: None }, day).decision
}

#[test]
fn a_city_is_a_sound_pack_with_a_language_of_another() {
    let agencies = &CITY.jurisdiction.agencies;
    assert_eq!(agencies.iter().filter(|agency| agency.has_queue()).count(), 34);
    assert_eq!(agencies.iter().filter(|agency| agency.consumer == Consumer::Desk).count(), 4);
    assert_eq!((CITY.places(), CITY.districts().count()), (60, 15));
    let shared = Pack::check(&shipped()).unwrap();
    let version = |pack: &Pack| pack.model().map(|model| model.version().to_owned());
    assert!(version(&CITY).is_some() && version(&CITY) == version(&shared));
    assert!(!city().join("model.bin").exists(), "a copy of what is shared");
    let calendars = [&CITY, &shared].map(|pack| pack.jurisdiction.calendar.is_working_day(date(2026, 12, 25)));
    assert_eq!(calendars, [false, false]);
}

#[test]
fn the_citys_own_agencies_act() {
    for (text, agency, place) in [
        ("Jalan berlubang di Kelurahan Sorosutan, tolong diperbaiki", "DPUPKP", "34.71.13.1006"),
        ("Sampah menumpuk di Kemantren Gondokusuman, bau sekali, mohon diangkut", "DLH", "34.71.03"),
        ("Antre obat di RS Jogja sampai empat jam, mohon ditambah petugasnya", "RSUDJOGJA", "34.71"),
        ("Mohon ditindak, oknum pegawai kelurahan di Danurejan minta uang, ini pungli", "INSPEKTORAT", "34.71.04"),
    ] {
        let decision = decide(&CITY, text, TODAY);
        let found = (decision.addressee.as_str(), decision.place.code.as_ref().map(|code| code.as_str()));
        assert_eq!(found, (agency, Some(place)), "{text}");
    }
    let province = decide(&CITY, "SMA Negeri di Kotabaru menarik uang gedung, mohon ditindak", TODAY);
    assert_eq!((province.triage, province.likely.unwrap().as_str()), (true, "EXTDIY"));
}

#[test]
fn each_pack_knows_the_other_as_outside() {
    let province = Pack::load(&shipped()).unwrap();
    for (pack, text, place, turn_to) in [
        (
            &*CITY,
            "Jalan rusak di Godean Sleman, tolong diperbaiki",
            "Sleman",
            "Pemerintah Kabupaten Sleman (Lapor Sleman)",
        ),
        (&*CITY, "Lampu mati di Banguntapan, gelap sekali", "Bantul", "Pemerintah Kabupaten Bantul"),
        (&*CITY, "Jalan rusak di Klaten, tolong", "Klaten", "Kemala Jawa Tengah"),
        (&*CITY, "Jalan rusak di Surabaya, tolong", "Surabaya", "pemerintah daerah setempat, atau SP4N-LAPOR!"),
        (&province, "Sampah menumpuk di Malioboro, tolong diangkut", "Yogyakarta", "Kemala Kota Yogyakarta"),
    ] {
        let decision = decide(pack, text, TODAY);
        assert_eq!(decision.place.outside.as_deref(), Some(place), "{text}");
        assert_eq!(decision.addressee.as_str(), "TRIAGE", "{text}");
        assert_eq!(pack.jurisdiction.replies.neighbours.turn_to(place), turn_to, "{text}");
    }
}

/// The city in a folder of its own, beside a link to the pack that it extends, after a change of a file.
fn changed(packs: &Path, file: &str, change: impl Fn(&str) -> String) -> PathBuf {
    let copy = packs.join("kota-yogyakarta");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(city()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    let base = packs.join("jateng");
    fs::create_dir(&base).unwrap();
    for file in super::SHARED.iter().chain(&["pack.toml"]) {
        fs::copy(shipped().join(file), base.join(file)).unwrap();
    }
    let path = copy.join(file);
    let changed = change(&fs::read_to_string(&path).unwrap());
    fs::write(path, changed).unwrap();
    copy
}

#[test]
fn an_agency_gets_its_first_ticket_on_its_first_day() {
    let packs = tempfile::tempdir().unwrap();
    let folder = changed(packs.path(), "agencies.csv", |text| {
        let row = text.lines().find(|row| row.starts_with("DLH,")).unwrap();
        text.replace(row, &row.replace("2026-01-01", "2026-12-01"))
    });
    let pack = Pack::check(&folder).unwrap();
    let text = "Sampah menumpuk di Kemantren Gondokusuman, bau sekali, mohon diangkut";
    let before = decide(&pack, text, date(2026, 11, 30));
    assert_eq!((before.addressee.as_str(), before.likely.unwrap().as_str()), ("TRIAGE", "DLH"));
    assert!(!pack.jurisdiction.bodies(date(2026, 11, 30)).live.contains(&"DLH".parse().unwrap()));
    let on_the_day = decide(&pack, text, date(2026, 12, 1));
    assert_eq!((on_the_day.addressee.as_str(), on_the_day.likely), ("DLH", None));
}

#[test]
fn mistakes_in_what_is_shared_are_told_where_they_are() {
    let packs = tempfile::tempdir().unwrap();
    let folder = changed(packs.path(), "agencies.csv", str::to_owned);
    let words = packs.path().join("jateng/words.csv");
    let text = fs::read_to_string(&words).unwrap();
    fs::write(&words, text.replacen("adol,", ",", 1)).unwrap();
    let errors = Pack::check(&folder).unwrap_err().to_string();
    assert!(errors.starts_with("../jateng/words.csv:"), "{errors}");
    // A file of one's own counts instead.
    fs::write(folder.join("words.csv"), text).unwrap();
    Pack::check(&folder).unwrap();
}

#[test]
fn who_extends_names_a_pack_beside_it() {
    for (new, error) in [
        ("extends = \"atlantis\"", "pack.toml:5: extends: there is no pack atlantis beside this one; correct it"),
        ("extends = \"../jateng\"", "pack.toml:5: extends: \"../jateng\" is no name of a pack; correct it"),
        ("extends = \"kota-yogyakarta\"", "pack.toml:5: extends: there is no pack kota-yogyakarta beside this one"),
    ] {
        let packs = tempfile::tempdir().unwrap();
        let folder = changed(packs.path(), "pack.toml", |text| text.replace("extends = \"jateng\"", new));
        let errors = Pack::check(&folder).unwrap_err().to_string();
        assert!(errors.contains(error), "{new} gives {errors}");
    }
    let packs = tempfile::tempdir().unwrap();
    let folder = changed(packs.path(), "agencies.csv", str::to_owned);
    let base = packs.path().join("jateng/pack.toml");
    let text = fs::read_to_string(&base).unwrap();
    fs::create_dir(packs.path().join("other")).unwrap();
    fs::write(&base, format!("extends = \"other\"\n{text}")).unwrap();
    let errors = Jurisdiction::load(&folder).unwrap_err().to_string();
    assert!(errors.contains("extends: jateng extends other itself; name that one"), "{errors}");
}
