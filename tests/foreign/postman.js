// Sends a collection with newman, Postman's own runner, and runs its tests: postman.js COLLECTION.
//
// How many requests were sent and tests run, and what failed, is printed as JSON.
const path = require("node:path");
const newman = require("newman");

newman.run({ collection: path.resolve(process.argv[2]), reporters: [] }, (error, summary) => {
  if (error) throw error;
  const { stats, failures } = summary.run;
  const failed = failures.map(({ source, error }) => `${source?.name}: ${error.message}`);
  console.log(JSON.stringify({ sent: stats.items.total, tests: stats.assertions.total, failed }));
});
