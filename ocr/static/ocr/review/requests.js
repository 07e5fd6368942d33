// Asking the server and telling it something. What it refuses comes back as a sentence for the person at the screen.

const root = document.getElementById("review");
const token = root.querySelector("input[name=csrfmiddlewaretoken]").value;

export class Refused extends Error {
  constructor(message, status, body) {
    super(message);
    this.status = status;
    this.code = body.error || "";
    this.details = body.details || {};
  }
}

// Where the server takes what; the addresses stand in the page.
export function at(name) {
  return root.dataset[`at${name[0].toUpperCase()}${name.slice(1)}`];
}

export function ask(address) {
  return request(address, { method: "GET" });
}

// Every change names the state of the job that this page shows.
export function tell(name, body = {}, options = {}) {
  return request(at(name), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ version: root.dataset.version, ...body }),
    ...options,
  });
}

async function request(address, options) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    throw new Refused("The server does not answer; nothing was saved. Try again in a moment.", 0, {});
  }
  let body = {};
  try {
    body = await answer.json();
  } catch {
    throw new Refused("The server did not understand this; reload the page and try again.", answer.status, {});
  }
  if (!answer.ok) throw new Refused(body.message || "This was refused; reload the page.", answer.status, body);
  return body;
}
