import type { Encoding } from "#counting/encodings.ts";

/** What the counting thread is asked. */
export interface CountQuestion {
  readonly id: number;
  readonly encoding: Encoding;
  readonly input: readonly string[];
  readonly output: string;
}

/** What it answers. */
export interface CountAnswer {
  readonly id: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}
