/**
 * Opens a database and prints why it cannot be used. Run by `not_writable_test.ts`.
 *
 * @module
 */

import { Database } from "../../src/store/database.ts";
import { StoreError } from "../../src/store/store_error.ts";

try {
  Database.open({ directory: Deno.args[0] ?? ".", lockWaitMs: 0 }).close();
  console.log("it can be used");
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  console.log(`${error.kind}: ${error.message}`);
}
