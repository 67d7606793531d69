import { readCredential } from "./credential-shape";

function names(pasted: string): readonly string[] | undefined {
  return readCredential(pasted)?.candidates.map((candidate) => candidate.name);
}

describe("readCredential", () => {
  it("names the provider of a key whose prefix is its own", () => {
    expect(names("sk-ant-api03-abcdef")).toEqual(["Anthropic"]);
    expect(names("sk-or-v1-abcdefgh")).toEqual(["OpenRouter"]);
    expect(names("sk-proj-abcdefghij")).toEqual(["OpenAI"]);
    expect(names("gsk_abcdefghij")).toEqual(["Groq"]);
  });

  it("asks when a bare sk- could belong to several", () => {
    expect(names("sk-abcdefghijkl")?.length).toBeGreaterThan(1);
  });

  it("takes the provider from a variable's name or a known host", () => {
    expect(names('export DEEPSEEK_API_KEY="sk-abcdefghijkl"')).toEqual(["DeepSeek"]);
    expect(names("https://api.deepseek.com/v1 sk-abcdefghijkl")).toEqual(["DeepSeek"]);
  });

  it("keeps an unknown base URL with its key and its version", () => {
    expect(
      readCredential("OPENAI_BASE_URL=http://10.0.0.2:8000\nOPENAI_API_KEY=abcdefgh1"),
    ).toEqual({
      key: "abcdefgh1",
      baseUrl: "http://10.0.0.2:8000/v1",
      candidates: [{ type: 50, name: "OpenAI compatible" }],
    });
  });

  it("finds nothing in a text without a key", () => {
    expect(readCredential("hi")).toBeUndefined();
    expect(readCredential("https://api.openai.com")).toBeUndefined();
  });
});
