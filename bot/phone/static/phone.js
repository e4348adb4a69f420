// The two handsets: what they hold comes by one stream, what is written goes by one request, counting is done here.
import { count } from "./count.js";
import { clock, element, language, listen, many, say, settle, who, words, written } from "./page.js";

const ADDRESS = "/phone/api/texts";
const money = new Intl.NumberFormat(language, { style: "currency", currency: "VND" });

function cost({ media, encoding, segments, price }) {
  if (media) return "MMS";
  return [encoding, many(words.segments, segments), ...(price === null ? [] : [money.format(price)])].join(" · ");
}

/** One text: who and when for the ear, what it says, and below it the facts. */
function bubble(text) {
  const said = [text.media ? words.photo : "", text.text].join(" ").trim();
  return element("article", { class: `text ${text.direction}`, "data-sid": text.sid },
    who(text),
    element("p", { class: "said", lang: text.language }, said),
    element("p", { class: "facts" },
      element("time", { datetime: text.at, "aria-hidden": "true" }, clock(text.at)), " ",
      element("span", { class: "cost" }, cost(text)), " ",
      element("span", { class: "tick", role: "img" })));
}

class Handset {
  #log;
  #box;
  #problem;
  #busy = false;

  constructor(section) {
    this.section = section;
    this.number = Number(section.dataset.handset);
    this.title = section.querySelector("h2").firstChild.data.trim();
    this.#log = section.querySelector(".log");
    this.#box = section.querySelector("textarea");
    this.#problem = section.querySelector(".problem");
    this.#box.addEventListener("input", () => this.#counted());
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    section.querySelector("form").addEventListener("submit", (event) => (event.preventDefault(), this.#send(0)));
    section.querySelector(".photo").addEventListener("click", () => this.#send(1));
    const keypad = section.querySelector(".keypad");
    keypad.addEventListener("mousedown", (event) => event.preventDefault()); // what has the focus keeps it
    keypad.addEventListener("click", (event) => this.#press(event.target.closest("button")));
    this.#counted();
  }

  fill(text) {
    this.#box.value = text;
    this.#box.focus();
    this.#counted();
  }

  /** Puts up what is new, takes away what the system no longer has, and moves the ticks. */
  show(texts, totals) {
    const known = new Set(texts.map(({ sid }) => sid));
    for (const old of this.#log.querySelectorAll(".text")) if (!known.has(old.dataset.sid)) old.remove();
    for (const text of texts) settle(this.#find(text.sid) ?? this.#add(text), text);
    this.#log.querySelector(".none").hidden = texts.length > 0;
    this.#log.setAttribute("aria-live", "polite"); // what stood there before was not news
    this.#totals(totals);
  }

  #find(sid) {
    return this.#log.querySelector(`[data-sid="${CSS.escape(sid)}"]`);
  }

  #add(text) {
    const article = bubble(text);
    this.#log.append(article);
    this.#log.scrollTop = article.offsetTop - this.#log.offsetTop - 8; // its beginning, or else the end of all
    return article;
  }

  #totals({ sent, sent_segments, got, got_segments, price }) {
    const both = (texts, segments) => [many(words.texts, texts), say(words.as_segments, { segments: many(words.segments, segments) })];
    const shown = { sent: both(sent, sent_segments).join(", "), got: both(got, got_segments).join(", "), price: money.format(price) };
    for (const place of this.section.querySelectorAll("[data-total]")) place.textContent = shown[place.dataset.total];
  }

  #counted() {
    const { encoding, units, segments, left } = count(this.#box.value);
    const [spoken, free] = this.section.querySelectorAll(".count span");
    const length = `${encoding} · ${many(words.segments, segments)}`;
    if (spoken.textContent !== length) spoken.textContent = length; // read aloud when it changes, not at every key
    free.textContent = say(words.left, { n: units ? left : 160 });
    this.#tell("");
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send(0);
  }

  #press(key) {
    if (!key) return;
    const { selectionStart, selectionEnd } = this.#box;
    this.#box.setRangeText(key.dataset.key, selectionStart, selectionEnd, "end");
    this.#box.focus();
    this.#counted();
  }

  async #send(media) {
    const text = this.#box.value;
    if (this.#busy) return;
    if (!text.trim() && !media) return this.#tell(words.empty);
    this.#busy = true;
    const problem = await written(ADDRESS, { handset: this.number, text, media });
    this.#busy = false;
    if (problem) return this.#tell(problem);
    if (this.#box.value === text) this.#box.value = "";
    this.#counted();
    if (this.section.contains(document.activeElement)) this.#box.focus();
  }

  #tell(problem) {
    this.#box.toggleAttribute("aria-invalid", Boolean(problem));
    if (this.#problem.textContent !== problem) this.#problem.textContent = problem;
  }
}

const handsets = [...document.querySelectorAll("[data-handset]")].map((section) => new Handset(section));
const into = document.querySelector("#into");
let chosen = handsets[0];

/** The handset that the texts to try go to. */
function active(handset) {
  chosen = handset;
  for (const each of handsets) each.section.classList.toggle("active", each === handset);
  const line = say(into.dataset.into, { phone: handset.title });
  if (into.textContent !== line) into.textContent = line;
}

for (const handset of handsets) handset.section.addEventListener("focusin", () => active(handset));
for (const each of document.querySelectorAll(".try")) each.addEventListener("click", () => chosen.fill(each.dataset.text));
active(chosen);

listen(ADDRESS, ({ texts, handsets: totals }) => {
  for (const each of handsets) each.show(texts.filter(({ handset }) => handset === each.number), totals.find(({ handset }) => handset === each.number));
});
