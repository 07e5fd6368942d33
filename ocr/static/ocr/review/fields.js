// The fields: one is chosen at a time, its value is checked while it is typed or taken, and saved with Enter.

import { tell } from "./requests.js";
import { save, whenShown } from "./panels.js";
import { drawBoxes, light, showField } from "./page_view.js";
import { offerWords, startWalking, whenTaken } from "./words.js";

const root = document.getElementById("review");
const side = document.getElementById("review-fields");
const hint = document.getElementById("page-hint");
const CHECK_AFTER = 180;
let chosen = "";
const drafts = new Map(); // what was typed or taken and is not saved yet: text, the words it was taken from, and why
let waiting = 0;
let asked = 0;

const maySave = () => "maySave" in root.dataset;
const field = (name = chosen) => (name ? document.getElementById(`field-${name}`) : null);
const input = () => field()?.querySelector("[name=text]");
const why = (each = field()) => each?.querySelector("[name=reason]");
const value = (each) => each.querySelector(".field-value").textContent.trim();

export function choose(name, { edit = false, focus = true } = {}) {
  if (chosen !== name) close();
  chosen = name;
  const each = field();
  if (!each) return;
  each.classList.add("chosen");
  each.querySelector(".field-edit").hidden = false;
  const open = each.querySelector(".field-open");
  open.setAttribute("aria-expanded", "true");
  each.scrollIntoView({ block: "nearest" });
  showField(each);
  drawBoxes();
  offerWords(maySave());
  if (maySave()) check();
  hint.textContent = maySave() ? `Click the words of ${each.dataset.label} on the page.` : each.dataset.label;
  if (edit && input()) {
    input().focus();
    input().select();
  } else if (focus) open.focus();
}

export function close() {
  const each = field();
  chosen = "";
  clearTimeout(waiting);
  hint.textContent = "Choose a field, then click its words on the page.";
  offerWords(false);
  if (!each) return;
  each.classList.remove("chosen");
  each.querySelector(".field-edit").hidden = true;
  each.querySelector(".field-open").setAttribute("aria-expanded", "false");
  drawBoxes();
}

export function step(by, options = {}) {
  const all = [...document.querySelectorAll(".field")];
  const at = all.findIndex((each) => each.dataset.name === chosen);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  if (all[next]) choose(all[next].dataset.name, options);
}

export const edit = () => chosen && choose(chosen, { edit: true });
export const unsaved = () => [...drafts.keys()];

// Leaves the input, and what was typed in it.
export function leave() {
  if (!field()) return;
  drafts.delete(chosen);
  if (input()) input().value = input().defaultValue;
  if (why()) why().value = "";
  markDrafts();
  if (maySave()) check();
  field().querySelector(".field-open").focus();
}

export function confirm(name = chosen) {
  const each = field(name);
  if (!each || !maySave()) return false;
  if (each.classList.contains("empty")) {
    choose(name, { edit: true });
    return false;
  }
  return correct({ target: name, text: value(each) }, name);
}

export function empty() {
  if (chosen && maySave() && !field().classList.contains("empty")) correct({ target: chosen, text: "" }, chosen);
}

export function takeOther(number) {
  const other = field()?.querySelector(`.other[data-number="${number}"]`);
  if (!other || !maySave()) return;
  const place = other.dataset.box
    ? { page: Number(other.dataset.page), box: other.dataset.box.split(" ").map(Number), raw: other.dataset.raw }
    : {};
  correct({ target: chosen, text: other.dataset.value, ...place }, chosen);
}

export function walk() {
  if (!chosen || !maySave()) return;
  const { box } = field().dataset;
  startWalking(box ? box.split(" ").map(Number) : null);
}

async function correct(row, name) {
  const draft = drafts.get(name);
  const reason = why(field(name))?.value.trim();
  drafts.delete(name);
  const isSaved = await save("correct", { corrections: [reason ? { ...row, reason } : row] });
  if (!isSaved && draft) drafts.set(name, draft);
  if (isSaved && field(name)) choose(name);
  return isSaved;
}

function keepDraft(text, words) {
  const reason = why().value;
  if (text === input().defaultValue && !words && !reason) drafts.delete(chosen);
  else drafts.set(chosen, { text, words, reason });
  markDrafts();
}

function markDrafts() {
  for (const each of document.querySelectorAll(".field")) {
    const draft = drafts.get(each.dataset.name);
    each.classList.toggle("unsaved", Boolean(draft));
    const text = each.querySelector("[name=text]");
    if (draft && text) text.value = draft.text;
    if (draft && why(each)) why(each).value = draft.reason;
  }
}

function submit() {
  const text = input().value.trim();
  const words = drafts.get(chosen)?.words;
  const place = words ? { page: words.page, box: words.box, raw: words.text } : {};
  correct({ target: chosen, text, ...place }, chosen);
}

async function check() {
  const each = field();
  const place = each?.querySelector(".field-check");
  if (!place) return;
  const number = ++asked;
  let said;
  try {
    said = await tell("check", { target: chosen, text: input().value });
  } catch (error) {
    said = { refused: error.message, checks: [] };
  }
  if (number !== asked || field() !== each) return;
  place.classList.toggle("bad", Boolean(said.refused));
  const parts = said.refused ? [line(said.refused, "bad")] : said.checks.map((one) => line(one.text, sign(one.is_good)));
  if (said.value && said.value !== input().value.trim()) parts.unshift(line(`is saved as ${said.value}`, "value"));
  place.replaceChildren(...parts);
}

function sign(isGood) {
  if (isGood === null) return "quiet";
  return isGood ? "good" : "warn";
}

function line(text, kind) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = { good: "✓ ", warn: "≠ ", bad: "✗ " }[kind] ? `${{ good: "✓ ", warn: "≠ ", bad: "✗ " }[kind]}${text}` : text;
  return span;
}

function put(words) {
  if (!input()) return;
  input().value = words.text;
  keepDraft(words.text, words);
  input().focus();
  check();
}

side.addEventListener("click", (event) => {
  const open = event.target.closest(".field-open");
  if (!open) return;
  const { name } = open.closest(".field").dataset;
  // Enter on the button of the chosen field edits it; another click closes it.
  if (name !== chosen) choose(name, { edit: event.detail > 0 });
  else if (event.detail > 0) close();
  else edit();
});
side.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
side.addEventListener("input", (event) => {
  if (event.target === why()) return keepDraft(input().value, drafts.get(chosen)?.words ?? null);
  keepDraft(input().value, null);
  clearTimeout(waiting);
  waiting = setTimeout(check, CHECK_AFTER);
  return undefined;
});
side.addEventListener("keydown", (event) => {
  if (!event.target.matches("[name=text], [name=reason]")) return;
  const isLine = event.target.matches("input[name=text]");
  if (event.key === "Escape") leave();
  else if (event.key === "Enter" && event.target.matches("textarea") && !event.shiftKey) submit();
  else if (isLine && event.key === "ArrowDown") step(1, { edit: true });
  else if (isLine && event.key === "ArrowUp") step(-1, { edit: true });
  else return;
  event.preventDefault();
  event.stopPropagation();
});
side.addEventListener("pointerover", (event) => light(event.target.closest(".field")?.dataset.name || ""));
side.addEventListener("pointerout", () => light(""));
side.addEventListener("focusin", (event) => light(event.target.closest(".field")?.dataset.name || ""));
document.getElementById("page-boxes")?.addEventListener("click", (event) => {
  const { name } = event.target.dataset;
  if (name && name !== chosen) choose(name, { edit: true });
});

whenTaken(put, () => input()?.focus(), leave);
whenShown(() => {
  const name = chosen;
  chosen = "";
  offerWords(false);
  drawBoxes();
  if (!maySave()) drafts.clear();
  markDrafts();
  if (field(name)) choose(name, { focus: false });
});
