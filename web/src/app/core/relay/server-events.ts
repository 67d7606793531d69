/** Yields the data of each server-sent event; an event may arrive in any number of pieces. */
export async function* readServerEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const events = rest.split(/\r?\n\r?\n/);
    rest = done ? "" : (events.pop() ?? "");
    for (const event of events) {
      const data = dataOf(event);
      if (data !== "") yield data;
    }
    if (done) return;
  }
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
}
