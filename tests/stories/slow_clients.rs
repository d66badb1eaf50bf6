//! Clients that connect and take their time, or say too much: none holds a connection for ever. What they wait for here
//! is the answer, not the clock.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use gateway::sandbox::Options;
use gateway::tls::{Serves, Tls};
use gateway::world::Plan;
use tests::Town;

/// What comes back when a client says something and then nothing more, up to the end of the connection.
async fn comes_back(town: &Town, said: Vec<u8>) -> String {
    let base = town.client.base().to_owned();
    let address = base.split_once("://").unwrap().1.to_owned();
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        // The server may have heard enough before all is said.
        let _ = stream.write_all(&said);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let town = Town::up().await;
    let begun = "GET /control/health HTTP/1.1\r\nhost: gate\r\n";
    let whole = format!("{begun}\r\n");
    let (nothing, half, idle) = tokio::join!(
        comes_back(&town, Vec::new()),
        comes_back(&town, begun.as_bytes().to_vec()),
        comes_back(&town, whole.into_bytes()),
    );
    assert_eq!((nothing.as_str(), half.as_str()), ("", ""));
    assert!(idle.starts_with("HTTP/1.1 200"), "a connection that asks no more is let go: {idle}");
    assert!(town.get("/control/health").await.is_ok());
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_not_waited_for() {
    let mut plan = Plan::following(Town::regulations());
    plan.tls = Tls { serves: Serves::Own, ..Tls::default() };
    let town = Town::with(Options::ephemeral(plan)).await;
    // The head of a record of TLS that never comes; and nothing at all.
    let (begun, nothing) =
        tokio::join!(comes_back(&town, vec![0x16, 0x03, 0x01, 0x02, 0x00]), comes_back(&town, Vec::new()));
    assert_eq!((begun.as_str(), nothing.as_str()), ("", ""));
    assert!(town.get("/control/health").await.is_ok());
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let town = Town::up().await;
    let head = |more: &str| {
        format!("GET /control/health HTTP/1.1\r\nhost: gate\r\nconnection: close\r\n{more}\r\n").into_bytes()
    };
    for (what, more) in [
        ("many headers", "x: 1\r\n".repeat(99)),
        ("one large header", format!("x: {}\r\n", "a".repeat(64 << 10))),
        ("a header that does not end", "a".repeat(1 << 20)),
    ] {
        let answer = comes_back(&town, head(&more)).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{what}: {answer}");
    }
    assert!(comes_back(&town, head(&"x: 1\r\n".repeat(90))).await.starts_with("HTTP/1.1 200"));
    assert!(town.get("/control/health").await.is_ok());
}
