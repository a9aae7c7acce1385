//! How users here are not as Clerk has them.

/// In which way a user is not as Clerk has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// Clerk has it, and it is not here.
    Missing,
    /// It is here, and Clerk has it no more.
    Extra,
    /// It says something else here.
    Different,
    /// It is deleted here, and Clerk has it. A deletion is for ever.
    Deleted,
}

impl Differs {
    /// What it is called.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different => "different",
            Self::Deleted => "deleted",
        }
    }
}

/// How many users differ, by the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// [`Differs::Missing`]
    pub missing: u64,
    /// [`Differs::Extra`]
    pub extra: u64,
    /// [`Differs::Different`]
    pub different: u64,
    /// [`Differs::Deleted`]
    pub deleted: u64,
}

impl Counts {
    /// One more.
    pub fn add(&mut self, differs: Differs) {
        let count = match differs {
            Differs::Missing => &mut self.missing,
            Differs::Extra => &mut self.extra,
            Differs::Different => &mut self.different,
            Differs::Deleted => &mut self.deleted,
        };
        *count += 1;
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { missing, extra, different, deleted } = self;
        missing + extra + different + deleted
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Differs};

    #[test]
    fn each_way_to_differ_is_counted_by_its_name() {
        let mut counts = Counts::default();
        assert_eq!(counts.total(), 0);
        let ways = [Differs::Missing, Differs::Extra, Differs::Different, Differs::Deleted];
        assert_eq!(ways.map(Differs::as_str), ["missing", "extra", "different", "deleted"]);
        for (times, way) in (1..).zip(ways) {
            (0..times).for_each(|_| counts.add(way));
        }
        assert_eq!(counts, Counts { missing: 1, extra: 2, different: 3, deleted: 4 });
        assert_eq!(counts.total(), 10);
    }
}
