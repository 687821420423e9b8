//! What must not change without notice: how X's bodies are read, what our queues carry, which crate depends on which.

mod dependencies;
mod fixtures;
mod hostile_input;
mod overrides;
mod reports_queue;
mod schemas;
mod training_posts;
mod x_bodies;
