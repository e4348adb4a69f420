// Tells who has the conversation open and what they do there: colleagues see it, and the citizen that a reply is being written.
import { send } from "./requests.js";

const READING = 25_000; // ms between two signs; the server forgets after forty seconds
const WRITING = 4_000; // the same while one writes; forgotten after eight
const PAUSE = 6_000; // ms without a letter: one only reads

export class Attention {
  #path;
  #doing = null;
  #at = 0;
  #pause = null;

  constructor(conversation) {
    this.#path = `conversations/${conversation}/attention`;
    this.reading();
    setInterval(() => !document.hidden && Date.now() - this.#at >= READING && this.reading(), 5_000);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#gone() : this.reading()));
    addEventListener("pagehide", () => this.#gone());
  }

  reading() {
    clearTimeout(this.#pause);
    this.#tell("reading");
  }

  /** Call at every letter. "replying" or "noting". */
  writing(doing) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.reading(), PAUSE);
    if (this.#doing === doing && Date.now() - this.#at < WRITING) return;
    this.#tell(doing);
  }

  #gone() {
    if (this.#doing !== null) this.#tell(null, { keepalive: true });
  }

  #tell(doing, options) {
    this.#doing = doing;
    this.#at = Date.now();
    send(this.#path, { doing }, options).catch(() => {}); // the next sign tells it
  }
}
