// The first page: both lists are fetched again when what they show has changed, and each minute.
import { listen } from "./live.js";
import { put } from "./parts.js";
import { refetching } from "./refetching.js";
import { fragment } from "./requests.js";
import { tick } from "./times.js";

const PATH = `lists${location.search.match(/[?&]from=\d+/)?.[0].replace("&", "?") ?? ""}`;
const EASE = 300; // ms between two fetches: a crowd of changes is one
const EVERY = 60_000; // ms: a promise comes near without anything happening
let wanted = null;

const refresh = refetching(async () => {
  const page = await fragment(PATH);
  put(document.querySelector("#lists"), page.querySelector("#lists"), document.querySelector("#waiting"));
  tick();
}, EASE);

listen(({ version }) => {
  if (version === document.querySelector("#lists").dataset.version && wanted === null) return;
  if (version === wanted) return;
  wanted = version;
  refresh();
});
document.addEventListener("motcua-due", () => refresh());
setInterval(() => document.hidden || refresh(), EVERY);
document.body.dataset.ready = "yes";
