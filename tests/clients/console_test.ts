import { strict as assert } from "node:assert";
import { ConsoleClient, ConsoleError } from "../../src/clients/console.ts";

interface Asked {
  method: string;
  path: string;
  body: string;
}

/** Runs something with a console that answers as told. */
async function withConsole(
  answer: (asked: Asked) => Response,
  use: (client: ConsoleClient) => Promise<void>,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const question = {
        method: request.method,
        path: `${pathname}${search}`,
        body: await request.text(),
      };
      asked.push(question);
      return answer(question);
    },
  );
  await use(new ConsoleClient(`http://127.0.0.1:${server.addr.port}`));
  return asked;
}

function memberOf(index: number): { id: string; name: string } {
  return { id: `hilbert/m${index} @ 127.0.0.1`, name: `m${index}` };
}

Deno.test("ConsoleClient collects members over several questions", async () => {
  const total = 2_345;
  const asked = await withConsole(
    ({ path }) => {
      const query = new URL(path, "http://x").searchParams;
      const offset = Number(query.get("offset"));
      const length = Math.min(Number(query.get("limit")), total - offset);
      const members = Array.from({ length }, (_, index) => memberOf(offset + index));
      return Response.json({ members, total, pause: null });
    },
    async (client) => {
      const { members } = await client.members();
      assert.equal(members.length, total);
      assert.equal(new Set(members.map(({ id }) => id)).size, total);
    },
  );
  assert.equal(asked.length, 3);
});

Deno.test("ConsoleClient does not ask for ever when members leave meanwhile", async () => {
  const asked = await withConsole(
    () => Response.json({ members: [], total: 5, pause: null }),
    async (client) => assert.equal((await client.members()).members.length, 0),
  );
  assert.equal(asked.length, 1);
});

Deno.test("ConsoleClient writes an identity as one segment of the path", async () => {
  const asked = await withConsole(() => Response.json({}), async (client) => {
    await client.pause("hilbert/a/b @ 127.0.0.1", { reason: "ü", forMs: 5 });
    await client.resume(undefined);
  });
  assert.deepEqual(asked, [
    {
      method: "POST",
      path: "/api/v1/members/hilbert%2Fa%2Fb%20%40%20127.0.0.1/pause",
      body: '{"reason":"ü","forMs":5}',
    },
    { method: "POST", path: "/api/v1/resume", body: "{}" },
  ]);
});

Deno.test("ConsoleClient tells why the console refuses", async () => {
  await withConsole(
    () => Response.json({ detail: "No member has this identity" }, { status: 404 }),
    (client) => assert.rejects(client.resume("x"), /refuses: No member has this identity$/),
  );
});

Deno.test("ConsoleClient does not take another server for a console", async () => {
  await withConsole(
    () => new Response("<html>"),
    (client) => assert.rejects(client.members(), /it is not a Pulsebox console$/),
  );
  await withConsole(
    () => Response.json({ hello: 1 }),
    (client) => assert.rejects(client.members(), /it holds no members$/),
  );
});

Deno.test("ConsoleClient takes a URL with and without its scheme", () => {
  assert.equal(new ConsoleClient("10.0.0.7:99").url, "http://10.0.0.7:99");
  assert.equal(new ConsoleClient("http://10.0.0.7:99/").url, "http://10.0.0.7:99");
  assert.equal(new ConsoleClient("[::1]:99").url, "http://[::1]:99");
  assert.equal(new ConsoleClient("https://h").url, "https://h");
  assert.equal(new ConsoleClient("https://h/pulse/").url, "https://h/pulse");
  for (const url of ["ftp://h:99", "http://", "", "http://h:99/?path"]) {
    assert.throws(() => new ConsoleClient(url), ConsoleError, url);
  }
});
