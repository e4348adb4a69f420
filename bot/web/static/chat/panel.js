// The frame around a conversation: whose assistant this is, language, the way to a person, emergency numbers, and the empty state.
import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { Transcript } from "./transcript.js";
import { Waiting } from "./waiting.js";

export class Panel {
  #conversation;
  #ui;
  #name = h("span", { class: "name" });
  #role = h("span", { class: "role" });
  #switch;
  #person;
  #close;
  #emergency = h("p", { class: "emergency" });
  #connection = h("p", { class: "connection", role: "status" });
  #waiting;

  /**
   * ui: words(), language(), site() with what the authority is called and asked, page: true if it fills the page,
   * switchLanguage(), close(), mark and home as addresses.
   */
  constructor(conversation, ui) {
    this.#conversation = conversation;
    this.#ui = ui;
    this.transcript = new Transcript(conversation, ui);
    this.composer = new Composer(ui, (text) => conversation.ask(text), conversation.session);
    this.#waiting = new Waiting(this.transcript.status, ui.words);
    this.#person = h("button", { type: "button", class: "button person", onclick: () => conversation.ask(ui.words().person) });
    this.#switch = h("button", { type: "button", class: "quiet", onclick: ui.switchLanguage });
    this.#close = ui.page ? null : h("button", { type: "button", class: "quiet square", onclick: ui.close }, icon("close"));
    const parts = [this.#head(), this.#bar(), this.#connection, this.transcript.element, this.composer.element];
    this.element = h(ui.page ? "div" : "dialog", { class: "chat", "aria-labelledby": ui.page ? null : "title" }, ...parts);
    this.#listen();
  }

  #head() {
    const mark = h("img", { src: this.#ui.mark, alt: "", width: "44", height: "44" });
    const title = h(this.#ui.page ? "h1" : "h2", { id: "title" }, this.#name, h("span", { class: "unseen" }, ", "), this.#role);
    const brand = h(this.#ui.page ? "a" : "div", { class: "brand", href: this.#ui.page ? this.#ui.home : null }, mark, title);
    return h("div", { class: "head" }, brand, h("div", { class: "tools" }, this.#switch, this.#close));
  }

  #bar() {
    return h("div", { class: "bar" }, this.#person, this.#emergency);
  }

  #listen() {
    const { transcript, composer } = this;
    this.#conversation.addEventListener("message", ({ detail }) => {
      transcript.add(detail.message, detail.isNew);
      this.#waiting.update(this.#conversation.messages);
    });
    this.#conversation.addEventListener("outbox", () => {
      const before = this.#conversation.outbox.length;
      transcript.drawPending();
      if (before) transcript.toEnd();
    });
    this.#conversation.addEventListener("typing", ({ detail }) => this.#waiting.staff(detail.typing));
    this.#conversation.addEventListener("connection", ({ detail }) => this.#told(detail.there));
    this.#conversation.addEventListener("rejected", ({ detail }) => this.#rejected(detail));
    this.#conversation.addEventListener("waiting", ({ detail }) => composer.complain(this.#wait(detail.seconds)));
    this.#conversation.addEventListener("failing", () => composer.complain(this.#ui.words().unavailable));
    this.#conversation.addEventListener("reset", () => {
      this.draw();
      transcript.say(this.#ui.words().afresh);
    });
  }

  draw() {
    const words = this.#ui.words();
    const site = this.#ui.site();
    this.element.lang = this.#ui.language();
    this.#name.replaceChildren(site.shortName, ...(site.note ? [" ", h("span", { class: "sample" }, words.demonstration)] : []));
    this.#role.textContent = words.title;
    this.#switch.textContent = words.other;
    this.#switch.lang = this.#ui.language() === "vi" ? "en" : "vi";
    this.#person.replaceChildren(icon("person"), words.person);
    this.#close?.setAttribute("aria-label", words.close);
    const numbers = Object.entries(words.emergencyNames).map(([number, name]) => h("a", { href: `tel:${number}`, "aria-label": name }, number));
    this.#emergency.replaceChildren(h("span", {}, words.emergency), ...numbers);
    this.#drawEmpty(words, site);
    this.transcript.draw();
    this.composer.draw();
    this.#waiting.update(this.#conversation.messages);
    if (!this.#conversation.there) this.#told(false);
  }

  #drawEmpty(words, site) {
    const ask = (text) => ({ type: "button", class: "choice", onclick: () => this.#conversation.ask(text) });
    const starters = site.starters.map(({ label, text }) => h("li", {}, h("button", ask(text), h("span", {}, label))));
    this.transcript.empty.replaceChildren(
      h(this.#ui.page ? "h2" : "h3", { class: "welcome" }, words.welcome),
      h("p", {}, words.disclosure(site.name)),
      h("p", { class: "starters-title", id: "starters", hidden: !starters.length }, words.starters),
      h("ul", { class: "choices starters", "aria-labelledby": "starters", hidden: !starters.length }, ...starters),
      h("p", { class: "fine" }, words.privacy, site.note ? ` ${site.note}` : ""),
    );
  }

  #told(there) {
    if (!there) this.#waiting.staff(false);
    const words = this.#ui.words();
    this.#connection.textContent = there ? words.restored : words.lost;
    this.#connection.classList.toggle("there", there);
    if (there) setTimeout(() => (this.#connection.textContent = this.#conversation.there ? "" : this.#connection.textContent), 4_000);
  }

  #wait(seconds) {
    const words = this.#ui.words();
    return seconds > 30 ? words.tooMany(Math.ceil(seconds / 60)) : words.tooFast(seconds);
  }

  #rejected({ item, problem }) {
    const words = this.#ui.words();
    if (!item.payload) this.composer.giveBack(item.text);
    const over = problem.status === 413 ? words.tooLong(Math.max(1, problem.over ?? 1)) : words.refused;
    this.composer.complain(item.payload ? words.notOffered : over);
    this.composer.focus();
  }
}
