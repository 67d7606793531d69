import { startMockUpstream } from "#mock-upstream/server.ts";

/** Runs the mock upstream as a process of its own: `node tests/mock-upstream/main.ts [PORT]`. */
const upstream = await startMockUpstream(Number(process.argv[2] ?? 0));
process.stdout.write(`${JSON.stringify({ url: upstream.url })}\n`);
process.once("SIGTERM", () => {
  void upstream.close();
});
