// The gateway's web API: one function a request, and the stream of messages read by fetch (EventSource carries no bearer token).

export const LIMIT = 2000;

/** A request that the gateway refused: its status, what it said, and the seconds to wait if it named them. */
export class Problem extends Error {
  constructor(status, body = {}, retryAfter = null) {
    super(body.title ?? `HTTP ${status}`);
    this.status = status;
    this.detail = body.detail ?? "";
    this.over = body.over;
    this.wait = retryAfter;
  }

  /** True if the conversation is gone, so that only a new one helps. */
  get lost() {
    return [401, 403, 404, 410].includes(this.status);
  }

  /** True if the same request may succeed later. */
  get passing() {
    return this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

async function problem(response) {
  const body = await response.json().catch(() => ({}));
  // The header cannot be read from another origin; the body says the same.
  const wait = body.seconds ?? Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(response.status, body, Number.isNaN(wait) ? null : wait);
}

/** @returns the code points of `text` after NFC, as the gateway counts them. */
export function length(text) {
  return [...text.normalize("NFC").trim()].length;
}

/** A version-4 UUID; randomUUID is missing on pages without https. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Api {
  constructor(base) {
    this.base = base;
  }

  async #post(path, body, token) {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const signal = AbortSignal.timeout(15_000);
    const response = await fetch(new URL(path, this.base), { method: "POST", headers, body: JSON.stringify(body), credentials: "omit", signal });
    if (!response.ok) throw await problem(response);
    return response.json();
  }

  /** @returns {conversation, token} of a new conversation. */
  open(language) {
    return this.#post("channels/web/conversations", { language });
  }

  /** @returns {seq}; the same `id` again gives the same seq. */
  send(token, { id, text, payload }) {
    return this.#post("channels/web/messages", payload ? { id, payload } : { id, text }, token);
  }

  /**
   * Reads messages after `after` until the stream ends; `heard` is called at every sign of life, `message` for each message,
   * `beside` with the name and the content of whatever else is told.
   */
  async stream(token, after, { opened, heard, message, beside, signal }) {
    const headers = { Accept: "text/event-stream", Authorization: `Bearer ${token}` };
    if (after) headers["Last-Event-ID"] = String(after);
    const response = await fetch(new URL("channels/web/messages?beside=1", this.base), { headers, credentials: "omit", cache: "no-store", signal });
    if (!response.ok) throw await problem(response);
    opened();
    for await (const { name, data } of events(response.body, heard)) {
      if (name) beside(name, JSON.parse(data));
      else message(JSON.parse(data));
    }
  }
}

/** Yields the name ("" for none) and the data of each server-sent event in `body`. */
async function* events(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    rest = (rest + value).replace(/\r\n?/g, "\n");
    const whole = rest.split("\n\n");
    rest = whole.pop();
    for (const event of whole) {
      const field = (name) => event.split("\n").filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ""));
      const data = field("data");
      if (data.length) yield { name: field("event").at(-1) ?? "", data: data.join("\n") };
    }
  }
}
