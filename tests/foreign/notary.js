#!/usr/bin/env node
// A notary registry of somebody else's, spoken to over SOAP: Node with the package `soap`, and the `openssl` program;
// nothing of Qaqpa.
//
//     notary.js FOLDER [--listen 127.0.0.1:0] [--wire soap] [--tls-cert FILE --tls-key FILE [--mtls]]
//
// FOLDER is what `qaqpa systems add notary --wire soap --out FOLDER` wrote, and in it records.json, what the register
// has: {"found": [{"about": …, "found": …}]} in the shapes of docs/messages.md. How a message is signed is in wss.js.
const { execFileSync } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const axios = require("axios");
const soap = require("soap");
const wss = require("./wss.js");

const text = { type: "string" };
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { listen: { ...text, default: "127.0.0.1:0" }, wire: text, "tls-cert": text, "tls-key": text, mtls: { type: "boolean" } },
});
const read = (name) => fs.readFileSync(path.join(positionals[0], name));
const us = JSON.parse(read("system.json"));
const records = JSON.parse(read("records.json"));
const key = crypto.createPrivateKey(read("system.key"));
const certificate = new crypto.X509Certificate(read("system.pem"));
const trust = Buffer.concat([read("roots.pem"), read("authorities.pem")]);
// We believe the sandbox's root, and show our certificate to whoever asks.
const httpsAgent = new https.Agent({ ca: read("roots.pem"), cert: read("system.pem"), key: read("system.key") });
const web = axios.create({ httpsAgent, proxy: false, timeout: 30_000 });
const MESSAGES = "urn:qaqpa:messages:v1";
const taken = new Map();

/** What we answer with a fault: a code of docs/messages.md, and why. */
class Refused extends Error {
  constructor(code, status, detail) {
    super(`${code}: ${detail}`);
    this.problem = { type: "about:blank", code, status, title: detail, detail };
  }

  get Fault() {
    const { status, detail } = this.problem;
    const errorCode = status >= 500 ? "SCSE003" : [403, 404, 409].includes(status) ? "SCSE001" : "SCSE002";
    const errorDate = new Date().toISOString();
    const info = { errorCode, errorMessage: detail, errorData: JSON.stringify(this.problem), errorDate };
    const faultcode = status >= 500 ? "soap:Server" : "soap:Client";
    return { faultcode, faultstring: detail, detail: { SendMessageFault1_SendMessageFault: info }, statusCode: 500 };
  }
}

/** Runs openssl with the files given; their names stand in the arguments as {name}. */
function openssl(line, files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "notary-"));
  try {
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
    const file = (argument) => argument.replace(/^\{(\w+)\}$/, (_, name) => path.join(folder, name));
    execFileSync("openssl", line.split(" ").map(file), { stdio: "pipe" });
    const made = path.join(folder, "out");
    return fs.existsSync(made) ? fs.readFileSync(made) : undefined;
  } catch (error) {
    const said = String(error.stderr ?? error).trim();
    // A list that is of no use decides nothing: the sender tries again.
    throw said.includes("CRL") ? new Refused("revocation-unknown", 503, said) : new Refused("signature-invalid", 422, said);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** That a path leads from a certificate to the sandbox's root, and that the centre's current list does not have it. */
async function sureOf(leaf) {
  openssl("verify -CAfile {trust} {leaf}", { trust, leaf });
  const shown = openssl("x509 -in {leaf} -noout -ext crlDistributionPoints -out {out}", { leaf });
  const place = /URI:(\S+)/.exec(shown)?.[1];
  const fetched = place && (await web.get(place, { responseType: "arraybuffer" }).catch(() => undefined));
  if (!fetched) throw new Refused("revocation-unknown", 503, `no list at ${place}`);
  openssl("verify -CAfile {trust} -crl_check -CRLfile {list} {leaf}", { trust, leaf, list: fetched.data });
}

/** What a system or person signed. */
async function opened(document) {
  const [content, signature] = [document.content, document.signature].map((one) => Buffer.from(one, "base64"));
  const verify = "cms -verify -noverify -binary -inform DER -in {signature} -content {content} -signer {out} -out {said}";
  await sureOf(openssl(verify, { content, signature }));
  return JSON.parse(content);
}

/** A document of ours, signed in the name of the organisation. */
function document(said) {
  const content = Buffer.from(JSON.stringify(said));
  const own = { content, key: read("system.key"), certificate: read("system.pem") };
  const made = openssl("cms -sign -binary -outform DER -md sha256 -signer {certificate} -inkey {key} -in {content} -out {out}", own);
  return { mediaType: "application/json", content: content.toString("base64"), signature: made.toString("base64") };
}

/** The answer to a question; without `found` we have nothing, which is an answer. */
function answer(query) {
  if (!["given", "not-required"].includes(query.consent?.state)) throw new Refused("consent-missing", 422, query.query);
  const same = (record) => record.about.of === query.about.of && record.about.number === query.about.number;
  const found = records.found.find(same)?.found;
  const { case: of, regulation, channel, about } = query;
  const register = { name: us.organisation, bin: us.bin };
  const said = { case: of, regulation, channel, specimen: "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST", query: query.query };
  return document({ ...said, made_at: new Date().toISOString(), about, register, ...(found && { found }) });
}

/** Who sent a message, once the signature over its Body is theirs. */
async function fromWhom(received, sender) {
  let signer;
  try {
    signer = wss.signer(received);
  } catch (error) {
    throw new Refused("signature-invalid", 422, error.message);
  }
  const peer = us.peers[sender];
  if (!peer) throw new Refused("sender-unknown", 403, sender);
  if (!new crypto.X509Certificate(peer.certificate).publicKey.equals(signer.publicKey)) {
    throw new Refused("certificate-not-bound", 403, sender);
  }
  await sureOf(signer.toString());
}

async function SendMessage({ request }, _done, _headers, { received, socket }) {
  if (options.mtls && !socket.authorized) throw new Refused("client-certificate-missing", 403, "show a certificate");
  const { messageId, sender } = request.requestInfo;
  await fromWhom(received, sender.senderId);
  const { message, case: of, document: asked } = request.requestData.data;
  if (message !== "attorney-query") throw new Refused("route-unknown", 403, message);
  const query = await opened(asked);
  if (query.case !== of) throw new Refused("envelope-malformed", 422, "the document belongs to another case");
  if (!taken.has(messageId)) taken.set(messageId, answer(query));
  const status = { code: "SCSS001", message: "Message has been processed" };
  const responseDate = new Date().toISOString();
  // A server of `soap` does not declare xsi by itself.
  const xsi = "http://www.w3.org/2001/XMLSchema-instance";
  const kind = { "xmlns:xsi": xsi, xsi_type: { type: "Response", xmlns: MESSAGES, prefix: "m" } };
  return {
    response: {
      responseInfo: { messageId: crypto.randomUUID(), correlationId: messageId, responseDate, status },
      responseData: { data: { attributes: kind, answer: taken.get(messageId) } },
    },
  };
}

async function main() {
  const uri = `${us.sandbox}/contracts/sync-channel.wsdl`;
  const { data: xml } = await web.get(uri);
  const nobody = (_request, response) => response.writeHead(404).end();
  const server = options["tls-cert"]
    ? https.createServer(
        {
          cert: fs.readFileSync(options["tls-cert"]), key: fs.readFileSync(options["tls-key"]), ca: trust,
          requestCert: Boolean(options.mtls), rejectUnauthorized: false,
        },
        nobody,
      )
    : http.createServer(nobody);
  const services = { ISyncChannelHttpService: { SyncChannelHttpPort: { SendMessage } } };
  const listening = () => {
    const [host, port] = options.listen.split(":");
    server.listen(Number(port), host, () => {
      const url = `http${options["tls-cert"] ? "s" : ""}://${host}:${server.address().port}`;
      console.log(JSON.stringify({ ready: true, url }));
    });
  };
  const channel = soap.listen(server, { path: /^\//, services, xml, uri, request: web, callback: listening });
  channel.log = (what, said, request) => {
    if (what === "received") request.received = said;
  };
  // Faults are not signed.
  channel.on("response", (response) => {
    if (!response.result.includes("<soap:Fault>")) response.result = wss.signed(response.result, key, certificate);
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
