// What a page fetches again when it has changed: one fetch at a time, and what changes during it is fetched after it.
import { signedOut } from "./notice.js";

export const AGAIN = 3_000; // ms after a fetch that failed

/**
 * @param {() => Promise<void>} fetchParts
 * @param {number} rest ms between two fetches: a crowd of changes is one
 * @param {number} first ms before the first of them
 * @returns {(after?: number) => void} asks for a fetch, `after` so many ms
 */
export function refetching(fetchParts, rest, first = 0) {
  let due = null;
  let busy = false;
  let again = null;

  async function run() {
    due = null;
    busy = true;
    try {
      await fetchParts();
      await new Promise((resolve) => setTimeout(resolve, rest));
    } catch (error) {
      if (error.signedOut) return signedOut();
      again = AGAIN;
    }
    busy = false;
    if (again !== null) ask(again);
  }

  function ask(after = first) {
    if (busy) {
      again = Math.min(after, again ?? after);
      return;
    }
    again = null;
    due ??= setTimeout(run, after);
  }

  return ask;
}
