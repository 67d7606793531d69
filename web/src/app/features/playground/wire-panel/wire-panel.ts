import { Component, computed, inject, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { ServerStatus } from "#core/session/server-status";
import { Snippets } from "#ui/snippets/snippets";
import { PlaygroundSession } from "../playground-session";

type Panel = "request" | "response" | "code";

/** What goes over the wire: the request, the raw answer, and the call as code. */
@Component({
  selector: "tg-wire-panel",
  imports: [Snippets, TranslocoDirective],
  templateUrl: "./wire-panel.component.html",
  styles: `
    .wire {
      height: 100%;
    }
    .segments {
      align-self: flex-start;
    }
    .code-block {
      flex: 1;
    }
  `,
})
export class WirePanel {
  protected readonly chat = inject(PlaygroundSession);
  protected readonly status = inject(ServerStatus);
  protected readonly panel = signal<Panel>("request");
  protected readonly panels: readonly Panel[] = ["request", "response", "code"];
  protected readonly request = computed(() => JSON.stringify(this.chat.request(), null, 2));
}
