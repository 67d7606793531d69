import { Dialog } from "@angular/cdk/dialog";
import { Component, DestroyRef, inject, signal } from "@angular/core";
import { NavigationEnd, Router, RouterOutlet } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Preferences } from "#core/preferences/preferences";
import { type Shortcut, Shortcuts } from "#core/shortcuts/shortcuts";
import { nameOverlays } from "#ui/name-overlays";
import { NAVIGATION } from "./navigation";
import { SideNav } from "./side-nav/side-nav";
import { TopBar } from "./top-bar/top-bar";

/** The frame around every page of a signed-in user. */
@Component({
  selector: "tg-shell",
  imports: [RouterOutlet, SideNav, TopBar, TranslocoDirective],
  templateUrl: "./shell.component.html",
  styleUrl: "./shell.scss",
})
export class Shell {
  readonly #router = inject(Router);
  readonly #dialog = inject(Dialog);
  protected readonly preferences = inject(Preferences);
  protected readonly sheetOpen = signal(false);

  constructor() {
    nameOverlays();
    const removeShortcuts = inject(Shortcuts).add(this.#shortcuts());
    const navigation = this.#router.events.subscribe((event) => {
      if (event instanceof NavigationEnd) this.sheetOpen.set(false);
    });
    inject(DestroyRef).onDestroy(() => {
      removeShortcuts();
      navigation.unsubscribe();
    });
  }

  protected async openPalette(): Promise<void> {
    const { CommandPalette } = await import("./command-palette/command-palette");
    this.#dialog.open(CommandPalette, { ariaLabel: "Command palette", panelClass: "palette-pane" });
  }

  async #openHelp(): Promise<void> {
    const { ShortcutSheet } = await import("./shortcut-sheet");
    this.#dialog.open(ShortcutSheet, { ariaLabelledBy: "shortcut-title" });
  }

  #shortcuts(): readonly Shortcut[] {
    const places = NAVIGATION.flatMap((group) => group.items).map((item): Shortcut => ({
      keys: `g ${item.key}`,
      label: item.label,
      run: () => void this.#router.navigateByUrl(item.path),
    }));
    return [
      { keys: "mod+k", label: "palette.open", run: () => void this.openPalette() },
      { keys: "?", label: "shortcut.help", run: () => void this.#openHelp() },
      ...places,
    ];
  }
}
