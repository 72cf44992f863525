/**
 * A headset's game, until the operator lets it run.
 *
 *     deno run --allow-net headset.ts http://127.0.0.1:6969
 */

import { GameClient } from "@pulsebox/pulsebox/state";

const [url = "http://127.0.0.1:6969"] = Deno.args;

const { promise: calibrated, resolve } = Promise.withResolvers<void>();
await using headset = new GameClient({
  url,
  id: "7",
  intervalMs: 500,
  ownCalibration: { pillar: [0, 0] },
  onCalibration: (calibration) => console.log("calibrating with", JSON.stringify(calibration)),
});
using _ = headset.watch((state) => {
  console.log(`The game is ${state}`);
  if (state === "CALIBRATED") resolve();
});
await calibrated;
