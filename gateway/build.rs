//! Regulations are built in as a folder; this has a new file in it noticed.

fn main() {
    println!("cargo::rerun-if-changed=regulations");
}
