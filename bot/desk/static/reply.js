// The reply box: counts, marks blanks, sends in the background with an id of its own, and loses nothing that was written: not when
// the session ends, not when the page is loaded again. What waits is sent once the person is signed in again.
import { LIMIT, length, uuid } from "./chat/api.js";
import { h } from "./dom.js";
import { Insert, blanks, toBlank } from "./insert.js";
import { signedOut } from "./notice.js";
import { send } from "./requests.js";
import { cost } from "./sms.js";
import { fill, many, price, words } from "./words.js";

const TRIES = 4;
const DOUBLE_CLICK = 500; // ms
const STALE = 600_000; // ms; what was written before goes out only when one wants it to
const isStale = ({ at }) => Date.now() - at > STALE;

export class Reply {
  #form;
  #box;
  #problem = document.querySelector("#refused");
  #count = document.querySelector("#count");
  #blanks = document.querySelector("#blanks");
  #waiting = document.querySelector("#pending");
  #path;
  #store;
  #hooks;
  #outbox;
  #draft = null;
  #drawn = "[]";
  #pumping = false;
  #sent = -Infinity; // when it was last pressed

  /** hooks: writing(), stopped() for those who watch; sent(); has(id) whether a line is in the transcript; renew() the page. */
  constructor(form, conversation, store, hooks) {
    this.#form = form;
    this.#box = form.elements.text;
    this.#path = `conversations/${conversation}`;
    this.#store = store;
    this.#hooks = hooks;
    this.#outbox = store.outbox;
    this.#draft = Number(form.elements.draft.value) || store.draft;
    this.#box.value ||= store.text;
    for (const item of this.#outbox) if (isStale(item)) item.state = "failed";
    this.#listen();
    this.#changed();
    this.drawPending();
    document.querySelector("#enter").hidden = false; // without a script it starts a new line
    this.#pump();
  }

  #listen() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener("input", () => {
      this.#changed();
      if (this.#box.value.trim()) this.#hooks.writing();
      else this.#hooks.stopped();
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    addEventListener("online", () => this.again({ asked: false }));
    const told = (n) => (n ? many(words.found, n) : words.none_found);
    new Insert(this.#box, told, (draft) => draft !== null && this.#use(draft));
  }

  /** What follows from what stands in the box. */
  #changed() {
    const text = this.#box.value;
    this.#store.set({ text, draft: this.#draft });
    this.#tell("");
    const left = blanks(text);
    this.#blanks.hidden = !left.length;
    const names = JSON.parse(this.#blanks.dataset.names);
    const buttons = left.map((name) => h("button", { type: "button", onclick: () => toBlank(this.#box, name) }, names[name] ?? name));
    this.#blanks.replaceChildren(this.#blanks.firstElementChild, ...buttons);
    this.recount();
  }

  /** Counts again: also what goes out in the same text may have changed. */
  recount() {
    const n = length(this.#box.value);
    const { sms } = this.#box.dataset;
    const parts = sms && n ? this.#cost(JSON.parse(sms)) : [];
    if (!sms || n > LIMIT - 200) parts.push(fill(words.chars, { n, limit: LIMIT }));
    const text = parts.join(" · ");
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#count.classList.toggle("over", n > LIMIT);
  }

  #cost(rules) {
    const { encoding, segments, left, folded, cut, price: amount } = cost(this.#box.value, document.querySelector("#told").dataset.before ?? "", rules);
    const told = [many(words.segments, segments), encoding, ...(amount ? [price(amount)] : []), fill(words.left, { n: left })];
    if (folded) told.push(words.folded);
    return cut ? [...told.slice(0, -1), fill(words.cut, { n: rules.most })] : told;
  }

  #submit() {
    const text = this.#box.value.trim();
    const over = length(text) - LIMIT;
    const left = blanks(text);
    if (!text) return performance.now() - this.#sent > DOUBLE_CLICK && this.#tell(words.refused.empty);
    if (over > 0) return this.#tell(fill(words.refused.too_long, { over, limit: LIMIT }));
    if (left.length) {
      toBlank(this.#box);
      return this.#tell(fill(words.refused.blank, { blanks: left.join(", ") }));
    }
    this.#outbox.push({ id: uuid(), text, draft: this.#draft, state: "waiting", tries: 0, at: Date.now() });
    this.#draft = null;
    this.#sent = performance.now();
    this.#box.value = "";
    this.#changed();
    this.#hooks.stopped();
    this.again({ asked: false });
  }

  /** True while something that was sent has not arrived. */
  get isUnsent() {
    return this.#outbox.some((item) => !item.seq);
  }

  #tell(problem) {
    this.#box.toggleAttribute("aria-invalid", false);
    if (problem) this.#box.setAttribute("aria-invalid", "true");
    if (problem || this.#problem.textContent) this.#problem.textContent = problem;
    if (problem) this.#box.focus();
  }

  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    const next = () => this.#outbox.find((item) => !item.seq && !(item.state === "failed" && isStale(item)));
    while (next()?.state === "waiting" && (await this.#deliver(next())));
    this.#pumping = false;
  }

  /** @returns true if the next one may be tried at once. */
  async #deliver(item) {
    try {
      const { seq } = await send(`${this.#path}/messages`, { id: item.id, text: item.text, ...(item.draft ? { draft: item.draft } : {}) });
      item.seq = seq;
      this.drawPending();
      this.#hooks.sent();
      return true;
    } catch (error) {
      return this.#failed(item, error);
    }
  }

  async #failed(item, error) {
    if (error.signedOut) return this.#wait(item, signedOut);
    if (error.word === "problem_forged") return this.#wait(item, this.#hooks.renew); // signed in again elsewhere
    if (error.status && !error.passing) return this.#refused(item, error);
    item.tries += 1;
    if (item.tries >= TRIES) item.state = "failed";
    this.drawPending();
    if (item.state === "failed") return false;
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** item.tries));
    return true;
  }

  #wait(item, then) {
    item.state = "waiting";
    this.drawPending();
    then();
    return false;
  }

  /** Back into the box, in front of what was written since, with the reason. */
  #refused(item, { status, body }) {
    this.#drop(item);
    this.#box.value = [item.text, this.#box.value].filter(Boolean).join("\n");
    this.#draft ??= item.draft;
    this.#changed();
    const { refused } = words;
    this.#tell(status === 409 ? refused.conflict : status === 413 ? fill(refused.too_long, body) : refused.other);
    return true;
  }

  #drop(item) {
    this.#outbox.splice(this.#outbox.indexOf(item), 1);
    this.drawPending();
  }

  /** Tries what failed once more, in the order in which it was written; what is stale only where it was `asked` for. */
  again({ asked = true } = {}) {
    for (const item of this.#outbox) if (item.state === "failed" && (asked || !isStale(item))) Object.assign(item, { state: "waiting", tries: 0 });
    this.drawPending();
    this.#pump();
  }

  /** What is on its way; what the transcript has is not. */
  drawPending() {
    const arrived = ({ id, seq }) => seq && this.#hooks.has(id);
    this.#outbox.splice(0, this.#outbox.length, ...this.#outbox.filter((item) => !arrived(item)));
    this.#store.set({ outbox: this.#outbox });
    const drawn = JSON.stringify(this.#outbox.map(({ id, seq, state }) => [id, seq, state]));
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#waiting.replaceChildren(...this.#outbox.map((item) => this.#pending(item)));
    if (this.#outbox.length) this.#waiting.scrollIntoView({ block: "end" });
  }

  #pending(item) {
    const failed = item.state === "failed";
    const again = () => h("button", { type: "button", class: "quiet", onclick: () => this.again() }, words.again);
    const back = () => h("button", { type: "button", class: "quiet", onclick: () => this.#refusedByHand(item) }, words.take_back);
    return h("article", { class: `message staff pending${failed ? " failed" : ""}` },
      h("p", { class: "from" }, h("span", { class: "who" }, words.you)),
      h("div", { class: "text", dir: "auto" }, item.text),
      h("p", { class: "pending-state", role: failed ? "alert" : null }, failed ? words.not_sent : words.sending, ...(failed ? [again(), back()] : [])));
  }

  #refusedByHand(item) {
    this.#drop(item);
    this.#box.value = [item.text, this.#box.value].filter(Boolean).join("\n");
    this.#changed();
    this.#box.focus();
  }

  #use(seq) {
    this.#draft = seq;
    this.#changed();
    send(`${this.#path}/drafts`, { seq }).catch((error) => error.signedOut && signedOut());
  }
}
