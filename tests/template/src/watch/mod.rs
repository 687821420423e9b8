//! What rings, and when: alarms of the template, computed from what the functions' own code measures.

mod alarms;
mod coverage;
mod evaluate;
mod math;
mod rings;
mod series;
