import type { LogOutput } from "./log-output.ts";

/** The part of a writable stream that the output needs. */
export interface ScreenStream {
  write(text: string): unknown;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Writes lines to a stream whose reader may go away, such as a pipe to a log collector. From then on lines are dropped:
 * a service outlives the reader of its log. Without this each failed write would be an uncaught error that is logged by
 * another failing write.
 */
export function openScreenOutput(stream: ScreenStream = process.stdout): LogOutput {
  let isReaderGone = false;
  stream.on("error", () => {
    isReaderGone = true;
  });
  return {
    write: (line) => {
      if (!isReaderGone) {
        stream.write(line);
      }
    },
  };
}
