// Reads the page aloud, a sentence at a time, with a Swedish voice of the device's own.
// Other voices send the text to a supplier, so they are never used.
"use strict";

{
  const button = document.querySelector("[data-read]");
  const words = button.querySelector("[data-read-words]");
  const speech = window.speechSynthesis;
  const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, th, td, label, legend, summary, button";
  const own = (voice) => voice.localService === true && /^sv\b/i.test(voice.lang);
  const swedish = () => speech.getVoices().find(own);
  let turn = 0;
  let on = false;

  // A range for each sentence that is seen in the main part.
  const sentences = () => {
    const blocks = new Map();
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!parent.checkVisibility() || parent.closest("nav, select, .ds-sr-only")) continue;
      const block = parent.closest(BLOCKS) ?? parent;
      blocks.set(block, [...(blocks.get(block) ?? []), node]);
    }
    return [...blocks.values()].flatMap(split);
  };

  const split = (nodes) => {
    const text = nodes.map((node) => node.data).join("");
    const parts = [...new Intl.Segmenter("sv", { granularity: "sentence" }).segment(text)];
    return parts.filter((part) => /[\p{L}\p{N}]/u.test(part.segment)).map((part) => {
      const range = document.createRange();
      range.setStart(...place(nodes, part.index));
      range.setEnd(...place(nodes, part.index + part.segment.length));
      return range;
    });
  };

  const place = (nodes, at) => {
    const found = nodes.findIndex((node) => at <= node.length || ((at -= node.length), false));
    return [nodes[found], at];
  };

  const show = (range) => {
    CSS.highlights?.set("lov-read", new Highlight(...(range ? [range] : [])));
    range?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  };

  const say = (queue, mine) => {
    const [range, ...rest] = queue;
    if (mine !== turn) return;
    if (!range) return stop();
    const spoken = new SpeechSynthesisUtterance(range.toString().replace(/\s+/g, " ").trim());
    spoken.voice = swedish();
    spoken.lang = "sv-SE";
    spoken.onend = () => say(rest, mine);
    spoken.onerror = () => mine === turn && stop();
    show(range);
    speech.speak(spoken);
  };

  const set = (reading) => {
    on = reading;
    button.setAttribute("aria-pressed", String(on));
    words.textContent = on ? "Sluta läsa" : "Läs upp";
  };

  const stop = () => {
    turn += 1;
    speech.cancel();
    show(null);
    set(false);
  };

  const offer = () => {
    button.hidden = !swedish();
    if (on && button.hidden) stop();
  };

  if (speech) {
    button.addEventListener("click", () => {
      if (on) return stop();
      set(true);
      say(sentences(), ++turn);
    });
    speech.addEventListener("voiceschanged", offer);
    window.addEventListener("pagehide", () => on && stop());
    offer();
  }
}
