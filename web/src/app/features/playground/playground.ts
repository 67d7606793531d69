/** One turn of the conversation. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** A sampling parameter: left out of the request unless switched on. */
export interface Parameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly on: boolean;
}

export const PARAMETERS: readonly Parameter[] = [
  { name: "temperature", min: 0, max: 2, step: 0.1, value: 1, on: false },
  { name: "top_p", min: 0, max: 1, step: 0.05, value: 1, on: false },
  { name: "max_tokens", min: 1, max: 32_768, step: 1, value: 1_024, on: false },
  { name: "presence_penalty", min: -2, max: 2, step: 0.1, value: 0, on: false },
  { name: "frequency_penalty", min: -2, max: 2, step: 0.1, value: 0, on: false },
  { name: "seed", min: 0, max: 2_147_483_647, step: 1, value: 0, on: false },
];

interface Conversation {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly parameters: readonly Parameter[];
  readonly stream: boolean;
}

/** The request exactly as it is sent and shown. */
export function requestBody(conversation: Conversation): Readonly<Record<string, unknown>> {
  const { model, system, messages, parameters, stream } = conversation;
  const chosen = parameters.filter((parameter) => parameter.on);
  return {
    model,
    messages: [
      ...(system.trim() === "" ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    ...Object.fromEntries(chosen.map(({ name, value }) => [name, value])),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
