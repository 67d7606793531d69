import { Service, computed, effect, inject } from "@angular/core";
import { toSignal } from "@angular/core/rxjs-interop";
import { TranslocoService } from "@jsverse/transloco";
import { Preferences } from "#core/preferences/preferences";

/** The language in use, and translation for code that has no template at hand. */
@Service()
export class Locale {
  readonly #transloco = inject(TranslocoService);
  readonly #events = toSignal(this.#transloco.events$);
  readonly language = inject(Preferences).language;

  /** Changes whenever a translation file has arrived; read it to be notified. */
  readonly revision = computed(() => ({ event: this.#events(), language: this.language() }));

  constructor() {
    // Leaves Angular's signals: the translation library keeps its own active language.
    effect(() => this.#transloco.setActiveLang(this.language()));
  }

  translate(key: string, params?: Readonly<Record<string, unknown>>): string {
    return this.#transloco.translate(key, params ?? {});
  }
}
