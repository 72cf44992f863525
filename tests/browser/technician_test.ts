/**
 * The jobs of a technician who has not seen the page before, each in at most four clicks. The pictures
 * `technician-…` show them step by step, on a desk in English and on a phone in German.
 */

import { strict as assert } from "node:assert";
import { speechOf } from "../../src/console/language.ts";
import type { Outages } from "../../src/console/outages.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { checkAccess, fits, keepPicture } from "./operator.ts";
import { HALLS, MUSEUM_ZONE, seedMuseum, WORST } from "./seeded_museum.ts";
import { beatFrom } from "./stations.ts";
import { type JobReport, keepReport, Technician } from "./technician.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const WAIT_MS = 30_000;
const KUPPEL = "127.0.6.4";

const SCREENS = [
  { language: "en", size: "desk", viewport: { width: 1_440, height: 1_000 } },
  { language: "de", size: "phone", viewport: { width: 390, height: 844 } },
] as const;

if (hasChromium("the jobs of a technician")) {
  Deno.test({
    name: "technician: each job takes at most four clicks, and less than 20 s",
    ...OPTIONS,
    async fn(test) {
      using directory = temporaryDirectory();
      seedMuseum(directory.path, Date.now());
      const stations = [...HALLS].map(([address, hall]) =>
        `--heartbeat-stations=${address}=${hall}`
      );
      const args = [...stations, `--data=${directory.path}`];
      await using host = new WholeHost(args, { TZ: MUSEUM_ZONE }, HEARTBEATS_ONLY);
      const url = `http://${await host.address("console")}`;
      const heartbeats = `http://${await host.address("heartbeat")}`;
      await using browser = await TestBrowser.open();
      const reports: JobReport[] = [];

      for (const { language, size, viewport } of SCREENS) {
        const { text } = speechOf(language);
        // A browser in another zone than its host.
        const context = await browser.newContext({
          ...{ viewport, locale: language, timezoneId: "America/New_York", bypassCSP: true },
        });
        context.setDefaultTimeout(WAIT_MS);
        const page = await context.newPage();
        const home = async () => {
          await page.goto(`${url}/`);
          await page.locator("#main[data-live]").waitFor();
        };
        const view = (key: "bar.outages") =>
          page.getByRole("link", { name: text(key), exact: true });

        await test.step(`${size}: find the exhibit that failed most this week`, async () => {
          await home();
          const technician = new Technician(page, `technician-${size}-1-worst`);
          const first = page.locator(".report tbody tr").first();
          await technician.click(view("bar.outages"), first.getByText(WORST.hall));
          assert.equal(await first.getByRole("link").innerText(), WORST.name);
          await technician.click(first.getByRole("link"), page.locator("#panel .outages"));
          reports.push(await technician.isDone());
          await fits(page);
        });

        await test.step(`${size}: say that you are on it`, async () => {
          await beatFrom(KUPPEL, heartbeats, "surfer", 1);
          await home();
          const technician = new Technician(page, `technician-${size}-2-on-it`);
          const card = page.getByRole("article", { name: "surfer" });
          await technician.click(
            card.getByRole("button", { name: text("care.acknowledge") }),
            page.locator("input:focus"),
          );
          await technician.type("Anna");
          await technician.press("Enter", card.getByText(text("care.by", { who: "Anna" })));
          reports.push(await technician.isDone());
          await beatFrom(KUPPEL, heartbeats, "surfer");
        });

        await test.step(`${size}: pause three exhibits of one hall until tomorrow 9:00`, async () => {
          await home();
          const technician = new Technician(page, `technician-${size}-3-pause`);
          for (const [index, name] of ["cinderella", "julius", "pong"].entries()) {
            const full = text("members.full-name", { name, place: HALLS.get(KUPPEL) ?? "" });
            const label = text("exhibits.select", { name: full });
            await technician.click(
              page.getByRole("checkbox", { name: label }),
              page.getByText(text("bulk.count", { count: index + 1 }), { exact: true }),
            );
          }
          const hall = page.locator(".group").filter({ hasText: HALLS.get(KUPPEL) ?? "" });
          await technician.click(
            page.getByRole("button", { name: text("bulk.until-morning") }),
            hall.getByText(text("exhibits.paused", { count: 3 })),
          );
          reports.push(await technician.isDone());
          const asked = await fetch(`${url}/api/v1/members?state=maintenance`);
          const { members } = await asked.json();
          const now = new Date();
          const ends = members.map(({ pause }: { pause: { until: string } }) => pause.until);
          assert.equal(ends.length, 3);
          // The clock that a system adjusts is no length.
          for (const end of ends) {
            assert.ok(Math.abs(Date.parse(end) - nineTomorrow(now)) < 1_000, end);
          }
          for (const { id } of members) await resume(url, id);
        });

        await test.step(`${size}: show the director last month's uptime`, async () => {
          await home();
          const technician = new Technician(page, `technician-${size}-4-director`);
          const lastMonth = page.getByRole("link", { name: text("report.last-month") });
          await technician.click(view("bar.outages"), lastMonth);
          const asked = page.waitForRequest(/api\/v1\/outages\?from=/);
          await technician.click(
            lastMonth,
            page.getByText(longDay(firstOfLastMonth(), language), { exact: false }),
          );
          const { from, to, all } = await (await fetch((await asked).url())).json() as Outages;
          assert.ok(from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7), `${from} ${to}`);
          assert.ok(all.uptime !== null && all.uptime < 1 && all.knownMs > 0);
          assert.equal(from, firstOfLastMonth());
          assert.equal(await page.locator(".report tbody tr").count(), 25);
          reports.push(await technician.isDone());
          await fits(page);
          await checkAccess(page);
          await page.emulateMedia({ media: "print" });
          await keepPicture(page, `technician-${size}-4-director-paper`);
          assert.ok(!await page.locator("#verdict").isVisible(), "paper is about the month");
          await page.emulateMedia({ media: "screen" });
        });
        await context.close();
      }
      await keepReport(reports);
    },
  });
}

/** A day as people write it. */
function longDay(day: string, language: string): string {
  const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, parts)
    .format(Date.parse(day));
}

/** The first day of the museum's last month, as the API has it. */
function firstOfLastMonth(): string {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: MUSEUM_ZONE }).format(new Date());
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() - 1);
  return first.toISOString().slice(0, 10);
}

/** Nine o'clock of the museum's next day, as unix time in milliseconds. */
function nineTomorrow(now: Date): number {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: MUSEUM_ZONE }).format(now);
  const noon = new Date(`${day}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() + 1);
  const hour = Number(
    new Intl.DateTimeFormat("en", { timeZone: MUSEUM_ZONE, hour: "2-digit", hourCycle: "h23" })
      .format(noon),
  );
  return noon.getTime() + (9 - hour) * 3_600_000;
}

async function resume(url: string, id: string): Promise<void> {
  const path = `${url}/api/v1/members/resume?id=${encodeURIComponent(id)}`;
  await (await fetch(path, { method: "POST" })).text();
}
