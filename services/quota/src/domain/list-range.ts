import { fault } from "./faults.ts";

/** One page of a list, as asked for. */
export interface ListRange {
  readonly offset: number;
  /** 0 = the default. */
  readonly limit: number;
  /** "" = newest first. */
  readonly sort: string;
  readonly isDescending: boolean;
  readonly keyword: string;
  readonly hasTotal: boolean;
}

/** One page of a list, checked. `sort` is undefined for the default order: newest first. */
export interface ListPage<Sort extends string> {
  readonly offset: number;
  readonly limit: number;
  readonly sort: Sort | undefined;
  readonly isDescending: boolean;
  readonly keyword: string;
  readonly hasTotal: boolean;
}

/** Rows of a page and, if asked for, how many match in all. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

const offsetMax = 1_000_000;
const limitMax = 200;
const limitDefault = 10;
const keywordCharactersMax = 128;

/** Throws LIST_RANGE_INVALID or SORT_UNKNOWN. */
export function checkListRange<const Sort extends string>(
  range: ListRange,
  sorts: readonly Sort[],
): ListPage<Sort> {
  const isOutside =
    range.offset > offsetMax ||
    range.limit > limitMax ||
    range.keyword.length > keywordCharactersMax;
  if (isOutside) {
    throw fault("LIST_RANGE_INVALID");
  }
  const sort = sorts.find((candidate) => candidate === range.sort);
  if (sort === undefined && range.sort !== "") {
    throw fault("SORT_UNKNOWN", { metadata: { sort: range.sort.slice(0, 64) } });
  }
  return {
    offset: range.offset,
    limit: range.limit === 0 ? limitDefault : range.limit,
    sort,
    isDescending: sort === undefined || range.isDescending,
    keyword: range.keyword.trim(),
    hasTotal: range.hasTotal,
  };
}
