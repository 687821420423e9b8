use proptest::prelude::*;

use super::mask;

#[test]
fn personal_data_is_masked_however_it_is_written() {
    for (text, masked) in [
        ("NIK 3316084108650001 belum aktif", "NIK [NIK] belum aktif"),
        ("nik 33 1608 410865 0001 ya", "nik [NIK] ya"),
        ("KK 3316-0841-0865-0001", "KK [NIK]"),
        ("NIK ３３１６０８４１０８６５０００１", "NIK [NIK]"),
        ("hub 081234567890", "hub [nomor telepon]"),
        ("hub 0812-3456-7890 (Budi)", "hub [nomor telepon] (Budi)"),
        ("WA +62 812 3456 7890.", "WA [nomor telepon]."),
        ("wa 6281234567890", "wa [nomor telepon]"),
        ("telp (0296) 531234", "telp [nomor telepon]"),
        ("telp (081234567890)", "telp ([nomor telepon])"),
        ("telp 024-7654321", "telp [nomor telepon]"),
        ("rek 1234567890 a.n. saya", "rek [nomor] a.n. saya"),
        ("no rek BRI 0012-01-012345-50-1 a.n. Siti Aminah, mohon", "no rek BRI [nomor] a.n. [nama], mohon"),
        ("nomor rekening 7654321", "nomor rekening [nomor]"),
        ("atas nama Budi M. Santoso dari Jepon", "atas nama [nama] dari Jepon"),
        ("Nama saya: Sri Wahyuni. Alamat Cepu", "Nama saya: [nama]. Alamat Cepu"),
        ("NAMA LENGKAP SLAMET ALAMAT CEPU", "NAMA LENGKAP [nama] ALAMAT CEPU"),
        ("anak bernama Joko hilang", "anak bernama [nama] hilang"),
        ("surel warga.contoh@example.com.", "surel [email]."),
        ("truk K 1234 AB ngebut", "truk [plat nomor] ngebut"),
        ("truk H1234XY ngebut", "truk [plat nomor] ngebut"),
        ("plat k 12 ab, tolong", "plat [plat nomor], tolong"),
        ("nopol AD 4321 Z", "nopol [plat nomor]"),
        ("kartu 4111 1111 1111 1111 hilang", "kartu [nomor] hilang"),
        ("tertulis 3782 822463 10005 di struk", "tertulis [nomor] di struk"),
        ("transfer ke BRI 6012 3456 7 ya", "transfer ke BRI [nomor] ya"),
        ("Mandiri: 13500123", "Mandiri: [nomor]"),
        ("Bank Jateng 3-012-34567-8", "Bank Jateng [nomor]"),
        ("telp 591234, WA 0812 - 3456 - 7890", "telp [nomor telepon], WA [nomor telepon]"),
        ("sertifikat an. Suparno Hadi belum jadi", "sertifikat an. [nama] belum jadi"),
        ("STNK a/n SITI AMINAH", "STNK a/n [nama]"),
        ("perkenalkan nama saya budi santoso dari Jepon", "perkenalkan nama saya [nama] dari Jepon"),
        ("nama lengkap: siti aminah, alamat Cepu", "nama lengkap: [nama], alamat Cepu"),
        ("terdaftar dengan nama Joko Susilo", "terdaftar dengan nama [nama]"),
        ("rek 123456789 a.n. sri rahayu mohon dicek", "rek [nomor] a.n. [nama] mohon dicek"),
        ("NIK 3316084108650001 WA 081234567890", "NIK [NIK] WA [nomor telepon]"),
    ] {
        assert_eq!(mask(text), masked);
    }
}

#[test]
fn other_numbers_stay() {
    for text in [
        "sejak 2019 2020 2021 2022 tidak diperbaiki",
        "tahun 2024-2025",
        "harga Rp 1.500.000,00 jadi 2.000.000",
        "RT 003/RW 005 dan RT 03 RW 02",
        "RT 003/005 No 12",
        "tanggal 08-11-2026 09.30 WIB",
        "01-02-2026 08.00",
        "pukul 08.15-09.00",
        "limbah B3 di kali, seleksi P3K GURU",
        "H-3 LEBARAN",
        "Blok A 12 B",
        "KM 12 arah Cepu, jalur 3 A",
        "SMPN 2 JEPON",
        "@warga lihat https://x.com/warga/status/2123574816920305665",
        "laporan KJ-7Q2M4X9TB",
        "110 ribu, 500 m, 16 hari",
        "atas nama warga Desa Jepon kami mohon",
        "atas nama Pemerintah Kabupaten Blora",
        "apa nama jalan ini? nama Jalan Pemuda tidak ada papannya",
        "nama desa kami Jepon",
        "apa sudah atas nama saya? Mohon dicek",
        "bantuan kartu tani 2024 belum cair",
        "rekening listrik naik 50 ribu",
        "rekening listrik naik jadi Rp 1.500.000 dari 1.250.000",
        "kredit BRI 100.000.000 ditolak, BCA Rp 25000000 juga",
        "denda tilang Rp 250.000 lewat BRI",
        "nama saya dicoret dari daftar PKH",
        "nama saya tidak ada di DTKS",
        "nama program: bantuan pangan",
        "hubungi 112 atau call center 1500046",
        "jalan nomor 12.05.2026",
        "KM 441+200 jalur A, KM 12.300 s.d. 14.100",
        "tahun 2021-2022, 2022-2023, 2023-2024",
        "laporan KJ-0MVVC8VZF dan LGWA18805625",
        "jam 07.00 - 15.00 - 21.00 WIB, an. selalu telat",
        "koordinat -6.966667, 110.416664",
    ] {
        assert_eq!(mask(text), text);
    }
}

#[test]
fn controls_of_direction_do_not_leave_and_hide_nothing() {
    for (text, masked) in [
        ("hub 0812\u{200b}3456\u{202e}7890", "hub [nomor telepon]"),
        ("hub 0812&#8203;3456&#55;890", "hub [nomor telepon]"),
        ("hub &amp;#48;81234567890", "hub [nomor telepon]"),
        ("hub ٠٨١٢٣٤٥٦٧٨٩٠", "hub [nomor telepon]"),
        ("\u{202e}nalaj\u{202c} rusak\u{0}", "nalaj rusak"),
        ("Jepon &amp; Cepu", "Jepon &amp; Cepu"),
    ] {
        assert_eq!(mask(text), masked);
    }
}

proptest! {
    #[test]
    fn any_text_is_masked_and_a_second_time_changes_nothing(text in "\\PC{0,120}") {
        let once = mask(&text);
        prop_assert_eq!(mask(&once), once);
    }

    #[test]
    fn a_masked_text_stays_so_among_numbers(text in "[0-9 +.KH@a-]{0,60}") {
        let once = mask(&text);
        prop_assert_eq!(mask(&once), once);
    }

    #[test]
    fn no_digit_of_a_number_is_left_however_it_is_grouped(
        digits in "(08[1-9][0-9]{8,9}|33[0-9]{14})",
        gap in prop::sample::select(vec!["", " ", "-", ".", " - ", "\u{200b}", "\u{202e}", "&#8203;", "–"]),
        group in 3usize..6,
    ) {
        let groups: Vec<String> = digits.as_bytes().chunks(group).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let masked = mask(&format!("nomor saya {} ya", groups.join(gap)));
        prop_assert!(!masked.contains(|char: char| char.is_ascii_digit()), "{}", masked);
    }

    #[test]
    fn no_control_of_direction_leaves(text in "[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}a-z0-9 &#;@.]{0,60}") {
        let masked = mask(&text);
        let turns = |char| matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        prop_assert!(!masked.contains(turns), "a control is left");
        prop_assert_eq!(mask(&masked), masked);
    }

    #[test]
    fn a_nik_never_leaves(before in "[a-z ,.]{0,20}", nik in "33[0-9]{14}", after in "[a-z ,.]{0,20}") {
        let masked = mask(&format!("{before} {nik} {after}"));
        prop_assert!(!masked.contains(&nik));
    }
}
