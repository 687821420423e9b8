//! What of the pack no override replaces: categories, places. Read once.

use std::path::Path;

use kemala_classifier::{Categories, CategoryEntry, Districts, Jurisdiction, PackErrors};
use kemala_domain::decision::Category;

use crate::wire::{Discovery, Endpoint, Service, ServiceDefinition};

/// Where the specification is.
const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";

/// Categories and places of a pack, and the stage.
#[derive(Debug)]
pub struct Site {
    /// What can be reported.
    pub categories: Categories,
    /// Where.
    pub districts: Districts,
    stage: String,
}

impl Site {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackErrors`]
    pub fn load(pack: &Path, stage: String) -> Result<Self, PackErrors> {
        Ok(Self { categories: Categories::load(pack)?, districts: Districts::load(pack)?, stage })
    }

    /// What there is at a host.
    pub fn discovery(&self, jurisdiction: &Jurisdiction, host: &str) -> Discovery {
        let version = jurisdiction.version.rsplit('/').next().unwrap_or_default().to_owned();
        let asked = format!("{}, https://x.com/{}", jurisdiction.title, jurisdiction.answer_from.handle);
        Discovery {
            changeset: version.clone(),
            contact: asked.clone(),
            key_service: asked,
            endpoints: [Endpoint {
                specification: SPECIFICATION,
                url: format!("https://{host}/v2"),
                changeset: version,
                kind: if self.stage == "prod" { "production" } else { "test" },
                formats: ["text/xml", "application/json"],
            }],
        }
    }

    /// All that can be reported.
    pub fn services(&self) -> Vec<Service> {
        let service = |entry: &CategoryEntry| Service {
            service_code: entry.code.clone(),
            service_name: entry.title.clone(),
            description: entry.title.clone(),
            metadata: false,
            kind: "batch",
            keywords: entry.laporgub_category.clone(),
            group: entry.laporgub_category.clone(),
        };
        self.categories.iter().map(service).collect()
    }

    /// What more is asked about a service; `None` where there is no such service.
    pub fn definition(&self, code: &str) -> Option<ServiceDefinition> {
        Some(ServiceDefinition { service_code: self.category(code)?.code.clone(), attributes: [] })
    }

    /// A category by its code.
    pub fn category(&self, code: &str) -> Option<&CategoryEntry> {
        self.categories.get(&code.parse().ok()?)
    }

    /// The service of a ticket's category: the one for all else, where the ticket has none.
    pub fn service_of(&self, category: Option<&Category>) -> Option<&CategoryEntry> {
        let own = category.and_then(|category| self.categories.get(category));
        own.or_else(|| self.categories.without_lead())
    }
}

#[cfg(test)]
pub mod tests {
    use std::sync::LazyLock;

    use super::*;

    /// The shipped pack.
    pub fn jateng() -> &'static Site {
        static SITE: LazyLock<Site> = LazyLock::new(|| Site::load(&pack(), "dev".to_owned()).unwrap());
        &SITE
    }

    /// Its folder.
    pub fn pack() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng")
    }

    #[test]
    fn services_are_the_categories() {
        let services = jateng().services();
        assert_eq!(services.len(), jateng().categories.count());
        insta::assert_json_snapshot!(services[0], @r#"
        {
          "service_code": "road_damage",
          "service_name": "Jalan dan jembatan rusak",
          "description": "Jalan dan jembatan rusak",
          "metadata": false,
          "type": "batch",
          "keywords": "infrastruktur",
          "group": "infrastruktur"
        }
        "#);
        let definition = serde_json::to_string(&jateng().definition("road_damage").unwrap()).unwrap();
        assert_eq!(definition, r#"{"service_code":"road_damage","attributes":[]}"#);
        assert!(jateng().definition("teleport").is_none() && jateng().definition("Ü").is_none());
        assert_eq!(jateng().service_of(None).unwrap().code.as_str(), "other");
    }

    #[test]
    fn another_city_is_another_pack() {
        let city = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/kota-yogyakarta");
        let site = Site::load(&city, "prod".to_owned()).unwrap();
        let jurisdiction = Jurisdiction::load(&city).unwrap();
        let discovery = serde_json::to_value(site.discovery(&jurisdiction, "abc.example")).unwrap();
        assert_eq!(discovery["contact"], "Kemala Kota Yogyakarta, https://x.com/KemalaJogja");
        assert_eq!(discovery["endpoints"][0]["type"], "production");
        assert_eq!(site.services().len(), jateng().services().len());
        let (_, middle) = site.districts.of(&"34.71.13.1007".parse().unwrap()).unwrap();
        assert_eq!(middle.name, "Umbulharjo");
        assert_eq!(site.districts.name(&"34.71.13".parse().unwrap()).unwrap(), "Kec. Umbulharjo, Kota Yogyakarta");
        assert!(crate::filter::check_jurisdiction(Some("kota-yogyakarta"), &jurisdiction).is_ok());
        assert!(crate::filter::check_jurisdiction(Some("jateng"), &jurisdiction).is_err());
    }

    #[test]
    fn discovery_tells_where_everything_is() {
        let discovery = jateng().discovery(&Jurisdiction::load(&pack()).unwrap(), "abc.example");
        insta::assert_json_snapshot!(discovery, @r#"
        {
          "changeset": "2026-11-24",
          "contact": "Kemala Jawa Tengah, https://x.com/KemalaJateng",
          "key_service": "Kemala Jawa Tengah, https://x.com/KemalaJateng",
          "endpoints": [
            {
              "specification": "http://wiki.open311.org/GeoReport_v2",
              "url": "https://abc.example/v2",
              "changeset": "2026-11-24",
              "type": "test",
              "formats": [
                "text/xml",
                "application/json"
              ]
            }
          ]
        }
        "#);
    }
}
