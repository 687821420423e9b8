//! `label`: a reader labels the posts that the classifier is least certain of.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::civil::Date;
use kemala_classifier::{ClassifyLine, Pack, Post};
use kemala_domain::decision::Category;
use kemala_domain::lifecycle::Label;
use kemala_domain::{AgencyCode, Kind, Urgency, Voice};
use kemala_store::Store;
use serde::{Deserialize, Serialize};

use super::{Outcome, pack_in, running_with_pack, today, words};
use crate::cli;
use crate::terminal::{BOLD, DIM, json_line, styled};

/// A post that waits for its labels.
#[derive(Debug, Clone, Deserialize)]
struct Unlabelled {
    id: String,
    text: String,
}

/// A post with the labels that `train` and `eval` read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Labelled {
    id: String,
    text: String,
    kind: Kind,
    category: Option<Category>,
    agencies: Vec<AgencyCode>,
    region: Option<String>,
    subdistrict: Option<String>,
    urgency: Urgency,
    needs_location: bool,
    sure: bool,
}

impl Labelled {
    fn suggested(post: &Unlabelled, line: ClassifyLine) -> Self {
        Self {
            id: post.id.clone(),
            text: post.text.clone(),
            kind: line.kind,
            category: line.category.filter(|_| line.kind != Kind::Other),
            agencies: if line.kind == Kind::Other { Vec::new() } else { line.agencies },
            region: line.region.map(|code| code.to_string()),
            subdistrict: line.subdistrict.map(|code| code.to_string()),
            urgency: line.urgency,
            needs_location: line.needs_location,
            sure: true,
        }
    }
}

impl Labelled {
    /// What a desk made of a ticket. Who is responsible is not said where it lies with the triage desk still.
    fn corrected(label: Label, voice: Voice, triage_desk: &AgencyCode) -> Self {
        let decision = label.decision;
        let addressee = Some(decision.addressee).filter(|code| code != triage_desk).or(decision.likely);
        let code = |code: kemala_domain::RegionCode| code.to_string();
        Self {
            id: label.ticket.to_string(),
            text: voice.masked_text,
            kind: decision.kind,
            category: decision.category,
            agencies: addressee.into_iter().chain(decision.others).collect(),
            region: decision.place.regency().map(code),
            subdistrict: decision.place.subdistrict().map(code),
            urgency: decision.urgency,
            needs_location: decision.needs_location,
            sure: true,
        }
    }
}

pub(super) async fn run(arguments: cli::Label) -> Result<Outcome> {
    let Some(texts) = &arguments.texts else { return from_desks(&arguments).await };
    let (_, pack) = pack_in(arguments.pack)?;
    let posts: Vec<Unlabelled> = read(texts)?;
    let done: HashSet<String> = match arguments.out.exists() {
        true => read::<Labelled>(&arguments.out)?.into_iter().map(|labelled| labelled.id).collect(),
        false => HashSet::new(),
    };
    let mut waiting = by_certainty(&pack, &posts, today(&pack));
    waiting.retain(|(post, _)| !done.contains(&post.id));
    waiting.truncate(arguments.most);
    if arguments.json {
        return waiting.iter().try_for_each(|(_, line)| json_line(line)).map(|()| Outcome::Good);
    }
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&arguments.out)
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    let labelled = ask_all(&pack, waiting, std::io::stdin().lock(), &mut anstream::stderr(), &mut file)?;
    anstream::println!("{labelled} posts added to {}", arguments.out.display());
    Ok(Outcome::Good)
}

/// Writes what desks have corrected, the latest of each ticket, as `train` reads it.
async fn from_desks(arguments: &cli::Label) -> Result<Outcome> {
    let (local, jurisdiction) = running_with_pack()?;
    let store = Store::new(&local.target.sdk_config(), local.names.table());
    let labels = store.labels(&local.names.pack).await?;
    let labelled =
        labels.into_iter().map(|(label, voice)| Labelled::corrected(label, voice, &jurisdiction.triage_desk));
    if arguments.json {
        return labelled.into_iter().try_for_each(|labelled| json_line(&labelled)).map(|()| Outcome::Good);
    }
    let lines: Vec<String> = labelled.map(|labelled| serde_json::to_string(&labelled)).collect::<Result<_, _>>()?;
    let written = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    std::fs::write(&arguments.out, written).with_context(|| format!("cannot write {}", arguments.out.display()))?;
    anstream::println!("{} corrected posts in {}", lines.len(), arguments.out.display());
    Ok(Outcome::Good)
}

/// The posts with what the classifier says, the least certain first.
fn by_certainty<'a>(pack: &Pack, posts: &'a [Unlabelled], today: Date) -> Vec<(&'a Unlabelled, ClassifyLine)> {
    let line = |post: &Unlabelled| {
        let classified = pack.classify(&Post { text: &post.text, place_tag: None }, today);
        ClassifyLine::of(post.id.as_str().into(), classified)
    };
    let mut lines: Vec<(&Unlabelled, ClassifyLine)> = posts.iter().map(|post| (post, line(post))).collect();
    lines.sort_by(|(_, a), (_, b)| a.confidence.total_cmp(&b.confidence));
    lines
}

/// Asks about each post until all are done or the reader stops; each is written as soon as it is labelled.
fn ask_all(
    pack: &Pack,
    posts: Vec<(&Unlabelled, ClassifyLine)>,
    mut answers: impl BufRead,
    screen: &mut impl Write,
    file: &mut impl Write,
) -> Result<usize> {
    writeln!(screen, "Enter keeps what is in brackets; - skips the post; ctrl-D or q stops.\n")?;
    let mut labelled = 0;
    for (post, line) in posts {
        let confidence = line.confidence;
        let mut labels = Labelled::suggested(post, line);
        writeln!(screen, "{}\n{}", post.text, styled(DIM, format!("{}, {:.0} % sure", post.id, confidence * 100.0)))?;
        let mut asking = Asking { answers: &mut answers, screen };
        match asking.labels(pack, &mut labels)? {
            Answer::Stop => break,
            Answer::Skip => continue,
            Answer::Given => {}
        }
        serde_json::to_writer(&mut *file, &labels)?;
        writeln!(file)?;
        file.flush()?;
        labelled += 1;
    }
    Ok(labelled)
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Given,
    Skip,
    Stop,
}

struct Asking<'a, R, W> {
    answers: &'a mut R,
    screen: &'a mut W,
}

impl<R: BufRead, W: Write> Asking<'_, R, W> {
    fn labels(&mut self, pack: &Pack, labels: &mut Labelled) -> Result<Answer> {
        let kind = |text: &str| from_code::<Kind>(text).ok_or("complaint, question or other");
        let answer = self.value("kind", &mut labels.kind, kind)?;
        if answer != Answer::Given {
            return Ok(answer);
        }
        if labels.kind == Kind::Other {
            (labels.category, labels.agencies, labels.urgency) = (None, Vec::new(), Urgency::Normal);
            return self.value("sure", &mut labels.sure, yes_or_no);
        }
        let category = |text: &str| {
            let known = text.parse::<Category>().ok().filter(|category| pack.categories.get(category).is_some());
            known.map(Some).ok_or("a category of the pack's categories.csv")
        };
        let agencies = |text: &str| {
            let codes: Option<Vec<AgencyCode>> =
                text.split([',', ' ']).filter(|code| !code.is_empty()).map(|code| code.parse().ok()).collect();
            let known =
                |codes: &Vec<AgencyCode>| codes.iter().all(|code| pack.jurisdiction.agencies.get(code).is_some());
            codes.filter(known).ok_or("codes of the pack's agencies.csv, the best first")
        };
        let urgency = |text: &str| from_code::<Urgency>(text).ok_or("normal, high or emergency");
        let asked = [
            self.value("category", &mut labels.category, category)?,
            self.value("agencies", &mut labels.agencies, agencies)?,
            self.value("urgency", &mut labels.urgency, urgency)?,
            self.value("sure", &mut labels.sure, yes_or_no)?,
        ];
        Ok(asked.into_iter().find(|answer| *answer != Answer::Given).unwrap_or(Answer::Given))
    }

    /// Asks for one value until the answer is one.
    fn value<T: Serialize>(
        &mut self,
        name: &str,
        value: &mut T,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Answer> {
        loop {
            let now = serde_json::to_value(&*value)?;
            write!(self.screen, "  {} [{}] ", styled(BOLD, name), words::plain(&now))?;
            self.screen.flush()?;
            let mut answer = String::new();
            if self.answers.read_line(&mut answer)? == 0 {
                return Ok(Answer::Stop);
            }
            match answer.trim() {
                "" => return Ok(Answer::Given),
                "q" => return Ok(Answer::Stop),
                "-" => return Ok(Answer::Skip),
                text => match parse(text) {
                    Ok(given) => {
                        *value = given;
                        return Ok(Answer::Given);
                    }
                    Err(wanted) => writeln!(self.screen, "  '{text}' is not known here; give {wanted}")?,
                },
            }
        }
    }
}

fn from_code<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}

fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "y" | "yes" | "true" => Ok(true),
        "n" | "no" | "false" => Ok(false),
        _ => Err("yes or no"),
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut rows = Vec::new();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            rows.push(serde_json::from_str(&line).map_err(|error| {
                anyhow!("{} line {}: {error}; give JSON lines with id and text", path.display(), index + 1)
            })?);
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::Workspace;

    fn label(posts: &[(&str, &str)], answers: &str) -> (Vec<Labelled>, String) {
        let pack = Pack::load(&Workspace::find().unwrap().pack("jateng")).unwrap();
        let posts: Vec<Unlabelled> =
            posts.iter().map(|(id, text)| Unlabelled { id: (*id).to_owned(), text: (*text).to_owned() }).collect();
        let (mut screen, mut file) = (Vec::new(), Vec::new());
        let waiting = by_certainty(&pack, &posts, jiff::civil::date(2026, 11, 24));
        ask_all(&pack, waiting, answers.as_bytes(), &mut screen, &mut file).unwrap();
        let lines = file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let labelled = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        (labelled, String::from_utf8(screen).unwrap())
    }

    #[test]
    fn the_reader_keeps_or_corrects_what_is_suggested() {
        let posts = [("1", "Jalan rusak parah di Kec. Jepon Blora, tolong diperbaiki")];
        let (kept, _) = label(&posts, "\n\n\n\n\n");
        assert_eq!(kept[0].category.as_ref().unwrap().as_str(), "road_damage");
        assert_eq!(kept[0].region.as_deref(), Some("33.16"));
        let (corrected, screen) = label(&posts, "\nroads\nstreet_lighting\nDISHUB, PEMKAB3316\nhigh\nno\n");
        assert!(screen.contains("'roads' is not known here; give a category"));
        assert_eq!(corrected[0].category.as_ref().unwrap().as_str(), "street_lighting");
        assert_eq!(corrected[0].agencies.len(), 2);
        assert_eq!((corrected[0].urgency, corrected[0].sure), (Urgency::High, false));
    }

    #[test]
    fn what_is_nothing_to_act_on_has_no_other_labels() {
        let (labelled, _) = label(&[("1", "Jalan rusak parah di Kec. Jepon Blora, tolong diperbaiki")], "other\n\n");
        assert_eq!((labelled[0].kind, labelled[0].category.clone()), (Kind::Other, None));
        assert!(labelled[0].agencies.is_empty());
    }

    #[test]
    fn posts_are_skipped_and_the_reader_may_stop() {
        let posts = [("1", "Jalan rusak di Blora"), ("2", "Lampu jalan mati di Kudus"), ("3", "Selamat pagi")];
        let (labelled, _) = label(&posts, "-\n\n\n\n\n\nq\n");
        assert_eq!(labelled.len(), 1);
        assert!(label(&posts, "").0.is_empty());
    }
}
