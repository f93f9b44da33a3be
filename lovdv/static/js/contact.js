// Who is signed in, and a token that counts now: also after a sign-in in another tab.
"use strict";

const LONGEST = 15000;

export function ask(url, options = {}) {
  return fetch(url, {
    headers: { Accept: "application/json" },
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(LONGEST),
    ...options,
  });
}

// A new sign-in makes the page's old tokens useless: give every form the new one.
function giveOut(token) {
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
  const dialog = document.getElementById("session");
  if (dialog) dialog.dataset.token = token;
}

// "ok", "out" (nobody is signed in), "other" (somebody else is) or "lost".
export async function renew(form) {
  try {
    const reply = await ask(form.dataset.contactUrl);
    if (reply.type === "opaqueredirect" || reply.status === 401) return "out";
    if (!reply.ok) return "fault";
    const { user, token } = await reply.json();
    if (user !== form.dataset.user) return "other";
    giveOut(token);
    document.dispatchEvent(new CustomEvent("lovdv:alive"));
    return "ok";
  } catch {
    return "lost";
  }
}

const WHY = {
  lost: "Ingen kontakt med servern.",
  fault: "Servern kan inte ta emot just nu.",
  out: "Du är utloggad.",
  other: "Någon annan är inloggad i webbläsaren.",
};

export function why(trouble) {
  return WHY[trouble] || "";
}
