// Every page of the desk: its figures go on by themselves, presence changes in place, keys, and what is only there with JavaScript.
import { alert, offer } from "./alerts.js";
import { listen } from "./live.js";
import { signedOut } from "./notice.js";
import { send } from "./requests.js";
import "./shortcuts.js";
import "./times.js";
import { fill, words } from "./words.js";

const PRESSED = 3_000; // ms; whoever is still there then presses again
const title = document.title;
const out = document.querySelector("[data-out]");

function figures(state) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const n = state[place.dataset.count];
    const [shown, spoken] = place.children;
    place.hidden = !n;
    shown.textContent = n;
    spoken.textContent = `(${fill(words.waiting, { n })})`;
  }
  document.title = state.unanswered ? `(${state.unanswered}) ${title}` : title;
  const text = state.out ? words.out : "";
  if (out.textContent !== text) out.textContent = text;
}

const presence = document.querySelector(".presence");

function present(name) {
  presence.querySelector("summary .dot").dataset.presence = name;
  presence.querySelector("[data-presence-name]").textContent = words.presences[name];
  for (const button of presence.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === name));
}

presence.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    present((await send("presence", { presence: event.submitter.value })).presence);
    presence.open = false;
    presence.querySelector("summary").focus();
  } catch (error) {
    if (error.signedOut) signedOut();
  }
});
presence.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !presence.open) return;
  presence.open = false;
  presence.querySelector("summary").focus();
});

// A double click is one: until the page has gone on, what was pressed is not pressed again, nor in a newer state of its part.
const pressed = new Set(); // addresses
document.addEventListener("submit", (event) => {
  const action = event.target.getAttribute("action");
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (pressed.has(action)) return event.preventDefault();
  pressed.add(action);
  setTimeout(() => pressed.delete(action), PRESSED);
});

for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
offer(document.querySelectorAll("[data-alert]"));
listen((state, leads) => {
  figures(state);
  if (state.presence) present(state.presence);
  alert(state, leads);
});
