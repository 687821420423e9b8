//! Pages that say one thing.

use kemala_messages::agency_api::Problem;
use kemala_web::answer::Answer;
use kemala_web::language::Language;
use maud::{Markup, html};

use super::frame;
use crate::sign_in::provider::SignInError;
use crate::words;

fn notice(status: u16, title: &str, language: Language, text: &str) -> Answer {
    let back = language.say("Ke halaman depan", "To the front page");
    let body = html! {
        h1 { (title) }
        p { (text) }
        p { a.button href=(language.link("/")) { (back) } }
    };
    Answer::page(status, frame::bare(title, language, body))
}

/// Where officers begin.
pub fn welcome(language: Language) -> Answer {
    let title = language.say("Meja petugas", "Officers' desk");
    let body: Markup = html! {
        h1 { (title) }
        p { (language.say(
            "Di sini petugas instansi melihat laporan warga yang menjadi tugasnya, menjawab, dan menyelesaikannya.",
            "Here officers of agencies see the citizens' reports in their hands, answer them, and settle them.",
        )) }
        p { a.button href=(language.link("/masuk")) { (language.say("Masuk", "Sign in")) } }
        p.soft.small { (language.say(
            "Belum punya akun, atau lupa kata sandi? Hubungi admin Kemala di Diskominfo.",
            "No account, or a forgotten password? Ask Kemala's administrators.",
        )) }
        p.small { a href=(match language { Language::Indonesian => "/?lang=en", Language::English => "/" }) lang=(language.say("en", "id")) {
            (language.say("English", "Bahasa Indonesia"))
        } }
    };
    Answer::page(200, frame::bare(title, language, body))
}

/// There is no such page, or it is not theirs: the two look the same, so that nothing can be tried out.
pub fn nothing_here(language: Language) -> Answer {
    let title = language.say("Halaman tidak ditemukan", "Nothing here");
    let text = language.say(
        "Halaman ini tidak ada, atau laporannya tidak ada pada instansi Anda.",
        "There is no such page, or the ticket is not in your agency's hands.",
    );
    notice(404, title, language, text)
}

/// The account is for no body of this pack.
pub fn no_agency(language: Language) -> Answer {
    let title = language.say("Akun belum terhubung", "No agency");
    let text = language.say(
        "Akun Anda belum terhubung dengan instansi mana pun. Hubungi admin Kemala.",
        "Your account is for no agency yet. Ask Kemala's administrators.",
    );
    notice(403, title, language, text)
}

/// A form that another site sent, or of a session that has ended.
pub fn stale_form(language: Language) -> Answer {
    let title = language.say("Formulir sudah tidak berlaku", "The form is no longer valid");
    let text = language.say(
        "Sesi Anda sudah berakhir atau berganti. Tidak ada yang dikirim. Buka laporannya lagi, lalu coba sekali lagi.",
        "Your session has changed. Nothing was sent. Open the ticket again and retry.",
    );
    notice(403, title, language, text)
}

/// Whoever was signed in is not any more; `there` the identity provider forgets it too.
pub fn signed_out(there: &str, language: Language) -> Answer {
    let title = language.say("Anda sudah keluar", "You are signed out");
    let body = html! {
        h1 { (title) }
        p { a.button href=(there) { (language.say("Lanjutkan", "Go on")) } }
    };
    Answer::page(200, frame::bare(title, language, body))
}

/// A form came when nobody was signed in any more.
pub fn not_sent(language: Language) -> Answer {
    let title = language.say("Belum terkirim", "Not sent");
    let text = language.say(
        "Sesi Anda sudah berakhir, jadi tidak ada yang dikirim. Masuk lagi, lalu tekan tombol kembali di peramban untuk melihat isian Anda.",
        "Your session has ended, and nothing was sent. Sign in again; your browser's back button may still have what you typed.",
    );
    notice(401, title, language, text)
}

/// Something that the desk stands on is missing.
pub fn out_of_order(language: Language) -> Answer {
    let title = language.say("Sedang ada gangguan", "Out of order");
    let text = language.say("Mohon coba beberapa saat lagi.", "Try again in a moment.");
    notice(503, title, language, text)
}

/// Why somebody is not signed in.
pub fn not_signed_in(error: &SignInError, language: Language) -> Answer {
    let title = language.say("Anda belum masuk", "Not signed in");
    let (status, text) = match error {
        SignInError::NotBegunHere => (
            400,
            language.say(
                "Proses masuk tidak dimulai di peramban ini, atau sudah terlalu lama. Mohon ulangi dari awal.",
                "Signing in was not begun in this browser, or too long ago. Start again.",
            ),
        ),
        SignInError::NotVouchedFor => (
            403,
            language.say(
                "Akun Anda tidak dapat diverifikasi. Mohon ulangi dari awal.",
                "The account could not be verified. Start again.",
            ),
        ),
        SignInError::NoAgency => return no_agency(language),
        SignInError::Provider(_) => (
            503,
            language.say(
                "Layanan akun sedang tidak menjawab. Mohon coba beberapa saat lagi.",
                "The account service does not answer. Try again in a moment.",
            ),
        ),
    };
    notice(status, title, language, text)
}

/// Why a page cannot be shown.
pub fn problem(problem: &Problem, language: Language) -> Answer {
    match problem.status {
        404 => nothing_here(language),
        status => {
            let title = language.say("Tidak dapat ditampilkan", "Cannot be shown");
            notice(status, title, language, &words::problem(problem, language))
        }
    }
}
