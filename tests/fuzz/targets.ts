/**
 * All that is fuzzed.
 *
 * @module
 */

import type { Target } from "./target.ts";
import { API_TARGETS } from "./targets/api.ts";
import { MESSAGE_TARGETS } from "./targets/messages.ts";
import { PAGE_TARGETS } from "./targets/page.ts";
import { PORT_TARGETS } from "./targets/ports.ts";
import { SETTINGS_TARGETS } from "./targets/settings.ts";
import { STREAM_TARGETS } from "./targets/streams.ts";
import { TEXT_TARGETS } from "./targets/texts.ts";
import { WEBHOOK_TARGETS } from "./targets/webhook.ts";

/** The targets, in the order in which they are run. */
export const TARGETS: readonly Target[] = [
  ...TEXT_TARGETS,
  ...MESSAGE_TARGETS,
  ...STREAM_TARGETS,
  ...SETTINGS_TARGETS,
  ...API_TARGETS,
  ...WEBHOOK_TARGETS,
  ...PORT_TARGETS,
  ...PAGE_TARGETS,
];
