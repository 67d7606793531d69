import { type Static, Type } from "typebox";
import { adminFaults } from "#faults.ts";
import { limits } from "#limits.ts";

/** Query parameters that every list accepts, beside the filters of its own. */
export const listQuery = {
  p: Type.Optional(Type.Integer({ description: "Page, from 0." })),
  page_size: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: limits.pageSizeMax,
      description: "Rows of a page; when it is given, the reply holds the total.",
    }),
  ),
  sort: Type.Optional(
    Type.String({ maxLength: limits.textLengthMax, description: "Column, by its wire name." }),
  ),
  direction: Type.Optional(Type.Union([Type.Literal("asc"), Type.Literal("desc")])),
  keyword: Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
};

const listQuerySchema = Type.Object(listQuery);

/** What a client asks of a list. */
export type ListQuery = Static<typeof listQuerySchema>;

/** The query of the searches that know no pages. */
export const keywordQuery = Type.Object({
  keyword: Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
});

/** One page in the services' own words. */
export interface PageRange {
  readonly offset: number;
  readonly limit: number;
  readonly sort: string;
  readonly descending: boolean;
  readonly keyword: string;
  readonly withTotal: boolean;
}

/** A column's wire name and the name that the service behind knows it by. */
export type SortColumns = Readonly<Record<string, string>>;

/** Reads page, order and text. Throws PARAMETER_INVALID for an unknown column or a page too far out. */
export function readRange(query: ListQuery, columns: SortColumns): PageRange {
  const limit = query.page_size ?? limits.pageSizeDefault;
  const offset = Math.max(0, query.p ?? 0) * limit;
  if (offset > limits.offsetMax) {
    throw adminFaults.fault("PARAMETER_INVALID", {
      sentence: `At most ${limits.offsetMax} rows can be skipped. Please narrow the filter.`,
    });
  }
  return {
    offset,
    limit,
    sort: query.sort === undefined ? "" : readColumn(query.sort, columns),
    descending: query.direction === "desc",
    keyword: query.keyword ?? "",
    withTotal: query.page_size !== undefined,
  };
}

/** The whole answer of a search without pages. */
export function searchRange(keyword: string | undefined, limit: number): PageRange {
  return {
    offset: 0,
    limit,
    sort: "",
    descending: false,
    keyword: keyword ?? "",
    withTotal: false,
  };
}

/** The total for the envelope, if the client asked for it. */
export function readTotal(range: PageRange, total: bigint): number | undefined {
  return range.withTotal ? Number(total) : undefined;
}

function readColumn(name: string, columns: SortColumns): string {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) {
    const known = Object.keys(columns).join(", ");
    throw adminFaults.fault("PARAMETER_INVALID", {
      sentence: `The list cannot be sorted by "${name}". It can by: ${known}.`,
    });
  }
  return column;
}
