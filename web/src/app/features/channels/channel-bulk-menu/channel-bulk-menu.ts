import { Component, inject, input } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { TranslocoDirective } from "@jsverse/transloco";
import type { List } from "#core/list/list";
import { Icon } from "#ui/icon/icon";
import type { Channel } from "../channel";
import { ChannelActions } from "../channel-actions";

/** What can be done to all channels at once, as jobs. */
@Component({
  selector: "tg-channel-bulk-menu",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, TranslocoDirective],
  templateUrl: "./channel-bulk-menu.component.html",
})
export class ChannelBulkMenu {
  protected readonly actions = inject(ChannelActions);
  readonly list = input.required<List<Channel>>();
}
