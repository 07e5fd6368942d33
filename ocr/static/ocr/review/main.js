// The review page: which button and which key does what.

import { announce, save, say } from "./panels.js";
import * as fields from "./fields.js";
import * as payee from "./payee.js";
import { drawBoxes, hasPages, page, turn, turnTo, zoomBy } from "./page_view.js";
import "./presence.js";

const rejection = document.getElementById("reject-dialog");
const help = document.getElementById("help-dialog");
const keysOff = document.getElementById("keys-off");
const KEYS_OFF = "paydraft-review-keys-off";

const actions = {
  approve,
  reject: () => mayPress("reject") && rejection.showModal(),
  skip: () => save("skip", {}),
  again: () => document.querySelector("[data-action=again]") && payee.matchAgain(),
  help: () => help.showModal(),
  "close-dialog": (button) => close(button.closest("dialog")),
  "previous-page": () => hasPages && turn(-1),
  "next-page": () => hasPages && turn(1),
  "zoom-in": () => hasPages && zoomBy(1),
  "zoom-out": () => hasPages && zoomBy(-1),
  "zoom-fit": () => hasPages && zoomBy(0),
  "go-field": (button) => fields.choose(button.dataset.target, { edit: true }),
  "confirm-field": async (button) => (await fields.confirm(button.dataset.target)) && nextToDo(),
  settle: (button) => save("settle", { code: button.dataset.target }),
  "go-payee": payee.goToPayee,
  "go-account": payee.goToAccounts,
  "choose-payee": (button) => payee.choosePayee(button.dataset.id),
  "choose-account": (button) => payee.chooseAccount(button.dataset.id, button.dataset.account),
  "enter-account": payee.enterAccount,
  "take-other": (button) => fields.takeOther(button.dataset.number),
};

const keys = {
  ArrowDown: () => fields.step(1),
  ArrowUp: () => fields.step(-1),
  j: () => fields.step(1),
  k: () => fields.step(-1),
  e: fields.edit,
  c: () => fields.confirm(),
  x: fields.empty,
  w: fields.walk,
  a: approveTwice,
  r: actions.reject,
  s: actions.skip,
  m: actions.again,
  b: nextToDo,
  "[": actions["previous-page"],
  "]": actions["next-page"],
  "+": actions["zoom-in"],
  "=": actions["zoom-in"],
  "-": actions["zoom-out"],
  0: actions["zoom-fit"],
  "/": payee.goToSearch,
  "?": actions.help,
};

function mayPress(action) {
  const button = document.querySelector(`.summary-buttons [data-action=${action}]`);
  if (!button.disabled) return true;
  announce(button.title || "This is not possible now.");
  return false;
}

function approve() {
  if (!mayPress("approve")) return;
  const [unsaved] = fields.unsaved();
  if (!unsaved) save("approve", {});
  else {
    fields.choose(unsaved, { edit: true });
    say("review-error", "This value is not saved yet: save it with Enter, or leave it with Esc, then approve.");
  }
}

// One key pays nothing: the first press only shows which button the second one presses.
function approveTwice() {
  const button = document.querySelector("[data-action=approve]");
  if (document.activeElement === button) return approve();
  if (!mayPress("approve")) return undefined;
  button.focus();
  return announce("Press a again, or Enter, to approve the payment.");
}

// The first thing that still has to be done: a blocker's first button, else approving.
function nextToDo() {
  const way = document.querySelector(".blocker-ways button, .blocker-ways a");
  const next = way || document.querySelector("[data-action=approve]:not(:disabled), [data-action=skip]");
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// Closed at once, and without the focus: a browser does both some time later, and the next key would be lost until then.
function close(dialog) {
  dialog.close();
  if (dialog.contains(document.activeElement)) document.activeElement.blur();
}

function closeByKey(dialog, event) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  close(dialog);
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return closeByKey(dialog, event);
  if (event.target.closest("input, textarea, select")) return;
  if (keysOff.checked && event.key.length === 1) return;
  // Enter and arrows keep their meaning on buttons, links and the page itself; the fields' arrows are ours.
  if (event.key.startsWith("Arrow") && event.target.closest("#page-scroll")) return;
  const isDigit = /^[1-9]$/.test(event.key);
  const action = isDigit ? () => fields.takeOther(event.key) : keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button && !button.disabled) actions[button.dataset.action](button);
});
document.addEventListener("keydown", press);
document.getElementById("reject-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reason = document.getElementById("reject-reason").value.trim();
  if (!reason) return say("reject-error", "Say why the document is rejected; who sent it will ask.");
  close(rejection);
  await save("reject", { reason });
});

try {
  keysOff.checked = localStorage.getItem(KEYS_OFF) === "1";
  keysOff.addEventListener("change", () => localStorage.setItem(KEYS_OFF, keysOff.checked ? "1" : "0"));
} catch {
  // A browser that keeps nothing forgets this switch.
}
if (hasPages) turnTo(page().number);
drawBoxes();
// The page keeps to what the summary leaves of the window, however many blockers that has.
const summary = document.getElementById("review-summary");
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--summary-height", `${summary.offsetHeight}px`);
}).observe(summary);
document.getElementById("review").dataset.ready = "1";
