import { Injector, runInInjectionContext, signal } from "@angular/core";
import { TestBed } from "@angular/core/testing";
import { form } from "@angular/forms/signals";
import type { Channel } from "../channel";
import {
  type ChannelDraft,
  DEMO_TYPE,
  channelSchema,
  draftOf,
  newChannelDraft,
  parseKeys,
  toWire,
} from "./channel-schema";

const channel: Channel = {
  id: 1,
  type: 1,
  name: "main",
  status: 1,
  models: "m",
  group: "default",
  used_quota: 0,
  response_time: 0,
  test_time: 0,
  balance: 0,
  balance_updated_time: 0,
  created_time: 0,
};

const complete: ChannelDraft = { ...newChannelDraft, name: "main", keys: "sk-1", models: ["m"] };

function messages(change: Partial<ChannelDraft>): readonly (string | undefined)[] {
  return runInInjectionContext(TestBed.inject(Injector), () => {
    const tree = form(signal({ ...complete, ...change }), channelSchema);
    return tree()
      .errorSummary()
      .map((error) => error.message);
  });
}

describe("channelSchema", () => {
  it("accepts a channel with a name, a key, a model and a group", () => {
    expect(messages({})).toEqual([]);
  });

  it("wants a key only for a new channel that calls out", () => {
    expect(messages({ keys: "" })).toEqual(["error.required"]);
    expect(messages({ keys: "", isNew: false })).toEqual([]);
    expect(messages({ keys: "", type: DEMO_TYPE })).toEqual([]);
  });

  it("wants a base URL where the type has none of its own, and only http or https", () => {
    expect(messages({ needsBaseUrl: true })).toEqual(["error.required"]);
    expect(messages({ baseUrl: "ftp://host" })).toEqual(["error.url"]);
    expect(messages({ baseUrl: "https://api.example.com" })).toEqual([]);
  });

  it("wants at least one model and one group", () => {
    expect(messages({ models: [], groups: [] })).toEqual(["error.models", "error.groups"]);
  });

  it("takes a mapping only as a JSON object of names", () => {
    expect(messages({ mapping: '{"a":"b"}' })).toEqual([]);
    for (const mapping of ["{", "[]", '{"a":1}']) {
      expect(messages({ mapping })).toEqual(["error.mapping"]);
    }
  });
});

describe("parseKeys", () => {
  it("takes one key a line and counts repetitions", () => {
    expect(parseKeys(" a \n\nb\r\na")).toEqual({ keys: ["a", "b"], repeated: 1 });
  });

  it("takes a JSON document as one key", () => {
    expect(parseKeys('{\n"type":"service_account"\n}').keys).toHaveLength(1);
  });
});

describe("toWire", () => {
  it("drops a trailing slash of the base URL and empty configuration members", () => {
    const draft = { ...complete, baseUrl: "https://h/ ", config: { region: "eu", sk: "" } };
    const wire = toWire(draft, complete);
    expect(wire).toMatchObject({ base_url: "https://h", config: '{"region":"eu"}' });
  });

  it("gives hidden secrets back blank, so that the server keeps them, and drops what was emptied", () => {
    const original = { ...complete, config: { ak: "id", sk: "" } };
    const draft = { ...original, config: { ak: "", sk: "" } };
    expect(toWire(draft, original)).toMatchObject({ config: '{"sk":""}' });
  });

  it("sets what becomes of calls whose callers left only where it is not the default", () => {
    expect(toWire(complete, complete)["config"]).toBe("{}");
    const wire = toWire({ ...complete, leavingStream: "drain", leavingWhole: "abort" }, complete);
    const config = String(wire["config"]);
    expect(JSON.parse(config)).toEqual({
      on_disconnect_stream: "drain",
      on_disconnect_whole: "abort",
    });
    const draft = draftOf({ ...channel, config }, undefined);
    expect([draft.leavingStream, draft.leavingWhole, draft.config]).toEqual(["drain", "abort", {}]);
  });
});
