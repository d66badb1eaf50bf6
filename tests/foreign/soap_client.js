// Calls a channel with Node's `soap`, from its WSDL alone: soap_client.js FOLDER WSDL [ENDPOINT].
//
// FOLDER holds call.json: the operation and its `request` with what the message carries. The message goes unsigned to
// ENDPOINT, or to the address in the WSDL. What the WSDL offers and what comes back are printed as JSON.
const fs = require("node:fs");
const path = require("node:path");
const soap = require("soap");

const [folder, wsdl, endpoint] = process.argv.slice(2);

async function main() {
  const call = JSON.parse(fs.readFileSync(path.join(folder, "call.json")));
  const client = await soap.createClientAsync(wsdl, endpoint ? { endpoint } : {});
  const services = client.describe();
  try {
    const [answer] = await client[`${call.operation}Async`]({ request: call.request });
    console.log(JSON.stringify({ services, answer }));
  } catch (error) {
    const fault = error.root?.Envelope?.Body?.Fault;
    if (!fault) throw error;
    console.log(JSON.stringify({ services, fault }));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
