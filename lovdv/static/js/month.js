// The month grid: arrows move, a letter sets, only what changed is sent.
"use strict";

for (const form of document.querySelectorAll("form[data-month]")) {
  const inputs = [...form.querySelectorAll(".lov-month input:not([type=hidden])")];
  const cellOf = (input) => input.closest("td");

  // What stood on a day when the page was made: a letter, or nothing.
  const stood = (input) => {
    const had = input.closest("tr").querySelector("input[type=hidden]").value;
    return had[Number(input.name.split("-").at(-1)) - 1].replace(".", "");
  };
  const hasChanged = (input) => input.value !== stood(input);

  const inputAt = (row, column) =>
    row?.cells[column]?.querySelector("input:not([type=hidden])");

  // The next cell that can be typed in, in the direction given.
  const neighbour = (input, down, right) => {
    const table = input.closest("tbody");
    let row = input.closest("tr").sectionRowIndex + down;
    let column = cellOf(input).cellIndex + right;
    while (table.rows[row] && table.rows[row].cells[column]) {
      const found = inputAt(table.rows[row], column);
      if (found) return found;
      row += down;
      column += right;
    }
    return null;
  };

  const moves = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };

  const endOfRow = (input, last) => {
    const found = [...input.closest("tr").querySelectorAll("td input")];
    return last ? found.at(-1) : found[0];
  };

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!inputs.includes(input) || event.altKey || event.ctrlKey || event.metaKey) return;
    let target = null;
    if (moves[event.key]) target = neighbour(input, ...moves[event.key]);
    else if (event.key === "Home") target = endOfRow(input, false);
    else if (event.key === "End") target = endOfRow(input, true);
    else if (event.key === "Enter") target = neighbour(input, 1, 0);
    else return;
    event.preventDefault();
    target?.focus();
  });

  form.addEventListener("focusin", (event) => {
    if (inputs.includes(event.target)) event.target.select();
  });

  form.addEventListener("input", (event) => {
    const input = event.target;
    if (!inputs.includes(input)) return;
    input.value = input.value.trim().toUpperCase();
    cellOf(input).toggleAttribute("data-changed", input.value !== "");
  });

  // A letter already there is replaced by the next one typed.
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (inputs.includes(input) && /^\p{L}$/u.test(event.key)) input.select();
  });

  form.addEventListener("submit", () => {
    for (const input of inputs) {
      input.disabled = !hasChanged(input) && !input.hasAttribute("aria-invalid");
    }
    for (const row of form.querySelectorAll("tbody tr")) {
      const sent = [...row.querySelectorAll("td input")].some((i) => !i.disabled);
      const had = row.querySelector("input[type=hidden]");
      if (had) had.disabled = !sent;
    }
  });

  window.addEventListener("pageshow", () => {
    for (const input of form.querySelectorAll(".lov-month input")) {
      input.disabled = false;
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (!form.dataset.sent && inputs.some(hasChanged)) event.preventDefault();
  });
}
