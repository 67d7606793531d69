/** What Anthropic's models differ in, as far as a request converted from another dialect must know it. */
export interface ModelRules {
  /** `temperature`, `top_p` and `top_k` may be sent. */
  readonly takesSampling: boolean;
  /** How thinking is asked for. */
  readonly thinking: "none" | "budget" | "adaptive";
  /** Thinking may be switched off where it is adaptive. */
  readonly canStopThinking: boolean;
  /** `tool_choice` may force a tool. */
  readonly takesForcedTools: boolean;
  /** Answers can be bound to a JSON schema. */
  readonly takesSchema: boolean;
  /** Output tokens that are allowed where the caller names no bound. */
  readonly outputTokensDefault: number;
}

const NEWEST: ModelRules = {
  takesSampling: false,
  thinking: "adaptive",
  canStopThinking: false,
  takesForcedTools: false,
  takesSchema: true,
  outputTokensDefault: 16_384,
};

const ADAPTIVE: ModelRules = { ...NEWEST, canStopThinking: true, takesForcedTools: true };

const BUDGET: ModelRules = {
  takesSampling: true,
  thinking: "budget",
  canStopThinking: true,
  takesForcedTools: true,
  takesSchema: true,
  outputTokensDefault: 8192,
};

const OLDER: ModelRules = {
  ...BUDGET,
  thinking: "none",
  takesSchema: false,
  outputTokensDefault: 4096,
};

/** The first row whose start the model's name has. */
const ROWS: readonly (readonly [start: string, rules: ModelRules])[] = [
  ["claude-sonnet-5-5", NEWEST],
  ["claude-opus-5-5", NEWEST],
  ["claude-fable-5-", NEWEST],
  ["claude-fable-5", { ...NEWEST, takesForcedTools: true }],
  ["claude-haiku-5-5", ADAPTIVE],
  ["claude-opus-5", ADAPTIVE],
  ["claude-sonnet-5", ADAPTIVE],
  ["claude-opus-4-8", ADAPTIVE],
  ["claude-opus-4-7", ADAPTIVE],
  ["claude-opus-4-6", { ...ADAPTIVE, takesSampling: true }],
  ["claude-sonnet-4-6", { ...ADAPTIVE, takesSampling: true }],
  ["claude-opus-4-5", BUDGET],
  ["claude-sonnet-4-5", BUDGET],
  ["claude-haiku-4-5", BUDGET],
  ["claude-opus-4-1", BUDGET],
  ["claude-opus-4", { ...BUDGET, takesSchema: false }],
  ["claude-sonnet-4", { ...BUDGET, takesSchema: false }],
  ["claude-3-7", { ...BUDGET, takesSchema: false }],
  ["claude-3", OLDER],
  ["claude-2", OLDER],
  ["claude-instant", OLDER],
];

/** The rules of a model; names that are not known are taken for ones of the middle generation, which accept the most. */
export function modelRulesOf(model: string): ModelRules {
  return ROWS.find(([start]) => model.startsWith(start))?.[1] ?? { ...BUDGET, takesSchema: false };
}
