// Says that an answer is being written, later that it is still awaited; never while a person of the staff has the conversation.

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

export class Waiting {
  #element;
  #words;
  #timers = [];

  constructor(element, words) {
    this.#element = element;
    this.#words = words;
  }

  /** Call after every message. */
  update(messages) {
    const now = awaited(messages);
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (!now) this.#show("");
    else if (now === "typing") this.#timers = [setTimeout(() => this.#show("typing"), SHOW_AFTER), setTimeout(() => this.#show("waiting"), TYPING_FOR)];
    else this.#timers = [setTimeout(() => this.#show("waiting"), SHOW_AFTER)];
  }

  #show(state) {
    if (this.#element.dataset.state === state) return;
    this.#element.dataset.state = state;
    this.#element.textContent = state ? this.#words()[state] : "";
  }
}
