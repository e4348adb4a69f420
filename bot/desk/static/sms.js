// What a reply by SMS costs while it is written: counted as it is sent, with what goes out in the same text (bot/texting.py).
import { count, isGsm } from "./count.js";
import { fold } from "./fold.js";

const BULLET = /^[ \t]*[-*•·–—▪●][ \t]+/gm;
const GAP = /\s*\n\s*/g;

function plain(text, write) {
  const bare = text.normalize("NFC").replace(BULLET, "- ").replace(GAP, "\n").trim();
  return write(bare) || bare;
}

/**
 * rules: {folded, price of a segment, most segments}; `before` goes out in the same text.
 * @returns {encoding, segments, left, folded, cut, price} of the text as the citizen gets it.
 */
export function cost(text, before, { folded, price, most }) {
  const folds = folded && ![...before, ...text].every(isGsm);
  const write = folds ? fold : (same) => same;
  const lines = [...before.split("\n"), text].filter((line) => line.trim());
  const { encoding, segments, left } = count(lines.map((line) => plain(line, write)).join("\n"));
  const sent = Math.min(segments, most);
  return { encoding, segments: sent, left: segments > most ? 0 : left, folded: folds, cut: segments > most, price: sent * price };
}
