import { strict as assert } from "node:assert";
import { ConnectionNews } from "../../src/net/connection_news.ts";

Deno.test("ConnectionNews tells each change once, with the first reason", () => {
  const told: string[] = [];
  const news = new ConnectionNews((state, detail) => told.push(`${state} ${detail}`));
  assert.equal(news.isUp, false);
  for (const detail of ["refused", "still refused"]) news.note("down", detail);
  for (const detail of ["here", "here again"]) news.note("up", detail);
  assert.equal(news.isUp, true);
  for (const detail of ["silent", "refused"]) news.note("down", detail);
  assert.deepEqual(told, ["down refused", "up here", "down silent"]);
  assert.equal(news.isUp, false);
});

Deno.test("ConnectionNews knows how it is though nobody is told", () => {
  const news = new ConnectionNews(undefined);
  news.note("up", "here");
  assert.equal(news.isUp, true);
});
