//! What happens, told from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a story that cannot go on ends at once and says where"
)]

mod abandoned;
mod addresses;
mod apart;
mod bad_accounts;
mod bad_forms;
mod bad_input;
mod bad_messages;
mod bad_signatures;
mod bound_documents;
mod cli;
mod cli_certificates;
mod cli_regulations;
mod cli_signed_xml;
mod clocks;
mod complaints;
mod contracts;
mod control_token;
mod counter;
mod coverage;
mod crash;
mod deadlines;
mod desk;
mod deviations;
mod durability;
mod edited_regulation;
mod faults;
mod flaws;
mod foreign_centre;
mod foreign_people;
mod foreign_provider;
mod foreign_soap;
mod foreign_systems;
mod foreign_tls;
mod iin_or_bin;
mod key_carrier;
mod national_answers;
mod odd_bodies;
mod offices;
mod out_of_order;
mod papers;
mod rollover;
mod samples;
mod services;
mod seventh_regulation;
mod shared_database;
mod sign_and_forward;
mod signed_first;
mod signer_elsewhere;
mod slow_clients;
mod soap;

mod systems;
mod terms;
mod tls;
mod trust;
mod worlds;
mod worlds_on_demand;
