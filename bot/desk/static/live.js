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
let stream = null;
let resign = null;

/** Calls `hear(state, leads)` with every state; `leads`: this tab is the one that speaks for all. */
export function listen(hear) {
  listeners.push(hear);
  if (last) hear(last, leads);
}

function told(state) {
  last = { ...state, presence: "" }; // whoever hears it later knows better
  for (const hear of listeners) hear(state, leads);
}

function there(isThere) {
  if (!isThere) {
    gap ??= setTimeout(() => lost(true), WORTH_TELLING);
    return;
  }
  clearTimeout(gap);
  gap = null;
  lost(false);
}

/** For this tab and the others. */
function allThere(isThere) {
  channel?.postMessage({ there: isThere });
  there(isThere);
}

function open() {
  if (stream || isSignedOut()) return;
  stream = new EventSource(ADDRESS);
  stream.onopen = () => allThere(true);
  stream.addEventListener("changed", ({ data }) => {
    const state = JSON.parse(data);
    channel?.postMessage({ state });
    told(state);
  });
  stream.onerror = async () => {
    allThere(false);
    if (stream?.readyState !== EventSource.CLOSED) return;
    close();
    if (await signedIn()) return setTimeout(open, AGAIN);
    signedOut();
  };
}

function close() {
  stream?.close();
  stream = null;
}

function lead() {
  if (isSignedOut()) return null; // the next in line does
  leads = true;
  open();
  return new Promise((resolve) => (resign = resolve)); // for as long as the page is there, and somebody is signed in
}

document.addEventListener("motcua-signed-out", () => {
  if (leads) channel?.postMessage({ signedOut: true });
  leads = false;
  close();
  resign?.();
});
addEventListener("pagehide", close);

if (channel) {
  channel.onmessage = ({ data }) => {
    if (data.state && !leads) told(data.state);
    if (data.asks && leads && last) channel.postMessage({ state: last });
    if ("there" in data && !leads) there(data.there);
    if (data.signedOut) signedOut();
  };
}
if (channel && navigator.locks) {
  navigator.locks.request(NAME, lead);
  channel.postMessage({ asks: true });
} else {
  lead(); // without locks, as on a page without https, each tab has its own, hidden or not: it is the sign that one is there
}
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
