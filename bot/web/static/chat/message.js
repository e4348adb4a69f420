// One message as an article: who, when, the text in its own language, sources, choices.
import { h, icon } from "./dom.js";
import { render } from "./text.js";

const WHO = { citizen: "you", assistant: "assistant", staff: "staff", system: "system" };

/** @returns the author's name in the interface's language. */
export function who(author, words) {
  return words[WHO[author] ?? "system"];
}

function when(at, language) {
  const moment = new Date(at);
  const sameDay = moment.toDateString() === new Date().toDateString();
  const day = sameDay ? {} : { day: "numeric", month: "numeric" };
  return h("time", { datetime: at }, moment.toLocaleString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...day }));
}

function source({ title, url, verified }) {
  const name = url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : h("span", {}, title);
  return h("li", {}, name, verified ? h("small", {}, verified) : null);
}

/** Only web addresses become links, whatever a source says. */
function safe(entry) {
  return { ...entry, url: /^https?:\/\//i.test(entry.url ?? "") ? entry.url : null };
}

function sources(message, words) {
  if (!message.sources?.length) return null;
  const list = h("ul", { lang: message.language }, ...message.sources.map((entry) => source(safe(entry))));
  return h("div", { class: "sources" }, h("p", { class: "sources-title" }, words.sources), list);
}

/** Choices as numbered buttons; taking one disables the set but keeps the focus where it is. */
function choices(message, words, choose) {
  if (!message.choices?.length) return null;
  const buttons = message.choices.map((choice, index) => {
    const number = h("span", { class: "number" }, `${index + 1}`);
    const take = ({ currentTarget }) => {
      if (currentTarget.getAttribute("aria-disabled")) return;
      settle(list, choice.label);
      choose(choice);
    };
    const label = h("span", { lang: message.language }, choice.label);
    const attributes = { type: "button", class: "choice", "data-label": choice.label, onclick: take };
    return h("button", attributes, number, h("span", { class: "unseen" }, ". "), label);
  });
  const list = h("ol", { class: "choices", "aria-label": words.choices }, ...buttons.map((button) => h("li", {}, button)));
  return list;
}

/** Shows in a set of choices which one was taken. */
export function settle(list, label) {
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.label === label) button.classList.add("taken");
  }
}

/** @returns the element of a message that the gateway has. */
export function message(given, words, language, choose) {
  return h(
    "article",
    { class: `message ${given.author}`, "data-seq": String(given.seq) },
    h("p", { class: "meta" }, h("span", { class: "who" }, who(given.author, words)), when(given.at, language)),
    h("div", { class: "body", lang: given.language }, render(given.text)),
    sources(given, words),
    choices(given, words, choose),
  );
}

/** @returns the element of a message that is still on its way. */
export function pending(item, words, language, retry) {
  const state = item.seq ? words.sent : navigator.onLine ? words.sending : words.offline;
  const failed = item.state === "failed";
  const again = h("button", { type: "button", class: "again", onclick: retry }, icon("again"), words.again);
  return h(
    "article",
    { class: `message citizen pending${failed ? " failed" : ""}`, "data-id": item.id },
    h("p", { class: "meta" }, h("span", { class: "who" }, words.you), when(item.at, language)),
    h("div", { class: "body" }, render(item.label)),
    h("p", { class: "state" }, failed ? words.notSent : state, failed ? again : null),
  );
}
