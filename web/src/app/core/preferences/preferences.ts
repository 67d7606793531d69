import { DOCUMENT, Service, effect, inject, signal } from "@angular/core";

export type Theme = "system" | "light" | "dark";
export type Density = "compact" | "normal";
export type Language = "en" | "zh-CN";

/** How one table was left: which columns are hidden and how many rows a page has. */
export interface TablePreference {
  readonly hidden?: readonly string[];
  readonly size?: number;
}

interface Stored {
  readonly theme?: Theme;
  readonly density?: Density;
  readonly language?: Language;
  readonly railCollapsed?: boolean;
  readonly tables?: Readonly<Record<string, TablePreference>>;
}

// The same name is read before the first paint by public/before-paint.js.
const STORAGE_KEY = "tollgate.preferences";

/** What the person at this browser prefers; kept in this browser and applied at once. */
@Service()
export class Preferences {
  readonly #document = inject(DOCUMENT);
  readonly #stored = read();
  readonly theme = signal<Theme>(this.#stored.theme ?? "system");
  readonly density = signal<Density>(this.#stored.density ?? "compact");
  readonly language = signal<Language>(this.#stored.language ?? guessLanguage());
  readonly railCollapsed = signal(this.#stored.railCollapsed ?? false);
  readonly tables = signal(this.#stored.tables ?? {});

  constructor() {
    // Leaves Angular: attributes of <html> drive the style sheet, and storage outlives the page.
    effect(() => {
      const root = this.#document.documentElement;
      root.dataset["theme"] = this.theme();
      root.dataset["density"] = this.density();
      root.lang = this.language();
      write({
        theme: this.theme(),
        density: this.density(),
        language: this.language(),
        railCollapsed: this.railCollapsed(),
        tables: this.tables(),
      });
    });
  }

  rememberTable(table: string, change: TablePreference): void {
    this.tables.update((tables) => ({ ...tables, [table]: { ...tables[table], ...change } }));
  }
}

function guessLanguage(): Language {
  return navigator.language.startsWith("zh") ? "zh-CN" : "en";
}

function read(): Stored {
  try {
    const stored: Stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}");
    return stored;
  } catch {
    // Damaged or forbidden storage is the same as none: defaults apply.
    return {};
  }
}

function write(stored: Stored): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(stored));
  } catch {
    // A browser that forbids storage still gets a working page; it just forgets.
    return;
  }
}
