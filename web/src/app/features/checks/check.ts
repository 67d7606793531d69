import type { Tone } from "#ui/badge";
import type { IconName } from "#ui/icon/icons";

/** The checks of the books, in the order of their rules. */
const JOBS = ["held", "held_all", "posted", "batches", "journals", "costs", "silence"] as const;

/** What one run of a check found. */
export interface CheckRun {
  readonly job: string;
  readonly rule: string;
  /** Seconds since 1970; 0 = it never ran. */
  readonly at: number;
  readonly took_ms: number;
  readonly checked: number;
  readonly violation_count: number;
  /** The first ones, a sentence each. */
  readonly violations: readonly string[];
  /** False when time was up: the next run goes on from there. */
  readonly complete: boolean;
}

/** What `GET /api/reconcile/` tells. */
export interface CheckOverview {
  readonly jobs: readonly CheckRun[];
  readonly alarms: readonly CheckRun[];
}

/** A check: its last run, and the runs before that found something. */
export interface BookCheck extends CheckRun {
  readonly alarms: readonly CheckRun[];
}

export interface CheckLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

const NEVER: Omit<CheckRun, "job"> = {
  rule: "",
  at: 0,
  took_ms: 0,
  checked: 0,
  violation_count: 0,
  violations: [],
  complete: true,
};

/** A row for every check, also for those that never ran; a newer server's own come last. */
export function checksOf({ jobs, alarms }: CheckOverview): readonly BookCheck[] {
  const ran = new Map(jobs.map((run) => [run.job, run]));
  const names = new Set<string>([...JOBS, ...ran.keys()]);
  return [...names].map((job) => withAlarms(ran.get(job) ?? { job, ...NEVER }, alarms));
}

function withAlarms(last: CheckRun, alarms: readonly CheckRun[]): BookCheck {
  const own = alarms.filter(({ job, at }) => job === last.job && at !== last.at);
  return { ...last, alarms: own };
}

export function checkLook(run: CheckRun): CheckLook {
  if (run.at === 0) return { label: "checks.state.never", tone: "outline", icon: "clock" };
  if (run.violation_count > 0) return { label: "checks.state.wrong", tone: "bad", icon: "alert" };
  return run.complete
    ? { label: "checks.state.right", tone: "ok", icon: "check" }
    : { label: "checks.state.partly", tone: "info", icon: "clock" };
}
