use kemala_domain::{PostKey, Report};
use kemala_messages::x::{self, Incoming, Listening};

use super::*;

const FAMILIES: [Family; 3] = [Family::Activity, Family::AccountActivity, Family::FilteredStream];

fn account() -> User {
    User::new("1500000000000000001", "KemalaJateng")
}

/// What intake makes of the post in this wrapping.
fn read_back(post: &Post, family: Family) -> Report {
    let account = account();
    let listening =
        Listening::new(["kemalajateng"], [x::Account { id: account.id.clone(), handle: account.handle.clone() }]);
    let body = post.webhook(family, &account).to_string();
    let reading = x::read(body.as_bytes(), &listening).unwrap();
    match reading.incoming.as_slice() {
        [Incoming::Report(report)] => report.clone(),
        other => panic!("{family}: {other:?}"),
    }
}

#[test]
fn each_family_is_read_back_as_the_same_report() {
    let post = Post::new("Lampu & rambu <mati> di Cepu #KemalaJateng 🙏", User::sample("warga_cepu"));
    for family in FAMILIES {
        let report = read_back(&post, family);
        assert_eq!(report.text, post.text, "{family}");
        assert_eq!(report.post, PostKey::x(&post.id().to_string()).unwrap(), "{family}");
        assert_eq!(report.first_post, report.post, "{family}");
        assert_eq!(report.author.handle.as_deref(), Some("warga_cepu"), "{family}");
        assert_eq!(report.created_at.as_second(), post.made_at().as_second(), "{family}");
    }
}

#[test]
fn a_long_text_comes_through_whole() {
    let text = format!("{} #KemalaJateng", "Saluran air tersumbat dan meluap ke jalan. ".repeat(12));
    let post = Post::new(&text, User::sample("warga_panjang"));
    for family in FAMILIES {
        assert_eq!(read_back(&post, family).text, text, "{family}");
    }
}

#[test]
fn an_edit_belongs_to_the_first_post() {
    let first = Post::new("Lampu mati #KemalaJateng", User::sample("warga"));
    let edited = first.edited("Lampu mati di Cepu #KemalaJateng");
    for family in FAMILIES {
        let report = read_back(&edited, family);
        assert_eq!(report.first_post, PostKey::x(&first.id().to_string()).unwrap(), "{family}");
        assert_eq!(report.edit, 1, "{family}");
    }
}

#[test]
fn an_answer_names_what_it_answers() {
    let first = Post::new("Lampu mati #KemalaJateng", User::sample("warga"));
    let answer = first.answered("Di Cepu, dekat pasar", User::sample("warga"));
    for family in FAMILIES {
        let report = read_back(&answer, family);
        let answered = PostKey::x(&first.id().to_string()).unwrap();
        assert_eq!(report.relation.reply_to, Some(answered), "{family}");
    }
}

#[test]
fn families_are_named_as_they_are_written() {
    for family in FAMILIES {
        assert_eq!(family.to_string().parse(), Ok(family));
    }
    assert!("fax".parse::<Family>().is_err());
}
