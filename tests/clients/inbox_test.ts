import { strict as assert } from "node:assert";
import { Inbox } from "../../src/clients/inbox.ts";

Deno.test("Inbox hands out messages in order, to a loop and to whoever asks first", async () => {
  const inbox = new Inbox<string>({});
  const first = inbox.next();
  inbox.push("1");
  inbox.push("2");
  assert.equal((await first).value, "1");
  for await (const message of inbox) {
    assert.equal(message, "2");
    break;
  }
});

Deno.test("Inbox drops by its policy and counts", async () => {
  for (const [policy, kept] of [["drop-oldest", "23"], ["drop-newest", "12"]] as const) {
    const inbox = new Inbox<string>({ waitingMax: 2, policy });
    for (const message of ["1", "2", "3"]) inbox.push(message);
    inbox.close();
    let read = "";
    for await (const message of inbox) read += message;
    assert.deepEqual([read, inbox.dropped], [kept, 1]);
  }
});

Deno.test("Inbox stays in order over many messages", async () => {
  const inbox = new Inbox<number>({});
  for (let index = 0; index < 5_000; index++) {
    inbox.push(2 * index);
    inbox.push(2 * index + 1);
    assert.equal((await inbox.next()).value, index);
  }
  assert.equal(inbox.waiting, 5_000);
});

Deno.test("Inbox ends after what waits, and takes nothing more", async () => {
  const inbox = new Inbox<string>({});
  inbox.push("1");
  inbox.close();
  inbox.close();
  inbox.push("2");
  assert.equal((await inbox.next()).value, "1");
  assert.equal((await inbox.next()).done, true);
  const waiting = new Inbox<string>({});
  const last = waiting.next();
  waiting.close();
  assert.equal((await last).done, true);
});

Deno.test("Inbox goes on for the next loop unless its reader is the only one", async () => {
  let readersLeft = 0;
  for (const [onLeft, left] of [[undefined, 3], [() => readersLeft++, 0]] as const) {
    const inbox = new Inbox<number>({}, onLeft);
    for (const message of [1, 2, 3]) inbox.push(message);
    for await (const message of inbox) {
      assert.equal(message, 1);
      break;
    }
    inbox.push(4);
    assert.equal(inbox.waiting, left);
  }
  assert.equal(readersLeft, 1);
});
