import { Service, effect, inject, signal } from "@angular/core";
import { Title } from "@angular/platform-browser";
import { type RouterStateSnapshot, TitleStrategy } from "@angular/router";
import { Locale } from "#core/i18n/locale";
import { ServerStatus } from "#core/session/server-status";

/** Words the tab's title in the language in use and follows a switch of language. */
@Service()
export class PageTitle extends TitleStrategy {
  readonly #title = inject(Title);
  readonly #locale = inject(Locale);
  readonly #status = inject(ServerStatus);
  /** Translation key of the current page's title. */
  readonly key = signal("");

  constructor() {
    super();
    // Leaves Angular: the document's title is outside every template.
    effect(() => {
      this.#locale.revision();
      const page = this.key() === "" ? "" : `${this.#locale.translate(this.key())} · `;
      this.#title.setTitle(page + this.#status.systemName());
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.key.set(this.buildTitle(snapshot) ?? "");
  }
}
