import assert from "node:assert/strict";
import { it } from "node:test";
import { z } from "zod";
import { defineConfig, env } from "./config.ts";
import { describeFields } from "./describe-fields.ts";
import { booleanField, integerField, networkListField, secondsField } from "./fields.ts";

it("a manual shows a variable's bounds and default in the unit that operators write", () => {
  const schema = defineConfig({
    drainMs: env("DRAIN", secondsField({ max: 60 }).default(30_000), "time to drain"),
    count: env("COUNT", integerField({ min: 1 }).optional(), "how many"),
    mode: env("MODE", z.enum(["fast", "safe"]).default("safe"), "how"),
    isOn: env("SWITCH", booleanField(), "whether"),
    proxies: env("PROXIES", networkListField(), "who is believed"),
    name: env("NAME", z.string(), "who"),
  });
  assert.deepEqual(
    describeFields(schema).map(({ name, unit, defaultText }) => [name, unit, defaultText]),
    [
      ["DRAIN", "seconds from 0 to 60", "30"],
      ["COUNT", "number of at least 1", ""],
      ["MODE", "fast, safe", "safe"],
      ["SWITCH", "true or false", "false"],
      ["PROXIES", "list of networks", ""],
      ["NAME", "text", ""],
    ],
  );
});
