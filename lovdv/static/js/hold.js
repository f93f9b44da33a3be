// A form whose text is held in the page until it can be sent: when the connection is
// gone, or the session has ended, it is not sent away into nothing.
"use strict";

import { renew, why } from "./contact.js";

const AGAIN = 5000;

function hold(holder) {
  const form = holder.closest("form");
  const note = holder.querySelector("[data-told]");
  const signIn = holder.querySelector("[data-sign-in]");
  let touched = false;
  let mayGo = false;
  let timer = 0;

  function tell(trouble) {
    const out = ["out", "other"].includes(trouble);
    holder.hidden = false;
    signIn.hidden = !out;
    const what = out ? "Logga in i en ny flik och försök igen här." : "Försök igen om en stund.";
    const name = trouble === "other" ? ` Det här skrevs av ${holder.dataset.name}.` : "";
    note.textContent = `${why(trouble)}${name} Inget är skickat, och det du skrev står kvar. ${what}`;
    window.clearTimeout(timer);
    timer = window.setTimeout(look, AGAIN);
  }

  // Has it got better? Then say so; the reader sends.
  async function look() {
    const how = await renew(holder);
    if (how !== "ok") return tell(how);
    signIn.hidden = true;
    note.textContent = "Nu går det att skicka igen. Det du skrev står kvar.";
    return undefined;
  }

  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", async (event) => {
    if (mayGo) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const how = await renew(holder);
    if (how === "ok") {
      mayGo = true;
      form.requestSubmit(event.submitter);
      return;
    }
    tell(how);
    holder.focus();
  });

  window.addEventListener("pageshow", () => { mayGo = false; });
  window.addEventListener("beforeunload", (event) => {
    if (touched && !mayGo) event.preventDefault();
  });
  document.addEventListener("lovdv:ending", (event) => {
    if (!touched) return;
    event.preventDefault();
    if (holder.hidden) tell("out");
  });
}

for (const holder of document.querySelectorAll("[data-hold]")) hold(holder);
