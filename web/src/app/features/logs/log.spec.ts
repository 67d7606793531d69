import { type LogRow, isCall, logName, tokenCount } from "./log";

const call: LogRow = {
  id: 1,
  created_at: 1,
  type: 2,
  content: "",
  token_name: "mine",
  model_name: "gpt-4o",
  quota: 3,
  prompt_tokens: 1,
  completion_tokens: 2,
  request_id: "r",
  elapsed_time: 5,
  is_stream: false,
};

describe("a row of the log", () => {
  it("is named for the model it called; a refund of that call for what happened", () => {
    expect([isCall(call), logName(call)]).toEqual([true, "gpt-4o"]);
    const refund = { ...call, type: 3, content: "root gave back $1" };
    expect([isCall(refund), logName(refund)]).toEqual([false, "root gave back $1"]);
  });

  it("says at the number when its tokens are an estimate", () => {
    expect(tokenCount(call, "12")).toBe("12");
    expect(tokenCount({ ...call, is_estimated: true }, "12")).toBe("≈ 12");
  });
});
