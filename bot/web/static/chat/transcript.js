// The messages in their scrolling frame, and the quiet region that reads new ones aloud, each once.
import { h, icon } from "./dom.js";
import { message as article, pending, settle, who } from "./message.js";

const QUESTION = 128; // px of the question that stay in sight above a long answer
const NEAR = 160; // px from the end: the citizen is following

export class Transcript {
  #conversation;
  #ui;
  #list = h("div", { class: "messages" });
  #waitingList = h("div", { class: "messages" });
  #spoken = h("div", { class: "unseen", "aria-live": "polite" });
  #jump;

  /** ui: words(), language(), welcome() for the empty state. */
  constructor(conversation, ui) {
    this.#conversation = conversation;
    this.#ui = ui;
    this.empty = h("div", { class: "empty" });
    this.status = h("p", { class: "status", role: "status" });
    // The log is silent: the region beside it says what matters, without times and buttons.
    this.log = h("div", { role: "log", "aria-live": "off", class: "log" }, this.#list, this.#waitingList);
    this.frame = h("div", { class: "frame", tabindex: "0" }, this.empty, this.log, this.status);
    this.#jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() });
    this.frame.addEventListener("scroll", () => this.#following() && (this.#jump.hidden = true), { passive: true });
    this.element = h("div", { class: "transcript" }, this.frame, this.#jump, this.#spoken);
  }

  /** Draws everything again, as after a change of language. */
  draw() {
    const words = this.#ui.words();
    this.log.setAttribute("aria-label", words.transcript);
    this.frame.setAttribute("aria-label", words.transcript);
    this.frame.setAttribute("role", "group");
    this.#jump.replaceChildren(icon("down"), words.newMessages);
    this.#list.replaceChildren();
    for (const each of this.#conversation.messages) this.#append(each);
    this.drawPending();
  }

  drawPending() {
    const words = this.#ui.words();
    const items = this.#conversation.outbox.map((item) => pending(item, words, this.#ui.language(), () => this.#conversation.retry()));
    this.#waitingList.replaceChildren(...items);
    this.empty.hidden = Boolean(this.#conversation.messages.length || items.length);
  }

  add(message, isNew) {
    const following = this.#following() || message.author === "citizen";
    const element = this.#append(message);
    element.classList.toggle("new", isNew);
    this.empty.hidden = true;
    if (!isNew || following) this.#show(element);
    else this.#jump.hidden = false;
    if (isNew && message.author !== "citizen") this.say(this.#aloud(message));
  }

  /** Has `text` read aloud once. */
  say(text) {
    const line = h("p", { lang: this.#ui.language() }, text);
    this.#spoken.append(line);
    setTimeout(() => line.remove(), 20_000);
  }

  toEnd() {
    this.frame.scrollTop = this.empty.hidden ? this.frame.scrollHeight : 0;
    this.#jump.hidden = true;
  }

  #append(message) {
    const element = article(message, this.#ui.words(), this.#ui.language(), (choice) => this.#conversation.choose(choice));
    if (message.author === "citizen") this.#settleChoices(message);
    this.#list.append(element);
    return element;
  }

  /** A citizen's text equal to a label of the last set of choices took that choice, also before a reload. */
  #settleChoices(message) {
    const list = [...this.#list.querySelectorAll(".choices")].at(-1);
    const labels = [...(list?.querySelectorAll("button") ?? [])].map((button) => button.dataset.label);
    if (labels.includes(message.text)) settle(list, message.text);
  }

  #aloud(message) {
    const words = this.#ui.words();
    const choices = message.choices?.length ? ` ${words.withChoices(message.choices.length)}` : "";
    return words.says(who(message.author, words), message.text) + choices;
  }

  #following() {
    const { scrollHeight, scrollTop, clientHeight } = this.frame;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Scrolls to the end, but never past the beginning of a long answer and the end of its question. */
  #show(element) {
    requestAnimationFrame(() => {
      const end = this.frame.scrollHeight - this.frame.clientHeight;
      const asked = element.previousElementSibling?.offsetHeight ?? 0;
      const beginning = element.offsetTop - this.frame.offsetTop - Math.min(asked + 32, QUESTION);
      this.frame.scrollTop = Math.min(end, Math.max(beginning, 0));
      this.#jump.hidden = true;
    });
  }
}
