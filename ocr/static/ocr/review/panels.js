// The parts of the page that the server renders: put in place after every change, without losing the place.

import { Refused, ask, at, tell } from "./requests.js";

const root = document.getElementById("review");
const listeners = [];
const POLL = 700;
let busy = false;

export function whenShown(listener) {
  listeners.push(listener);
}

export function show(answer) {
  // The pages of a document that has just been read are not in this page yet.
  if (!root.dataset.read && answer.state === "finished") return window.location.reload();
  for (const [name, html] of Object.entries(answer.panels)) {
    document.getElementById(`review-${name}`).innerHTML = html;
  }
  root.dataset.version = answer.version;
  root.dataset.state = answer.state;
  if (answer.ended || !["finished", "failed"].includes(answer.state)) delete root.dataset.maySave;
  say("review-changes", "");
  for (const listener of listeners) listener();
  return waitWhileRunning();
}

// Saves and shows what became of it; false when it was refused, which is then told.
export async function save(name, body) {
  if (busy) return false;
  busy = true;
  root.classList.add("busy");
  say("review-error", "");
  try {
    const answer = await tell(name, body);
    if (answer.next) {
      window.location.assign(answer.next);
      return true;
    }
    show(answer);
    if (answer.said) announce(answer.said);
    return true;
  } catch (error) {
    refused(error);
    return false;
  } finally {
    busy = false;
    root.classList.remove("busy");
  }
}

export async function reload() {
  try {
    show(await ask(at("state")));
  } catch (error) {
    refused(error);
  }
}

export function refused(error) {
  if (!(error instanceof Refused)) throw error;
  if (error.code === "changed_meanwhile") tellChanges(error.details.changes, "Nothing was saved. ");
  else say("review-error", error.message);
}

export function tellChanges(changes, before = "") {
  if (!changes.length) return;
  const box = say("review-changes", `${before}Meanwhile: ${changes.join(" ")} `);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Show the job as it is now";
  button.addEventListener("click", reload);
  box.append(button);
  if (before) button.focus();
}

export function announce(text) {
  say("word-said", text);
}

export function say(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
  if (id !== "word-said") place.hidden = !text;
  return place;
}

function waitWhileRunning() {
  if (["queued", "running"].includes(root.dataset.state)) setTimeout(reload, POLL);
}

waitWhileRunning();
