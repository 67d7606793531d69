/*
 * A list page's state lives in its URL, so that reload, Back and a shared link bring back the same
 * rows. This module is the only place that knows how the state is spelled there and on the wire.
 */

export type Direction = "asc" | "desc";

export interface TableState {
  /** Zero-based, as on the wire; the URL shows it one-based. */
  readonly page: number;
  readonly size: number;
  readonly sort: string;
  readonly direction: Direction;
  readonly keyword: string;
  /** Column filters by wire name; a missing entry means no restriction. */
  readonly filters: Readonly<Record<string, string>>;
  /** Id of the row whose drawer is open; empty for none. */
  readonly open: string;
}

export interface TableDefaults {
  readonly size: number;
  readonly sort: string;
  readonly direction: Direction;
  /** Names of the filters that this table understands; others in the URL are ignored. */
  readonly filters: readonly string[];
}

export const PAGE_SIZES: readonly number[] = [20, 50, 100, 200];

/** Reads the state from a URL query; nonsense falls back to the default, it never fails. */
export function parseTableState(
  get: (name: string) => string | null,
  defaults: TableDefaults,
): TableState {
  const size = Number(get("size"));
  const page = Math.floor(Number(get("page") ?? 1)) - 1;
  const direction = get("dir");
  const filters: Record<string, string> = {};
  for (const name of defaults.filters) {
    const value = get(name);
    if (value !== null && value !== "") filters[name] = value;
  }
  return {
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
    size: PAGE_SIZES.includes(size) ? size : defaults.size,
    sort: get("sort") ?? defaults.sort,
    direction: direction === "asc" || direction === "desc" ? direction : defaults.direction,
    keyword: get("q") ?? "",
    filters,
    open: get("id") ?? "",
  };
}

/** Spells the state as a URL query; defaults are left out (null) to keep links short. */
export function tableQueryParams(
  state: TableState,
  defaults: TableDefaults,
): Record<string, string | null> {
  const sorted = state.sort !== defaults.sort || state.direction !== defaults.direction;
  const params: Record<string, string | null> = {
    page: state.page === 0 ? null : String(state.page + 1),
    size: state.size === defaults.size ? null : String(state.size),
    sort: sorted ? state.sort : null,
    dir: sorted ? state.direction : null,
    q: state.keyword || null,
    id: state.open || null,
  };
  for (const name of defaults.filters) params[name] = state.filters[name] || null;
  return params;
}

/** Spells the state as the query of a list route of the management API. */
export function tableWireQuery(state: TableState): Record<string, string | number> {
  const keyword = state.keyword.trim();
  return {
    p: state.page,
    page_size: state.size,
    ...(state.sort ? { sort: state.sort, direction: state.direction } : {}),
    ...(keyword ? { keyword } : {}),
    ...state.filters,
  };
}

/** What a change does to the rest: anything that changes the rows goes back to the first page. */
export function changeTableState(state: TableState, change: Partial<TableState>): TableState {
  const keepsRows = Object.keys(change).every((name) => name === "open" || name === "page");
  return { ...state, ...(keepsRows ? {} : { page: 0 }), ...change };
}

/** The state after a click on a column's header: descending first, then ascending. */
export function toggleSort(state: TableState, column: string): Partial<TableState> {
  if (state.sort !== column) return { sort: column, direction: "desc" };
  return { direction: state.direction === "desc" ? "asc" : "desc" };
}
