// Keys for whoever works here all day. None while one writes, none with another key held, and all of them can be turned off.

const OFF = "motcua-desk:shortcuts";
const RENEWED = "motcua-desk:renewed";
const STILL_TYPING = 1_000; // ms between two keys
const dialog = document.querySelector("#shortcuts");
const box = dialog.querySelector("[data-shortcuts-on]");
const OPEN = "popover" in HTMLElement.prototype ? "dialog[open], [popover]:popover-open" : "dialog[open]";
const off = () => localStorage.getItem(OFF) === "off";
let quiet = sessionStorage.getItem(RENEWED) ? performance.now() + STILL_TYPING : 0;
sessionStorage.removeItem(RENEWED);

/** The page loads itself anew under the hands of whoever writes: what they go on typing is not taken for keys. */
export function pauseOnArrival() {
  sessionStorage.setItem(RENEWED, "yes");
}

box.checked = !off();
box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "off")));
for (const opener of document.querySelectorAll("[data-shortcuts]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
}

function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility?.() ?? true);
  const current = document.querySelector("[data-row][aria-current]");
  const at = rows.indexOf(rows.includes(document.activeElement) ? document.activeElement : current);
  const next = rows[at < 0 && by < 0 ? rows.length - 1 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  n: () => document.querySelector("#take-next").requestSubmit(),
  r: () => document.querySelector("#text")?.focus(),
  g: () => location.assign("/desk"),
  "/": () => document.querySelector("[data-find]")?.focus(),
  "?": () => dialog.showModal(),
};

function writes(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || off()) return;
  if (writes(event.target) || document.querySelector(OPEN)) return;
  if (performance.now() < quiet) {
    quiet = performance.now() + STILL_TYPING;
    return;
  }
  const does = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (!does) return;
  event.preventDefault();
  does();
});
