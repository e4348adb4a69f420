// <motcua-chat language="vi" base="https://…" mode="page">: a launcher and a panel on any site, or the whole of a page.
import { Api } from "./api.js";
import { Conversation } from "./conversation.js";
import { h, icon } from "./dom.js";
import { Panel } from "./panel.js";
import { WORDS, language } from "./words.js";

const SMALL = "(max-width: 40rem), (max-height: 30rem)"; // here the panel covers the page, so it is modal
const STYLES = ["../motcua.css", "chat.css"];
const UNKNOWN = { name: { vi: "cơ quan này", en: "this authority" }, short_name: {}, note: {}, starters: [] };

export class MotcuaChat extends HTMLElement {
  #language = "vi";
  #site = UNKNOWN;
  #conversation;
  #panel;
  #launcher = null;
  #unread = 0;

  connectedCallback() {
    if (this.#panel) return;
    const base = new URL(this.getAttribute("base") ?? "../../", this.hasAttribute("base") ? document.baseURI : import.meta.url);
    this.#conversation = new Conversation(new Api(base.href.replace(/\/?$/, "/")), () => this.#language);
    this.#language = this.#startLanguage();
    this.#panel = new Panel(this.#conversation, this.#ui(base));
    this.#build();
    this.#draw();
    this.#learn(base);
    this.#conversation.resume(this.#given());
    if (!this.#page && this.#conversation.session.open && !matchMedia(SMALL).matches) this.open({ focus: false });
  }

  get #page() {
    return this.getAttribute("mode") === "page";
  }

  /** Opens the panel and, unless told otherwise, puts the focus where one writes. */
  open({ focus = true } = {}) {
    const { element, composer, transcript } = this.#panel;
    if (this.#page) return composer.focus();
    if (!element.open) {
      if (matchMedia(SMALL).matches) element.showModal();
      else element.show();
      this.#conversation.session.set({ open: true });
      this.#unread = 0;
      this.#drawLauncher();
      transcript.toEnd();
    }
    if (focus) composer.focus();
  }

  close() {
    if (this.#panel.element.open) this.#panel.element.close();
  }

  /** Sends `text` as the citizen's message and shows the conversation. */
  ask(text) {
    this.open();
    this.#conversation.ask(text);
  }

  #ui(base) {
    return {
      words: () => WORDS[this.#language],
      language: () => this.#language,
      site: () => this.#inLanguage(),
      page: this.#page,
      switchLanguage: () => this.#switch(),
      close: () => this.close(),
      mark: new URL("../mark.svg", import.meta.url).href,
      home: base.href,
    };
  }

  /** What the citizen chose in the chat holds while the page around it keeps its language. */
  #startLanguage() {
    const ofPage = language(this.getAttribute("language"), document.documentElement.lang, navigator.language);
    const { chosen } = this.#conversation.session;
    return chosen?.page === ofPage ? chosen.language : ofPage;
  }

  #switch() {
    const page = language(this.getAttribute("language"), document.documentElement.lang, navigator.language);
    this.#language = this.#language === "vi" ? "en" : "vi";
    this.#conversation.session.set({ chosen: { language: this.#language, page } });
    this.#draw();
    this.dispatchEvent(new CustomEvent("motcua-language", { detail: this.#language, bubbles: true }));
  }

  /** A conversation begun without JavaScript, which the page hands over. */
  #given() {
    const given = { conversation: this.getAttribute("conversation"), token: this.getAttribute("token"), seen: Number(this.getAttribute("seen")) };
    this.removeAttribute("token");
    return given.token ? given : null;
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const styles = STYLES.map((file) => h("link", { rel: "stylesheet", href: new URL(file, import.meta.url).href }));
    const body = h("div", { class: this.#page ? "whole" : "corner", hidden: true }, this.#panel.element);
    const styled = styles.map((link) => new Promise((resolve) => ["load", "error"].forEach((type) => link.addEventListener(type, resolve))));
    // What a page shows without JavaScript stays until all can take its place in one step: somebody may be writing in it.
    const before = this.#page ? h("slot") : body;
    root.append(...styles, before);
    if (!this.#page) this.replaceChildren();
    Promise.all(styled).then(() => this.#show(before, body));
    if (!this.#page) this.#addLauncher(body);
  }

  #show(before, body) {
    const { composer, transcript } = this.#panel;
    const typed = this.querySelector("textarea");
    const caret = typed === document.activeElement && [typed.selectionStart, typed.selectionEnd];
    composer.takeOver(typed?.value ?? "");
    body.hidden = false;
    if (before !== body) before.replaceWith(body);
    this.replaceChildren();
    if (caret) composer.focus(...caret);
    composer.draw();
    transcript.toEnd();
  }

  #addLauncher(body) {
    this.#launcher = h("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", onclick: () => this.open() });
    body.prepend(this.#launcher);
    const { element } = this.#panel;
    element.addEventListener("close", () => {
      this.#conversation.session.set({ open: false });
      this.#drawLauncher();
      this.#launcher.focus();
    });
    // A modal dialog closes on Escape by itself; beside the page it has to be told, wherever the focus is.
    document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.close());
    this.#conversation.addEventListener("message", ({ detail }) => {
      if (!detail.isNew || element.open || detail.message.author === "citizen") return;
      this.#unread += 1;
      this.#drawLauncher();
    });
  }

  #draw() {
    this.lang = this.#language;
    this.#panel.draw();
    this.#drawLauncher();
  }

  #drawLauncher() {
    if (!this.#launcher) return;
    const words = WORDS[this.#language];
    const badge = this.#unread ? h("span", { class: "badge", "aria-hidden": "true" }, String(this.#unread)) : null;
    this.#launcher.replaceChildren(...[icon("chat"), h("span", {}, words.launch), badge].filter(Boolean));
    this.#launcher.toggleAttribute("aria-label", false);
    if (this.#unread) this.#launcher.setAttribute("aria-label", words.launchUnread(this.#unread));
    this.#launcher.hidden = this.#panel.element.open;
  }

  async #learn(base) {
    try {
      const response = await fetch(new URL("widget.json", base), { credentials: "omit" });
      if (response.ok) this.#site = await response.json();
    } catch {
      // Offline: the chat works under its own name.
    }
    this.#draw();
  }

  #inLanguage() {
    const own = (text) => text?.[this.#language] ?? "";
    const { name, short_name, note, starters } = this.#site;
    return { name: own(name), shortName: own(short_name), note: own(note), starters: starters.map(({ label, text }) => ({ label: own(label), text: own(text) })) };
  }
}

/** Defines the element, and adds one to a page that has none. */
export function install() {
  if (!customElements.get("motcua-chat")) customElements.define("motcua-chat", MotcuaChat);
  const add = () => document.querySelector("motcua-chat") ?? document.body.append(document.createElement("motcua-chat"));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", add, { once: true });
  else add();
}
