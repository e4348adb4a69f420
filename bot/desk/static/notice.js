// The line above the page: the connection is lost, the session has ended.
import { h } from "./dom.js";
import { words } from "./words.js";

const place = document.querySelector("[data-lost]");
let ended = false;

/** Says that the connection is lost, or takes it back. */
export function lost(isLost) {
  if (ended || place.hidden === !isLost) return;
  place.hidden = !isLost;
  place.replaceChildren(isLost ? words.lost : "");
}

/** Says that the session has ended, with the way back to this page; also as the event "motcua-signed-out". */
export function signedOut() {
  if (ended) return;
  ended = true;
  const next = encodeURIComponent(location.pathname + location.search);
  place.hidden = false;
  place.replaceChildren(words.signed_out, " ", h("a", { href: `/desk/sign-in?next=${next}` }, words.sign_in));
  document.dispatchEvent(new Event("motcua-signed-out"));
}

/** @returns whether it was said. */
export function isSignedOut() {
  return ended;
}
