// Warns before the session ends, and lets the reader go on. A page that still holds
// something unsent says so ("lovdv:ending" is stopped), and is not left.
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

function end() {
  const ending = new CustomEvent("lovdv:ending", { cancelable: true });
  if (document.dispatchEvent(ending)) {
    window.location.assign(dialog.dataset.endedUrl);
  } else if (dialog.open) {
    dialog.close();
  }
}

async function extend() {
  const body = new URLSearchParams({ csrf_token: dialog.dataset.token });
  let answer = null;
  try {
    answer = await fetch(dialog.dataset.extendUrl, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
  } catch {
    return; // no contact: the dialog stays, and the button can be pressed again
  }
  if (!answer.ok || answer.redirected) {
    end();
    return;
  }
  restart();
  dialog.close();
}

function tick() {
  const seconds = Math.round((endsAt - Date.now()) / 1000);
  if (seconds <= 0) {
    end();
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
document.addEventListener("lovdv:alive", restart);
restart();
window.setInterval(tick, 1000);
