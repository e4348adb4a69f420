// How long an SMS is (3GPP TS 23.038), as text/sms.py counts it; tests/browser/test_phone.py compares both.

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
    "abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€"); // sent as escape and letter: two septets
const ROOM = { "GSM-7": [160, 153], "UCS-2": [70, 67] }; // alone, and as one of several

/** @returns whether a letter is one of the GSM 7-bit alphabet. */
export function isGsm(letter) {
  return BASIC.has(letter) || EXTENDED.has(letter);
}

/** @returns {encoding, units, segments, left}; `left`: how many units are free before another segment begins. */
export function count(text) {
  const letters = [...text]; // a surrogate pair is one, and never cut
  const gsm = letters.every(isGsm);
  const encoding = gsm ? "GSM-7" : "UCS-2";
  const sizes = letters.map((letter) => (gsm ? 1 + EXTENDED.has(letter) : letter.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [alone, part] = ROOM[encoding];
  if (units <= alone) return { encoding, units, segments: Math.min(units, 1), left: units ? alone - units : 0 };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) [segments, used] = [segments + 1, 0];
    used += size;
  }
  return { encoding, units, segments, left: part - used };
}
