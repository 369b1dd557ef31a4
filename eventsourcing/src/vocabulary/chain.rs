//! An error in one line, with its causes.

use std::{error::Error, fmt};

/// An error and what it was caused by, with colons between them: for logs and reports, where nobody asks for
/// [`source`](Error::source). An error that is handed out says its own part only.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut causes = std::iter::successors(self.0.source(), |&cause| cause.source());
        causes.try_for_each(|cause| write!(f, ": {cause}"))
    }
}
