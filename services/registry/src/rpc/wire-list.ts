import { create } from "@bufbuild/protobuf";
import type { ListChannelsRequest } from "@tollgate/proto/registry/v1/channel_service";
import type { ListRange } from "@tollgate/proto/type/v1/list";
import { ListRangeSchema } from "@tollgate/proto/type/v1/list";
import { registryFaults } from "#domain/faults.ts";
import { limits } from "#domain/limits.ts";
import type { ChannelQuery, ChannelSort } from "#usecases/ports.ts";
import { filterStatusFromWire } from "./wire-channel.ts";

const defaultRows = 10;

const sorts = [
  "id",
  "name",
  "type",
  "status",
  "priority",
  "weight",
  "response_time_ms",
  "test_time",
  "balance_nanos",
  "used_nanos",
  "created_at",
] as const satisfies readonly ChannelSort[];

/** What a list request asks for. Throws LIST_INVALID with one sentence. */
export function queryFromWire(request: ListChannelsRequest): ChannelQuery {
  const range = request.range ?? create(ListRangeSchema);
  checkRange(range);
  const keyword = range.keyword.trim();
  const status = filterStatusFromWire(request.status);
  return {
    offset: range.offset,
    limit: range.limit === 0 ? defaultRows : range.limit,
    ...orderFromWire(range.sort, range.descending),
    ...(keyword === "" ? {} : { keyword }),
    ...(status === undefined ? {} : { status }),
    ...(request.type === 0 ? {} : { type: request.type }),
    ...(request.group === "" ? {} : { group: request.group }),
    ...(request.model === "" ? {} : { model: request.model }),
  };
}

/** A channel's id. Throws CHANNEL_NOT_FOUND for a number that no channel can have. */
export function idFromWire(id: bigint): number {
  if (id < 1n || id > BigInt(idMax)) {
    throw registryFaults.fault("CHANNEL_NOT_FOUND");
  }
  return Number(id);
}

/** The ids of a batch, without doubles and without numbers that no channel can have. Throws REQUEST_INVALID. */
export function idsFromWire(ids: readonly bigint[]): readonly number[] {
  if (ids.length > limits.idsPerCall) {
    const sentence = `At most ${limits.idsPerCall} channels can be named at once.`;
    throw registryFaults.fault("REQUEST_INVALID", { sentence });
  }
  return [...new Set(ids)].filter((id) => id >= 1n && id <= BigInt(idMax)).map(Number);
}

const idMax = 2_147_483_647;

function checkRange({ offset, limit, keyword }: ListRange): void {
  if (offset > limits.pageOffset) {
    throw invalid(`Offset must be at most ${limits.pageOffset}.`);
  }
  if (limit > limits.pageRows) {
    throw invalid(`Limit must be at most ${limits.pageRows}.`);
  }
  // A whole credential may be looked for, so the bound is the credential's.
  if (Buffer.byteLength(keyword) > limits.credentialBytes) {
    throw invalid(`Keyword must be at most ${limits.credentialBytes} bytes.`);
  }
}

function orderFromWire(
  sort: string,
  descending: boolean,
): Pick<ChannelQuery, "sort" | "descending"> {
  if (sort === "") {
    return { sort: "id", descending: true };
  }
  const known = sorts.find((name) => name === sort);
  if (known === undefined) {
    throw invalid(`Channels cannot be sorted by that field; use one of ${sorts.join(", ")}.`);
  }
  return { sort: known, descending };
}

function invalid(sentence: string): Error {
  return registryFaults.fault("LIST_INVALID", { sentence });
}
