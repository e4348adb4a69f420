// The page's own words, in the language of whoever looks at it.

export const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);

/** @returns the sentence with its {blanks} filled. */
export function fill(sentence, blanks) {
  return sentence.replace(/\{(\w+)\}/g, (whole, blank) => blanks[blank] ?? whole);
}

/** @returns "1 segment" or "2 segments". */
export function many(forms, n) {
  return fill(forms[plural.select(n)] ?? forms.other, { n });
}

const money = new Intl.NumberFormat(language, { style: "currency", currency: "VND" });

/** @returns an amount of VND as people write it. */
export function price(amount) {
  return money.format(amount);
}
