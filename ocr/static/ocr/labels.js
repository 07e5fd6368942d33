// Names for those who hear the page: Django's widgets for dates, choices and rows of tables show what they are for by
// where they stand, and say it to nobody else.

const text = (element) => (element ? element.textContent.replace(/[\s:]+/g, " ").trim() : "");

function name(element, said) {
  if (said && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", said);
}

// Date and time of one moment: two inputs below one legend.
function nameMoments() {
  for (const input of document.querySelectorAll(".vDateField, .vTimeField")) {
    if (input.labels.length) continue;
    const of = input.closest(".form-row, td")?.querySelector("legend, label");
    name(input, `${text(of)} ${input.matches(".vDateField") ? "date" : "time"}`.trim());
  }
}

// Rows of a table of inputs: the head of the column, and which row.
function nameRows() {
  for (const row of document.querySelectorAll(".tabular tr.form-row")) {
    const heads = row.closest("table").tHead.rows[0].cells;
    const number = Number(row.id.match(/-(\d+)$/)?.[1] ?? -1) + 1;
    for (const input of row.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (!input.labels?.length) name(input, `${text(heads[input.closest("td").cellIndex])} ${number || "new"}`);
    }
  }
}

// A choice that is looked up while it is typed: the box stands in the place of a select, and its value is its text.
function nameLookups() {
  for (const box of document.querySelectorAll(".select2-selection")) {
    const select = box.closest(".select2")?.previousElementSibling;
    const said = text(select?.labels?.[0]) || select?.getAttribute("aria-label");
    name(box, said);
    const value = box.querySelector(".select2-selection__rendered");
    if (value) name(value, said);
  }
}

function nameAll() {
  nameMoments();
  nameRows();
  nameLookups();
  for (const search of document.querySelectorAll("#searchbar")) name(search, "Search");
  // Two lists to choose from: the pictures that explain their search are pictures.
  for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
  // A filter by a value that is empty.
  for (const link of document.querySelectorAll("#changelist-filter a:empty")) link.textContent = "(empty)";
  letScroll();
}

// What scrolls sideways can be reached with the keyboard.
function letScroll() {
  for (const part of document.querySelectorAll(".inline-group fieldset.module, .job section, .results")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}

// Widgets are built after the page, some of them when a row is added; one turn of the screen later all of them are there.
let waiting = 0;
function soon() {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(nameAll);
}

if (document.querySelector(".change-form, .change-list, .dashboard, .job")) {
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
}
window.addEventListener("load", nameAll);
window.addEventListener("resize", letScroll);
