// One handset with an app: texts, buttons, lists, quick replies, templates and links, as that app shows them.
import { clock, element, listen, say, settle, who, words, written } from "./page.js";

const phone = document.querySelector(".smartphone");
const ADDRESS = `/phone/api/${phone.dataset.app}/texts`;
const [log, box, quick, sheet, problem] = [".log", "textarea", ".quick", ".sheet", ".problem"].map((each) => phone.querySelector(each));
const late = document.querySelector("#late");
const CHIPS = phone.dataset.look === "messenger"; // its buttons stand above the box, and only until the next text
const LINK = /(https?:\/\/[^\s]*[^\s.,;:!?)])/;
let busy = false;

function linked(text) {
  return text.split(LINK).map((part, place) => (place % 2 ? element("a", { href: part, target: "_blank", rel: "noreferrer" }, part) : part));
}

function button(sid, { key, label, pressed }) {
  const made = element("button", { type: "button", "data-key": key }, label);
  made.addEventListener("click", () => act({ press: { sid, key } }, made));
  return mark(made, pressed);
}

/** A press is shown, and heard. */
function mark(made, pressed) {
  made.toggleAttribute("data-pressed", pressed);
  if (pressed) made.setAttribute("aria-description", words.pressed);
  return made;
}

/** What opens the list, and the list. */
function opener(text) {
  const made = element("button", { type: "button", class: "opener", "aria-haspopup": "dialog" }, text.opener);
  made.addEventListener("click", () => {
    sheet.querySelector("h3").textContent = text.opener;
    sheet.querySelector(".rows").replaceChildren(...text.buttons.map(({ key, label }) => row(text.sid, key, label)));
    sheet.showModal();
  });
  return made;
}

function row(sid, key, label) {
  const made = element("button", { type: "button", "data-key": key }, label);
  made.addEventListener("click", () => (sheet.close(), act({ press: { sid, key } })));
  return made;
}

function choices(text) {
  if (!text.buttons.length || CHIPS) return [];
  const made = text.opener ? [opener(text)] : text.buttons.map((each) => button(text.sid, each));
  return [element("div", { class: "buttons" }, ...made)];
}

function thing(kind) {
  const icon = phone.querySelector(`[data-beside="${kind}"] svg`);
  return element("span", { class: "thing" }, ...(icon ? [icon.cloneNode(true)] : []), words.beside[kind]);
}

/** Where the stand-in keeps the link alone, words around it. */
function templated(text) {
  return text.startsWith("http") ? say(words.templated, { link: text }) : text;
}

function bubble(text) {
  const said = [text.beside ? thing(text.beside) : "", ...linked(text.template ? templated(text.text) : text.text)];
  return element("article", { class: `text ${text.direction}`, "data-sid": text.sid },
    element("div", { class: "bubble" },
      who(text),
      text.template ? element("p", { class: "template" }, words.template) : "",
      element("p", { class: "said", lang: text.language }, ...said),
      element("p", { class: "facts" },
        element("time", { datetime: text.at, "aria-hidden": "true" }, clock(text.at)), " ",
        element("span", { class: "tick", role: "img" }))),
    ...choices(text));
}

const find = (sid) => log.querySelector(`[data-sid="${CSS.escape(sid)}"]`);

function add(text) {
  const article = bubble(text);
  log.append(article);
  log.scrollTop = article.offsetTop - log.offsetTop - 8; // its beginning, or else the end of all
  return article;
}

/** Quick replies of the newest message, if it has any. */
function chips(text) {
  const offered = CHIPS && text?.direction === "in" ? text.buttons : [];
  if (quick.dataset.sid === (offered.length ? text.sid : "")) return;
  const held = quick.contains(document.activeElement);
  quick.dataset.sid = offered.length ? text.sid : "";
  quick.replaceChildren(...offered.map((each) => button(text.sid, each)));
  quick.hidden = !offered.length;
  if (held) box.focus();
}

function show({ texts }) {
  const known = new Set(texts.map(({ sid }) => sid));
  for (const old of log.querySelectorAll(".text")) if (!known.has(old.dataset.sid)) old.remove();
  for (const text of texts) {
    const article = find(text.sid) ?? add(text);
    settle(article, text);
    for (const { key, pressed } of text.buttons) {
      const there = article.querySelector(`.buttons [data-key="${CSS.escape(key)}"]`);
      if (there) mark(there, pressed);
    }
  }
  log.querySelector(".none").hidden = texts.length > 0;
  log.setAttribute("aria-live", "polite"); // what stood there before was not news
  chips(texts.at(-1));
  phone.dataset.ready = "";
}

/** `after`: what keeps the focus; else the box has it. */
async function act(what, after = null) {
  if (busy) return;
  busy = true;
  const told = await written(ADDRESS, { ...what, late: Boolean(late?.checked) });
  busy = false;
  tell(told);
  if (told) return;
  if (late) late.checked = false;
  if (what.text && box.value.trim() === what.text) box.value = "";
  if (!after) box.focus();
}

function tell(told) {
  box.toggleAttribute("aria-invalid", Boolean(told));
  if (problem.textContent !== told) problem.textContent = told;
}

function send() {
  const text = box.value.trim();
  return text ? act({ text }) : tell(words.empty);
}

phone.querySelector(".composer").addEventListener("submit", (event) => (event.preventDefault(), send()));
box.addEventListener("input", () => tell(""));
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
for (const each of phone.querySelectorAll("[data-beside]")) {
  each.addEventListener("click", () => act({ beside: each.dataset.beside, text: box.value.trim() }, each));
}
for (const each of document.querySelectorAll(".try")) {
  each.addEventListener("click", () => ((box.value = each.dataset.text), box.focus(), tell("")));
}
listen(ADDRESS, show);
