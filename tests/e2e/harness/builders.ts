import assert from "node:assert/strict";
import { createAdminClient, record, records } from "./admin-client.ts";
import type { Platform, Scene } from "./platform.ts";

/** Facts that tests rely on, made through the public API only. */

export interface ChannelWish {
  readonly name: string;
  readonly type?: number;
  readonly models: readonly string[];
  /** Behaviour of the mock upstream, such as `status-500`. */
  readonly behaviour?: string;
  readonly key?: string;
  readonly group?: string;
  readonly priority?: number;
  readonly weight?: number;
  readonly modelMapping?: Readonly<Record<string, string>>;
  readonly baseUrl?: string;
  readonly systemPrompt?: string;
  readonly config?: Readonly<Record<string, string>>;
}

/** Makes a channel and waits until the relay routes by it. */
export async function makeChannel(scene: Scene, wish: ChannelWish): Promise<number> {
  const { admin } = scene.platform();
  const base = `${scene.upstream().url}${wish.behaviour === undefined ? "" : `/b/${wish.behaviour}`}`;
  await admin.call("POST", "/api/channel/", {
    type: wish.type ?? 1,
    name: wish.name,
    key: wish.key ?? `upstream-key-of-${wish.name}`,
    base_url: wish.baseUrl ?? base,
    models: wish.models.join(","),
    group: wish.group ?? "default",
    priority: wish.priority ?? 0,
    weight: wish.weight ?? 1,
    ...(wish.modelMapping === undefined
      ? {}
      : { model_mapping: JSON.stringify(wish.modelMapping) }),
    ...(wish.config === undefined ? {} : { config: JSON.stringify(wish.config) }),
    ...(wish.systemPrompt === undefined ? {} : { system_prompt: wish.systemPrompt }),
  });
  const found = records(
    await admin.call("GET", `/api/channel/?p=0&page_size=200&keyword=${wish.name}`),
  ).find((channel) => channel["name"] === wish.name);
  assert.ok(found, `channel ${wish.name} is not on the list`);
  // The relay answers this only once the channel is in its routing table.
  await eventually(`the relay knows channel ${wish.name}`, async () => {
    const probe = await admin.raw("GET", `/api/channel/fetch_models/${String(found["id"])}`);
    return !probe.message.includes("does not know this channel");
  });
  return Number(found["id"]);
}

export async function deleteChannel(scene: Scene, id: number): Promise<void> {
  await scene.platform().admin.call("DELETE", `/api/channel/${id}`);
}

export interface KeyWish {
  readonly name: string;
  readonly models?: readonly string[];
  readonly subnet?: string;
  readonly expiredTime?: number;
  /** A cap in quota units; absent = unlimited. */
  readonly capUnits?: number;
}

export interface MadeKey {
  readonly id: number;
  /** With `sk-`. */
  readonly key: string;
}

/** Makes a key of the user that the client is signed in as. */
export async function makeKey(
  scene: Scene,
  wish: KeyWish,
  client?: Platform["admin"],
): Promise<MadeKey> {
  const data = record(
    await (client ?? scene.platform().admin).call("POST", "/api/token/", {
      name: wish.name,
      expired_time: wish.expiredTime ?? -1,
      unlimited_quota: wish.capUnits === undefined,
      remain_quota: wish.capUnits ?? 0,
      models: (wish.models ?? []).join(","),
      subnet: wish.subnet ?? "",
    }),
  );
  return { id: Number(data["id"]), key: `sk-${String(data["key"])}` };
}

/** Tries until it is true; fails the test after ten seconds. */
export async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    if (await isTrue()) {
      return;
    }
    assert.ok(Date.now() < deadline, `not within ten seconds: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

/** Quota units of a user as the management API tells them. */
export async function quotaOf(platform: Platform, userId: number): Promise<number> {
  return Number(record(await platform.admin.call("GET", `/api/user/${userId}`))["quota"]);
}

/** The log row of one call, waited for: settlement is asynchronous. */
export async function logRowOf(
  platform: Platform,
  requestId: string,
): Promise<Readonly<Record<string, unknown>>> {
  let row: Readonly<Record<string, unknown>> | undefined;
  await eventually(`call ${requestId} is on the log`, async () => {
    row = records(
      await platform.admin.call("GET", `/api/log/?p=0&page_size=10&request_id=${requestId}`),
    ).find((candidate) => candidate["request_id"] === requestId);
    return row !== undefined;
  });
  assert.ok(row);
  return row;
}

export interface MadeUser {
  readonly id: number;
  readonly username: string;
  readonly password: string;
}

/** Makes a common user with this much quota (in units). */
export async function makeUser(
  scene: Scene,
  username: string,
  quotaUnits: number,
): Promise<MadeUser> {
  const { admin } = scene.platform();
  const password = `password of ${username}`;
  await admin.call("POST", "/api/user/", { username, password, display_name: username });
  const user = records(
    await admin.call("GET", `/api/user/?p=0&page_size=200&keyword=${username}`),
  ).find((candidate) => candidate["username"] === username);
  assert.ok(user);
  const id = Number(user["id"]);
  if (quotaUnits !== 0) {
    await admin.call("POST", "/api/topup", {
      user_id: id,
      quota: quotaUnits,
      remark: "for a test",
    });
  }
  return { id, username, password };
}

/** The first key of a user, made when there is none, seen through the user's own session. */
export async function keyOfUser(
  scene: Scene,
  user: Pick<MadeUser, "username" | "password">,
): Promise<string> {
  const { adminUrl } = scene.platform();
  const login = await fetch(`${adminUrl}/api/user/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: adminUrl },
    body: JSON.stringify({ username: user.username, password: user.password }),
  });
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
  const token = await fetch(`${adminUrl}/api/user/token`, {
    headers: { cookie, "sec-fetch-site": "same-origin", "x-requested-with": "XMLHttpRequest" },
  });
  const client = createAdminClient(adminUrl, String(record(await token.json())["data"]));
  const keys = records(await client.call("GET", "/api/token/?p=0&page_size=10"));
  const existing = keys[0];
  return existing === undefined
    ? (await makeKey(scene, { name: "own" }, client)).key
    : `sk-${String(existing["key"])}`;
}
