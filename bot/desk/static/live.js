// One stream of the desk's events for all tabs of a browser: a server has six connections for each browser, and no more.
import { isSignedOut, lost, signedOut } from "./notice.js";
import { signedIn } from "./requests.js";

const ADDRESS = "/desk/api/events";
const WORTH_TELLING = 2_500; // ms of a gap
const AGAIN = 3_000; // ms
const NAME = `motcua-desk:${document.body.dataset.person}`;
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
const listeners = [];
let last = null;
let leads = false;
let gap = null;

/** Calls `hear(state, leads)` with every state; `leads`: this tab is the one that speaks for all. */
export function listen(hear) {
  listeners.push(hear);
  if (last) hear(last, leads);
}

function told(state) {
  last = state;
  for (const hear of listeners) hear(state, leads);
}

function there(isThere) {
  clearTimeout(gap);
  if (isThere) lost(false);
  else gap = setTimeout(() => lost(true), WORTH_TELLING);
}

function open() {
  const stream = new EventSource(ADDRESS);
  stream.onopen = () => there(true);
  stream.addEventListener("changed", ({ data }) => {
    const state = JSON.parse(data);
    channel?.postMessage({ state });
    told(state);
  });
  stream.onerror = async () => {
    there(false);
    if (stream.readyState !== EventSource.CLOSED) return;
    if (await signedIn()) return setTimeout(open, AGAIN);
    signedOut();
    channel?.postMessage({ signedOut: true });
  };
  addEventListener("pagehide", () => stream.close());
}

function lead() {
  leads = true;
  open();
  return new Promise(() => {}); // for as long as the page is there
}

if (channel) {
  channel.onmessage = ({ data }) => {
    if (data.state && !leads) told(data.state);
    if (data.asks && leads && last) channel.postMessage({ state: last });
    if (data.signedOut && !isSignedOut()) signedOut();
  };
}
if (channel && navigator.locks) {
  navigator.locks.request(NAME, lead);
  channel.postMessage({ asks: true });
} else {
  lead(); // without locks, as on a page without https, each tab has its own
}
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
