import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { ConfigError, defineConfig, env, readConfig, readConfigs } from "./config.ts";
import {
  booleanField,
  minutesField,
  portField,
  secondsField,
  secretField,
  urlField,
} from "./fields.ts";

const schema = defineConfig({
  port: env("PORT", portField().default(3000), "port to listen on"),
  isDebug: env("DEBUG", booleanField(), "more log"),
  secret: env("SESSION_SECRET", secretField({ min: 8 }), "signs sessions"),
  timeoutMs: env("RELAY_TIMEOUT", secondsField().default(0), "limit of a call"),
  everyMs: env("CHANNEL_TEST_FREQUENCY", minutesField().optional(), "tests channels"),
});

describe("a configuration", () => {
  it("takes an empty variable for an unset one and converts units", () => {
    const config = readConfig(schema, {
      PORT: "",
      SESSION_SECRET: "long enough",
      RELAY_TIMEOUT: "30",
      CHANNEL_TEST_FREQUENCY: "2",
    });
    assert.deepEqual(config, {
      port: 3000,
      isDebug: false,
      secret: "long enough",
      timeoutMs: 30_000,
      everyMs: 120_000,
    });
    assert.ok(Object.isFrozen(config));
  });

  it("reports every violation of all schemas at once, each once, and never a value", () => {
    const other = defineConfig({
      port: env("PORT", portField(), "port to listen on"),
      url: env("BASE_URL", urlField(), "where it is seen"),
    });
    const environment = { PORT: "http", SESSION_SECRET: "short", BASE_URL: "ftp://x" };
    assert.throws(
      () => readConfigs({ one: schema, two: other }, environment),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.violations.length, 3);
        assert.match(error.violations.join(), /PORT: .*SESSION_SECRET: .*BASE_URL: /u);
        assert.doesNotMatch(error.message, /short\b|ftp:/u);
        return true;
      },
    );
  });

  it("names a missing variable as missing", () => {
    assert.throws(() => readConfig(schema, {}), /SESSION_SECRET: must be set \(signs sessions\)/u);
  });

  it("freezes nested values", () => {
    const nested = defineConfig({
      list: env(
        "LIST",
        z.string().transform((text) => text.split(",")),
        "a list",
      ),
    });
    assert.ok(Object.isFrozen(readConfig(nested, { LIST: "a,b" }).list));
  });

  it("a switch is on only for true, in any case", () => {
    for (const [text, isOn] of [
      ["TRUE", true],
      ["1", false],
      ["yes", false],
    ] as const) {
      assert.equal(booleanField().parse(text), isOn);
    }
  });
});
