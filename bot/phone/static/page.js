// What the pages with handsets share: their words, elements, ticks, the one request and the one stream.

const ZONE = "Asia/Ho_Chi_Minh";
export const language = document.documentElement.lang;
const { words: given, name } = document.body.dataset;
export const words = JSON.parse(given);
const plural = new Intl.PluralRules(language);
const hours = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE });

export const say = (sentence, blanks) => sentence.replace(/\{(\w+)\}/g, (_, blank) => blanks[blank]);
export const many = (forms, n) => say(forms[plural.select(n)] ?? forms.other, { n });
export const clock = (at) => hours.format(new Date(at));

export function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [attribute, value] of Object.entries(attributes)) if (value) made.setAttribute(attribute, value);
  made.append(...inside);
  return made;
}

/** Who wrote a text and when, for the ear. */
export function who({ direction, at }) {
  return element("p", { class: "unseen" }, say(direction === "out" ? words.you : words.they, { name, time: clock(at) }));
}

/** Only attributes change, so that nothing is read aloud again. */
export function settle(article, { state, code }) {
  const tick = article.querySelector(".tick");
  if (tick.dataset.state === state) return;
  const told = words.states[state] ?? state;
  tick.dataset.state = state;
  tick.setAttribute("aria-label", code ? `${told} (${code})` : told);
  tick.title = tick.getAttribute("aria-label");
}

/** @returns what went wrong, "" for nothing. */
export async function written(address, what) {
  try {
    const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });
    if (response.ok) return "";
    const { answered, detail, status } = await response.json();
    if (answered) return say(words.refused, { n: answered });
    return status === 502 ? words.not_taken : detail;
  } catch {
    return words.no_answer;
  }
}

/** `show` is given everything that the page holds, whenever something moved. */
export function listen(address, show) {
  const lost = document.querySelector("#lost");
  const stream = new EventSource(address);
  stream.onmessage = ({ data }) => {
    lost.textContent = "";
    show(JSON.parse(data));
  };
  stream.onerror = () => {
    lost.textContent = words.lost;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000, address, show);
  };
}
