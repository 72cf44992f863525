import { strict as assert } from "node:assert";
import { familyOf, writeExposition } from "../../../src/wire/prometheus/exposition.ts";

Deno.test("writeExposition puts the samples of a family together, in the order of the table", () => {
  const text = writeExposition([
    { name: "b_total", type: "counter", help: "What b did." },
    { name: "a", type: "gauge", help: "a\\b\nc" },
    { name: "nobody", type: "gauge", help: "Has no sample." },
  ], { 'b_total{x="1"}': 1, a: 0.25, 'b_total{x="2"}': 2 });
  assert.equal(
    text,
    "# HELP b_total What b did.\n" +
      "# TYPE b_total counter\n" +
      'b_total{x="1"} 1\n' +
      'b_total{x="2"} 2\n' +
      "# HELP a a\\\\b\\nc\n" +
      "# TYPE a gauge\n" +
      "a 0.25\n",
  );
});

Deno.test("writeExposition knows a histogram's samples", () => {
  const samples = { 'd_bucket{le="+Inf"}': 3, d_sum: 0.5, d_count: 3, c_sum: 1 };
  const text = writeExposition([
    { name: "d", type: "histogram", help: "Durations." },
    { name: "c_sum", type: "gauge", help: "No histogram." },
  ], samples);
  assert.equal(
    text,
    '# HELP d Durations.\n# TYPE d histogram\nd_bucket{le="+Inf"} 3\nd_sum 0.5\nd_count 3\n' +
      "# HELP c_sum No histogram.\n# TYPE c_sum gauge\nc_sum 1\n",
  );
  assert.equal(familyOf('d_bucket{le="1"}', (name) => name === "d"), "d");
  assert.equal(familyOf("d_bucket", () => false), "d_bucket");
});

Deno.test("writeExposition writes values that are no plain numbers, and unknown families last", () => {
  const text = writeExposition([{ name: "a", type: "gauge", help: "A." }], {
    new: -Infinity,
    'a{x="1"}': Infinity,
    'a{x="2"}': NaN,
  });
  assert.equal(
    text,
    '# HELP a A.\n# TYPE a gauge\na{x="1"} +Inf\na{x="2"} NaN\n# TYPE new untyped\nnew -Inf\n',
  );
});
