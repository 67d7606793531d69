import { Component, computed, inject, output } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Session } from "#core/session/session";
import { AppearanceMenu } from "#ui/appearance-menu";
import { Icon } from "#ui/icon/icon";
import { JobTray } from "../job-tray/job-tray";
import { PageTitle } from "../page-title";

@Component({
  selector: "tg-top-bar",
  imports: [
    AppearanceMenu,
    Icon,
    JobTray,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    RouterLink,
    TranslocoDirective,
  ],
  templateUrl: "./top-bar.component.html",
  styleUrl: "./top-bar.scss",
})
export class TopBar {
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly titleKey = inject(PageTitle).key;
  readonly paletteAsked = output();
  readonly menuAsked = output();
  protected readonly name = computed(() => {
    const viewer = this.session.viewer();
    return viewer?.display_name || viewer?.username || "";
  });
  protected readonly initials = computed(() => this.name().slice(0, 2).toUpperCase());
}
