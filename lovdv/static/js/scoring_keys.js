// Keys for those who want them: in a question's answers a letter or digit chooses,
// Enter goes to the next question, Ctrl+Enter is the page's first button.
"use strict";

const radiosOf = (item) => [...item.element.querySelectorAll("input[type=radio]")];

function codeOf(radio, key) {
  return radio.value.length === 1 && radio.value.toLowerCase() === key.toLowerCase();
}

function next(items, item) {
  const shown = items.filter((one) => one.question && !one.element.hidden);
  return shown[shown.indexOf(item) + 1];
}

function choose(radio) {
  radio.focus();
  if (!radio.checked) radio.click();
}

export function listen(form, items) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=step][value=done]"));
      return;
    }
    if (event.target.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
    const item = items.find((one) => one.element.contains(event.target));
    if (!item) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const following = next(items, item);
      const radios = following ? radiosOf(following) : [];
      const target = radios.find((radio) => radio.checked) || radios[0];
      (target || form.querySelector("[name=step][value=done]")).focus();
      return;
    }
    const radio = radiosOf(item).find((one) => codeOf(one, event.key));
    if (radio) {
      event.preventDefault();
      choose(radio);
    }
  });
}
