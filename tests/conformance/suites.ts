/**
 * Every list of cases that has a section in docs/conformance.md.
 *
 * @module
 */

import { type Section, sectionFor, type Suite } from "./listed.ts";
import { besideNode, HTTP_CASES } from "./http_cases.ts";
import { PLUGIN_CASES } from "./plugin_cases.ts";
import { WEBSOCKET_CASES } from "./websocket_cases.ts";
import { ZMTP_CASES } from "./zmtp_cases.ts";

/** The suites in the order of the page. */
export const SUITES: readonly Suite[] = [
  { mark: "websocket", cases: WEBSOCKET_CASES },
  { mark: "http", cases: HTTP_CASES },
  { mark: "zmtp", cases: ZMTP_CASES },
  { mark: "plugin", cases: PLUGIN_CASES },
];

/** The sections of the page. */
export const SECTIONS: readonly Section[] = [
  ...SUITES.map(sectionFor),
  { mark: "node", tables: [besideNode()] },
];
