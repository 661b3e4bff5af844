"use strict";
// Better with a script: keys, and the reader's own clock beside the host's. Nothing here is needed to read the diary.
(() => {
  const diary = document.querySelector(".diary");
  const dialog = document.querySelector("dialog.keys");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "?") { dialog.showModal(); return; }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input")) found.focus(); else found.click();
  });

  // The host's hour stands as it was told; the reader's is added in words of its own, never in its place.
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const weekday = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short" });
  for (const time of diary.querySelectorAll(".line .hour time[datetime]")) {
    const moment = new Date(time.dateTime);
    const yours = clock.format(moment);
    if (time.textContent.trim().slice(0, 5) === yours) continue;
    const hostDay = time.closest(".day")?.dataset.day;
    const day = hostDay && new Intl.DateTimeFormat("sv").format(moment) !== hostDay ? `${weekday.format(moment)} ` : "";
    const note = document.createElement("span");
    note.className = "yours";
    note.textContent = `${day}${yours} ${diary.dataset.yours}`;
    time.closest(".hour").append(note);
  }
})();
