// Spans that go on by themselves: how long somebody waits, what is left of a promise. bot/desk/shown.py says it in the same words.
import { fill, many, words } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EVERY = 15_000; // ms
const ahead = new Date(document.body.dataset.now) - Date.now(); // the server's clock is the one that counts

/** @returns a span of ms in words. */
export function span(ms) {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 1) return words.time.now;
  if (ms < HOUR) return many(words.time.minutes, minutes);
  if (ms < DAY) return fill(words.time.hours, { h: Math.floor(minutes / 60), m: minutes % 60 });
  return many(words.time.days, Math.floor(ms / DAY));
}

function put(element, sentence, ms) {
  const text = fill(sentence, { span: span(ms) });
  if (element.textContent !== text) element.textContent = text;
}

function due(element, now) {
  const left = new Date(element.dataset.due) - now;
  if (left >= HOUR) return false;
  put(element, left > 0 ? words.time.left : words.time.late, Math.max(Math.abs(left), MINUTE));
  const passed = left <= 0 && !element.dataset.passed && element.closest("[data-state]")?.dataset.state !== "breached";
  if (passed) element.dataset.passed = "yes";
  return passed;
}

/** Brings every span of the page up to the moment; a promise that was just broken is told as the event "motcua-due". */
export function tick() {
  const now = Date.now() + ahead;
  for (const element of document.querySelectorAll("[data-since]")) put(element, words.time.waited, now - new Date(element.dataset.since));
  for (const element of document.querySelectorAll("[data-ago]")) put(element, words.time.ago, now - new Date(element.dataset.ago));
  const broken = [...document.querySelectorAll("[data-due]")].filter((element) => due(element, now));
  if (broken.length) document.dispatchEvent(new Event("motcua-due"));
}

setInterval(tick, EVERY);
