// Puts a canned answer, a service or the assistant's draft into the reply: found by a few letters, its blanks marked.
import { signedOut } from "./notice.js";
import { fragment } from "./requests.js";

const BLANK = /\{\p{L}[\p{L}\p{N}_ ]{0,29}\}/gu; // as bot/canned.py reads them
const sheet = document.querySelector("#insert");
const find = document.querySelector("#insert-find");
const found = document.querySelector("#insert-found");
const list = document.querySelector("#insert-list");
const sides = document.querySelector("#insert-sides");
const offers = [...list.querySelectorAll("button")];

function plain(text) {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** @returns the blanks still in a text, each once: {name} without its braces. */
export function blanks(text) {
  return [...new Set([...text.matchAll(BLANK)].map(([whole]) => whole.slice(1, -1)))];
}

/** Selects the first blank of that name, or the first of all. */
export function toBlank(box, name = null) {
  const wanted = [...box.value.matchAll(BLANK)].find(([whole]) => name === null || whole.slice(1, -1) === name);
  if (!wanted) return;
  box.focus();
  box.setSelectionRange(wanted.index, wanted.index + wanted[0].length);
}

/** `told(n)` says how many were found; `taken(draft)` is called with the seq of a draft, or null. */
export class Insert {
  #box;
  #told;
  #taken;
  #slash = false;
  #from = null;

  constructor(box, told, taken) {
    this.#box = box;
    this.#told = told;
    this.#taken = taken;
    box.addEventListener("keydown", (event) => this.#slashed(event));
    find.addEventListener("input", () => {
      this.#toList();
      this.#filter();
    });
    sides.querySelector("[data-back]").addEventListener("click", () => this.#toList(true));
    sheet.addEventListener("keydown", (event) => this.#key(event));
    sheet.addEventListener("toggle", ({ newState }) => (newState === "open" ? this.#opened() : this.#closed()));
    document.addEventListener("click", (event) => this.#clicked(event));
    for (const offer of offers) offer.dataset.plain = plain(offer.dataset.found);
  }

  /** "/" where a word begins opens the list; left without a choice, it is a letter like any other. */
  #slashed(event) {
    const { selectionStart, value } = this.#box;
    if (event.key !== "/" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (selectionStart && !/\s/.test(value[selectionStart - 1])) return;
    event.preventDefault();
    this.#slash = true;
    sheet.showPopover();
  }

  #opened() {
    this.#toList();
    find.value = "";
    this.#filter();
    find.focus();
  }

  #closed() {
    if (this.#slash) this.#put("/");
    this.#slash = false;
    if (!document.querySelector("[popover]:popover-open")) this.#box.focus();
  }

  #filter() {
    const wanted = plain(find.value.replace(/^\//, "")).split(/\s+/).filter(Boolean);
    const fits = ({ dataset }) => wanted.every((word) => dataset.plain.split(/[^\p{L}\p{N}]+/u).some((had) => had.startsWith(word)));
    for (const offer of offers) offer.hidden = !fits(offer);
    const shown = this.#shown();
    sheet.querySelector("[data-none]").hidden = shown.length > 0;
    for (const head of sheet.querySelectorAll("[data-group]")) {
      let next = head.nextElementSibling;
      while (next?.matches("button") && next.hidden) next = next.nextElementSibling;
      head.hidden = !next?.matches("button");
    }
    found.textContent = this.#told(shown.length);
  }

  #shown() {
    return sides.hidden ? offers.filter((offer) => !offer.hidden) : [...sides.querySelectorAll("button")];
  }

  /** What there is to say of one service, in the citizen's language, in the place of the list. */
  async #open(offer) {
    const { language, channel } = sides.dataset;
    const [back, told] = sides.children;
    const page = await fragment(`answers/${offer.dataset.service}?language=${language}&channel=${channel}`);
    back.querySelector("strong").textContent = offer.querySelector("strong").textContent;
    told.replaceChildren(...document.importNode(page.body, true).childNodes);
    this.#from = offer;
    [list.hidden, sides.hidden] = [true, false];
    found.textContent = this.#told(told.querySelectorAll("button").length);
    (told.querySelector("button") ?? back).focus();
  }

  #toList(focus = false) {
    [list.hidden, sides.hidden] = [false, true];
    if (focus) (this.#from ?? find).focus();
  }

  #key(event) {
    if (event.isComposing) return;
    const shown = this.#shown();
    const at = shown.indexOf(document.activeElement);
    const to = { ArrowDown: Math.min(at + 1, shown.length - 1), ArrowUp: at - 1 }[event.key];
    if (event.key === "Enter" && event.target === find) {
      event.preventDefault();
      shown[0]?.click();
    } else if (to !== undefined) {
      event.preventDefault();
      (shown[to] ?? find).focus();
    }
  }

  #clicked(event) {
    const service = event.target.closest("[data-service]");
    if (service) {
      event.preventDefault();
      this.#open(service).catch((error) => error.signedOut && signedOut());
      return;
    }
    const offer = event.target.closest("[data-insert]");
    if (!offer) return;
    event.preventDefault();
    this.#slash = false;
    if (sheet.contains(offer)) sheet.hidePopover();
    this.#put(offer.dataset.insert);
    this.#taken(offer.dataset.draft ? Number(offer.dataset.draft) : null);
    toBlank(this.#box);
  }

  #put(text) {
    const { selectionStart, selectionEnd } = this.#box;
    this.#box.focus();
    this.#box.setRangeText(text, selectionStart, selectionEnd, "end");
    this.#box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
