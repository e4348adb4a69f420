// What was written and not yet sent, for as long as the tab is there: one's own, and of one conversation.

export class Kept {
  #key;
  #value = { text: "", note: "", draft: null, outbox: [] };

  constructor(conversation) {
    this.#key = `motcua-desk:${document.body.dataset.person}:${conversation}`;
    try {
      Object.assign(this.#value, JSON.parse(sessionStorage.getItem(this.#key) ?? "{}"));
    } catch {
      // Storage is closed or was written by somebody else: start empty.
    }
  }

  get text() {
    return this.#value.text;
  }

  get note() {
    return this.#value.note;
  }

  get draft() {
    return this.#value.draft;
  }

  get outbox() {
    return this.#value.outbox;
  }

  set(change) {
    Object.assign(this.#value, change);
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#value));
    } catch {
      // Without storage it lives as long as the page.
    }
  }
}
