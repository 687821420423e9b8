//! Files are what their readers expect.

use kemala_domain::samples::opened;

use super::*;
use crate::pages::samples::{full_month, view};
use crate::site::tests::jateng;

fn read(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn places_are_a_row_each() {
    let site = jateng();
    let month = full_month(&site);
    let rows = read(&places_csv(&view(&site), month.month, Some(&month)));
    assert_eq!(rows[0].join(","), "bulan,kode,nama,dilaporkan,dijawab,selesai,lewat_tenggat,terbuka");
    assert_eq!((rows.len(), rows[1][..3].join(",").as_str()), (36, "2026-11,33.01,Kabupaten Cilacap"));
    assert_eq!(read(&places_csv(&view(&site), month.month, None)).len(), 1);
}

#[test]
fn few_stand_as_such_in_files_too() {
    let site = jateng();
    let month = site.month(kemala_domain::samples::monday());
    let two = crate::pages::samples::figures(&[(kemala_domain::figures::Figure::Opened, 2)]);
    let few = Board::of(month, view(&site).now, [].into(), [("33.16.08".parse().unwrap(), two, 1)], &[]);
    assert!(places_csv(&view(&site), month, Some(&few)).contains("2026-11,33.16,Kabupaten Blora,<3,0,0,0,0\r\n"));
    assert!(places_geojson(&view(&site), month, Some(&few)).unwrap().contains("\"dilaporkan\":\"<3\""));
}

#[test]
fn areas_are_geojson() {
    let site = jateng();
    let month = full_month(&site);
    let geojson: Value =
        serde_json::from_str(&places_geojson(&view(&site), month.month, Some(&month)).unwrap()).unwrap();
    assert_eq!(geojson["type"], "FeatureCollection");
    let features = geojson["features"].as_array().unwrap();
    assert_eq!(features.len(), 35);
    for feature in features {
        assert_eq!((&feature["type"], &feature["geometry"]["type"]), (&json!("Feature"), &json!("MultiPolygon")));
        for ring in
            feature["geometry"]["coordinates"].as_array().unwrap().iter().flat_map(|rings| rings.as_array().unwrap())
        {
            let points: Vec<[f64; 2]> = serde_json::from_value(ring.clone()).unwrap();
            assert!(points.len() >= 4 && points.first() == points.last(), "{points:?}");
            let is_near = |[x, y]: &[f64; 2]| (108.0..112.0).contains(x) && (-8.5..-5.5).contains(y);
            assert!(points.iter().all(is_near));
        }
        let outer: Vec<[f64; 2]> = serde_json::from_value(feature["geometry"]["coordinates"][0][0].clone()).unwrap();
        let doubled: f64 = outer.windows(2).map(|edge| edge[0][0] * edge[1][1] - edge[1][0] * edge[0][1]).sum();
        assert!(doubled > 0.0, "against the clock");
        assert!(feature["properties"]["dilaporkan"].is_number());
    }
}

#[test]
fn tickets_are_a_row_each_and_no_cell_is_a_formula() {
    let site = jateng();
    let mut ticket = opened("PEMKAB3316").ticket;
    let csv = tickets_csv(&view(&site), &[ticket.clone()]);
    insta::assert_snapshot!(csv.replace("\r\n", "\n"), @"
    nomor,dibuka,status,pokok_masalah,kode_wilayah,wilayah,instansi,terlambat,kiriman
    KJ-PERWG6M45,2026-11-23,Menunggu diterima instansi,Jalan dan jembatan rusak,33.16,Kabupaten Blora,Pemerintah Kabupaten Blora,tidak,1
    ");
    ticket.decision.place = Default::default();
    assert!(tickets_csv(&view(&site), &[ticket]).contains(",,,Pemerintah"));
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
        let row = csv_of(formula);
        assert!(row[0][0].starts_with('\''), "{row:?}");
    }
    assert_eq!(csv_of("a,\"b\"\nc"), [["a,\"b\"\nc"]]);
}

fn csv_of(cell: &str) -> Vec<Vec<String>> {
    read(&super::csv(&[vec![cell.to_owned()]]))
}
