// Runs under Node.js: parses each case with Node's own HTTP server and prints what it saw as JSON.
// Standard input: JSON array of strings, each character one byte.
import { createServer } from "node:http";
import { connect } from "node:net";

const LIMITS = { maxHeaderSize: 16_384, requireHostHeader: true, insecureHTTPParser: false };

/** Serves one connection with a case's bytes and resolves to what a handler would have seen. */
function run(bytes) {
  return new Promise((resolve) => {
    const requests = [];
    let refused = false;
    const server = createServer(LIMITS, (request, response) => {
      const seen = { text: `${request.method} ${request.url}`, body: "", complete: false };
      requests.push(seen);
      request.setEncoding("latin1");
      request.on("data", (data) => seen.body += data);
      request.on("end", () => {
        seen.complete = request.complete;
        response.end("ok");
      });
      request.on("error", () => {});
    });
    server.maxHeadersCount = 100;
    server.keepAliveTimeout = 1_000;
    server.on("checkContinue", (request, response) => server.emit("request", request, response));
    server.on("checkExpectation", (_request, response) => {
      refused = true;
      response.writeHead(417).end();
    });
    server.on("connect", (_request, socket) => {
      refused = true;
      socket.destroy();
    });
    server.on("clientError", (error, socket) => {
      // The end of the bytes inside a request is no fault of what was sent before.
      if (error.code !== "HPE_INVALID_EOF_STATE" && error.code !== "ECONNRESET") refused = true;
      socket.destroy();
    });
    server.listen(0, "127.0.0.1", () => {
      const socket = connect(server.address().port, "127.0.0.1");
      let heard = "";
      socket.setEncoding("latin1");
      socket.on("data", (data) => heard += data);
      socket.on("error", () => {});
      socket.on("close", () => {
        server.close();
        server.closeAllConnections();
        // Refusals that are answered without the handler: no Host, for one.
        if (/^HTTP\/1\.1 (4|5)\d\d /m.test(heard)) refused = true;
        resolve({
          requests: requests.filter(({ complete }) => complete)
            .map(({ text, body }) => body === "" ? text : `${text}|${body}`),
          refused,
        });
      });
      socket.end(Buffer.from(bytes, "latin1"));
    });
  });
}

let input = "";
process.stdin.setEncoding("utf8");
for await (const text of process.stdin) input += text;
const results = [];
for (const bytes of JSON.parse(input)) results.push(await run(bytes));
process.stdout.write(JSON.stringify(results));
