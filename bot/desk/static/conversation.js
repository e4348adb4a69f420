// One conversation: its messages come by a stream, everything else of the page is fetched again when it has changed.
import { Attention } from "./attention.js";
import { Kept } from "./kept.js";
import { listen } from "./live.js";
import { isSignedOut, lost, signedOut } from "./notice.js";
import { put } from "./parts.js";
import { AGAIN, refetching } from "./refetching.js";
import { fragment, signedIn } from "./requests.js";
import { pauseOnArrival } from "./shortcuts.js";
import { tick } from "./times.js";
import { Transcript } from "./transcript.js";

const EASE = 250; // ms: several changes are one
const GOING = 30_000; // ms that a form sent, or a link followed, may take to bring the next page
const { conversation } = document.querySelector(".talk").dataset;
const OWN = `/desk/conversations/${conversation}`;
const state = () => document.querySelector("#status").dataset;
const { state: owner, shape } = state();
const transcript = new Transcript();
const attention = new Attention(conversation);
const kept = new Kept(conversation);
const form = document.querySelector("#reply");
let reply = null;
let isRenewing = false;
let went = -GOING; // when the page was last told to go: loading itself anew would break that off, and its word with it
addEventListener("beforeunload", (event) => {
  went = performance.now();
  if (reply?.isUnsent && !isRenewing && !isSignedOut()) event.preventDefault(); // the browser asks first
});
if (location.pathname !== OWN) history.replaceState(null, "", OWN); // it came in answer to a form, which is not sent again

const refresh = refetching(async () => {
  try {
    show(await fragment(`conversations/${conversation}?after=${transcript.recent}`));
  } catch (error) {
    if (error.status !== 404) throw error;
    anew();
  }
}, EASE, EASE);

function show(page) {
  if (page.querySelector("#status").dataset.shape !== shape) return anew(); // other buttons, another owner
  transcript.settle(page.querySelector("#told"));
  for (const part of document.querySelectorAll("[data-part]")) put(part, page.querySelector(`#${part.id}`));
  reply?.drawPending();
  reply?.recount();
  tick();
}

function anew() {
  if (performance.now() - went < GOING) refresh(AGAIN);
  else renew();
}

function renew() {
  isRenewing = true;
  pauseOnArrival();
  location.replace(location.pathname + location.search);
}

/** Only while one sees it: a browser has six connections to a server, whatever number of tabs. */
class Stream {
  #source = null;

  constructor() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    if (!document.hidden) this.#open();
  }

  #open() {
    if (this.#source) return;
    this.#source = new EventSource(`/desk/api/conversations/${conversation}/messages?beside=1&after=${transcript.last}`);
    this.#source.onopen = () => {
      lost(false);
      reply?.again({ asked: false });
    };
    this.#source.onmessage = ({ data }) => {
      transcript.add(JSON.parse(data));
      reply?.drawPending();
      refresh();
    };
    this.#source.addEventListener("changed", ({ data }) => JSON.parse(data) !== state().mark && refresh());
    this.#source.onerror = () => this.#failed();
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  async #failed() {
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#close();
    if (!(await signedIn())) return signedOut();
    setTimeout(() => document.hidden || this.#open(), AGAIN);
    refresh();
  }
}

const note = document.querySelector("#note");
note.value ||= kept.note;
kept.set({ note: note.value });
note.addEventListener("input", () => {
  kept.set({ note: note.value });
  if (note.value.trim()) attention.writing("noting");
});
document.querySelector("#note-form").addEventListener("submit", () => kept.set({ note: "" }));

const { Reply } = form ? await import("./reply.js") : {}; // it needs the box
reply = form && new Reply(form, conversation, kept, {
  writing: () => attention.writing("replying"),
  stopped: () => attention.reading(),
  sent: () => refresh(),
  renew,
  has: (id) => transcript.has(id),
});

// What was not sent when the conversation went to somebody else: still there to be read and copied.
const missing = kept.outbox.filter(({ id, seq }) => !seq && !transcript.has(id));
const unsent = [...missing.map((item) => item.text), kept.text].filter(Boolean).join("\n");
const left = document.querySelector("[data-unsent]");
if (!form && left && unsent && owner !== "queue") {
  left.hidden = false;
  left.querySelector("textarea").value = unsent;
}

new Stream();
listen(({ owned }) => document.hidden || owned === state().owned || refresh()); // the others that one has in hand
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.addEventListener("motcua-due", () => refresh());
document.body.dataset.ready = "yes";
