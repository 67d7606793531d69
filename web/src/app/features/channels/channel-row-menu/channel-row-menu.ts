import { Component, inject, input, output } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import type { List } from "#core/list/list";
import { Icon } from "#ui/icon/icon";
import { CHANNEL_ENABLED, type Channel } from "../channel";
import { ChannelActions } from "../channel-actions";

/** What can be done to one channel from its row. */
@Component({
  selector: "tg-channel-row-menu",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink, TranslocoDirective],
  templateUrl: "./channel-row-menu.component.html",
})
export class ChannelRowMenu {
  protected readonly actions = inject(ChannelActions);
  protected readonly enabled = CHANNEL_ENABLED;
  readonly list = input.required<List<Channel>>();
  readonly row = input.required<Channel>();
  readonly test = output<Channel>();
}
