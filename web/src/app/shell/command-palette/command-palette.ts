import { DialogRef } from "@angular/cdk/dialog";
import { Component, computed, inject, linkedSignal, resource, signal } from "@angular/core";
import { Router } from "@angular/router";
import { TranslocoDirective, TranslocoService } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { Preferences } from "#core/preferences/preferences";
import { Session } from "#core/session/session";
import { Icon } from "#ui/icon/icon";
import { navigationOf } from "../navigation";
import { type Command, findObjects, matches } from "./command";

const PAUSE_MS = 150;

/** Goes anywhere and finds channels, users, keys and calls by a few letters. */
@Component({
  selector: "tg-command-palette",
  imports: [Icon, TranslocoDirective],
  templateUrl: "./command-palette.component.html",
  styleUrl: "./command-palette.scss",
})
export class CommandPalette {
  readonly #dialog = inject(DialogRef);
  readonly #router = inject(Router);
  readonly #session = inject(Session);
  readonly #preferences = inject(Preferences);
  readonly #transloco = inject(TranslocoService);
  readonly #api = inject(Api);
  protected readonly text = signal("");

  protected readonly found = resource({
    params: () => (this.text().trim().length >= 2 ? this.text().trim() : undefined),
    loader: async ({ params, abortSignal }) => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      abortSignal.throwIfAborted();
      const isAdmin = this.#session.isAdmin();
      return findObjects(this.#api, { text: params, isAdmin, signal: abortSignal });
    },
  });
  protected readonly results = computed<readonly Command[]>(() => {
    const known = [...this.#places(), ...this.#actions()];
    const local = known.filter((command) => matches(command.label, this.text()));
    return [...local, ...(this.found.hasValue() ? this.found.value() : [])];
  });
  protected readonly active = linkedSignal({ source: this.results, computation: () => 0 });

  protected onKey(event: KeyboardEvent): void {
    const count = this.results().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : count - 1;
      if (count > 0) this.active.update((index) => (index + by) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const command = this.results()[this.active()];
      if (command) this.run(command);
    }
  }

  protected run(command: Command): void {
    this.#dialog.close();
    if (command.run) command.run();
    else void this.#router.navigateByUrl(command.path);
  }

  #places(): readonly Command[] {
    const viewer = { isAdmin: this.#session.isAdmin(), isRoot: this.#session.isRoot() };
    return navigationOf(viewer).flatMap((group) =>
      group.items.map((item) => ({
        path: item.path,
        label: this.#transloco.translate(item.label),
        detail: this.#transloco.translate(group.label),
        icon: item.icon,
        keys: `g ${item.key}`,
      })),
    );
  }

  #actions(): readonly Command[] {
    const { theme, language } = this.#preferences;
    const action = (key: string, icon: Command["icon"], run: () => void): Command => ({
      path: key,
      label: this.#transloco.translate(key),
      detail: this.#transloco.translate("palette.action"),
      icon,
      run,
    });
    return [
      action(
        "palette.newToken",
        "plus",
        () => void this.#router.navigateByUrl("/console/tokens?id=new"),
      ),
      ...(this.#session.isAdmin()
        ? [
            action(
              "palette.newChannel",
              "plus",
              () => void this.#router.navigateByUrl("/admin/channels?id=new"),
            ),
          ]
        : []),
      action("palette.theme", "moon", () => theme.set(theme() === "dark" ? "light" : "dark")),
      action("palette.language", "languages", () =>
        language.set(language() === "en" ? "zh-CN" : "en"),
      ),
      action("profile.title", "user", () => void this.#router.navigateByUrl("/console/profile")),
    ];
  }
}
