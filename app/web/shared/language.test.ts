import { describe, expect, it } from "vitest";
import { brief, fill, language, number, preferred, t, tn, word, words } from "./language";

const keys = Object.keys(words.en);
const places = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe("both languages", () => {
  it("have the same keys", () => {
    expect(Object.keys(words.fr).sort()).toEqual([...keys].sort());
  });

  it.each(keys)("%s: said in both, with the same places to fill", (key) => {
    const k = key as keyof typeof words.en;
    expect(words.en[k].trim()).not.toBe("");
    expect(words.fr[k].trim()).not.toBe("");
    expect(places(words.fr[k])).toEqual(places(words.en[k]));
  });

  it("keep French's spaces before double punctuation", () => {
    expect(Object.values(words.fr).filter((sentence) => /[\p{L}\d}][;:?!]/u.test(sentence))).toEqual([]);
  });
});

it("every key is used: no word is kept that no page says", () => {
  const files = import.meta.glob<string>(["../{account,capture,reading,shared,study,tablet}/**/*.{ts,tsx}", "../main.tsx", "!**/words_*", "!**/*.test.ts"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const source = Object.values(files).join("\n");
  expect(source.length).toBeGreaterThan(10_000); // the pages were really read
  // Groups whose last part comes with the data: word("digit", …), t(`audit.${column}`), tn("progress.refused", …).
  const grouped = (key: string) => {
    const stem = key.slice(0, key.lastIndexOf("."));
    return source.includes(`word("${stem}"`) || source.includes(`\`${stem}.\${`) || source.includes(`tn("${stem}"`);
  };
  expect(keys.filter((key) => !source.includes(`"${key}"`) && !grouped(key))).toEqual([]);
});

describe("words and numbers", () => {
  it("fills sentences and leaves unknown places to be seen", () => {
    expect(fill("{n} of {total}", { n: 3 })).toBe("3 of {total}");
  });

  it("keeps signs on the line of what they follow", () => {
    language.value = "fr";
    expect(t("hands.title")).toBe("Où est l’ulcère\u00a0?");
    expect(t("captures.area")).toContain("95\u00a0%");
  });

  it("follows each language's plural", () => {
    language.value = "en";
    expect([tn("reading.count", 0), tn("reading.count", 1)]).toEqual(["0 cases", "1 case"]);
    language.value = "fr";
    expect(tn("study.visits", 0)).toBe("0 visite"); // French counts nought as singular
    expect(tn("study.visits", 2)).toBe("2 visites");
  });

  it("writes numbers as the language does, and no negative nought", () => {
    language.value = "fr";
    expect(number(11.64)).toBe("11,6");
    expect(brief(0.0618)).toBe("0,0618");
    language.value = "en";
    expect([number(-0), number(-0.04), number(-0.06)]).toEqual(["0.0", "0.0", "-0.1"]);
    expect(brief(13.423)).toBe("13.4");
  });

  it("says a value of the service in words, and itself when it has none", () => {
    language.value = "en";
    expect(word("verdict", "cannot tell")).toBe(t("verdict.cannot_tell"));
    expect(word("surface", "some_new_place")).toBe("some new place");
  });

  it("starts in the first language of the browser that it speaks", () => {
    expect(preferred(["de-DE", "fr-CH", "en"])).toBe("fr");
    expect(preferred(["en-US"])).toBe("en");
    expect(preferred(["ja"])).toBe("en");
  });
});
