// Says that this page is open, and hears who else looks at the job and what they have changed.

import { tell } from "./requests.js";
import { say, tellChanges } from "./panels.js";

const EVERY = 15_000;
const ACTIVE_FOR = 5 * 60_000; // a page that nobody uses does not keep a session alive
let usedAt = Date.now();

async function look() {
  if (document.hidden || Date.now() - usedAt > ACTIVE_FOR) return;
  try {
    const heard = await tell("looking");
    say("review-others", heard.others.join(" "));
    tellChanges(heard.changes);
  } catch {
    // The next save tells what is wrong; looking may fail in silence.
  }
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => (usedAt = Date.now()), true);
window.addEventListener("pagehide", () => tell("looking", { leaving: true }, { keepalive: true }).catch(() => {}));
setInterval(look, EVERY);
look();
