/** The event with which a message ends for its length. The counts of before stand: none is said. */
export function cutShortMessage(): string {
  const delta = { stop_reason: "max_tokens", stop_sequence: null };
  const event = { type: "message_delta", delta, usage: {} };
  return `event: message_delta\ndata: ${JSON.stringify(event)}\n\n`;
}
