//! New events to the queues they name: the table's stream in, agencies' queues out.

pub mod handler;
