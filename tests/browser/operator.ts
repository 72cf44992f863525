/**
 * A technician in front of the page: what is on it, and what is pressed.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { axe } from "../packages/axe.ts";
import type { Page } from "../packages/playwright.ts";
import { TestBrowser } from "../support/chromium.ts";

const WAIT_MS = 30_000;
/** Pictures that a failed run leaves for people to look at. */
export const ARTIFACTS: string = new URL("../../artifacts/", import.meta.url).pathname;

/** How the page is looked at. */
export interface View {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly javaScriptEnabled?: boolean;
}

/** A browser with one page; whatever goes wrong on it is kept. */
export class Operator implements AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts and of the content security policy, and requests to other hosts. */
  readonly complaints: string[] = [];
  readonly #browser: TestBrowser;

  private constructor(browser: TestBrowser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /** Opens a page. */
  static async open(url: string, view: View = {}): Promise<Operator> {
    const { colorScheme = "light", width = 1_280, height = 900, javaScriptEnabled = true } = view;
    const browser = await TestBrowser.open();
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      javaScriptEnabled,
      // The checker of accessibility is a script that the page would not load itself.
      bypassCSP: true,
      ignoreHTTPSErrors: true,
    });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    const operator = new Operator(browser, page);
    page.on("pageerror", ({ message }) => operator.complaints.push(message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
        operator.complaints.push(`asked ${request.url()}`);
      }
    });
    await page.goto(url);
    return operator;
  }

  /** The row of a member or game client. */
  row(name: string) {
    return this.page.getByRole("row").filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Fails if the page is wider than its window. */
  fits(): Promise<void> {
    return fits(this.page);
  }

  /** Fails if axe-core finds something that WCAG 2.2 A or AA forbids. */
  isAccessible(): Promise<void> {
    return checkAccess(this.page);
  }

  /** Keeps a picture. */
  picture(name: string): Promise<void> {
    return keepPicture(this.page, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** Fails if a page is wider than its window. */
export async function fits(page: Page): Promise<void> {
  const { scrollWidth, innerWidth } = await page.evaluate(
    "({ scrollWidth: document.documentElement.scrollWidth, innerWidth })",
  ) as { scrollWidth: number; innerWidth: number };
  assert.ok(scrollWidth <= innerWidth, `${scrollWidth} px wide in a window of ${innerWidth}`);
}

/** Fails if axe-core finds something on a page that WCAG 2.2 A or AA forbids. */
export async function checkAccess(page: Page): Promise<void> {
  await page.evaluate(axe);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const findings = await page.evaluate(`
    axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(tags)} } })
      .then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) =>
          html.slice(0, 200) + " " + failureSummary).join(" | ")))
  `);
  assert.deepEqual(findings, []);
}

/** Keeps a picture of a page. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await Deno.mkdir(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTIFACTS}${name}.png`, fullPage: true });
}
