//! The store and the certification centre's persistence and HTTP.
