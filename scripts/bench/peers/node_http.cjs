/**
 * Node's own HTTP server with the smallest handler that answers like a heartbeat server. Prints its port.
 */

const { createServer } = require("node:http");

const server = createServer((_, response) => {
  response.setHeader("content-type", "text/plain");
  response.end("6000");
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ http: server.address().port })));
