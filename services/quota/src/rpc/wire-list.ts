import type { ListRange as WireListRange } from "@tollgate/proto/type/v1/list";
import type { ListRange } from "#domain/list-range.ts";

/** An absent range asks for the first page. */
export function listRangeFromWire(range: WireListRange | undefined): ListRange {
  return {
    offset: range?.offset ?? 0,
    limit: range?.limit ?? 0,
    sort: range?.sort ?? "",
    isDescending: range?.descending ?? false,
    keyword: range?.keyword ?? "",
    hasTotal: range?.withTotal ?? false,
  };
}
