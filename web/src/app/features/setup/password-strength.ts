export type Strength = "none" | "short" | "fair" | "good" | "strong";

const FAIR_BITS = 45;
const GOOD_BITS = 60;
const STRONG_BITS = 80;
const SHORTEST = 8;

/** A word for how hard the password is to guess, from its length and its kinds of characters. */
export function passwordStrength(password: string): Strength {
  if (password === "") return "none";
  if (password.length < SHORTEST) return "short";
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^A-Za-z0-9]/, 33],
  ];
  const alphabet = kinds.reduce(
    (size, [kind, count]) => size + (kind.test(password) ? count : 0),
    0,
  );
  const bits = new Set(password).size * Math.log2(Math.max(2, alphabet));
  if (bits >= STRONG_BITS) return "strong";
  if (bits >= GOOD_BITS) return "good";
  return bits >= FAIR_BITS ? "fair" : "short";
}
