import { readdirSync, readFileSync } from "node:fs";

/** Kernel clock ticks per second, as every Linux that Node runs on reports them. */
const TICKS_PER_SECOND = 100;

/** A process whose use of the machine is told under a name. */
export interface NamedProcess {
  readonly name: string;
  readonly pid: number;
}

/** What a process has used so far. */
export interface ProcessUse {
  /** Nanoseconds on a CPU by thread, exact. */
  readonly threads: ReadonlyMap<string, number>;
  /** In the process' own code and in the kernel, in ticks of 10 ms. */
  readonly userTicks: number;
  readonly systemTicks: number;
}

/** What a process used between two readings. */
export interface CpuUse {
  readonly micros: number;
  /** The part of {@link micros} that was spent in the kernel: a sampled share of an exact sum. */
  readonly systemMicros: number;
}

/** Reads what a process has used so far. */
export function readUse(pid: number): ProcessUse {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold spaces: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const threads = readdirSync(`/proc/${pid}/task`).map((tid): [string, number] => [
    tid,
    Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "utf8").split(" ")[0]),
  ]);
  return {
    threads: new Map(threads),
    userTicks: Number(fields[11]),
    systemTicks: Number(fields[12]),
  };
}

/** What lies between two readings. A thread that ended in between is covered by the clock ticks. */
export function useBetween(before: ProcessUse, after: ProcessUse): CpuUse {
  let nanos = 0;
  for (const [tid, used] of after.threads) {
    nanos += used - (before.threads.get(tid) ?? 0);
  }
  const user = after.userTicks - before.userTicks;
  const system = after.systemTicks - before.systemTicks;
  const hasLostThread = [...before.threads.keys()].some((tid) => !after.threads.has(tid));
  const micros = hasLostThread ? ((user + system) * 1_000_000) / TICKS_PER_SECOND : nanos / 1000;
  return {
    micros,
    systemMicros: user + system === 0 ? 0 : (micros * system) / (user + system),
  };
}

/** Resident memory of some processes, MiB. */
export function residentMiB(processes: readonly NamedProcess[]): number {
  return processes.reduce((sum, { pid }) => {
    const match = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return sum + Number(match?.[1] ?? 0) / 1024;
  }, 0);
}
