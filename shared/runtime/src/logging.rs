//! Logs as the Lambda runtime wants them. They hold ids only: no text, no handle, no body.

/// Installs the runtime's subscriber (JSON or text and the level follow the function's logging configuration) and a
/// panic hook that tells the place only: a panic's message may quote what was being handled.
pub fn init() {
    lambda_runtime::tracing::init_default_subscriber();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panic");
    }));
}
