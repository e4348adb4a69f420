// What an SMS without diacritics says, as text/gsm7.py folds it; tests/browser/test_desk.py compares both.
import { isGsm } from "./count.js";

const LOOKALIKES = new Map([
  ...[..."‘’‚‛ʼ`′"].map((mark) => [mark, "'"]),
  ...[..."“”„‟«»"].map((mark) => [mark, '"']),
  ...[..."‐‒–—―−·•‣⁃◦"].map((mark) => [mark, "-"]),
  ...[..."→⇒➔➜➝➞➡"].map((arrow) => [arrow, "->"]),
  ...[..."←⇐"].map((arrow) => [arrow, "<-"]),
  ...[..."\u2028\u2029\x85\x0b"].map((end) => [end, "\n"]),
  ...Object.entries({ "↔": "<->", "⁄": "/", "\t": " ", "×": "x", "÷": "/", "±": "+/-", "≥": ">=", "≤": "<=", "≠": "<>" }),
  ...Object.entries({ "≈": "~", "₫": "d", "°": "o", "μ": "u", "©": "(c)", "®": "(r)" }),
]);
const BULLETS = /[\u25a0-\u25ff]/u;
const PICTURE =
  "[\\u2139\\u2300-\\u23ff\\u2600-\\u2793\\u2795-\\u2797\\u27b0\\u27bf\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299" +
  "\\u{1f000}-\\u{1fbff}\\u200d\\u20e3\\ufe00-\\ufe0f\\u{e0020}-\\u{e007f}]";
const WORD = "[\\p{L}\\p{N}_]";
const BETWEEN_WORDS = new RegExp(`(?<=${WORD})${PICTURE}+(?=${WORD})`, "gu");
const PICTURES = new RegExp(`^(?:${PICTURE} ?)+| ?${PICTURE}`, "gmu");
const BARRED = { "đ": "d", "Đ": "D", "ð": "d", "Ð": "D" };

function lookalike(letter) {
  return LOOKALIKES.get(letter) ?? (BULLETS.test(letter) ? "-" : letter);
}

function withoutDiacritics(text) {
  const plain = text.normalize("NFD").replace(/\p{Mn}/gu, "").normalize("NFC");
  return plain.replace(/[đĐðÐ]/g, (letter) => BARRED[letter]);
}

/** @returns the text as letters that an SMS has; what it lacks becomes "?". */
export function fold(text) {
  const said = text.replace(BETWEEN_WORDS, " ").replace(PICTURES, "").normalize("NFKC");
  const plain = withoutDiacritics([...said].map(lookalike).join(""));
  return [...plain].map((letter) => (isGsm(letter) ? letter : /[\p{Cc}\p{Cf}\p{Cs}]/u.test(letter) ? "" : "?")).join("");
}
