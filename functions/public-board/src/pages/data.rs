//! Open data: places of a month and tickets of late, as CSV and GeoJSON.

use kemala_domain::Ticket;
use kemala_domain::figures::{Board, Month};
use serde_json::{Value, json};

use super::View;
use super::figures::PlaceCounts;
use super::ticket::status;

/// Columns of a place's numbers.
const COUNTS: [&str; 5] = ["dilaporkan", "dijawab", "selesai", "lewat_tenggat", "terbuka"];

/// The regencies and cities of a month; of a city its subdistricts.
pub fn places_csv(view: &View<'_>, month: Month, board: Option<&Board>) -> String {
    let mut rows = vec![["bulan", "kode", "nama"].into_iter().chain(COUNTS).map(str::to_owned).collect()];
    for (code, name, counts) in places(view, board) {
        let counts = counts.all().map(|count| count.in_data());
        rows.push([month.to_string(), code, name].into_iter().chain(counts).collect());
    }
    csv(&rows)
}

/// The same with their areas (RFC 7946); `None` of a pack without a map.
pub fn places_geojson(view: &View<'_>, month: Month, board: Option<&Board>) -> Option<String> {
    let (_, sheet) = view.site.parts();
    let sheet = sheet?;
    let features: Vec<Value> = places(view, board)
        .into_iter()
        .filter_map(|(code, name, counts)| {
            let shape = sheet.shape(&code.parse().ok()?)?;
            let mut properties = json!({"bulan": month, "kode": code, "nama": name});
            for (column, count) in COUNTS.into_iter().zip(counts.all()) {
                let number = count.in_data();
                properties[column] = number.parse::<i64>().map_or(Value::String(number), Value::from);
            }
            let geometry = json!({"type": "MultiPolygon", "coordinates": sheet.polygons(shape)});
            Some(json!({"type": "Feature", "properties": properties, "geometry": geometry}))
        })
        .collect();
    Some(json!({"type": "FeatureCollection", "features": features}).to_string())
}

fn places(view: &View<'_>, board: Option<&Board>) -> Vec<(String, String, PlaceCounts)> {
    let Some(board) = board else { return Vec::new() };
    let counted = |(code, name): (kemala_domain::RegionCode, String)| {
        let counts = PlaceCounts::of(board, |spot| spot.is_in(&code));
        (code.to_string(), name, counts)
    };
    view.site.parts().0.into_iter().map(counted).collect()
}

/// Tickets, the newest first: no text, no account, no place smaller than a regency.
pub fn tickets_csv(view: &View<'_>, tickets: &[Ticket]) -> String {
    let head =
        ["nomor", "dibuka", "status", "pokok_masalah", "kode_wilayah", "wilayah", "instansi", "terlambat", "kiriman"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for ticket in tickets {
        let regency = ticket.decision.place.regency();
        rows.push(vec![
            ticket.id.to_string(),
            view.site.local(ticket.opened_at).date().to_string(),
            status(view, ticket.status).to_owned(),
            view.site.category(ticket.decision.category.as_ref(), view.language),
            regency.as_ref().map(ToString::to_string).unwrap_or_default(),
            regency.as_ref().map(|code| view.site.regency(code)).unwrap_or_default(),
            view.site.agency(&ticket.holder),
            view.say(
                if ticket.late.is_empty() { "tidak" } else { "ya" },
                if ticket.late.is_empty() { "no" } else { "yes" },
            )
            .to_owned(),
            ticket.voices.to_string(),
        ]);
    }
    csv(&rows)
}

/// A CSV file as RFC 4180 has it. What a spreadsheet would take for a formula begins with an apostrophe.
fn csv(rows: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Into memory nothing fails.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
#[path = "data_tests.rs"]
mod tests;
