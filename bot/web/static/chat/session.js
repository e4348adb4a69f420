// What a tab remembers, in sessionStorage: it outlives a reload and ends with the tab, as a shared computer needs.
// Tabs that are open at the same time tell each other, so that they show one conversation.

const NEIGHBOUR_ANSWERS = 200; // ms

export class Session {
  #key;
  #channel;
  #value = { conversation: null, token: null, seen: 0, outbox: [], draft: "", open: false, chosen: null };

  constructor(base, adopted) {
    this.#key = `motcua:${base}`;
    try {
      Object.assign(this.#value, JSON.parse(sessionStorage.getItem(this.#key) ?? "{}"));
    } catch {
      // Storage is closed or was written by somebody else: start empty.
    }
    if ("BroadcastChannel" in globalThis) this.#listen(new BroadcastChannel(this.#key), adopted);
  }

  #listen(channel, adopted) {
    this.#channel = channel;
    channel.onmessage = ({ data }) => {
      if (data.asks && this.token) this.#tell();
      if (data.token && !this.token) {
        this.set({ conversation: data.conversation, token: data.token, seen: data.seen });
        adopted();
      }
    };
  }

  #tell() {
    const { conversation, token, seen } = this.#value;
    this.#channel?.postMessage({ conversation, token, seen });
  }

  get token() {
    return this.#value.token;
  }

  get seen() {
    return this.#value.seen;
  }

  get outbox() {
    return this.#value.outbox;
  }

  /** What was written and not yet sent. */
  get draft() {
    return this.#value.draft;
  }

  get open() {
    return this.#value.open;
  }

  /** {language, page}: the language chosen in the chat, and that of the page it was chosen on. */
  get chosen() {
    return this.#value.chosen;
  }

  set(change) {
    Object.assign(this.#value, change);
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#value));
    } catch {
      // Without storage the conversation lives as long as the page.
    }
  }

  /** Keeps a conversation, of which the page may have shown what there is, and offers it to the other tabs; the first one holds. */
  opened({ conversation, token, seen = 0 }) {
    if (this.token) return;
    this.set({ conversation, token, seen });
    this.#tell();
  }

  /** Asks the other tabs for their conversation; resolves when one had time to answer. */
  async askNeighbours() {
    if (this.token || !this.#channel) return;
    this.#channel.postMessage({ asks: true });
    await new Promise((resolve) => setTimeout(resolve, NEIGHBOUR_ANSWERS));
  }

  forget() {
    this.set({ conversation: null, token: null, seen: 0 });
  }
}
