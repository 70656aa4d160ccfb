
"use strict";
{
  const find = (id) => document.getElementById(id);
  const search = find("search"), toggles = ["differs", "blocked"].map(find).filter(Boolean);
  const fold = find("fold"), count = find("count"), nothing = document.querySelector(".nothing");
  const told = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  // Read once: 34,000 rows are compared at every key.
  const projects = [...document.querySelectorAll("details")].map((box) => ({
    box,
    wasOpen: true,
    text: box.querySelector("h2").textContent.toLowerCase(),
    rows: [...box.querySelectorAll("tbody tr")].map((row) => ({
      row,
      isShown: true,
      model: row.cells[0].textContent.toLowerCase(),
    })),
  }));
  const total = projects.reduce((sum, project) => sum + project.rows.length, 0);
  let isNarrowed = false;

  // What matches is to be seen, so its project opens; when the search ends, it is again as the reader had it.
  function open(project, narrowed) {
    if (narrowed && !isNarrowed) project.wasOpen = project.box.open;
    if (narrowed !== isNarrowed) project.box.open = narrowed || project.wasOpen;
  }

  // How many rows of a project match: all words are in its name and id or in the model's.
  function narrow(project, words, marks) {
    const left = words.filter((word) => !project.text.includes(word));
    let shown = 0;
    for (const one of project.rows) {
      const fits =
        left.every((word) => one.model.includes(word)) && marks.every((mark) => one.row.classList.contains(mark));
      if (fits !== one.isShown) one.row.classList.toggle("off", !(one.isShown = fits));
      shown += fits;
    }
    project.box.style.setProperty("--rows", shown); // its height, as long as it is off the screen and not drawn
    return shown;
  }

  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const marks = toggles.filter((toggle) => toggle.checked).map((toggle) => toggle.id);
    const narrowed = words.length + marks.length > 0;
    let rows = 0, boxes = 0;
    for (const project of projects) {
      const shown = narrow(project, words, marks);
      const isMatch = shown > 0 || !narrowed;
      project.box.classList.toggle("off", !isMatch);
      open(project, narrowed);
      rows += shown;
      boxes += isMatch;
    }
    isNarrowed = narrowed;
    nameFold();
    nothing.hidden = boxes > 0 || projects.length === 0;
    const all = told(total, "row", "rows");
    const where = told(boxes, "project", "projects");
    count.textContent = narrowed ? `${rows.toLocaleString("en")} of ${all}, in ${where}` : `${all}, in ${where}`;
  }

  const anyIsOpen = () => projects.some((project) => project.box.open && !project.box.classList.contains("off"));

  function nameFold() {
    fold.textContent = anyIsOpen() ? "Close all" : "Open all";
  }

  function closeOrOpenAll() {
    const isClosing = anyIsOpen();
    for (const project of projects) project.box.open = project.wasOpen = !isClosing;
    nameFold();
  }

  function onKey(event) {
    const isTyped = event.target.matches("input[type=search]") || event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === "/" && !isTyped) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape" && event.target === search && search.value) {
      search.value = "";
      update();
    }
  }

  search.addEventListener("input", update);
  for (const toggle of toggles) toggle.addEventListener("change", update);
  fold.addEventListener("click", closeOrOpenAll);
  document.addEventListener("keydown", onKey);
  document.querySelector(".tools").hidden = false;
  update(); // a browser that comes back to the page has kept what was typed
}
