// Saves each question while it is being answered. What could not be sent stays in
// the page and is tried again; without this file the form's buttons do the same work.
"use strict";

const PAUSE = 900;
const AGAIN = 5000;
const form = document.querySelector("form[data-scoring]");
const token = form.querySelector("[name=csrf_token]").value;

class Question {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.question;
    this.status = element.querySelector("[data-saved]");
    this.seen = element.querySelector(`[name="seen-${this.name}"]`);
    this.timer = 0;
    this.sending = false;
    this.changed = false;
    this.unsettled = false;
    element.addEventListener("input", () => this.touch());
  }

  get answer() {
    const chosen = this.element.querySelector("input[type=radio]:checked");
    return chosen ? chosen.value : "";
  }

  get reason() {
    return this.element.querySelector("textarea").value;
  }

  touch() {
    this.changed = true;
    this.wait(PAUSE);
  }

  wait(delay) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), delay);
  }

  async send() {
    if (this.sending || !this.changed) return;
    this.sending = true;
    this.changed = false;
    try {
      await this.post();
    } catch {
      this.keep("Inte sparat ännu: ingen kontakt. Det du skrev står kvar och skickas igen.");
    }
    this.sending = false;
    if (this.changed) this.wait(PAUSE);
  }

  async post() {
    const body = new URLSearchParams({
      answer: this.answer,
      reason: this.reason,
      seen: this.seen.value,
    });
    const reply = await fetch(this.element.dataset.saveUrl, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      redirect: "manual",
    });
    if (reply.type === "opaqueredirect" || reply.status === 400) {
      this.keep("Inte sparat: du är utloggad. Logga in i en ny flik. Det du skrev står kvar här.");
    } else if (reply.status === 409) {
      this.conflict(await reply.json());
    } else if (reply.status === 422) {
      this.unsettled = true;
      this.status.textContent = (await reply.json()).message;
    } else if (reply.ok) {
      this.saved(await reply.json());
    } else {
      this.keep("Inte sparat: något gick fel. Det du skrev står kvar och skickas igen.");
    }
  }

  keep(message) {
    this.changed = true;
    this.status.textContent = message;
    this.wait(AGAIN);
  }

  // A conflict is the reader's to settle: the next save is a decision, not a retry.
  conflict(reply) {
    this.unsettled = true;
    this.seen.value = reply.seen;
    this.status.textContent = reply.message;
  }

  saved(reply) {
    this.unsettled = false;
    this.seen.value = reply.seen;
    this.status.textContent = "Sparat.";
    const shown = new Set(questions.map((question) => question.name));
    const domain = form.dataset.questions.split(" ");
    const differs = domain.some((name) => reply.asked.includes(name) !== shown.has(name));
    if (differs) {
      this.status.textContent = "Sparat. Frågorna i området ändras av svaret: spara utkastet för att se dem.";
    }
  }
}

const questions = [...form.querySelectorAll("[data-question]")].map(
  (element) => new Question(element),
);

window.addEventListener("beforeunload", (event) => {
  if (form.dataset.sent) return;
  const unsent = (question) => question.changed || question.sending || question.unsettled;
  if (questions.some(unsent)) event.preventDefault();
});
