//! What the guides are made of: blocks of commands, headings, links.

use std::collections::BTreeMap;

/// A fenced block, with the number of its first line.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    pub line: usize,
    pub text: String,
}

/// A document, read line by line: its `sh` blocks, the anchors of its headings, where its links lead, and code
/// in its sentences.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub commands: Vec<Block>,
    pub anchors: Vec<String>,
    pub links: Vec<(usize, String)>,
    /// Code within a line.
    pub inline: Vec<(usize, String)>,
}

impl Document {
    pub fn read(text: &str) -> Self {
        let mut document = Self::default();
        let mut seen = BTreeMap::new();
        let mut fence: Option<(&str, Block)> = None;
        for (number, line) in text.lines().enumerate() {
            let mark = line.trim_start().strip_prefix("```");
            match (&mut fence, mark) {
                (Some(_), Some(_)) => {
                    document.commands.extend(fence.take().filter(|(kind, _)| *kind == "sh").map(|(_, block)| block));
                }
                (Some((_, block)), None) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                (None, Some(kind)) => {
                    fence = Some((kind.trim(), Block { line: number + 2, text: String::new() }));
                }
                (None, None) => {
                    let heading = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#'));
                    if let Some(heading) = heading.filter(|text| text.starts_with(' ')) {
                        let slug = slug(heading.trim());
                        let repeats: &mut usize = seen.entry(slug.clone()).or_default();
                        document.anchors.push(if *repeats == 0 { slug } else { format!("{slug}-{repeats}") });
                        *repeats += 1;
                    }
                    let code = line.split('`').skip(1).step_by(2);
                    document.inline.extend(code.map(|code| (number + 1, code.to_owned())));
                    document.links.extend(links(line).map(|link| (number + 1, link.to_owned())));
                }
            }
        }
        document
    }
}

/// The anchor that GitHub makes of a heading.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Where the links of a line lead; one is not told from an example in backticks, so guides have none of those.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let rest = line.split("](").skip(1);
    rest.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.trim())
}

#[test]
fn blocks_anchors_and_links_are_found() {
    let text = "# A guide: first\n#NoHeading\nSee [it](b.md#x) and [that](#twice).\n```sh\naws a\n# no heading\n```\n\
                ```text\n[no](link)\n```\n## Twice\n## Twice\nThen `a b`.\n";
    let document = Document::read(text);
    assert_eq!(document.commands, [Block { line: 5, text: "aws a\n# no heading\n".to_owned() }]);
    assert_eq!(document.anchors, ["a-guide-first", "twice", "twice-1"]);
    assert_eq!(document.inline, [(13, "a b".to_owned())]);
    assert_eq!(document.links, [(3, "b.md#x".to_owned()), (3, "#twice".to_owned())]);
}
