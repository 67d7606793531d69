import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adminConfigSchema } from "@tollgate/admin/config";
import { processConfigSchema, processReplacedVariables } from "@tollgate/kit/config/process-config";
import { quotaConfigSchema } from "@tollgate/quota/config";
import { registryConfigSchema } from "@tollgate/registry/config";
import { relayConfigSchema } from "@tollgate/relay/config";
import { schedulerConfigSchema } from "@tollgate/scheduler/config";
import { standaloneConfigSchema } from "#config.ts";
import { replacedVariables } from "#replaced-variables.ts";

/** Every variable that One API reads or that its documents name. */
const oneApiVariables = `
  PORT GIN_MODE DEBUG DEBUG_SQL SESSION_SECRET SQL_DSN LOG_SQL_DSN SQLITE_PATH
  SQLITE_BUSY_TIMEOUT SQL_MAX_IDLE_CONNS SQL_MAX_OPEN_CONNS SQL_MAX_LIFETIME
  SQL_CONN_MAX_LIFETIME REDIS_CONN_STRING REDIS_PASSWORD REDIS_MASTER_NAME
  MEMORY_CACHE_ENABLED SYNC_FREQUENCY NODE_TYPE FRONTEND_BASE_URL CHANNEL_TEST_FREQUENCY
  CHANNEL_UPDATE_FREQUENCY POLLING_INTERVAL BATCH_UPDATE_ENABLED BATCH_UPDATE_INTERVAL
  RELAY_TIMEOUT RELAY_PROXY USER_CONTENT_REQUEST_PROXY USER_CONTENT_REQUEST_TIMEOUT
  GLOBAL_API_RATE_LIMIT GLOBAL_WEB_RATE_LIMIT ENFORCE_INCLUDE_USAGE GEMINI_SAFETY_SETTING
  GEMINI_VERSION THEME ENABLE_METRIC METRIC_QUEUE_SIZE METRIC_SUCCESS_RATE_THRESHOLD
  METRIC_SUCCESS_CHAN_SIZE METRIC_FAIL_CHAN_SIZE INITIAL_ROOT_TOKEN INITIAL_ROOT_ACCESS_TOKEN
  ONLY_ONE_LOG_FILE TEST_PROMPT TIKTOKEN_CACHE_DIR DATA_GYM_CACHE_DIR HTTP_PROXY HTTPS_PROXY
  NO_PROXY TZ REACT_APP_VERSION
`;

const read = new Set(
  [
    processConfigSchema,
    standaloneConfigSchema,
    quotaConfigSchema,
    registryConfigSchema,
    relayConfigSchema,
    schedulerConfigSchema,
    adminConfigSchema,
  ].flatMap((schema) => Object.values(schema).map(({ name }) => name)),
);
const replaced = new Set(
  [...processReplacedVariables, ...replacedVariables].flatMap(({ names }) => names),
);

describe("One API's variables", () => {
  it("are each either read or accepted with a line that says what replaces them", () => {
    for (const name of oneApiVariables.trim().split(/\s+/u)) {
      assert.ok(read.has(name) !== replaced.has(name), `${name} must be one of the two`);
    }
  });
});
