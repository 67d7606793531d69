import { Component, DestroyRef, inject } from "@angular/core";
import { MatMenu, MatMenuTrigger } from "@angular/material/menu";
import { TranslocoDirective } from "@jsverse/transloco";
import { toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { type Job, Jobs, isRunning } from "#core/jobs/jobs";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";

/** The long work that is going on, with progress and the way to stop it. */
@Component({
  selector: "tg-job-tray",
  imports: [Icon, MatMenu, MatMenuTrigger, TranslocoDirective],
  templateUrl: "./job-tray.component.html",
  styleUrl: "./job-tray.scss",
})
export class JobTray {
  readonly #toasts = inject(Toasts);
  protected readonly jobs = inject(Jobs);
  protected readonly format = inject(Format);
  protected readonly isRunning = isRunning;

  constructor() {
    inject(DestroyRef).onDestroy(this.jobs.follow());
  }

  protected async load(): Promise<void> {
    await this.#guard(() => this.jobs.reload());
  }

  protected async cancel(job: Job): Promise<void> {
    await this.#guard(() => this.jobs.cancel(job));
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#toasts.error(toFault(error).message);
    }
  }

  protected share(job: Job): number {
    return job.total > 0 ? Math.round((job.done / job.total) * 100) : 0;
  }
}
