#![doc = include_str!("../README.md")]

mod api;
mod control;
mod webhooks;
pub mod world;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use kemala_x_api::Credentials;
use tokio::net::TcpListener;

pub use webhooks::Webhook;
pub use world::{CitizenPost, Faults, OwnPost, World};

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Shared {
    world: Arc<Mutex<World>>,
    keys: Arc<Credentials>,
    /// Handle of the account that answers.
    handle: Arc<str>,
}

impl Shared {
    /// The world. A request that panicked has left it as it was: every change is one assignment.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Serves X's API for the account with these keys and that handle, until the process ends.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(listener: TcpListener, keys: Credentials, handle: &str) -> std::io::Result<()> {
    let shared = Shared { world: Arc::default(), keys: Arc::new(keys), handle: Arc::from(handle) };
    let router = Router::new()
        .merge(api::routes())
        .merge(webhooks::routes())
        .nest("/_fake", control::routes())
        .with_state(shared);
    axum::serve(listener, router).await
}
