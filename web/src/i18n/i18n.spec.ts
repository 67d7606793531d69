import restEn from "./en.json";
import startEn from "./start/en.json";
import startZh from "./start/zh-CN.json";
import restZh from "./zh-CN.json";

const en = { ...startEn, ...restEn };
const zh = { ...startZh, ...restZh };

interface Tree {
  readonly [key: string]: string | Tree;
}

function flat(tree: Tree, prefix = ""): readonly [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort();
}

describe("translations", () => {
  const english = new Map(flat(en));
  const chinese = new Map(flat(zh));

  it("of the start and the rest do not share a section: one would hide the other", () => {
    const shared = Object.keys(startEn).filter((section) => section in restEn);
    expect(shared).toEqual([]);
  });

  it("exist in both languages, none empty", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...english.values(), ...chinese.values()].filter((text) => text.trim() === "")).toEqual(
      [],
    );
  });

  it("fill in the same values in both languages", () => {
    const unequal = [...english].filter(([key, text]) => {
      const wanted = new Set(placeholders(text));
      const given = new Set(placeholders(chinese.get(key) ?? ""));
      return (
        [...wanted].some((name) => !given.has(name)) || [...given].some((name) => !wanted.has(name))
      );
    });
    expect(unequal).toEqual([]);
  });

  it("are Chinese in the Chinese file wherever there are words", () => {
    const same = [...english].filter(
      ([key, text]) =>
        chinese.get(key) === text && /[a-z]{4,}/.test(text.replace(/\{\{\w+\}\}/g, "")),
    );
    expect(same).toEqual([]);
  });
});
