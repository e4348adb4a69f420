// One conversation as the citizen sees it: messages in order of their seq, and what is still on its way. Nothing is lost, nothing shown twice.
import { Problem, uuid } from "./api.js";
import { Session } from "./session.js";
import { Stream } from "./stream.js";

const TRIES = 4;
const PATIENCE = 30; // s: a longer wait is the citizen's to decide

/**
 * Events, each with `detail`: "message" {message, isNew}, "outbox", "rejected" {item, problem}, "waiting" {seconds}, "failing",
 * "connection" {there}, "typing" {typing} of the staff, "reset".
 */
export class Conversation extends EventTarget {
  messages = [];
  outbox;
  there = true;
  #api;
  #language;
  #session;
  #stream;
  #pumping = false;

  constructor(api, language) {
    super();
    this.#api = api;
    this.#language = language;
    this.#session = new Session(api.base, () => this.#stream.start());
    this.outbox = this.#session.outbox.map((item) => ({ ...item, state: "waiting" }));
    this.#stream = new Stream(api, {
      token: () => this.#session.token,
      last: () => this.messages.at(-1)?.seq ?? 0,
      message: (message) => this.#take(message),
      beside: (name, state) => name === "typing" && this.#emit("typing", { typing: state }),
      gone: () => {
        this.#startAfresh();
        this.#pump();
      },
      connection: (there) => this.#connection(there),
    });
    addEventListener("online", () => this.retry());
  }

  get session() {
    return this.#session;
  }

  get last() {
    return this.messages.at(-1) ?? null;
  }

  /** Takes up what this tab, another one or the page itself already has. */
  async resume(given) {
    if (given) this.#session.opened(given);
    await this.#session.askNeighbours();
    if (this.#session.token) this.#stream.start();
    this.#pump();
  }

  ask(text) {
    this.#add({ text, label: text });
  }

  choose({ label, value }) {
    this.#add({ payload: value, label });
  }

  /** Sends again what failed, with the same ids. */
  retry() {
    for (const item of this.outbox) if (item.state === "failed") Object.assign(item, { state: "waiting", tries: 0 });
    this.#changed();
    this.#pump();
  }

  #emit(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #add(item) {
    this.outbox.push({ id: uuid(), at: new Date().toISOString(), state: "waiting", tries: 0, ...item });
    this.retry();
  }

  #changed() {
    this.#session.set({ outbox: this.outbox.filter((item) => !item.seq) });
    this.#emit("outbox");
  }

  #drop(gone) {
    this.outbox = this.outbox.filter((item) => !gone(item));
    this.#changed();
  }

  #take(message) {
    if (message.seq <= (this.last?.seq ?? 0)) return; // seen before: a resumed stream may overlap
    this.messages.push(message);
    const isNew = message.seq > this.#session.seen;
    this.#session.set({ seen: Math.max(message.seq, this.#session.seen) });
    this.#drop((item) => item.id === message.id || item.seq === message.seq);
    this.#emit("message", { message, isNew });
  }

  #connection(there) {
    this.there = there;
    this.#emit("connection", { there });
    if (there) this.retry();
  }

  /** The conversation is gone at the gateway: what was not yet accepted goes into a new one. */
  #startAfresh() {
    this.#stream.stop();
    this.#session.forget();
    this.messages = [];
    this.outbox = this.outbox.filter((item) => !item.seq);
    // A choice belongs to the conversation that offered it; its label still says what was meant.
    for (const item of this.outbox) if (item.payload) Object.assign(item, { text: item.label, payload: undefined });
    this.#changed();
    this.#emit("reset");
  }

  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    const next = () => this.outbox.find((item) => !item.seq);
    while (next()?.state === "waiting" && navigator.onLine && (await this.#deliver(next())));
    this.#pumping = false;
  }

  /** @returns true if the next one may be tried at once. */
  async #deliver(item) {
    let token = null;
    try {
      token = await this.#open();
      const { seq } = await this.#api.send(token, item);
      item.seq = seq;
      this.#drop((one) => this.messages.some((message) => message.seq === one.seq));
      return true;
    } catch (error) {
      return this.#failed(item, error, token);
    }
  }

  async #open() {
    if (!this.#session.token) this.#session.opened(await this.#api.open(this.#language()));
    this.#stream.start();
    return this.#session.token;
  }

  /** `token` is the one it was sent with: the stream may have found first that the conversation is gone. */
  async #failed(item, error, token) {
    const gone = error.lost && token;
    if (gone && token === this.#session.token) this.#startAfresh();
    if (error instanceof Problem && !error.passing && !gone) {
      this.#drop((one) => one === item);
      this.#emit("rejected", { item, problem: error });
      return true;
    }
    item.tries += 1;
    const wait = gone ? 0 : (error.wait ?? 2 ** (item.tries - 1));
    // What stands behind it waits for it, and is no more on its way than it is.
    if (item.tries >= TRIES || wait > PATIENCE) for (const one of this.outbox) if (!one.seq) one.state = "failed";
    if (error.status === 429) this.#emit("waiting", { seconds: wait });
    else if (item.state === "failed" && navigator.onLine) this.#emit("failing");
    this.#changed();
    if (item.state === "waiting") await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    return item.state === "waiting";
  }
}
