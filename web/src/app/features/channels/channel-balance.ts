import { Component, computed, inject, input, output } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import type { Channel } from "./channel";

/** What is left at the provider, in the provider's currency; a click asks again. */
@Component({
  selector: "tg-channel-balance",
  imports: [MatTooltip, TranslocoDirective],
  template: `<button
    *transloco="let t"
    type="button"
    class="copyable refresh"
    [class.muted]="!isKnown()"
    [attr.aria-label]="shown() + ' ' + t('channels.refreshBalance', { name: channel().name })"
    [matTooltip]="
      isKnown() ? format.moment(channel().balance_updated_time) : t('channels.neverChecked')
    "
    (click)="refresh.emit()"
  >
    {{ shown() }}
  </button>`,
})
export class ChannelBalance {
  protected readonly format = inject(Format);
  readonly channel = input.required<Channel>();
  readonly refresh = output();
  protected readonly isKnown = computed(() => this.channel().balance_updated_time > 0);
  protected readonly shown = computed(() =>
    this.isKnown() ? `$${this.channel().balance.toFixed(2)}` : "–",
  );
}
