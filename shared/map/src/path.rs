//! Rings of whole units as an SVG path of relative steps, and back: `M10 20l5-3 2 0z`.

/// A closed line, its last point is not its first again.
pub(crate) type Ring = Vec<(i32, i32)>;

/// The path of some rings.
pub(crate) fn written(rings: &[Ring]) -> String {
    let mut path = String::new();
    for ring in rings {
        let Some((first, rest)) = ring.split_first() else { continue };
        path += &format!("M{} {}", first.0, first.1);
        let mut before = *first;
        for (n, point) in rest.iter().enumerate() {
            // A sign parts numbers as well as a space does.
            let joint = |number: i32, is_first: bool| if is_first || number < 0 { "" } else { " " };
            let step = (point.0 - before.0, point.1 - before.1);
            path += if n == 0 { "l" } else { "" };
            path += &format!("{}{}{}{}", joint(step.0, n == 0), step.0, joint(step.1, false), step.1);
            before = *point;
        }
        path.push('z');
    }
    path
}

/// The rings of a path as [`written`] writes it; what is written otherwise is left out.
pub(crate) fn read(path: &str) -> Vec<Ring> {
    path.split('z').filter_map(read_ring).collect()
}

fn read_ring(ring: &str) -> Option<Ring> {
    let (first, steps) = ring.strip_prefix('M')?.split_once('l')?;
    let first = numbers(first)?;
    let steps = numbers(steps)?;
    let mut at = (*first.first()?, *first.get(1)?);
    let mut points = vec![at];
    for step in steps.chunks_exact(2) {
        let [x, y] = step else { return None };
        at = (at.0.checked_add(*x)?, at.1.checked_add(*y)?);
        points.push(at);
    }
    Some(points)
}

fn numbers(text: &str) -> Option<Vec<i32>> {
    text.replace('-', " -").split_whitespace().map(|number| number.parse().ok()).collect()
}

/// Twice the area of a ring; its sign tells the direction.
pub(crate) fn doubled_area(ring: &Ring) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_back() {
        let rings = vec![vec![(10, 20), (15, 17), (17, 17)], vec![(0, 0), (3, 0), (3, 3), (0, 3)]];
        let path = written(&rings);
        assert_eq!(path, "M10 20l5-3 2 0zM0 0l3 0 0 3-3 0z");
        assert_eq!(read(&path), rings);
        for other in ["", "M1l2", "M1 2", "L", "M1 2l3 4Q5 6z", "M2147483647 0l1 0z"] {
            assert!(read(other).is_empty(), "{other}");
        }
        assert_eq!(doubled_area(&rings[1]), 18);
    }
}
