// Conveniences; every page works without them.
"use strict";

// Says how long a text is while it is typed. The preview counts exactly as X does; this is close.
for (const box of document.querySelectorAll("textarea[data-most]")) {
  const said = document.getElementById(box.getAttribute("aria-describedby").split(" ").pop());
  const wide = /[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]/gu;
  const tell = () => {
    const length = [...box.value.trim()].length + (box.value.match(wide) || []).length;
    said.textContent = `${length}/${box.dataset.most}`;
    said.classList.toggle("bad", length > Number(box.dataset.most));
  };
  box.addEventListener("input", tell);
  tell();
}

// Marks all tickets of a list at once.
const all = document.querySelector("input[data-all]");
if (all) {
  // Its place is kept free from the start, so that nothing jumps.
  all.closest("label").classList.add("ready");
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name=nomor]")) box.checked = all.checked;
  });
}

// Tells when a list is no longer true, and leaves it to the reader to load it again.
const list = document.querySelector("[data-fresh]");
if (list) {
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(list.dataset.fresh, { credentials: "same-origin" });
      if (answer.ok && (await answer.text()).trim() !== list.dataset.mark) {
        document.getElementById("changed").hidden = false;
        clearInterval(timer);
      }
    } catch { /* The next look may succeed. */ }
  };
  const timer = setInterval(look, 30000);
  document.addEventListener("visibilitychange", look);
}
