import { PARAMETERS, requestBody } from "./playground";

const plain = {
  model: "m",
  system: "",
  messages: [{ role: "user", text: "hi" }],
  parameters: PARAMETERS,
  stream: false,
} as const;

describe("requestBody", () => {
  it("leaves out every parameter that is not switched on", () => {
    expect(requestBody(plain)).toEqual({ model: "m", messages: [{ role: "user", content: "hi" }] });
  });

  it("sends what is switched on, even when it is zero", () => {
    const [temperature] = PARAMETERS;
    const parameters = temperature ? [{ ...temperature, on: true, value: 0 }] : [];
    expect(requestBody({ ...plain, parameters })).toMatchObject({ temperature: 0 });
  });

  it("asks for the usage of a streamed answer", () => {
    expect(requestBody({ ...plain, stream: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });
});
