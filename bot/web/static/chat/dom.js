// Builds elements; text always goes in as text, never as markup.

/** @returns an element: attributes by name, `on…` functions as listeners, children as nodes or strings; null ones are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "M4 20c.8-3.6 4-5.5 8-5.5s7.2 1.9 8 5.5"],
  send: ["M5 12h13", "m12 5 7 7-7 7"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  chat: ["M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5Z"],
  down: ["M12 5v13", "m6 12.5 6 6 6-6"],
  again: ["M19 12a7 7 0 1 1-2.1-5", "M19 4v4h-4"],
};

/** @returns a decorative line icon. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
