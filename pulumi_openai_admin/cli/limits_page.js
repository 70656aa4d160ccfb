
"use strict";
{
  const find = (id) => document.getElementById(id);
  const search = find("search"), toggles = ["differs", "blocked"].map(find).filter(Boolean);
  const fold = find("fold"), count = find("count"), nothing = document.querySelector(".nothing");
  const told = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  const MOST_OPENED = 1000, PAUSE = 300;
  const index = [...document.querySelectorAll("nav li")]; // in the order of the projects; none where there is one

  // Read once: 34,000 rows are compared at every key.
  const projects = [...document.querySelectorAll("details")].map((box, number) => ({
    box,
    id: box.id.slice("project=".length),
    link: index[number],
    wasOpen: box.open,
    text: box.querySelector("h2").textContent.toLowerCase(),
    rows: [...box.querySelectorAll("tbody tr")].map((row) => ({
      row,
      isShown: true,
      model: row.cells[0].textContent.toLowerCase(),
    })),
  }));
  const total = projects.reduce((sum, project) => sum + project.rows.length, 0);
  let isOpened = false, waiting;

  // What matches is to be seen, so its project opens, unless too much does; when the search ends, it is again as the
  // reader had it.
  function open(project, opened) {
    if (opened && !isOpened) project.wasOpen = project.box.open;
    if (opened !== isOpened) project.box.open = opened || project.wasOpen;
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
      project.link?.classList.toggle("off", !isMatch);
      rows += shown;
      boxes += isMatch;
    }
    for (const project of projects) open(project, narrowed && rows <= MOST_OPENED);
    isOpened = narrowed && rows <= MOST_OPENED;
    nameFold();
    document.querySelector("nav")?.classList.toggle("off", boxes === 0);
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

  // The address says what is searched for, so that it can be kept and sent. After a pause: browsers count the changes.
  function filters() {
    const address = new URLSearchParams();
    if (search.value) address.set("search", search.value);
    for (const toggle of toggles) if (toggle.checked) address.set(toggle.id, "1");
    return address;
  }

  function keep(address) {
    const text = address.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  }

  function change() {
    update();
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(filters()), PAUSE);
  }

  function follow() {
    const address = new URLSearchParams(location.hash.slice(1));
    search.value = address.get("search") ?? "";
    for (const toggle of toggles) toggle.checked = address.has(toggle.id);
    update();
    show(projects.find((project) => project.id === address.get("project")));
  }

  function show(project) {
    if (!project) return;
    project.box.open = project.wasOpen = true;
    project.box.scrollIntoView();
    nameFold();
  }

  function onLink(event) {
    const project = projects.find((one) => one.link.contains(event.target));
    if (!project || !event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = filters();
    address.set("project", project.id);
    keep(address);
    show(project);
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
      change();
    }
  }

  search.addEventListener("input", change);
  for (const toggle of toggles) toggle.addEventListener("change", change);
  document.querySelector("nav")?.addEventListener("click", onLink);
  addEventListener("hashchange", follow);
  fold.addEventListener("click", closeOrOpenAll);
  document.addEventListener("keydown", onKey);
  document.querySelector(".tools").hidden = false;
  if (location.hash) follow();
  else update(); // a browser that comes back to the page has kept what was typed
}
