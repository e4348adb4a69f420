// Plain text to structure: paragraphs, "- " bullets and "1. " steps. bot/web/plain_text.py reads the same grammar (tests/browser/blocks.json).
import { h } from "./dom.js";

const BULLET = /^\s*[-•] +(.*)$/;
const STEP = /^\s*(\d{1,2})\. +(.*)$/;

/** @returns a list of {kind: "p" | "ul" | "ol", start, parts}; each part is a list of lines. */
export function blocks(text) {
  const found = [];
  let open = null;
  const into = (kind, line, start = null) => {
    const fits = open?.kind === kind && (kind !== "ol" || start === open.start + open.parts.length);
    if (!fits) found.push((open = { kind, start, parts: [] }));
    open.parts.push([line]);
  };
  let gap = false;
  for (const line of text.split("\n")) {
    const bullet = BULLET.exec(line);
    const step = STEP.exec(line);
    if (!line.trim()) gap = true;
    else if (bullet) into("ul", bullet[1].trim());
    else if (step) into("ol", step[2].trim(), Number(step[1]));
    else if (open && !gap && (open.kind === "p" || /^\s/.test(line))) open.parts.at(-1).push(line.trim());
    else if (open?.kind === "p") open.parts.push([line.trim()]);
    else found.push((open = { kind: "p", start: null, parts: [[line.trim()]] }));
    if (line.trim()) gap = false;
  }
  return found;
}

function lines(tag, part) {
  return h(tag, {}, ...part.flatMap((line, index) => (index ? [h("br"), line] : [line])));
}

/** @returns the text as nodes, safe to append. */
export function render(text) {
  const fragment = document.createDocumentFragment();
  for (const { kind, start, parts } of blocks(text)) {
    if (kind === "p") fragment.append(...parts.map((part) => lines("p", part)));
    else fragment.append(h(kind, { start: kind === "ol" && start !== 1 ? String(start) : null }, ...parts.map((part) => lines("li", part))));
  }
  return fragment;
}
