import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { LogOutput } from "./log-output.ts";

/** Appends lines to `<folder>/<service>-YYYYMMDD.log`, a new file each UTC day. Throws when the folder cannot be made. */
export function openDailyLogFile(folder: string, service: string): LogOutput {
  mkdirSync(folder, { recursive: true });
  const nameOf = (day: string) => join(folder, `${service}-${day}.log`);
  let today = currentDay();
  const file = pino.destination({ dest: nameOf(today), append: true, sync: true });
  return {
    write(line) {
      const day = currentDay();
      if (day !== today) {
        today = day;
        file.reopen(nameOf(day));
      }
      file.write(line);
    },
  };
}

function currentDay(): string {
  return new Date().toISOString().slice(0, 10).replaceAll("-", "");
}
