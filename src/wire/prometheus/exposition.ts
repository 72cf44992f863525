/**
 * Metrics as Prometheus reads them: its text format 0.0.4. It is written from the counters that the
 * roles hold; prom-client would keep a second copy of them.
 *
 * @module
 */

/** Media type of the text format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What a metric is: a total that only grows, a value, or durations in buckets. */
export type MetricType = "counter" | "gauge" | "histogram";

/** A metric without its values. */
export interface MetricFamily {
  /** In base units, for instance `tix_tick_late_seconds`. */
  readonly name: string;
  readonly type: MetricType;
  /** One sentence. */
  readonly help: string;
}

/** Values by name and labels, such as `tix_registrations_total{result="new"}`. */
export type Samples = Readonly<Record<string, number>>;

const HISTOGRAM_SUFFIX = /_(?:bucket|sum|count)$/;

/**
 * The name of the family that a sample belongs to.
 *
 * @param sample Name of the sample with or without its labels.
 * @param isHistogram Whether a family of this name is a histogram.
 */
export function familyOf(sample: string, isHistogram: (name: string) => boolean): string {
  const brace = sample.indexOf("{");
  const name = brace < 0 ? sample : sample.slice(0, brace);
  const stem = name.replace(HISTOGRAM_SUFFIX, "");
  return stem !== name && isHistogram(stem) ? stem : name;
}

/**
 * Writes the families that have samples, each in one block with its HELP and TYPE, in the order of
 * the table; within a family the samples keep their order. Families that the table does not know come
 * last, untyped.
 */
export function writeExposition(families: readonly MetricFamily[], samples: Samples): string {
  const histograms = new Set(families.filter(isHistogram).map((family) => family.name));
  const lines = new Map<string, string[]>();
  for (const [sample, value] of Object.entries(samples)) {
    const family = familyOf(sample, (name) => histograms.has(name));
    const line = `${sample} ${formatValue(value)}`;
    const others = lines.get(family);
    if (others === undefined) lines.set(family, [line]);
    else others.push(line);
  }
  let text = "";
  for (const { name, type, help } of families) {
    const own = lines.get(name);
    if (own === undefined) continue;
    lines.delete(name);
    text += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${own.join("\n")}\n`;
  }
  for (const [name, own] of lines) text += `# TYPE ${name} untyped\n${own.join("\n")}\n`;
  return text;
}

function isHistogram(family: MetricFamily): boolean {
  return family.type === "histogram";
}

function formatValue(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
