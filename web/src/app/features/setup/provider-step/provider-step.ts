import { Component, computed, inject, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { type Fault, toFault } from "#core/api/fault";
import { ServerStatus } from "#core/session/server-status";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { type Candidate, readCredential } from "../credential-shape";
import { CredentialProbe } from "../credential-probe";
import { ProbeReport } from "../probe-report/probe-report";
import { SetupFlow } from "../setup-flow";

const PAUSE_MS = 300;

/** One box for a provider's key: recognised, checked and tested without a click. */
@Component({
  selector: "tg-provider-step",
  imports: [Field, Icon, ProbeReport, TranslocoDirective],
  providers: [CredentialProbe],
  templateUrl: "./provider-step.component.html",
})
export class ProviderStep {
  readonly #flow = inject(SetupFlow);
  protected readonly probe = inject(CredentialProbe);
  protected readonly status = inject(ServerStatus);
  protected readonly text = signal("");
  protected readonly busy = signal(false);
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly credential = computed(() => readCredential(this.text()));
  protected readonly candidates = computed(() => this.credential()?.candidates ?? []);
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected onInput(text: string): void {
    this.text.set(text);
    this.probe.reset();
    clearTimeout(this.#timer);
    const credential = this.credential();
    const only = credential?.candidates.length === 1 ? credential.candidates[0] : undefined;
    if (only) this.#timer = setTimeout(() => this.pick(only), PAUSE_MS);
  }

  protected pick(candidate: Candidate): void {
    const credential = this.credential();
    if (credential) void this.probe.run(credential, candidate);
  }

  protected async create(): Promise<void> {
    const channel = this.probe.channel();
    if (channel) await this.#run(() => this.#flow.createChannel(channel));
  }

  protected async createDemo(): Promise<void> {
    await this.#run(() => this.#flow.createDemoChannel());
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    this.fault.set(undefined);
    try {
      await work();
    } catch (error) {
      this.fault.set(toFault(error));
    } finally {
      this.busy.set(false);
    }
  }
}
