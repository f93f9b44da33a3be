// One thing that is saved by itself: a question's answer, or the person's words.
"use strict";

const plain = (text) => text.replace(/\r\n/g, "\n").trim();

export class Item {
  constructor(element, form, { touched, settled }) {
    this.element = element;
    this.url = element.dataset.saveUrl;
    this.question = element.dataset.question || "";
    this.note = element.querySelector("[data-saved]");
    this.names = element.dataset.fields.split(" ").map((pair) => pair.split(":"));
    this.seenField = form.elements[element.dataset.seen];
    this.template = document.querySelector("[data-clash-template]");
    this.state = element.hasAttribute("data-unsaved") ? "unsent" : "saved";
    this.maybe = [];
    this.settled = settled;
    element.addEventListener("input", () => this.touch(touched));
  }

  get seen() {
    return this.seenField.value;
  }

  // What only the reader can settle: two answers, or one that is refused.
  get needsReader() {
    return ["clash", "refused", "gone"].includes(this.state);
  }

  fields(name) {
    return [...this.element.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  }

  value(name) {
    const fields = this.fields(name);
    if (fields[0].type !== "radio") return plain(fields[0].value);
    return fields.find((field) => field.checked)?.value || "";
  }

  values() {
    return Object.fromEntries(this.names.map(([key, name]) => [key, this.value(name)]));
  }

  fill(values) {
    for (const [key, name] of this.names) {
      for (const field of this.fields(name)) {
        if (field.type === "radio") field.checked = field.value === values[key];
        else field.value = values[key];
      }
    }
  }

  touch(touched) {
    if (this.state === "clash" || this.state === "gone") {
      if (this.state === "clash") this.showHere();
      return;
    }
    this.become("unsent", "");
    touched();
  }

  become(state, message) {
    this.state = state;
    this.element.toggleAttribute("data-unsaved", state !== "saved");
    this.note.textContent = message;
  }

  // The answer may have reached the server although its reply never came.
  mayBeStored(sent) {
    this.maybe.push(JSON.stringify(sent));
    this.become("unsent", "Inte sparat ännu.");
  }

  // Takes the server's reply; true when the item is to be sent once more at once.
  take({ status, body }, sent) {
    if (status === 409) return this.meet(body);
    if (status === 422) {
      this.become("refused", body.message);
      return false;
    }
    if (status !== 200) {
      this.become(
        "gone",
        "Bedömningen är signerad, borttagen eller övertagen av en kollega. " +
          "Kopiera det du vill behålla.",
      );
      return false;
    }
    return this.saved(body, sent);
  }

  saved(body, sent) {
    const asSent = JSON.stringify(this.values()) === JSON.stringify(sent);
    if (body.stored && !asSent) return true;
    if (body.stored) this.fill(body.stored);
    this.seenField.value = body.seen;
    this.maybe = [];
    this.become(asSent ? "saved" : "unsent", asSent ? "Sparat." : "");
    return false;
  }

  meet(body) {
    const stored = JSON.stringify(this.names.map(([key]) => body.stored[key]));
    const own = this.maybe.some((text) => {
      const sent = JSON.parse(text);
      return JSON.stringify(this.names.map(([key]) => sent[key])) === stored;
    });
    if (own) {
      this.seenField.value = body.seen;
      this.maybe = [];
      return true;
    }
    this.showClash(body);
    return false;
  }

  showClash(body) {
    this.element.querySelector("[data-clash]")?.remove();
    const box = this.template.content.firstElementChild.cloneNode(true);
    this.list(box.querySelector("[data-there]"), body.shown);
    box.querySelector("[value=mine]").addEventListener("click", (event) => {
      event.preventDefault();
      this.choose(body, false);
    });
    box.querySelector("[value=theirs]").addEventListener("click", (event) => {
      event.preventDefault();
      this.choose(body, true);
    });
    this.note.before(box);
    this.become("clash", "Inte sparat: svaret har ändrats i ett annat fönster. Välj vilket som ska gälla.");
    this.showHere();
  }

  // Fills a list with pairs of what it is and what stands there.
  list(element, pairs) {
    element.replaceChildren(
      ...pairs.flatMap(([term, text]) => {
        const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
        dt.textContent = term;
        dd.textContent = text;
        return [dt, dd];
      }),
    );
  }

  showHere() {
    const box = this.element.querySelector("[data-clash] [data-here]");
    if (box) this.list(box, this.names.map(([, name]) => [this.label(name), this.words(name)]));
  }

  label(name) {
    const field = this.fields(name)[0];
    if (field.type === "radio") return "Svar";
    return this.element.querySelector(`label[for="${CSS.escape(field.id)}"]`).firstChild.textContent.trim();
  }

  words(name) {
    const fields = this.fields(name);
    if (fields[0].type === "radio") {
      const chosen = fields.find((field) => field.checked);
      return chosen ? chosen.closest("label").textContent.trim() : "–";
    }
    if (fields[0].tagName === "SELECT") return fields[0].selectedOptions[0].textContent;
    return fields[0].value || "inget skrivet";
  }

  choose(body, theirs) {
    this.element.querySelector("[data-clash]").remove();
    this.seenField.value = body.seen;
    if (theirs) this.fill(body.stored);
    this.become("unsent", "");
    this.focus();
    this.settled();
  }

  focus() {
    const box = this.element.querySelector("[data-clash] button");
    const field = this.element.querySelector("input:checked") ||
      this.element.querySelector("input:not([type=hidden]), textarea");
    (box || field).focus();
  }
}
