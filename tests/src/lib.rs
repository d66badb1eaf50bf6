//! End-to-end stories and foreign judges.
