/**
 * The worked examples of the specification (section 23): one fresh server, everything from 127.0.0.1.
 *
 * @module
 */

/** One request of the examples. */
export interface WorkedExample {
  /** Time since the start in milliseconds. */
  atMs: number;
  method: "GET" | "POST";
  target: string;
  status: number;
  body: string;
}

function row(
  seconds: number,
  method: "GET" | "POST",
  target: string,
  body: string,
  status = 200,
): WorkedExample {
  return { atMs: Math.round(seconds * 1000), method, target, status, body };
}

export const WORKED_EXAMPLES: readonly WorkedExample[] = [
  row(0.0, "GET", "/list", ""),
  row(0.0, "GET", "/status", "UNKNOWN - no heartbeat clients at the moment..."),
  row(0.1, "POST", "/hb_init?3000&appid=A", "4000"),
  row(0.2, "GET", "/list", "A @ 127.0.0.1\n"),
  row(
    0.2,
    "GET",
    "/status",
    "OK - fine application [A @ 127.0.0.1]| od=0.03;3;5;0;6 delay=4000ms;;; ",
  ),
  row(0.3, "GET", "/hb_ping?500&appid=A&cache_buster=1_2", "1500"),
  row(0.4, "GET", "/x/y/hb_ping?0&cache_buster=9&appid=B", "1000"),
  row(0.5, "GET", "/status", "WARNING - multiple (2) applications: [A @ 127.0.0.1,B @ 127.0.0.1]"),
  row(
    3.9,
    "GET",
    "/status?appid=B",
    "WARNING - somewhat late application [B @ 127.0.0.1]| od=3.50;3;5;0;6 delay=1000ms;;; ",
  ),
  row(
    3.9,
    "GET",
    "/status?0&appid=A",
    "OK - fine application [A @ 127.0.0.1]| od=2.40;3;5;0;6 delay=1500ms;;; ",
  ),
  row(
    5.6,
    "GET",
    "/status?appid=B",
    "CRITICAL - quite late application [B @ 127.0.0.1]| od=5.20;3;5;0;6 delay=1000ms;;; ",
  ),
  row(
    6.5,
    "GET",
    "/status?appid=B",
    "CRITICAL - no application record for queried ID: [B @ 127.0.0.1]",
  ),
  row(6.5, "GET", "/list", "A @ 127.0.0.1\n"),
  row(6.6, "POST", "/hb_done?0&appid=A", "So Long, and Thanks for All the Fish!"),
  row(6.7, "GET", "/hb_done?0&appid=A", "So Long, and Thanks for All the Fish!"),
  row(
    6.8,
    "GET",
    "/hb_pong?5&appid=A",
    "ERROR: cannot process your request: [/hb_pong?5&appid=A]",
    400,
  ),
];
