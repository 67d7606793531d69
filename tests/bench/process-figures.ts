import { readFileSync } from "node:fs";

/** Kernel clock ticks per second, as every Linux that Node runs on reports them. */
const TICKS_PER_SECOND = 100;

/** CPU time used so far by some processes, all their threads, microseconds. */
export function cpuMicroseconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return sum + (ticks * 1_000_000) / TICKS_PER_SECOND;
  }, 0);
}

/** Resident memory of some processes, MiB. */
export function residentMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const match = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return sum + Number(match?.[1] ?? 0) / 1024;
  }, 0);
}
