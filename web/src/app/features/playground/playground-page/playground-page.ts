import { Component, computed, inject, signal } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { ServerStatus } from "#core/session/server-status";
import { AnswerFacts } from "#ui/answer/answer-facts";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { Snippets } from "#ui/snippets/snippets";
import { ParameterPanel } from "../parameter-panel";
import { PlaygroundSession } from "../playground-session";

type Panel = "request" | "response" | "code";

/** Try a model through the relay, with a key, as a customer would. */
@Component({
  selector: "tg-playground-page",
  imports: [AnswerFacts, Field, Icon, ParameterPanel, RouterLink, Snippets, TranslocoDirective],
  providers: [PlaygroundSession],
  templateUrl: "./playground-page.component.html",
  styleUrl: "./playground-page.scss",
})
export class PlaygroundPage {
  protected readonly chat = inject(PlaygroundSession);
  protected readonly status = inject(ServerStatus);
  protected readonly text = signal("");
  protected readonly panel = signal<Panel>("request");
  protected readonly panels: readonly Panel[] = ["request", "response", "code"];
  protected readonly request = computed(() => JSON.stringify(this.chat.body(), null, 2));
  protected readonly ready = computed(
    () => this.chat.apiKey() !== "" && this.chat.chosenModel() !== "" && !this.chat.busy(),
  );

  protected onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  protected send(): void {
    const text = this.text().trim();
    if (text === "" || !this.ready()) return;
    this.text.set("");
    void this.chat.send(text);
  }
}
