// Says that an answer is being written, later that it is still awaited. While a person of the staff has the conversation, only
// that they are writing, and aloud only once a reply.
import { h } from "./dom.js";

const SHOW_AFTER = 350; // ms: most answers are faster
const TYPING_FOR = 8_000;

/** @returns "typing", "waiting" or null for what the citizen should see now. */
export function awaited(messages) {
  const asked = messages.findLast((message) => message.author === "citizen");
  const heard = messages.findLast((message) => message.author === "assistant" || message.author === "staff");
  if (!asked || heard?.author === "staff") return null;
  if (heard && (heard.reply_to ?? 0) >= asked.seq) return null;
  const noted = messages.findLast((message) => message.author !== "citizen" && message.seq > 1);
  return noted?.author === "system" ? "waiting" : "typing";
}

function lastOfStaff(messages) {
  return messages.findLast((message) => message.author === "staff")?.seq ?? 0;
}

export class Waiting {
  #element;
  #words;
  #timers = [];
  #messages = [];
  #staff = false;
  #said = null; // after which message of the staff it was said aloud that they write

  constructor(element, words) {
    this.#element = element;
    this.#words = words;
  }

  /** Call after every message. */
  update(messages) {
    const replied = lastOfStaff(messages) !== lastOfStaff(this.#messages);
    this.#messages = messages.slice();
    this.#staff &&= !replied;
    this.#draw();
  }

  /** Whether somebody of the staff is writing a reply; each stream says so when it begins. */
  staff(typing) {
    if (typing === this.#staff) return;
    this.#staff = typing;
    this.#draw();
  }

  #draw() {
    const now = this.#staff ? "staffTyping" : awaited(this.#messages);
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (!now) this.#show("");
    else if (this.#staff) this.#show(now);
    else if (now === "typing") this.#timers = [setTimeout(() => this.#show("typing"), SHOW_AFTER), setTimeout(() => this.#show("waiting"), TYPING_FOR)];
    else this.#timers = [setTimeout(() => this.#show("waiting"), SHOW_AFTER)];
  }

  #show(state) {
    if (this.#element.dataset.state === state) return;
    this.#element.dataset.state = state;
    const text = state ? this.#words()[state] : "";
    const since = lastOfStaff(this.#messages);
    const again = state === "staffTyping" && this.#said === since;
    if (state === "staffTyping") this.#said = since;
    this.#element.replaceChildren(again ? h("span", { "aria-hidden": "true" }, text) : text);
  }
}
