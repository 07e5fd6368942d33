// Taking words from the page: by click, by Shift and click, by drawing a box, or with the arrow keys.

import { ask } from "./requests.js";
import { announce } from "./panels.js";
import { hasPages, page, pointAt, rectangle, whenTurned } from "./page_view.js";

const svg = document.getElementById("page-boxes");
const layer = document.getElementById("words");
const drag = document.getElementById("drag");
const scroll = document.getElementById("page-scroll");
const known = new Map();
const CLICK = 3;
let words = [];
let isOn = false;
let first = -1;
let last = -1;
let onTake = () => {};
let onEnter = () => {};
let onLeave = () => {};

export function whenTaken(take, enter, leave) {
  onTake = take;
  onEnter = enter;
  onLeave = leave;
}

// While a field is chosen, the words of the page can be taken.
export async function offerWords(wanted) {
  isOn = wanted && hasPages;
  svg.classList.toggle("taking", isOn);
  first = last = -1;
  layer.replaceChildren();
  if (!isOn) return;
  await load();
  draw();
}

// The keyboard's way: the word under the cursor is said, and taken with Enter.
export async function startWalking(box) {
  if (!isOn) return;
  await load();
  if (!words.length) return announce("There are no words on this page.");
  scroll.focus();
  const start = box ? nearest((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) : 0;
  choose(start, start, false);
}

async function load() {
  const { number, words: address } = page();
  if (!known.has(number)) {
    try {
      known.set(number, (await ask(address)).words);
    } catch {
      known.set(number, []);
    }
  }
  words = known.get(page().number) || [];
}

function draw() {
  layer.replaceChildren(
    ...words.map(([, x0, y0, x1, y1], index) => {
      const rect = rectangle(x0, y0, x1, y1);
      rect.dataset.word = index;
      return rect;
    }),
  );
}

function choose(from, to, isTaken) {
  [first, last] = [from, to];
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  [...layer.children].forEach((rect, index) => rect.classList.toggle("on", index >= low && index <= high));
  layer.children[to]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const chosen = words.slice(low, high + 1);
  if (isTaken) take(chosen);
  else announce(text(chosen));
}

function take(chosen) {
  if (!chosen.length) return;
  const box = [
    Math.min(...chosen.map((word) => word[1])),
    Math.min(...chosen.map((word) => word[2])),
    Math.max(...chosen.map((word) => word[3])),
    Math.max(...chosen.map((word) => word[4])),
  ];
  onTake({ text: text(chosen), page: page().number, box });
}

const text = (chosen) => chosen.map((word) => word[0]).join(" ");
const middle = ([, x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

function nearest(x, y, among = words) {
  let best = 0;
  let least = Infinity;
  among.forEach((word, index) => {
    const [wx, wy] = middle(word);
    const away = Math.abs(wx - x) + 3 * Math.abs(wy - y);
    if (away < least) [best, least] = [index, away];
  });
  return best;
}

function line(by) {
  const here = words[last];
  const lines = [...new Set(words.map((word) => word[5]))];
  const wanted = lines[lines.indexOf(here[5]) + by];
  if (wanted === undefined) return last;
  const among = words.filter((word) => word[5] === wanted);
  const [x, y] = middle(here);
  return words.indexOf(among[nearest(x, y, among)]);
}

function walk(event) {
  if (!isOn || last < 0) return;
  const steps = { ArrowRight: () => last + 1, ArrowLeft: () => last - 1, ArrowDown: () => line(1), ArrowUp: () => line(-1) };
  if (event.key in steps) {
    const to = Math.min(Math.max(steps[event.key](), 0), words.length - 1);
    choose(event.shiftKey ? first : to, to, false);
  } else if (event.key === "Enter") {
    take(words.slice(Math.min(first, last), Math.max(first, last) + 1));
    onEnter();
  } else if (event.key === "Escape") {
    choose(-1, -1, false);
    onLeave();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function press(event) {
  if (!isOn || event.button !== 0) return;
  event.preventDefault();
  const [x, y] = pointAt(event);
  const word = event.target.dataset.word;
  svg.setPointerCapture(event.pointerId);
  let moved = false;
  const move = (moving) => {
    const [toX, toY] = pointAt(moving);
    moved ||= Math.abs(toX - x) + Math.abs(toY - y) > CLICK;
    place(Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y));
  };
  const lift = (lifting) => {
    svg.removeEventListener("pointermove", move);
    place(0, 0, 0, 0);
    if (moved) within([x, y], pointAt(lifting));
    else if (word !== undefined) choose(event.shiftKey && first >= 0 ? first : Number(word), Number(word), true);
  };
  svg.addEventListener("pointermove", move);
  svg.addEventListener("pointerup", lift, { once: true });
}

function within([x, y], [toX, toY]) {
  const [left, right, top, bottom] = [Math.min(x, toX), Math.max(x, toX), Math.min(y, toY), Math.max(y, toY)];
  const inside = (word) => {
    const [wx, wy] = middle(word);
    return wx >= left && wx <= right && wy >= top && wy <= bottom;
  };
  [...layer.children].forEach((rect, index) => rect.classList.toggle("on", inside(words[index])));
  take(words.filter(inside));
}

function place(x, y, width, height) {
  for (const [name, value] of Object.entries({ x, y, width, height })) drag.setAttribute(name, value);
}

if (hasPages) {
  svg.addEventListener("pointerdown", press);
  scroll.addEventListener("keydown", walk);
  whenTurned(() => offerWords(isOn));
}
