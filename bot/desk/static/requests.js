// What the pages ask of the server. Whatever changes something carries the page's token; who is no longer signed in is told apart.

const JSON_TYPE = { "Content-Type": "application/json" };
const PATIENCE = 15_000; // ms

/** A request that was refused: its status and what was said about it. */
export class Refused extends Error {
  constructor(status, body = {}) {
    super(body.title ?? `HTTP ${status}`);
    this.status = status;
    this.word = body.word ?? "";
    this.body = body;
  }

  /** True if nobody is signed in any more. */
  get signedOut() {
    return this.status === 401;
  }

  /** True if the same request may succeed later. */
  get passing() {
    return this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

/** Sends JSON to the desk's API; @returns the answer. Raises Refused, or whatever fetch raises without a network. */
export async function send(path, content = {}, options = {}) {
  const headers = { ...JSON_TYPE, "X-CSRF-Token": document.body.dataset.csrf };
  const request = { method: "POST", headers, body: JSON.stringify(content), signal: AbortSignal.timeout(PATIENCE), ...options };
  const response = await fetch(`/desk/api/${path}`, request);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

/** @returns a part of a page as elements by their id. Raises Refused with 401 where the sign-in came instead. */
export async function fragment(path) {
  const response = await fetch(`/desk/fragments/${path}`, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
  if (response.redirected) throw new Refused(401);
  if (!response.ok) throw new Refused(response.status);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** @returns whether this browser is still signed in; true where nobody answers. */
export async function signedIn() {
  try {
    return (await fetch("/desk/api/presence", { signal: AbortSignal.timeout(PATIENCE) })).status !== 401;
  } catch {
    return true;
  }
}
