/**
 * Texts that settings take.
 *
 * @module
 */

/** Names of a configuration file, and of a file whose lines are items of a list. */
export const CONFIG_PATH = "/etc/a b/p,%h.json";
export const ITEMS_PATH = "/etc/items, of the hall.txt";

/** Texts among which every option finds some of its own; each is one that broke something once, or may. */
export const CANDIDATES: readonly string[] = [
  ...["true", "no", "0", "1", "2", "7", "15", "60", "500", "1000", "1024", "2048", "65535"],
  ...["1.5", "50ms", "500ms", "1s", "15s", "2m", "4h", "7d", "0s"],
  ...["127.0.0.1", "::1", "[::1]", "hall-3.example", "10.0.0.0/8", "fe80::/10"],
  ...["/srv/a", "/srv/a b,c/%d", '/srv/"q"\\$HOME`x`', "./here", CONFIG_PATH],
  ...["tetris", "[1]", '["a"]', "tetris, the game @ 10.0.0.7", "a\\,b", "x=y, z @ ::1", "#7"],
  ...["10.0.0.7=Room 1, left", '::1=["q"]', "10.0.0.8=a\\b%n$c`d'", ITEMS_PATH, "red=10.0.0.7"],
  "https://ntfy.sh/x?tags=warning,skull&q=%20$HOME`'\"\\#;",
  ...["dump", "dump:/srv/a, b.dump", "emulator", "serial:auto", "seed", "nul", "a1", "b6"],
  ...["https://desk.example:8443", "null", "a=b=hall-3,q", "tetris=ü"],
  ...["debug", "WARN", "json", "lost", "recovered", "flapping", "late", "alarm", "reminder"],
  ...["logger \"$PULSEBOX_NAME\", 100% \\ `x` 'y' # z", "a;b|c&d", " x "],
];
