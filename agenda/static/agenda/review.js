// The review page by keyboard and pointer. Without it every form of the page works by itself.
"use strict";

const NARROW = "(max-width: 900px)";
const KEYS_OFF = "agenda-keys-off";
let pressedOnce = "";
let saving = 0;
let edited = false;
let ahead = null; // the page that opens next: { url, text }
let pending = Promise.resolve(); // the decision that is on its way

const page = () => document.getElementById("review");
const form = () => document.querySelector("form.proposal");
const fields = () => [...document.querySelectorAll(".proposal fieldset:not(:disabled) .field[data-field]")];
const inputOf = (field) => field.querySelector("input:not([type=hidden]), select, textarea");
const chosen = () => document.querySelector(".field.current");
const say = (name) => document.getElementById("said").content.querySelector(`[data-say=${name}]`).textContent;

function tell(text) {
  const place = document.getElementById("saved");
  if (place) place.textContent = text;
}

// ---- A field and its words ----

function pathsOf(field) {
  if (field.dataset.path) return [field.dataset.path];
  const name = field.dataset.field;
  const item = name.match(/^items-(\d+)-(.+)$/);
  if (item) return document.querySelector("[name^='visit-']") ? [`items.${item[1]}.${item[2]}`] : [item[2]];
  const visit = name.match(/^visit-(.+)$/);
  return visit ? [visit[1]] : [];
}

function fieldOf(path) {
  const item = path.match(/^items\.(\d+)\.([a-z_]+)/);
  const first = path.split(".")[0];
  const names = item ? [`items-${item[1]}-${item[2]}`] : [`visit-${first}`, `items-0-${first}`];
  return names.map((name) => document.querySelector(`.field[data-field="${name}"]`)).find(Boolean);
}

function light(field) {
  const paths = field ? pathsOf(field) : [];
  for (const mark of document.querySelectorAll("mark[data-fields]")) {
    const on = mark.dataset.fields.split(" ").some((each) => paths.some((path) => each === path || each.startsWith(`${path}.`)));
    mark.classList.toggle("active", on);
  }
  const first = document.querySelector("mark.active");
  if (first && !matchMedia(NARROW).matches) {
    const pane = first.closest(".communique-text");
    const [top, end] = [first.offsetTop - pane.offsetTop, pane.scrollTop + pane.clientHeight];
    if (top < pane.scrollTop || top > end - 40) pane.scrollTop = Math.max(0, top - pane.clientHeight / 3);
  }
}

// On a narrow window the text lies far above its field, so the words are quoted at the field itself.
function quote(field) {
  document.querySelectorAll(".quoted.passing").forEach((old) => old.remove());
  const words = [...document.querySelectorAll("mark.active")].map((mark) => mark.textContent.trim()).join(" … ");
  if (words && matchMedia(NARROW).matches) note(field, words, "passing");
}

function note(field, words, kind) {
  const said = document.createElement("p");
  said.className = `quoted ${kind}`;
  said.textContent = words;
  field.append(said);
}

function choose(field, { focus = true } = {}) {
  if (chosen() === field) return;
  for (const old of document.querySelectorAll(".field.current")) {
    old.classList.remove("current");
    old.querySelector(".tools")?.remove();
  }
  pressedOnce = "";
  if (!field || field.closest("fieldset:disabled")) { light(null); return; }
  field.classList.add("current");
  if (inputOf(field)) field.querySelector("label").after(document.getElementById("field-tools").content.cloneNode(true));
  light(field);
  quote(field);
  if (focus) {
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "nearest" });
  }
}

function step(by) {
  const all = fields();
  const at = all.indexOf(chosen());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  if (all[next]) choose(all[next]);
}

// ---- Field by field ----

const readValue = (input) => {
  if (input.type === "checkbox") return input.defaultChecked;
  if (input.tagName === "SELECT") return ([...input.options].find((one) => one.defaultSelected) || input.options[0]).value;
  return input.defaultValue;
};
const valueOf = (input) => (input.type === "checkbox" ? input.checked : input.value);

function put(input, value) {
  if (input.type === "checkbox") input.checked = value;
  else input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function unsaid(input) {
  if (input.type === "checkbox") return false;
  if (input.tagName !== "SELECT") return "";
  return ["", "unspecified"].find((value) => [...input.options].some((one) => one.value === value));
}

function settledNames() { return new Set(form().elements.settled.value.split(" ").filter(Boolean)); }

function mark(field, { settled = false, refused = false } = {}) {
  const names = settledNames();
  if (settled || refused) names.add(field.dataset.field); else names.delete(field.dataset.field);
  form().elements.settled.value = [...names].join(" ");
  field.classList.toggle("settled", settled || refused);
  field.classList.toggle("refused", refused);
  field.querySelectorAll(".quoted.refusal").forEach((old) => old.remove());
}

const acts = {
  settle(field) {
    const input = inputOf(field);
    if (input?.name === "taken") put(input, true);
    mark(field, { settled: true });
    autosave();
    step(1);
  },
  refuse(field) {
    const input = inputOf(field);
    if (!input) { step(1); return; }
    const empty = unsaid(input);
    if (empty === undefined) { acts.edit(field); return; }
    const before = input.tagName === "SELECT" ? input.selectedOptions[0]?.textContent : input.value;
    put(input, empty);
    mark(field, { refused: true });
    if (input.type !== "checkbox" && before) note(field, `${say("refused")} ${before}`, "refusal");
    step(1);
  },
  edit(field) { const input = inputOf(field); input?.focus(); input?.select?.(); },
  restore(field) {
    const input = inputOf(field);
    if (!input) return;
    put(input, readValue(input));
    mark(field);
    field.querySelectorAll(".quoted.assigned").forEach((old) => old.remove());
    setAssigned(getAssigned().filter((one) => one.field !== field.dataset.field));
  },
};

// ---- Words put into a field ----

const getAssigned = () => JSON.parse(form().elements.assigned.value || "[]");
const setAssigned = (rows) => { form().elements.assigned.value = JSON.stringify(rows); };

function selected() {
  const words = document.querySelector(".communique-text .words");
  const selection = getSelection();
  if (!words || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!words.contains(range.startContainer) || !words.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  const start = [...before.toString()].length + ([...text].length - [...text.trimStart()].length);
  return text.trim() ? { text: text.trim(), start, end: start + [...text.trim()].length } : null;
}

function offerWords() {
  const offer = document.querySelector("form.assign");
  const words = offer && selected();
  if (!words) return;
  const list = offer.querySelector("select");
  if (!list.options.length) {
    for (const set of document.querySelectorAll(".proposal fieldset")) {
      const group = document.createElement("optgroup");
      group.label = set.querySelector("legend").textContent.trim();
      for (const field of set.querySelectorAll(".field[data-field^='visit-'], .field[data-field^='items-']")) {
        if (inputOf(field).type === "checkbox") continue;
        const option = new Option(field.querySelector("label").firstChild.textContent.trim(), field.dataset.field);
        group.append(option);
      }
      if (group.children.length) list.append(group);
    }
  }
  if (chosen() && [...list.options].some((one) => one.value === chosen().dataset.field)) list.value = chosen().dataset.field;
  offer.querySelector(".chosen").textContent = `« ${words.text} »`;
  offer.dataset.words = JSON.stringify(words);
  offer.querySelector("[role=status]").textContent = "";
  offer.hidden = false;
}

async function putWords(offer) {
  const { text, start, end } = JSON.parse(offer.dataset.words);
  const name = offer.querySelector("select").value;
  const field = document.querySelector(`.field[data-field="${name}"]`);
  const input = inputOf(field);
  const row = { field: name, start, end };
  const answer = await send(page().dataset.words, { assigned: JSON.stringify([row]) });
  let value = answer?.value || "";
  if (input.tagName === "SELECT") {
    const wanted = text.toLowerCase();
    value = [...input.options].find((one) => one.value === value || one.text.toLowerCase() === wanted)?.value || "";
  }
  if (!value) { offer.querySelector("[role=status]").textContent = say("unread"); return; }
  if (name.endsWith("-participants") && input.value) value = `${input.value}; ${value}`;
  if (name === "visit-cities" && input.value) value = `${input.value}, ${value}`;
  if (name === "visit-visitors" && input.value) value = `${input.value}\n${value}`;
  put(input, value);
  mark(field, { settled: true });
  setAssigned([...getAssigned(), row]);
  note(field, text, "assigned");
  offer.hidden = true;
  getSelection().removeAllRanges();
  choose(field);
  autosave();
}

// ---- Typed and not decided ----

async function send(url, extra, { whole = false } = {}) {
  const data = whole ? new FormData(form()) : new FormData();
  const own = form().elements;
  for (const name of ["csrfmiddlewaretoken", "version", "visit_version"]) data.set(name, own[name].value);
  for (const [name, value] of Object.entries(extra || {})) data.set(name, value);
  try {
    const answer = await fetch(url, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    return answer.ok ? await answer.json() : null;
  } catch { tell(say("lost")); return null; }
}

function autosave() {
  clearTimeout(saving);
  const url = page()?.dataset.typed;
  saving = setTimeout(async () => {
    if (!form() || page().dataset.typed !== url) return;
    heard(await send(url, {}, { whole: true }));
  }, 800);
}

function heard(answer) {
  if (!answer) return;
  if (answer.stale) tell(say("stale"));
  else if (answer.holder) tell(say("held"));
  else if (answer.saved) tell(say("saved"));
}

setInterval(async () => {
  if (!document.hidden && document.querySelector(".proposal .actions")) heard(await send(page().dataset.typed));
}, 60000);

// ---- Deciding, and the next proposal without leaving the page ----

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

function show(next, url) {
  document.querySelector("#content-start").replaceWith(next.querySelector("#content-start"));
  const crumbs = next.querySelector(".breadcrumbs");
  if (crumbs) document.querySelector(".breadcrumbs")?.replaceWith(crumbs);
  document.title = next.title;
  if (url !== location.href) history.pushState({}, "", url);
  open();
}

async function swap(request) {
  clearTimeout(saving);
  await pending;
  try {
    const answer = await fetch(request);
    const next = parsed(await answer.text());
    if (next.querySelector("#content-start")) show(next, answer.url); else location.assign(answer.url);
  } catch { tell(say("lost")); }
}

// The page that opens next is loaded while one reads this one.
async function loadAhead() {
  const url = page()?.dataset.next;
  ahead = null;
  delete document.documentElement.dataset.ahead;
  if (!url) return;
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "ahead" } });
    if (answer.ok && page()?.dataset.next === url) {
      ahead = { url: answer.url, text: await answer.text() };
      document.documentElement.dataset.ahead = url;
    }
  } catch { /* it is loaded when it is needed */ }
}

// The next proposal shows at once; the answer brings what has to be said of this one. A refusal brings this one back.
async function sendDecision(request) {
  const began = performance.now();
  const loaded = ahead;
  clearTimeout(saving);
  ahead = null;
  const opened = () => { document.documentElement.dataset.opened = Math.round(performance.now() - began); };
  if (loaded) { show(parsed(loaded.text), loaded.url); opened(); }
  try {
    const answer = await fetch(request);
    const next = parsed(await answer.text());
    const own = next.querySelector("form.proposal")?.elements;
    const same = own && answer.url === loaded?.url && ["version", "visit_version", "assigned", "settled"].every((name) => own[name].value === (edited ? own : form().elements)[name].value);
    if (same) {
      document.querySelector("#content-start .messagelist")?.remove();
      document.querySelector("#content-start").prepend(next.querySelector(".messagelist") || "");
    } else if (next.querySelector("#content-start")) {
      show(next, answer.url);
    } else location.assign(answer.url);
  } catch { tell(say("lost")); }
  if (!loaded) opened();
  document.documentElement.dataset.answered = Math.round(performance.now() - began);
  loadAhead();
}

function open() {
  pressedOnce = "";
  edited = false;
  const keys = document.getElementById("show-keys");
  if (keys) keys.hidden = false;
  const on = document.getElementById("keys-on");
  if (on) on.checked = !localStorage.getItem(KEYS_OFF);
  scrollTo(0, 0);
  const wrong = document.querySelector(".field.wrong");
  if (wrong) choose(wrong); else (page() || document.getElementById("content-start")).focus({ preventScroll: true });
}

function decide(name) {
  const button = form()?.querySelector(`.actions [name=${name}]:not(:disabled)`);
  if (!button) return;
  const doubts = name === "reject" ? [] : document.querySelectorAll(".field.asked:not(.settled)");
  if (doubts.length && pressedOnce !== name) {
    choose(doubts[0]);
    pressedOnce = name;
    tell(say("open"));
    return;
  }
  form().requestSubmit(button);
}

document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.matches("form.assign")) { event.preventDefault(); putWords(sent); return; }
  if (sent.method !== "post" || !sent.closest("#content-start") || !page()) return;
  event.preventDefault();
  const url = sent.getAttribute("action") || location.href;
  const request = new Request(url, { method: "POST", body: new FormData(sent, event.submitter), headers: { "X-Requested-With": "fetch" } });
  if (!sent.matches(".proposal")) { swap(request).then(loadAhead); return; }
  const before = pending;
  pending = before.then(() => sendDecision(request));
});

window.addEventListener("popstate", () => location.reload());
window.addEventListener("pagehide", () => {
  if (!document.querySelector(".proposal .actions")) return;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
  navigator.sendBeacon(page().dataset.leave, data);
});

// ---- Keys ----

const isTyping = (target) => target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

function follow(rel) {
  const link = document.querySelector(`#content-start a[rel=${rel}]`);
  if (link) swap(new Request(link.href)).then(loadAhead);
}

function queueStep(by) {
  const links = [...document.querySelectorAll(".queue .what a")];
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by]?.focus();
}

function undo() {
  const last = document.querySelector("form.undo");
  if (last) last.requestSubmit();
}

const keys = {
  j: () => (page() ? step(1) : queueStep(1)),
  k: () => (page() ? step(-1) : queueStep(-1)),
  J: () => follow("next"),
  K: () => follow("prev"),
  a: () => (chosen() && pressedOnce !== "accept" ? acts.settle(chosen()) : decide("accept")),
  r: () => (chosen() ? acts.refuse(chosen()) : decide("reject")),
  p: () => decide("publish"),
  e: () => { const field = chosen() || document.querySelector(".field.asked:not(.settled)") || fields()[0]; if (field) { choose(field); acts.edit(field); } },
  u: () => (chosen() ? acts.restore(chosen()) : undo()),
  q: () => document.querySelector(".name-questions a")?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (isTyping(event.target) && chosen()) chosen().focus();
    else { choose(null); page()?.focus({ preventScroll: true }); }
    return;
  }
  if (isTyping(event.target) || !keys[event.key]) return;
  if (event.key !== "?" && localStorage.getItem(KEYS_OFF)) return;
  event.preventDefault();
  keys[event.key]();
});

// ---- Pointer and focus ----

document.addEventListener("focusin", (event) => {
  const field = event.target.closest?.(".proposal .field[data-field]");
  if (field) choose(field, { focus: false });
});
document.addEventListener("mouseover", (event) => {
  const field = event.target.closest(".proposal .field[data-field]");
  if (field) { light(field); return; }
  document.querySelectorAll(".field.pointed").forEach((old) => old.classList.remove("pointed"));
  const words = event.target.closest("mark[data-fields]");
  for (const path of words ? words.dataset.fields.split(" ") : []) fieldOf(path)?.classList.add("pointed");
});
document.addEventListener("click", (event) => {
  const tool = event.target.closest(".tools [data-act]");
  if (tool) { acts[tool.dataset.act](tool.closest(".field")); return; }
  if (event.target.closest("#show-keys")) { keys["?"](); return; }
  const words = event.target.closest("mark[data-fields]");
  const field = words && getSelection().isCollapsed && words.dataset.fields.split(" ").map(fieldOf).find(Boolean);
  if (field) { choose(field); }
});
document.addEventListener("mouseup", () => setTimeout(offerWords));
document.addEventListener("keyup", (event) => { if (event.shiftKey) offerWords(); });
document.addEventListener("input", (event) => {
  if (event.target.closest(".proposal") && form()?.querySelector(".actions")) { edited = true; autosave(); }
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "keys-on") return;
  if (event.target.checked) localStorage.removeItem(KEYS_OFF); else localStorage.setItem(KEYS_OFF, "1");
});

open();
loadAhead();
