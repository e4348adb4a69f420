// Where the citizen writes: grows with the text, counts near the limit, sends on Enter, and never throws text away.
import { LIMIT, length } from "./api.js";
import { h, icon } from "./dom.js";

const COUNT_FROM = LIMIT - 200;

export class Composer {
  #ui;
  #send;
  #session;
  #input;
  #count = h("p", { class: "count", id: "count", hidden: true });
  #alert = h("p", { class: "alert", id: "alert", role: "alert" });
  #label = h("label", { class: "unseen", for: "input" });
  #button;

  /** ui: words(). send(text) takes what was written; what was not yet sent is kept in the session. */
  constructor(ui, send, session) {
    this.#ui = ui;
    this.#send = send;
    this.#session = session;
    this.#input = h("textarea", {
      id: "input", rows: "1", enterkeyhint: "send", autocomplete: "off", "aria-describedby": "count alert",
      oninput: () => this.#changed(), onkeydown: (event) => this.#key(event),
    });
    this.#input.value = session.draft;
    this.#button = h("button", { type: "submit", class: "button send" });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    const row = h("div", { class: "row" }, this.#label, this.#input, this.#button);
    this.element = h("form", { class: "composer", novalidate: true, onsubmit: submit }, this.#alert, row, this.#count);
  }

  draw() {
    const words = this.#ui.words();
    this.#label.textContent = words.input;
    this.#input.placeholder = words.placeholder;
    this.#button.replaceChildren(icon("send"), h("span", {}, words.send));
    this.#changed();
  }

  /** Puts the caret, or a selection, where it was. */
  focus(start, end) {
    this.#input.focus({ preventScroll: true });
    if (start !== undefined) this.#input.setSelectionRange(start, end);
  }

  /** Says what is wrong; an empty string takes it back. */
  complain(text) {
    this.#alert.textContent = text;
    this.#input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) this.#input.setAttribute("aria-invalid", "true");
  }

  /** Puts a refused text back, in front of what was written since. */
  giveBack(text) {
    this.#input.value = [text, this.#input.value].filter(Boolean).join("\n");
    this.#changed();
  }

  /** Text that was typed into the field before this one. */
  takeOver(text) {
    if (text && text !== this.#session.draft) this.giveBack(text);
  }

  #key(event) {
    // While a Vietnamese input method composes a letter, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #changed() {
    const words = this.#ui.words();
    const count = length(this.#input.value);
    this.#count.hidden = count < COUNT_FROM;
    this.#count.classList.toggle("over", count > LIMIT);
    this.#count.textContent = count > LIMIT ? words.over(count - LIMIT) : words.left(LIMIT - count);
    if (count <= LIMIT) this.complain("");
    if (this.#input.value !== this.#session.draft) this.#session.set({ draft: this.#input.value });
    this.#grow();
  }

  #grow() {
    const { style } = this.#input;
    style.height = "auto";
    style.height = `${this.#input.scrollHeight + 2}px`;
  }

  #submit() {
    const words = this.#ui.words();
    const text = this.#input.value.trim();
    const over = length(text) - LIMIT;
    if (!text || over > 0) {
      this.complain(text ? words.tooLong(over) : words.empty);
      this.focus();
      return;
    }
    this.#input.value = "";
    this.#changed();
    this.#send(text);
  }
}
