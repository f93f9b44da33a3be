// Warns before the session ends, and lets the reader go on.
"use strict";

const dialog = document.getElementById("session");
const WARN_SECONDS = 120;
const left = dialog.querySelector("[data-left]");
let endsAt = 0;

function restart() {
  endsAt = Date.now() + Number(dialog.dataset.idleSeconds) * 1000;
}

function words(seconds) {
  if (seconds <= 60) return `${seconds} sekunder`;
  return `${Math.ceil(seconds / 60)} minuter`;
}

async function extend() {
  const body = new URLSearchParams({ csrf_token: dialog.dataset.token });
  const answer = await fetch(dialog.dataset.extendUrl, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok || answer.redirected) {
    window.location.assign(dialog.dataset.endedUrl);
    return;
  }
  restart();
  dialog.close();
}

function tick() {
  const seconds = Math.round((endsAt - Date.now()) / 1000);
  if (seconds <= 0) {
    window.location.assign(dialog.dataset.endedUrl);
  } else if (seconds <= WARN_SECONDS) {
    left.textContent = words(seconds);
    if (!dialog.open) dialog.showModal();
  } else if (dialog.open) {
    dialog.close();
  }
}

dialog.querySelector("[data-extend]").addEventListener("click", extend);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  extend();
});
restart();
window.setInterval(tick, 1000);
