// A part of a page that is fetched again when the desk has changed, and now and then; never while a form in it is being filled in.
import { listen } from "./live.js";
import { signedOut } from "./notice.js";
import { put } from "./parts.js";
import { fragment } from "./requests.js";
import { tick } from "./times.js";

const EASE = 500; // ms between two fetches: a crowd of changes is one
const AGAIN = 3_000; // ms after a fetch that failed
const part = document.querySelector("[data-live]");
let wanted = part.dataset.version;
let busy = false;
let waits = false;

/** Whether somebody is in a form with something to fill in: what they chose there must not be lost. */
function filling() {
  const form = part.contains(document.activeElement) && document.activeElement.closest("form");
  return Boolean(form && form.querySelector("select, textarea, input:not([type=hidden])"));
}

async function refresh() {
  if (busy || filling()) {
    waits = true;
    return;
  }
  busy = true;
  waits = false;
  try {
    const page = await fragment(part.dataset.live);
    if (!filling()) put(part, page.querySelector(`#${part.id}`), document.querySelector("#main"));
    tick();
  } catch (error) {
    if (error.signedOut) return signedOut();
    setTimeout(refresh, AGAIN);
  }
  await new Promise((resolve) => setTimeout(resolve, EASE));
  busy = false;
  if (waits && !filling()) refresh();
}

listen(({ version }) => {
  if (version === wanted) return;
  wanted = version;
  refresh();
});
part.addEventListener("focusout", () => setTimeout(() => waits && refresh()));
document.addEventListener("motcua-due", refresh);
if (part.dataset.every) setInterval(() => document.hidden || refresh(), Number(part.dataset.every) * 1_000);
