// The first page: both lists are fetched again when what they show has changed, and never while they have not.
import { listen } from "./live.js";
import { signedOut } from "./notice.js";
import { put } from "./parts.js";
import { fragment } from "./requests.js";
import { tick } from "./times.js";

const PATH = `lists${location.search.match(/[?&]from=\d+/)?.[0].replace("&", "?") ?? ""}`;
const EASE = 300; // ms between two fetches: a crowd of changes is one
const AGAIN = 3_000; // ms after a fetch that failed
let wanted = null;
let busy = false;

async function refresh() {
  if (busy) return;
  busy = true;
  const asked = wanted;
  try {
    const page = await fragment(PATH);
    const lists = document.querySelector("#lists");
    put(lists, page.querySelector("#lists"), document.querySelector("#waiting"));
    tick();
  } catch (error) {
    if (error.signedOut) return signedOut();
    setTimeout(refresh, AGAIN);
  }
  await new Promise((resolve) => setTimeout(resolve, EASE));
  busy = false;
  if (wanted !== asked) refresh();
}

listen(({ version }) => {
  if (version === document.querySelector("#lists").dataset.version && wanted === null) return;
  if (version === wanted) return;
  wanted = version;
  refresh();
});
document.addEventListener("motcua-due", refresh);
document.body.dataset.ready = "yes";
