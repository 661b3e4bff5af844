// While communiqués are being read, the numbers of the intake page follow; the list does where nobody is in it.
"use strict";

const EVERY = 3000; // milliseconds

async function follow() {
  const live = document.getElementById("intake-live");
  if (!live || !live.querySelector("progress")) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["intake-live", "intake-list"]) {
        const now = document.getElementById(id);
        const then = page.getElementById(id);
        if (now && then && !now.contains(document.activeElement)) now.replaceChildren(...then.childNodes);
      }
    } catch {
      // The server is away for a moment: the next look tries again.
    }
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
