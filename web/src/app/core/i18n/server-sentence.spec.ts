import en from "../../../i18n/en.json";
import zh from "../../../i18n/zh-CN.json";
import { translateServerSentence } from "./server-sentence";

const CALL = "01a20312-4cb5-7285-a53a-fb0decf58849";

function wordIn(language: "en" | "zh-CN", text: string): string {
  const words: Readonly<Record<string, string>> = {
    ...(language === "en" ? en : zh).sentence,
    units: (language === "en" ? en : zh).quota.units,
  };
  return translateServerSentence(text, (key, params = {}) =>
    (words[key.replace(/^(?:sentence|quota)\./, "")] ?? key).replace(
      /\{\{(\w+)\}\}/g,
      (_match, name: string) => String(params[name]),
    ),
  );
}

describe("sentences of the server", () => {
  it("are told in Chinese, with their names and amounts", () => {
    const told: Readonly<Record<string, string>> = {
      "Added by root: 500 quota units": "root 增加了 500 额度",
      "Gift for a new user: $0.200000": "新用户赠送：$0.200000",
      "Gift for a new user": "新用户赠送",
      "Quota of the root user: 100000 points": "超级管理员初始额度：100000 额度",
      "Topped up with a redemption code: $1.500000": "使用兑换码充值：$1.500000",
      "Redemption code 7 (spring (sale))": "兑换码 #7（spring (sale)）",
      "Paid back by acme: $20.000000 (pay (1))": "acme 退回支付 $20.000000（pay (1)）",
      [`root gave back $0.000001 of call ${CALL}: bad: really`]: `root 退还了调用 ${CALL} 的 $0.000001：bad: really`,
      [`${CALL}: a bad answer`]: `调用 ${CALL}：a bad answer`,
      "root wrote off a debt of 17 points: moved away": "root 核销了欠款 17 额度：moved away",
    };
    for (const [english, chinese] of Object.entries(told)) {
      expect(wordIn("zh-CN", english)).toBe(chinese);
    }
  });

  it("are English in English, One API's Chinese ones too", () => {
    expect(wordIn("en", "渠道 main 测试成功，响应：hello")).toBe(
      "Channel main passed the test; it answered: hello",
    );
    for (const text of [
      "Added by root: 500 quota units",
      "Gift for inviting a user: $1.000000",
      "Paid by acme: $20.000000 (pay-1)",
      `root gave back $0.000001 of call ${CALL}: sorry`,
      `Journal ${CALL} was given up: 2 calls billed, 1 leases released`,
    ]) {
      expect(wordIn("en", text)).toBe(text);
    }
  });

  it("of no known shape are left as they are", () => {
    for (const text of ["a gift for the walk", "Paid by hand", ""]) {
      expect(wordIn("zh-CN", text)).toBe(text);
    }
  });
});
