// Keeps one stream of messages alive: resumes after the last seq, waits longer after each failure, at once when the network is back.

const QUIET = 60_000; // ms without any byte: the connection is dead though nobody said so
const LONGEST_PAUSE = 20_000;
const NOT_WORTH_TELLING = 1_500; // ms of a gap that nobody needs to hear about

export class Stream {
  #api;
  #hooks;
  #abort = null;
  #wake = null;
  #run = null; // the loop in charge; an older one sees that it is not and ends
  #lostTimer = null;
  #lost = false;

  /** hooks: token(), last(), message(m), beside(name, state), gone() for a conversation that ended, connection(isThere). */
  constructor(api, hooks) {
    this.#api = api;
    this.#hooks = hooks;
    addEventListener("online", () => this.#wake?.());
    addEventListener("offline", () => this.#abort?.abort());
    addEventListener("pagehide", () => this.#abort?.abort());
    addEventListener("pageshow", () => this.#wake?.());
  }

  async start() {
    if (this.#run) return;
    const run = (this.#run = {});
    let failures = 0;
    while (this.#run === run && this.#hooks.token()) {
      const { reached, error } = await this.#once();
      if (this.#run !== run) return;
      if (error?.lost) return this.#hooks.gone();
      failures = reached ? 0 : failures + 1;
      await this.#pause(failures, error?.wait);
    }
  }

  stop() {
    this.#run = null;
    this.#abort?.abort();
    this.#wake?.();
    this.#told(true);
  }

  async #once() {
    const abort = (this.#abort = new AbortController());
    let reached = false;
    let watch = null;
    const heard = () => {
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), QUIET);
    };
    const opened = () => {
      reached = true;
      heard();
      this.#told(true);
    };
    heard(); // a gateway that takes the connection and says nothing is not waited for either
    try {
      await this.#api.stream(this.#hooks.token(), this.#hooks.last(), { opened, heard, message: this.#hooks.message, beside: this.#hooks.beside, signal: abort.signal });
      return { reached };
    } catch (error) {
      return { reached, error };
    } finally {
      clearTimeout(watch);
      this.#told(false);
    }
  }

  #told(isThere) {
    clearTimeout(this.#lostTimer);
    if (!isThere) this.#lostTimer = setTimeout(() => this.#tell(false), NOT_WORTH_TELLING);
    else this.#tell(true);
  }

  #tell(isThere) {
    if (this.#lost === !isThere) return;
    this.#lost = !isThere;
    this.#hooks.connection(isThere);
  }

  #pause(failures, wait) {
    const backOff = failures ? Math.min(LONGEST_PAUSE, 500 * 2 ** failures) * (0.75 + Math.random() / 2) : 250;
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, wait ? wait * 1000 : backOff);
    });
  }
}
