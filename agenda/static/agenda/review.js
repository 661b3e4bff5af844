// Point at a field and its words light up; click the words and the field gets the focus.
"use strict";

const marks = [...document.querySelectorAll("mark[data-fields]")];

function pathOf(input) {
  const name = input.name || "";
  const item = name.match(/^items-(\d+)-(.+)$/);
  if (item) return [`items.${item[1]}.${item[2]}`, item[2]];
  const visit = name.match(/^visit-(.+)$/);
  return visit ? [visit[1]] : [];
}

// On a narrow window the text lies far above its field, so the words are quoted at the field itself.
function quote(input) {
  document.querySelectorAll(".quoted").forEach((old) => old.remove());
  const words = [...document.querySelectorAll("mark.active")].map((mark) => mark.textContent.trim()).join(" … ");
  const field = input && input.closest(".field");
  if (!words || !field || !window.matchMedia("(max-width: 900px)").matches) return;
  const note = document.createElement("p");
  note.className = "quoted";
  note.textContent = words;
  field.append(note);
}

function light(paths) {
  for (const mark of marks) {
    const fields = mark.dataset.fields.split(" ");
    const active = fields.some((field) => paths.some((path) => field === path || field.startsWith(path + ".")));
    mark.classList.toggle("active", active);
  }
  const first = document.querySelector("mark.active");
  if (first && window.matchMedia("(min-width: 901px)").matches) first.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  light(pathOf(event.target));
  quote(event.target);
});
document.addEventListener("mouseover", (event) => {
  const input = event.target.closest("input, select, textarea");
  if (input) light(pathOf(input));
});
document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-fields]");
  if (!mark) return;
  for (const field of mark.dataset.fields.split(" ")) {
    const item = field.match(/^items\.(\d+)\.([a-z_]+)/);
    const name = item ? `items-${item[1]}-${item[2]}` : `visit-${field.split(".")[0]}`;
    const input = document.querySelector(`[name="${name}"], [name="items-0-${field.split(".")[0]}"]`);
    if (input) { input.focus(); return; }
  }
});
