import { type Signal, computed, inject, linkedSignal, resource, untracked } from "@angular/core";
import { toSignal } from "@angular/core/rxjs-interop";
import { ActivatedRoute, Router } from "@angular/router";
import { Api, type Page } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { Preferences } from "#core/preferences/preferences";
import {
  type Direction,
  type TableDefaults,
  type TableState,
  changeTableState,
  parseTableState,
  tableQueryParams,
  tableWireQuery,
} from "./table-state";

export interface ListConfig<T> {
  /** Names the table in the preferences. */
  readonly table: string;
  readonly path: string;
  readonly sort: string;
  readonly direction?: Direction;
  readonly filters: readonly string[];
  /** Filters that set the scene, such as a time range: not counted and not cleared. */
  readonly scope?: readonly string[];
  /** Rewrites filters that the server spells differently, such as a named time range. */
  readonly wire?: (filters: TableState["filters"]) => Readonly<Record<string, string>>;
  /** For a short list that the server answers with as a whole: how its rows are read. */
  readonly whole?: (path: string, signal: AbortSignal) => Promise<readonly T[]>;
}

/** A server-side list whose state is the page's URL. */
export interface List<T> {
  readonly table: string;
  /** False for a list that is there as a whole. */
  readonly paged: boolean;
  readonly state: Signal<TableState>;
  /** Rows last received; they stay while newer ones are on their way. */
  readonly rows: Signal<readonly T[]>;
  readonly total: Signal<number>;
  readonly loading: Signal<boolean>;
  /** True once the first answer has come. */
  readonly ready: Signal<boolean>;
  readonly fault: Signal<Fault | undefined>;
  readonly filtered: Signal<boolean>;
  readonly wireQuery: Signal<Readonly<Record<string, string | number>>>;
  readonly change: (change: Partial<TableState>, options?: { readonly replace?: boolean }) => void;
  readonly setFilter: (name: string, value: string) => void;
  readonly clearFilters: () => void;
  readonly reload: () => void;
  /** Shows a change before, or without, asking the server again. */
  readonly patchRows: (change: (rows: readonly T[]) => readonly T[]) => void;
}

/** What a list's surroundings need of it, whatever its rows are. */
export type ListFrame = Omit<List<unknown>, "patchRows">;

const DEFAULT_SIZE = 50;

/** Creates the list of the current route; call it in an injection context. */
export function injectList<T>(config: ListConfig<T>): List<T> {
  const api = inject(Api);
  const { state, latest, change } = injectTableState(config);
  const isScope = (name: string): boolean => config.scope?.includes(name) ?? false;
  const wireQuery = computed(
    () => {
      const query = tableWireQuery(state());
      if (!config.wire) return query;
      const own = Object.fromEntries(
        Object.entries(query).filter(([name]) => !config.filters.includes(name)),
      );
      return { ...own, ...config.wire(state().filters) };
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const result = resource({
    params: () => wireQuery(),
    loader: async ({ params, abortSignal }): Promise<Page<T>> => {
      if (!config.whole) return api.page<T>(config.path, params, abortSignal);
      const items = await config.whole(config.path, abortSignal);
      return { items, total: items.length };
    },
  });
  const page = linkedSignal<Page<T> | undefined, Page<T> | undefined>({
    source: () => (result.hasValue() ? result.value() : undefined),
    computation: (next, previous) => next ?? previous?.value,
  });

  return {
    table: config.table,
    paged: config.whole === undefined,
    state,
    rows: computed(() => page()?.items ?? []),
    total: computed(() => page()?.total ?? 0),
    loading: computed(() => result.isLoading()),
    ready: computed(() => page() !== undefined),
    fault: computed(() => (result.error() ? toFault(result.error()) : undefined)),
    filtered: computed(
      () => state().keyword !== "" || Object.keys(state().filters).some((name) => !isScope(name)),
    ),
    wireQuery,
    change,
    setFilter: (name, value) => {
      const { [name]: _dropped, ...rest } = latest().filters;
      change({ filters: value === "" ? rest : { ...rest, [name]: value } });
    },
    clearFilters: () => {
      const kept = Object.entries(state().filters).filter(([name]) => isScope(name));
      change({ filters: Object.fromEntries(kept), keyword: "" });
    },
    reload: () => void result.reload(),
    patchRows: (edit) => page.update((now) => now && { ...now, items: edit(now.items) }),
  };
}

interface TableStateInUrl extends Pick<List<unknown>, "state" | "change"> {
  /** The state that the URL is about to have. */
  readonly latest: Signal<TableState>;
}

function injectTableState(config: Omit<ListConfig<unknown>, "whole">): TableStateInUrl {
  const route = inject(ActivatedRoute);
  const router = inject(Router);
  const preferences = inject(Preferences);
  const params = toSignal(route.queryParamMap, { initialValue: route.snapshot.queryParamMap });
  const defaults = computed<TableDefaults>(() => ({
    size: preferences.tables()[config.table]?.size ?? DEFAULT_SIZE,
    sort: config.sort,
    direction: config.direction ?? "desc",
    filters: config.filters,
  }));
  const state = computed(() => parseTableState((name) => params().get(name), defaults()));
  // Changes made before the router has finished the previous one must build on each other.
  const latest = linkedSignal(() => state());
  const change: List<unknown>["change"] = (edit, options) => {
    if (edit.size) preferences.rememberTable(config.table, { size: edit.size });
    latest.update((now) => changeTableState(now, edit));
    void router.navigate([], {
      relativeTo: route,
      queryParams: tableQueryParams(untracked(latest), defaults()),
      queryParamsHandling: "merge",
      replaceUrl: options?.replace ?? false,
    });
  };
  return { state, latest, change };
}
