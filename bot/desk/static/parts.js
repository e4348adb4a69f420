// Puts a newer state of a part in the place of the older one: nothing moves that is the same, and the focus stays where it is.

const known = new Map(); // by id, as the server wrote it
const keys = (root) => root.querySelectorAll("[data-part]");

let held = false; // something was not put in place for a selection

for (const part of keys(document)) known.set(part.id, part.innerHTML);
document.addEventListener("selectionchange", () => {
  if (!held || !getSelection().isCollapsed) return;
  held = false;
  document.dispatchEvent(new Event("motcua-due"));
});

function selecting(part) {
  const selection = getSelection();
  return !selection.isCollapsed && part.contains(selection.anchorNode);
}

/** The details of a part by the name of their summary; by their place where it has none. */
function details(part) {
  return [...part.querySelectorAll("details")].map((each, place) => [each.querySelector("summary").id || place, each]);
}

/** What is being marked stays; "motcua-due" tells when it no longer is. `fallback` takes the focus where its element is gone. */
export function put(part, newer, fallback = null) {
  const isSame = known.get(part.id) === newer.innerHTML;
  if (!isSame && selecting(part)) {
    held = true;
    return;
  }
  for (const { name, value } of newer.attributes) part.setAttribute(name, value);
  if (isSame) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : null;
  const open = new Set(details(part).flatMap(([name, { open }]) => (open ? [name] : [])));
  known.set(part.id, newer.innerHTML);
  part.replaceChildren(...document.importNode(newer, true).childNodes);
  for (const [name, each] of details(part)) each.open = open.has(name);
  if (focused !== null) (document.getElementById(focused) ?? fallback)?.focus({ preventScroll: true });
}
