// Saves each answer while it is being written. What could not be sent stays in the
// page, is shown as unsent and is sent again; nothing is kept anywhere else. Without
// this file the form's own buttons do the same work.
"use strict";

import { ask, renew, why } from "./contact.js";
import { Item } from "./scoring_item.js";
import { listen } from "./scoring_keys.js";

const PAUSE = 900;
const SOON = 3000;
const SELDOM = 30000;

const form = document.querySelector("form[data-scoring]");
const bar = document.querySelector("[data-state]");
const told = bar.querySelector("[data-told]");
const aloud = bar.querySelector("[data-aloud]");
const signIn = bar.querySelector("[data-sign-in]");
const items = [...form.querySelectorAll("[data-item]")].map(
  (element) => new Item(element, form, { touched: () => later(PAUSE), settled: flush }),
);

let timer = 0;
let busy = null;
let delay = SOON;
let trouble = "";

function unsaved() {
  return items.filter((item) => item.state !== "saved");
}

function unsent() {
  return items.filter((item) => item.state === "unsent");
}

function later(wait) {
  show();
  window.clearTimeout(timer);
  timer = window.setTimeout(flush, wait);
}

// Sends what waits, one at a time; those who ask meanwhile wait for the same round.
function flush() {
  window.clearTimeout(timer);
  busy ??= round().catch(() => { trouble = "fault"; }).finally(() => {
    busy = null;
    show();
    if (unsent().length) later(trouble ? delay : PAUSE);
  });
  return busy;
}

async function round() {
  for (const item of unsent()) {
    trouble = await send(item);
    if (trouble) {
      delay = Math.min(delay * 2, SELDOM);
      return;
    }
    delay = SOON;
  }
}

// One item, once more when the token was old or the stored answer was our own.
async function send(item) {
  for (let tries = 0; tries < 3; tries += 1) {
    const sent = item.values();
    show();
    let reply = null;
    try {
      reply = await post(item, sent);
    } catch {
      item.mayBeStored(sent);
      return "lost";
    }
    if (reply.signedOut) {
      const how = await renew(form);
      if (how !== "ok") return how;
      continue;
    }
    if (reply.status >= 500 || reply.status === 429 || !reply.understood) {
      item.mayBeStored(sent);
      return "fault";
    }
    if (item.take(reply, sent)) continue;
    if (reply.status === 200) document.dispatchEvent(new CustomEvent("lovdv:alive"));
    if (reply.body.asked) showAsked(new Set(reply.body.asked));
    return "";
  }
  return "fault";
}

async function post(item, sent) {
  const token = form.querySelector("[name=csrf_token]").value;
  const reply = await ask(item.url, {
    method: "POST",
    body: new URLSearchParams({ ...sent, seen: item.seen }),
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  const signedOut = reply.type === "opaqueredirect" || reply.status === 400;
  const isJson = (reply.headers.get("Content-Type") || "").includes("json");
  const body = isJson ? await reply.json() : {};
  const understood = isJson || ![200, 409, 422].includes(reply.status);
  return { status: reply.status, signedOut, body, understood };
}

// Follow-up questions come and go with the answers; what was written in them stays.
function showAsked(asked) {
  for (const item of items) {
    if (item.question) item.element.hidden = !asked.has(item.question);
  }
}

function show() {
  const waiting = unsaved();
  const text = stateWords(waiting);
  const warns = waiting.length && (trouble || waiting.some((item) => item.needsReader));
  if (told.textContent !== text) told.textContent = text;
  // Read aloud only when something needs the reader, and when it is over.
  if (warns) aloud.textContent = text;
  else if (!waiting.length && aloud.textContent) aloud.textContent = text;
  bar.dataset.kind = warns ? "warning" : "calm";
  signIn.hidden = !(waiting.length && ["out", "other"].includes(trouble));
}

function stateWords(waiting) {
  if (!waiting.length) return bar.dataset.saved;
  const count = waiting.length === 1 ? "Ett svar är inte sparat" : `${waiting.length} svar är inte sparade`;
  if (trouble === "other") {
    return `${why(trouble)} ${count}. Logga in som ${form.dataset.name} i en ny flik, så skickas det härifrån.`;
  }
  if (trouble === "out") {
    return `${why(trouble)} ${count}. Logga in i en ny flik, så skickas det härifrån.`;
  }
  if (trouble) return `${why(trouble)} ${count}. Det står kvar här och skickas igen.`;
  if (waiting.some((item) => item.needsReader)) return `${count}. Se vad som står vid frågan.`;
  return "Sparar …";
}

// Whatever leaves the page waits until everything is saved.
async function settle() {
  await flush();
  if (unsent().length && !trouble) await flush();
  const waiting = unsaved();
  if (!waiting.length) return true;
  const first = waiting.find((item) => item.needsReader);
  if (first) first.focus();
  else bar.focus();
  return false;
}

let mayGo = false;

document.addEventListener(
  "submit",
  async (event) => {
    const own = event.target === form;
    if (mayGo || (!own && !unsaved().length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await settle())) return;
    const how = await renew(form);
    if (how !== "ok") {
      trouble = how;
      told.textContent = `${why(how)} Allt är sparat. Försök igen om en stund.`;
      signIn.hidden = !["out", "other"].includes(how);
      bar.dataset.kind = "warning";
      bar.focus();
      return;
    }
    mayGo = true;
    event.target.requestSubmit(event.submitter);
    mayGo = false;
  },
  { capture: true },
);

// A link is held back while something is unsaved; pressed again, the browser asks.
let held = null;

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !plain || link.target || link.getAttribute("href").startsWith("#")) return;
  if (!unsaved().length) return;
  event.preventDefault();
  const again = link === held;
  held = link;
  if ((await settle()) || again) window.location.assign(link.href);
});

window.addEventListener("beforeunload", (event) => {
  if (!unsaved().length) return;
  flush();
  event.preventDefault();
});

document.addEventListener("lovdv:ending", (event) => {
  if (unsaved().length) event.preventDefault();
});

// Back in the window, or back on the net: try at once.
for (const name of ["online", "focus"]) {
  window.addEventListener(name, () => {
    if (unsent().length) flush();
  });
}

listen(form, items);
if (unsent().length) flush();
else show();
