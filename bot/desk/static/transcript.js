// What was said: a new line is there at once, and what became of it follows when the server tells.
import { h } from "./dom.js";
import { fill, words } from "./words.js";

const NEAR = 120; // px from the end: one is following
const CLOCK = new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" });

export class Transcript {
  #frame = document.querySelector(".frame");
  #log = document.querySelector("#told");
  #spoken = h("div", { class: "unseen", "aria-live": "polite" });
  #jump;
  #known = new Map(); // by seq, as the server wrote it
  #followed = true; // at the last move of the frame: what changes its height keeps the end in sight

  constructor() {
    this.#jump = h("button", { type: "button", class: "button small jump", hidden: true, onclick: () => this.toEnd() }, words.new_messages);
    this.#frame.after(this.#spoken, this.#jump);
    this.#frame.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#followed && this.toEnd()).observe(this.#frame);
    for (const line of this.#lines()) this.#known.set(line.dataset.seq, line.innerHTML);
    this.toEnd();
  }

  get last() {
    return Number(this.#lines().at(-1)?.dataset.seq ?? 0);
  }

  /** The seq from which on lines may still change: those in sight. */
  get recent() {
    return Math.max(0, Number(this.#lines().at(-30)?.dataset.seq ?? 1) - 1);
  }

  has(id) {
    return this.#lines().some((line) => line.dataset.id === id);
  }

  toEnd() {
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#jump.hidden = true;
  }

  /** A line as the stream brings it. */
  add({ seq, id, author, text, language, at }) {
    if (seq <= this.last) return;
    const follows = this.#following();
    const who = words.authors[author];
    this.#log.append(h("article", { class: `message ${author}`, "data-seq": String(seq), "data-id": id },
      h("p", { class: "from" }, h("span", { class: "who" }, who), " ", h("time", { datetime: at }, CLOCK.format(new Date(at)))),
      h("div", { class: "text", lang: language, dir: "auto" }, text)));
    if (author !== "staff") this.#say(fill(words.new_in_transcript, { who, text }), language);
    this.#moved(follows);
  }

  /** The same lines as the server tells them, with what became of them. */
  settle(newer) {
    const follows = this.#following();
    let isLonger = false;
    for (const line of newer.querySelectorAll("article")) {
      const { seq } = line.dataset;
      const old = this.#log.querySelector(`article[data-seq="${seq}"]`);
      if (!old) {
        this.#append(line);
        isLonger = true;
      } else if (this.#known.get(seq) !== line.innerHTML) this.#replace(old, line);
      this.#known.set(seq, line.innerHTML);
    }
    if (newer.dataset.before !== undefined) this.#log.dataset.before = newer.dataset.before;
    if (isLonger) this.#moved(follows);
    else if (follows) this.toEnd();
  }

  #append(line) {
    const said = line.querySelector(".text");
    const who = line.querySelector(".who").textContent;
    if (!line.matches(".staff")) this.#say(fill(words.new_in_transcript, { who, text: said.textContent }), said.lang);
    const day = line.previousElementSibling;
    const last = [...this.#log.querySelectorAll("[data-day]")].at(-1)?.dataset.day;
    if (day?.dataset.day && day.dataset.day !== last) this.#log.append(document.importNode(day, true));
    this.#log.append(document.importNode(line, true));
  }

  #replace(old, line) {
    const open = old.querySelector("details")?.open ?? false;
    old.replaceChildren(...document.importNode(line, true).childNodes);
    const details = old.querySelector("details");
    if (details) details.open = open;
  }

  #lines() {
    return [...this.#log.querySelectorAll("article")];
  }

  #following() {
    const { scrollHeight, scrollTop, clientHeight } = this.#frame;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #scrolled() {
    this.#followed = this.#following();
    if (this.#followed) this.#jump.hidden = true;
  }

  #moved(follows) {
    if (follows) this.toEnd();
    else this.#jump.hidden = false;
  }

  /** Has it read aloud once. */
  #say(text, language) {
    const line = h("p", { lang: language }, text);
    this.#spoken.append(line);
    setTimeout(() => line.remove(), 20_000);
  }
}
