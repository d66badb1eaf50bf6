//! Portal, gateway, regional workstation and provider; regulations and the walker over them; the qaqpa binary.
