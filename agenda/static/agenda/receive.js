// Shows how far the files that are sent have come. Without it the form is sent as any other.
"use strict";

const form = document.getElementById("receive");
const box = document.getElementById("sending");
if (form && box && window.FormData && "upload" in XMLHttpRequest.prototype) form.addEventListener("submit", send);

function send(event) {
  const files = [...form.querySelector("[type=file]").files];
  if (!files.length) return;
  event.preventDefault();
  const button = form.querySelector("button.primary");
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (step) => {
    if (step.lengthComputable) tell(files, step.loaded, step.total);
  });
  request.upload.addEventListener("load", () => say("kept"));
  request.addEventListener("load", () => arrived(request));
  request.addEventListener("error", () => failed());
  request.open("POST", form.action || location.href);
  request.setRequestHeader("Accept", "application/json");
  button.disabled = true;
  box.hidden = false;
  tell(files, 0, 1);
  request.send(new FormData(form));
}

// Files are sent one after the other: those that lie before what has been sent are through.
function tell(files, sent, all) {
  const bar = box.querySelector("progress");
  bar.value = all ? sent / all : 0;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let left = sent - (all - size);
  const through = files.filter((file) => (left -= file.size) >= 0).length;
  say("sending", { through: String(through), all: String(files.length) });
}

// Written, and so spoken, only where it says something new.
function say(name, values = {}) {
  let text = box.dataset[name];
  for (const [key, value] of Object.entries(values)) text = text.replace(`{${key}}`, value);
  const live = box.querySelector("[role=status]");
  if (live.textContent !== text) live.textContent = text;
}

function arrived(request) {
  if (request.status === 200 && (request.getResponseHeader("Content-Type") || "").startsWith("application/json")) {
    location.assign(JSON.parse(request.responseText).next);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const answer = page.getElementById("receive");
  if (!answer) {
    failed();
    return;
  }
  form.replaceChildren(...answer.childNodes);
  const said = page.querySelector("ul.messagelist"); // what was kept of several
  if (said) form.prepend(said);
  box.hidden = true;
  const wrong = form.querySelector(".errorlist");
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  }
}

function failed() {
  form.querySelector("button.primary").disabled = false;
  say("lost");
}
