import { Component, computed, inject, input } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { type Channel, speedTone } from "./channel";

/** How long the last test took, and when it was. */
@Component({
  selector: "tg-channel-response",
  imports: [MatTooltip, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    @if (isTested()) {
      <span
        [class]="tone()"
        [matTooltip]="format.moment(channel().test_time)"
        [textContent]="format.duration(channel().response_time)"
      ></span>
    } @else {
      <span class="muted">{{ t("channels.untested") }}</span>
    }
  </ng-container>`,
})
export class ChannelResponse {
  protected readonly format = inject(Format);
  readonly channel = input.required<Channel>();
  protected readonly isTested = computed(
    () => this.channel().test_time > 0 && this.channel().response_time > 0,
  );
  protected readonly tone = computed(() => speedTone(this.channel().response_time));
}
