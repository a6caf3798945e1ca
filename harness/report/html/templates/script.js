"use strict";
(() => {
  const form = document.getElementById("filter");
  const text = document.getElementById("filter-text");
  const count = document.getElementById("filter-count");
  const cards = [...document.querySelectorAll(".card")].map((card) => [card, card.textContent.toLowerCase()]);
  const opened = (name) => {
    const target = document.getElementById(decodeURIComponent(name.slice(1)));
    const folded = target && target.closest("details");
    if (folded) { folded.open = true; target.scrollIntoView(); }
  };
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const [card, words] of cards) { card.hidden = !words.includes(wanted); shown += !card.hidden; }
    count.textContent = wanted ? `${shown} of ${cards.length} causes` : "";
  };
  if (cards.length > 1) {
    form.hidden = false;
    text.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  addEventListener("hashchange", () => opened(location.hash));
  addEventListener("beforeprint", () => { for (const folded of document.querySelectorAll("details:not(.long)")) folded.open = true; });
  if (location.hash) opened(location.hash);
})();
