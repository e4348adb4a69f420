// A part of a page that is fetched again when the desk has changed, and now and then; what was chosen in it stays.
import { listen } from "./live.js";
import { put } from "./parts.js";
import { refetching } from "./refetching.js";
import { fragment } from "./requests.js";
import { tick } from "./times.js";

const EASE = 500; // ms between two fetches: a crowd of changes is one
const part = document.querySelector("[data-live]");
let wanted = part.dataset.version;
let waits = false;

/** Whether somebody is in a field just now: nothing is taken from under their hands. */
const filling = () => part.contains(document.activeElement) && document.activeElement.matches("select, input");

/** What was chosen or typed and not yet sent, by the field's id. */
function chosen() {
  const fields = [...part.querySelectorAll("select, input[type=number]")];
  const isNew = (one) => (one.options ? !one.selectedOptions[0]?.defaultSelected && one.selectedIndex > 0 : one.value !== one.defaultValue);
  return fields.filter(isNew).map(({ id, value }) => [id, value]);
}

function restore(fields) {
  for (const [id, value] of fields) {
    const field = document.getElementById(id);
    if (field && (!field.options || [...field.options].some((one) => one.value === value))) field.value = value;
  }
}

const refresh = refetching(async () => {
  waits = filling();
  if (waits) return;
  const page = await fragment(part.dataset.live);
  waits = filling();
  if (!waits) {
    const fields = chosen();
    put(part, page.querySelector(`#${part.id}`), document.querySelector("#main"));
    restore(fields);
  }
  tick();
}, EASE);

listen(({ version }) => {
  if (version === wanted) return;
  wanted = version;
  refresh();
});
part.addEventListener("focusout", () => setTimeout(() => waits && refresh()));
document.addEventListener("motcua-due", () => refresh());
if (part.dataset.every) setInterval(() => document.hidden || refresh(), Number(part.dataset.every) * 1_000);
