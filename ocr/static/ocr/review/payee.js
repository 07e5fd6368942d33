// Who is to be paid: choosing among candidates, looking others up, entering a new one, and the document's account.

import { Refused, ask, at } from "./requests.js";
import { save, say, whenShown } from "./panels.js";

const panel = document.getElementById("review-payee");
const SEARCH_AFTER = 200;
let waiting = 0;
let asked = 0;

export const choosePayee = (id) => save("payee", { counterparty_id: id }).then(back);
export const chooseAccount = (id, account) => save("payee", { counterparty_id: id, cp_account_id: account }).then(back);
export const enterAccount = () => save("account", {}).then(back);
export const matchAgain = () => save("again", {});

export function goToPayee() {
  const title = document.getElementById("payee-title");
  title?.scrollIntoView({ block: "start" });
  (panel.querySelector(".choose") || title)?.focus({ preventScroll: true });
}

export function goToAccounts() {
  const account = panel.querySelector("[data-action=choose-account], [data-action=enter-account]");
  if (!account) return goToPayee();
  document.getElementById("payee-title").scrollIntoView({ block: "start" });
  return account.focus({ preventScroll: true });
}

export function goToSearch() {
  const text = document.getElementById("search-text");
  text?.scrollIntoView({ block: "center" });
  text?.focus();
}

function back(isSaved) {
  if (isSaved) document.getElementById("payee-title")?.focus({ preventScroll: true });
}

async function search(text) {
  const number = ++asked;
  const list = document.getElementById("search-found");
  try {
    const { found } = await ask(`${at("search")}?${new URLSearchParams({ q: text })}`);
    if (number !== asked) return;
    const nobody = text.trim().length > 1 ? [row("Nobody is called or numbered like that.")] : [];
    list.replaceChildren(...(found.length ? found.map(foundRow) : nobody));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say("review-error", error.message);
  }
}

function foundRow(found) {
  const item = row("");
  const name = document.createElement("b");
  name.textContent = found.name;
  const accounts = found.accounts.map((each) => `${each.iban} ${each.currency}`).join(", ");
  const more = document.createElement("span");
  more.className = "quiet";
  more.textContent = [found.vat_id, accounts || "no account on file"].filter(Boolean).join(" · ");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.dataset.action = "choose-payee";
  button.dataset.id = found.id;
  button.textContent = "Choose";
  button.setAttribute("aria-label", `Choose ${found.name}`);
  item.append(name, more, button);
  return item;
}

function row(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

panel.addEventListener("input", (event) => {
  if (event.target.id !== "search-text") return;
  clearTimeout(waiting);
  waiting = setTimeout(search, SEARCH_AFTER, event.target.value);
});
panel.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id === "create-form") save("create", Object.fromEntries(new FormData(event.target))).then(back);
  else if (event.target.id === "search-form") search(document.getElementById("search-text").value);
});
panel.addEventListener("keydown", (event) => {
  if (event.target.id === "search-text" && event.key === "ArrowDown") {
    document.querySelector("#search-found button")?.focus();
    event.preventDefault();
  }
});
whenShown(() => clearTimeout(waiting));
