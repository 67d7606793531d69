import { Component, computed, inject, input, output } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { RouterLink, RouterLinkActive } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { ServerStatus } from "#core/session/server-status";
import { Session } from "#core/session/session";
import { Icon } from "#ui/icon/icon";
import { navigationOf } from "../navigation";

@Component({
  selector: "tg-side-nav",
  imports: [Icon, MatTooltip, RouterLink, RouterLinkActive, TranslocoDirective],
  templateUrl: "./side-nav.component.html",
  styleUrl: "./side-nav.scss",
})
export class SideNav {
  readonly #session = inject(Session);
  protected readonly status = inject(ServerStatus);
  readonly collapsed = input.required<boolean>();
  readonly toggled = output();

  protected readonly groups = computed(() =>
    navigationOf({ isAdmin: this.#session.isAdmin(), isRoot: this.#session.isRoot() }),
  );
}
