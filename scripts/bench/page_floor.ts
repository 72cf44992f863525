/**
 * The floor of the console's page, run as a process of its own: the runtime's own server, one event
 * stream, and a page that shows the same members as plain rows. Prints its port.
 *
 * `/?members=N` is the page; `/change?name=NAME&kind=KIND` changes a row of each page that is open, and
 * `/second` the clock.
 *
 * @module
 */

const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Floor</title>
  <style>
    body { margin: 0; font: 15px/24px system-ui; }
    .row {
      display: grid; grid-template-columns: 1fr 200px 239px 64px; height: 36px;
      content-visibility: auto; contain-intrinsic-height: 36px;
    }
  </style>
  <time id="clock"></time>
  <main id="main"></main>
  <script>
    const main = document.getElementById("main");
    const source = new EventSource("/events" + location.search);
    source.addEventListener("snapshot", ({ data }) => {
      main.innerHTML = JSON.parse(data).map(({ name, kind }) =>
        '<div class="row" data-kind="' + kind + '"><a class="name">' + name + '</a><span class="state">' +
        kind + '</span><span>127.0.0.1</span><span>100 %</span></div>').join("");
    });
    source.addEventListener("change", ({ data }) => {
      const { name, kind } = JSON.parse(data);
      const row = [...main.children].find((each) => each.firstElementChild.textContent === name);
      row.dataset.kind = kind;
      row.querySelector(".state").textContent = kind;
    });
    source.addEventListener("second", ({ data }) => {
      document.getElementById("clock").textContent = data;
    });
  </script>
</html>
`;

const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();

function encode(name: string, data: unknown): Uint8Array {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

function tellAll(name: string, data: unknown): Response {
  const event = encode(name, data);
  for (const listener of listeners) listener.enqueue(event);
  return new Response(null, { status: 204 });
}

function openStream(members: number): Response {
  let own: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      own = controller;
      const names = Array.from({ length: members }, (_, index) => `application-${index}`);
      controller.enqueue(encode("snapshot", names.map((name) => ({ name, kind: "ok" }))));
      listeners.add(controller);
    },
    cancel: () => void listeners.delete(own),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function answer(request: Request): Response {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/":
      return new Response(PAGE, { headers: { "content-type": "text/html; charset=utf-8" } });
    case "/events":
      return openStream(Number(searchParams.get("members")));
    case "/change":
      return tellAll("change", Object.fromEntries(searchParams));
    case "/second":
      return tellAll("second", new Date().toISOString());
    default:
      return new Response(null, { status: 404 });
  }
}

if (import.meta.main) {
  const hostname = "127.0.0.1";
  Deno.serve({ hostname, port: 0, onListen: ({ port }) => console.log(port) }, answer);
}
