/** How the built-in upstream takes a prompt. */
export interface DemoBehaviour {
  /** 200, or the status of the failure. */
  readonly status: number;
  /** The answer; each word with the space before it. */
  readonly words: readonly string[];
  /** Between two words, milliseconds. */
  readonly delayMs: number;
  /** How a stream ends: as it should, with the connection broken, or with an error event. */
  readonly end: "whole" | "cut" | "error";
}

/** Most words of an answer. */
const WORDS_MAX = 10_000;

const SLOW_DELAY_MS = 250;

/**
 * Prompts that ask for a behaviour, anywhere in the text:
 * `fail 429` (any status from 400 to 599) fails, `slow` waits a quarter of a second before each word, `long 500` answers
 * with so many words, `cut` breaks the connection off after half of the words, `break` sends an error event there.
 * Any other prompt is repeated.
 */
export function demoBehaviour(prompt: string): DemoBehaviour {
  const status = Number(/\bfail ([45]\d\d)\b/iu.exec(prompt)?.[1] ?? 200);
  const length = /\blong (\d{1,6})\b/iu.exec(prompt)?.[1];
  const words = length === undefined ? echo(prompt) : count(Number(length));
  const end = endOf(prompt);
  return {
    status,
    words: end === "whole" ? words : words.slice(0, Math.ceil(words.length / 2)),
    delayMs: /\bslow\b/iu.test(prompt) ? SLOW_DELAY_MS : 0,
    end,
  };
}

function endOf(prompt: string): DemoBehaviour["end"] {
  if (/\bcut\b/iu.test(prompt)) {
    return "cut";
  }
  return /\bbreak\b/iu.test(prompt) ? "error" : "whole";
}

function echo(prompt: string): readonly string[] {
  const said = prompt.split(/\s+/u).filter(Boolean);
  return ["You", "said:", ...said].slice(0, WORDS_MAX).map(withSpace);
}

function count(length: number): readonly string[] {
  const words = Math.min(Math.max(length, 1), WORDS_MAX);
  return Array.from({ length: words }, (_, index) => withSpace(`word${index + 1}`, index));
}

function withSpace(word: string, index: number): string {
  return index === 0 ? word : ` ${word}`;
}
