/** Live progress on a terminal, one line per event elsewhere. */
export interface Progress {
  /** Replaces the line of what is going on; on no terminal it writes nothing. */
  show(text: string): void;
  /** Writes a line that stays. */
  print(line: string): void;
}

/** Progress on stdout. */
export function createProgress(): Progress {
  const isTerminal = process.stdout.isTTY;
  const clear = isTerminal ? "\r\u001B[2K" : "";
  return {
    show(text) {
      if (isTerminal) {
        process.stdout.write(`${clear}${text.slice(0, process.stdout.columns - 1)}`);
      }
    },
    print(line) {
      process.stdout.write(`${clear}${line}\n`);
    },
  };
}

/** "0.8 s", "1 min 05 s". */
export function formatElapsed(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}
