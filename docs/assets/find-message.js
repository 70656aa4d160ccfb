// On the page of troubleshooting: finds the entry for a message that is pasted whole. The site's search wants every
// word on the page, and a message has names and ids that are on none.
(() => {
  const place = document.querySelector("#find-message");
  if (!place) return;
  const flat = (text) => text.replace(/\s+/g, " ").toLowerCase();

  // An entry's texts: its heading, and every longer piece of code below it, split where names and ids stand.
  const entries = [];
  for (const one of document.querySelectorAll("article h3, article p code, article li code, article tr")) {
    if (one.matches("h3")) entries.push({ at: one, title: one, texts: [] });
    if (one.matches("tr")) entries.push({ at: one, title: one.cells[0], texts: [] });
    const codes = one.matches("code") ? [one] : one.querySelectorAll("code");
    for (const code of codes) {
      if (one.matches("code") && !code.textContent.includes(" ")) continue; // a name, not a message
      const pieces = flat(code.textContent).split("…").map((piece) => piece.trim()).filter((piece) => piece.length > 3);
      if (entries.length && pieces.join("").length > 9) entries.at(-1).texts.push(pieces);
    }
  }

  // The entry with the most constant words, all of which stand in the message.
  const weigh = (message, pieces) =>
    pieces.every((piece) => message.includes(piece)) ? pieces.join("").length : 0;

  place.innerHTML = "<p><label>Paste the whole message here:<br><textarea rows='3'></textarea></label></p><ul></ul>";
  const [box, list] = [place.querySelector("textarea"), place.querySelector("ul")];
  list.setAttribute("aria-live", "polite");
  box.addEventListener("input", () => {
    const message = flat(box.value);
    const found = entries
      .map((entry) => ({ entry, weight: Math.max(0, ...entry.texts.map((pieces) => weigh(message, pieces))) }))
      .filter(({ weight }) => weight > 0)
      .sort((one, other) => other.weight - one.weight)
      .slice(0, 3);
    list.replaceChildren(
      ...found.map(({ entry }) => {
        const link = document.createElement("a");
        link.href = entry.at.id ? `#${entry.at.id}` : "#inputs";
        link.textContent = entry.title.textContent.replace("¶", "");
        const item = document.createElement("li");
        item.append(link);
        return item;
      }),
    );
    if (message.trim() && !found.length) list.textContent = "No entry has these words. The headings below are by subject.";
  });
})();
