import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { isFault } from "@tollgate/kit/fault/fault";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";

describe("OptionService", () => {
  let registry: RegistryFixture;
  let client: Client<typeof OptionService>;

  before(async () => {
    registry = await startRegistry();
    client = createClient(OptionService, registry.transport);
  });
  after(async () => registry.stop());

  const values = async (): Promise<Readonly<Record<string, string>>> => {
    const { options } = await client.listOptions({});
    return Object.fromEntries(options.map(({ key, value }) => [key, value]));
  };

  it("lists every option that it owns with its default, sorted", async () => {
    assert.deepEqual(Object.entries(await values()), [
      ["AutomaticDisableChannelEnabled", "false"],
      ["AutomaticEnableChannelEnabled", "false"],
      ["ChannelDisableThreshold", "5"],
      ["ClampOutputGroups", ""],
      ["RetryTimes", "2"],
    ]);
  });

  it("keeps what was set, also when it is set again", async () => {
    for (const value of ["7.5", "8", "8"]) {
      await client.setOption({ key: "ChannelDisableThreshold", value, actorId: 1n });
      assert.equal((await values())["ChannelDisableThreshold"], value);
    }
  });

  it("refuses values that cannot be used and leaves the old one", async () => {
    const wrong = [
      ["RetryTimes", "11"],
      ["RetryTimes", "-1"],
      ["RetryTimes", ""],
      ["ChannelDisableThreshold", "soon"],
      ["ChannelDisableThreshold", "3601"],
      ["AutomaticDisableChannelEnabled", "yes"],
      ["ClampOutputGroups", "two words"],
    ] as const;
    for (const [key, value] of wrong) {
      await assert.rejects(client.setOption({ key, value }), (error) => {
        assert.ok(isFault(error, "OPTION_INVALID"));
        assert.match(error.publicMessage, new RegExp(`^${key} must be .*\\.$`, "u"));
        return true;
      });
    }
    assert.equal((await values())["RetryTimes"], "2");
  });

  it("does not know the options of other services", async () => {
    for (const key of ["ModelRatio", "toString", ""]) {
      await assert.rejects(client.setOption({ key, value: "1" }), (error) =>
        isFault(error, "OPTION_NOT_FOUND"),
      );
    }
  });
});
