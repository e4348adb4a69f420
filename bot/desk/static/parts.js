// Puts a newer state of a part in the place of the older one: nothing moves that is the same, and the focus stays where it is.

const known = new Map(); // by id, as the server wrote it
const keys = (root) => root.querySelectorAll("[data-part]");

for (const part of keys(document)) known.set(part.id, part.innerHTML);

function selecting(part) {
  const selection = getSelection();
  return !selection.isCollapsed && part.contains(selection.anchorNode);
}

/** Which details were opened: by their place, for they have no names. */
function opened(part) {
  return [...part.querySelectorAll("details")].map((each) => each.open);
}

/** @returns whether anything was put in place. `fallback` takes the focus where its element is gone. */
export function put(part, newer, fallback = null) {
  if (known.get(part.id) === newer.innerHTML || selecting(part)) return false;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : null;
  const open = opened(part);
  known.set(part.id, newer.innerHTML);
  part.replaceChildren(...document.importNode(newer, true).childNodes);
  for (const { name, value } of newer.attributes) part.setAttribute(name, value);
  part.querySelectorAll("details").forEach((each, place) => (each.open = open[place] ?? false));
  if (focused !== null) (document.getElementById(focused) ?? fallback)?.focus({ preventScroll: true });
  return true;
}
