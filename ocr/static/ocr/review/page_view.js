// The picture of a page with a box for each field on it. Boxes are in points of the page, as the server gives them.

import { ask } from "./requests.js";

const SVG = "http://www.w3.org/2000/svg";
const pages = JSON.parse(document.getElementById("review-pages").textContent);
const scroll = document.getElementById("page-scroll");
const sheet = document.getElementById("page-sheet");
const image = document.getElementById("page-image");
const svg = document.getElementById("page-boxes");
const boxes = document.getElementById("boxes");
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const listeners = [];
let current = 0;
let zoom = 1;

export const page = () => pages[current];
export const hasPages = pages.length > 0;

export function whenTurned(listener) {
  listeners.push(listener);
}

export function turnTo(number) {
  const index = pages.findIndex((each) => each.number === number);
  if (index < 0 || (index === current && image.src)) return;
  current = index;
  const { width, height } = page();
  image.src = page().image;
  image.alt = `Page ${number} of the document`;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  sheet.style.aspectRatio = `${width} / ${height}`;
  document.getElementById("page-number").textContent = `${current + 1} / ${pages.length}`;
  document.getElementById("page-failed").hidden = true;
  sheet.hidden = false;
  drawBoxes();
  for (const listener of listeners) listener();
}

export function turn(by) {
  const next = pages[current + by];
  if (next) turnTo(next.number);
}

// `step` 0 fits the page to the width.
export function zoomBy(step) {
  const at = ZOOMS.findIndex((each) => each >= zoom - 0.001);
  zoom = step === 0 ? 1 : ZOOMS[Math.min(Math.max(at + step, 0), ZOOMS.length - 1)];
  sheet.style.width = `${zoom * 100}%`;
  document.getElementById("page-zoom").textContent = `${Math.round(zoom * 100)}%`;
}

// A box for each field that stands on this page, and for what was also seen of the chosen one.
export function drawBoxes() {
  if (!hasPages) return;
  boxes.replaceChildren();
  for (const field of document.querySelectorAll(".field")) {
    addBox(field.dataset, field.dataset.name, field.dataset.label);
    if (!field.classList.contains("chosen")) continue;
    for (const other of field.querySelectorAll(".other")) {
      addBox(other.dataset, field.dataset.name, `${field.dataset.label}: ${other.dataset.value}`, "also");
    }
  }
  light(document.querySelector(".field.chosen")?.dataset.name || "", "chosen");
  boxes.append(...boxes.querySelectorAll(".chosen")); // what is drawn last lies on top
}

export function light(name, how = "lit") {
  for (const box of boxes.children) box.classList.toggle(how, box.dataset.name === name && name !== "");
}

// Turns to where the field stands and brings it into view.
export function showField(field) {
  if (!hasPages || !field.dataset.page) return;
  turnTo(Number(field.dataset.page));
  drawBoxes();
  const box = boxes.querySelector(".chosen:not(.also)");
  if (!box) return;
  const at = box.getBoundingClientRect();
  const seen = scroll.getBoundingClientRect();
  if (at.top < seen.top + 20 || at.bottom > seen.bottom - 20) scroll.scrollTop += at.top - seen.top - seen.height / 3;
  if (at.left < seen.left || at.right > seen.right) scroll.scrollLeft += at.left - seen.left - seen.width / 3;
}

export function rectangle(x0, y0, x1, y1) {
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("x", x0);
  rect.setAttribute("y", y0);
  rect.setAttribute("width", Math.max(x1 - x0, 0.5));
  rect.setAttribute("height", Math.max(y1 - y0, 0.5));
  return rect;
}

export function pointAt(event) {
  const seen = svg.getBoundingClientRect();
  const { width, height } = page();
  return [((event.clientX - seen.left) / seen.width) * width, ((event.clientY - seen.top) / seen.height) * height];
}

function addBox(place, name, title, kind = "") {
  if (!place.box || Number(place.page) !== page().number) return;
  const [x0, y0, x1, y1] = place.box.split(" ").map(Number);
  const box = rectangle(x0 - 1.5, y0 - 1.5, x1 + 1.5, y1 + 1.5);
  box.dataset.name = name;
  if (kind) box.classList.add(kind);
  const hint = document.createElementNS(SVG, "title");
  hint.textContent = title;
  box.append(hint);
  boxes.append(box);
}

async function tellWhy() {
  sheet.hidden = true;
  const place = document.getElementById("page-failed");
  place.hidden = false;
  try {
    await ask(page().image);
  } catch (error) {
    place.textContent = error.message;
  }
}

if (hasPages) {
  image.addEventListener("error", tellWhy);
  svg.addEventListener("pointerover", (event) => {
    const name = event.target.dataset.name;
    if (name) hoverField(name);
  });
  svg.addEventListener("pointerout", () => hoverField(""));
}

function hoverField(name) {
  light(name);
  for (const field of document.querySelectorAll(".field")) field.classList.toggle("lit", field.dataset.name === name);
}
