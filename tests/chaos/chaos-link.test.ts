import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { type ChaosLink, openChaosLink } from "./chaos-link.ts";

describe("a link", () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      heard.push(bytes.toString());
      socket.write(`re ${bytes.toString()}`);
    });
  });
  let link: ChaosLink;

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    link = await openChaosLink("test", address.port);
  });
  after(async () => {
    await link.close();
    server.close();
  });

  const open = async (): Promise<Socket> => {
    const socket = connect(link.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return socket;
  };
  const ask = async (socket: Socket, text: string): Promise<string> => {
    socket.write(text);
    const [bytes] = await once(socket, "data");
    return String(bytes);
  };

  it("passes both directions", async () => {
    const socket = await open();
    assert.equal(await ask(socket, "one"), "re one");
    socket.destroy();
  });

  it("drops replies to questions that arrived, and breaks the connection afterwards", async () => {
    const socket = await open();
    assert.equal(await ask(socket, "two"), "re two");
    link.setMode({ kind: "mute", towards: "client" });
    const answers: string[] = [];
    socket.on("data", (bytes) => answers.push(bytes.toString()));
    socket.write("three");
    while (!heard.includes("three")) {
      await new Promise(setImmediate);
    }
    const closed = closeOf(socket);
    link.setMode({ kind: "open" });
    await closed;
    assert.deepEqual(answers, []);
  });

  it("loses the answer to a request that holds the words, and only that one", async () => {
    const [victim, other] = [await open(), await open()];
    await ask(victim, "warm");
    await ask(other, "warm");
    link.setMode({ kind: "lose", answersTo: "commit" });
    const answers: string[] = [];
    victim.on("data", (bytes) => answers.push(bytes.toString()));
    const closed = closeOf(victim);
    victim.write("now commit this");
    assert.equal(await ask(other, "five"), "re five");
    await closed;
    link.setMode({ kind: "open" });
    assert.deepEqual(answers, []);
    assert.ok(heard.includes("now commit this"));
    other.destroy();
  });

  it("keeps the order when a delay ends", async () => {
    const socket = await open();
    await ask(socket, "warm");
    link.setMode({ kind: "delay", ms: 50 });
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString();
    });
    socket.write("a");
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
    link.setMode({ kind: "open" });
    socket.write("b");
    while (!text.includes("b")) {
      await once(socket, "data");
    }
    assert.equal(text.replaceAll("re ", ""), "ab");
    socket.destroy();
  });

  it("takes nobody while it is cut, and everybody after", async () => {
    const socket = await open();
    const closed = closeOf(socket);
    link.setMode({ kind: "cut" });
    await closed;
    await closeOf(connect(link.port, "127.0.0.1").on("error", () => undefined));
    link.setMode({ kind: "open" });
    const again = await open();
    assert.equal(await ask(again, "four"), "re four");
    again.destroy();
  });
});

/** Resolves when the connection is closed, also by a reset. */
async function closeOf(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
}
