import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectRedis } from "@tollgate/kit/redis/connect-redis";
import { startRedis } from "@tollgate/local/redis";

describe("a connection to Redis", () => {
  it("works with a URL and with host:port", async () => {
    await using server = await startRedis();
    for (const connString of [server.url, `127.0.0.1:${server.port}`]) {
      const redis = connectRedis({ connString });
      await redis.set("key", "value");
      assert.equal(await redis.get("key"), "value");
      await redis.quit();
    }
  });
});
