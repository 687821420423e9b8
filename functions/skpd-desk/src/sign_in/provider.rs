//! The identity provider: OpenID Connect with the code flow and PKCE. In the template it is a Cognito user pool; any other
//! provider whose tokens carry the claim `custom:agency` would do.

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use kemala_domain::AgencyCode;
use kemala_runtime::guard::chain;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, Client, ClientId, CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenUrl,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::CALLBACK;
use super::session::{Officer, unguessable};

/// The provider is near; who waits is a person.
const CONNECT: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(4);
/// Largest answer that is read.
const LARGEST: usize = 256 * 1024;

/// Where the provider is, and who we are there.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its `openid-configuration`.
    pub discovery_url: String,
    /// This desk's client id. A public client: PKCE proves that the browser that comes back is the one that was sent.
    pub client_id: String,
    /// Our own address, without a slash at the end.
    pub desk_url: String,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The browser did not begin here, or long ago.
    #[error("the sign-in was not begun in this browser, or too long ago")]
    NotBegunHere,
    /// The provider does not answer, or with something else than it should.
    #[error("the identity provider cannot be used: {0}")]
    Provider(String),
    /// The provider refused, or its token does not hold.
    #[error("the identity provider does not vouch for this sign-in")]
    NotVouchedFor,
    /// The account belongs to no agency.
    #[error("the account is assigned to no agency (claim custom:agency)")]
    NoAgency,
}

/// A way to the provider.
pub struct Asked {
    /// Where to send the browser.
    pub url: String,
    /// What must come back with it.
    pub state: String,
    /// What must stand in the token.
    pub nonce: String,
    /// What must be shown for the code.
    pub verifier: String,
}

/// The provider.
pub struct Provider {
    settings: Settings,
    http: reqwest::Client,
    known: OnceCell<Known>,
}

/// What the provider says of itself; read once, with the first sign-in.
struct Known {
    document: Document,
    client: OidcClient,
}

#[derive(Debug, Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: String,
    token_endpoint: String,
    end_session_endpoint: Option<String>,
}

/// The one field of OpenID Connect in the answer of the token endpoint.
#[derive(Debug, Serialize, Deserialize)]
struct IdToken {
    id_token: String,
}
impl ExtraTokenFields for IdToken {}

type OidcClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<IdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What a token says of an officer. Time, issuer and audience are checked before.
#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    nonce: Option<String>,
    #[serde(rename = "cognito:username")]
    username: Option<String>,
    #[serde(rename = "custom:agency")]
    agency: Option<String>,
}

impl Provider {
    /// Nothing is asked before the first sign-in.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            // An answer that sends the code elsewhere is no answer.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { settings, http, known: OnceCell::new() })
    }

    /// A way to the provider, new each time.
    ///
    /// # Errors
    /// [`SignInError::Provider`]
    pub async fn ask(&self) -> Result<Asked, SignInError> {
        let known = self.known().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = unguessable();
        let (url, state) = known
            .client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("openid".to_owned()))
            .set_pkce_challenge(challenge)
            .add_extra_param("nonce", &nonce)
            .url();
        let (state, verifier) = (state.into_secret(), verifier.into_secret());
        Ok(Asked { url: url.into(), state, nonce, verifier })
    }

    /// The officer of a code.
    ///
    /// # Errors
    /// [`SignInError`]
    pub async fn exchange(&self, code: &str, verifier: String, nonce: &str) -> Result<Officer, SignInError> {
        let known = self.known().await?;
        let exchange = known
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer = exchange.request_async(&|request| self.send(request)).await;
        let answer = answer.map_err(|error| {
            tracing::warn!(error = %chain(&error), "a code was not exchanged");
            SignInError::NotVouchedFor
        })?;
        let keys: JwkSet = self.json(&known.document.jwks_uri).await?;
        let claims = self.read(&answer.extra_fields().id_token, &keys, &known.document.issuer)?;
        if claims.nonce.as_deref() != Some(nonce) {
            return Err(SignInError::NotVouchedFor);
        }
        let agencies = agencies(claims.agency.as_deref().unwrap_or_default());
        if agencies.is_empty() {
            return Err(SignInError::NoAgency);
        }
        Ok(Officer { name: claims.username.unwrap_or(claims.sub), agencies })
    }

    /// Where the provider forgets the officer as well; `None` where it has no such place, or does not answer.
    pub async fn sign_out_url(&self) -> Option<String> {
        let known = self.known().await.ok()?;
        let there = known.document.end_session_endpoint.as_deref()?;
        let back = format!("{}/", self.settings.desk_url);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("logout_uri", &back)
            .finish();
        Some(format!("{there}?{query}"))
    }

    /// The claims of a token that the provider has signed for us, and that has not expired.
    fn read(&self, token: &str, keys: &JwkSet, issuer: &str) -> Result<Claims, SignInError> {
        let refused = |_| SignInError::NotVouchedFor;
        let header = decode_header(token).map_err(refused)?;
        let key = header.kid.and_then(|kid| keys.find(&kid)).ok_or(SignInError::NotVouchedFor)?;
        let key = DecodingKey::from_jwk(key).map_err(refused)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[&self.settings.client_id]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        Ok(decode::<Claims>(token, &key, &validation).map_err(refused)?.claims)
    }

    async fn known(&self) -> Result<&Known, SignInError> {
        self.known
            .get_or_try_init(|| async {
                let document: Document = self.json(&self.settings.discovery_url).await?;
                let unfit = |error: oauth2::url::ParseError| SignInError::Provider(error.to_string());
                let redirect = format!("{}{CALLBACK}", self.settings.desk_url);
                let client = Client::new(ClientId::new(self.settings.client_id.clone()))
                    .set_auth_uri(AuthUrl::new(document.authorization_endpoint.clone()).map_err(unfit)?)
                    .set_token_uri(TokenUrl::new(document.token_endpoint.clone()).map_err(unfit)?)
                    .set_redirect_uri(RedirectUrl::new(redirect).map_err(unfit)?);
                Ok(Known { document, client })
            })
            .await
    }

    async fn json<T: DeserializeOwned>(&self, url: &str) -> Result<T, SignInError> {
        let failed = |error: reqwest::Error| SignInError::Provider(chain(&error));
        let answer = self.http.get(url).send().await.map_err(failed)?.error_for_status().map_err(failed)?;
        let bytes = answer.bytes().await.map_err(failed)?;
        if bytes.len() > LARGEST {
            return Err(SignInError::Provider(format!("{url} is longer than {LARGEST} bytes")));
        }
        serde_json::from_slice(&bytes).map_err(|error| SignInError::Provider(format!("{url}: {error}")))
    }

    /// Sends what oauth2 asks to send.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
        let answer = self.http.execute(request.try_into()?).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut response = HttpResponse::new(answer.bytes().await?.to_vec());
        (*response.status_mut(), *response.headers_mut()) = (status, headers);
        Ok(response)
    }
}

/// The codes in a claim, separated by spaces or commas. What is no code is passed over.
fn agencies(claim: &str) -> Vec<AgencyCode> {
    claim.split([' ', ',']).filter_map(|code| code.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_names_agencies() {
        let codes = |claim| agencies(claim).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(codes("TRIAGE, SEKDA"), "TRIAGE SEKDA");
        assert_eq!(codes("DINKES"), "DINKES");
        assert_eq!(codes("dinkes * ../DINSOS"), "");
    }

    #[test]
    fn a_token_of_somebody_else_is_none() {
        let settings = Settings { discovery_url: String::new(), client_id: "desk".into(), desk_url: String::new() };
        let provider = Provider::new(settings).unwrap();
        let keys = JwkSet { keys: Vec::new() };
        // {"alg":"none"}, {"alg":"HS256","kid":"a"}, nonsense.
        for token in ["eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiIsImtpZCI6ImEifQ.e30.AA", "", "a.b.c"] {
            assert!(provider.read(token, &keys, "issuer").is_err(), "{token}");
        }
    }
}
