// Questions about names by keyboard. Without it every form of the page works by itself.
"use strict";

const KEYS_OFF = "agenda-keys-off";

const questions = () => [...document.querySelectorAll(".question")];
const current = () => document.activeElement.closest(".question") || questions()[0];

function stepTo(question) {
  question?.focus({ preventScroll: true });
  question?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = questions();
  const at = all.indexOf(document.activeElement.closest(".question"));
  stepTo(all[at < 0 ? 0 : at + by]);
}

function press(selector) {
  const button = current()?.querySelector(selector);
  if (button) button.form.requestSubmit(button);
}

function byName() {
  const details = current()?.querySelector(".by-name");
  if (!details) return;
  details.open = true;
  details.querySelector("input:not([type=hidden])").focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: () => press("[name=other]"),
  n: () => press("[name=later]"),
  h: byName,
  u: () => document.querySelector("form.undo")?.requestSubmit(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && typing) { stepTo(current()); return; }
  if (typing || event.repeat) return;
  const act = /^[1-9]$/.test(event.key) ? () => press(`.option:nth-of-type(${event.key})`) : keys[event.key];
  if (!act || (event.key !== "?" && localStorage.getItem(KEYS_OFF))) return;
  event.preventDefault();
  act();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("#show-keys")) keys["?"]();
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "keys-on") return;
  if (event.target.checked) localStorage.removeItem(KEYS_OFF); else localStorage.setItem(KEYS_OFF, "1");
});

document.getElementById("show-keys").hidden = false;
document.getElementById("keys-on").checked = !localStorage.getItem(KEYS_OFF);
stepTo((location.hash && document.querySelector(location.hash)) || document.querySelector(".question:has(.wrong)") || questions()[0]);
