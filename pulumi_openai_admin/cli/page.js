
"use strict";
{
  const find = (id) => document.getElementById(id);
  const search = find("search"), sort = find("sort");
  const toggles = [...document.querySelectorAll(".tools input[type=checkbox]")];
  const fold = find("fold"), count = find("count"), nothing = document.querySelector(".nothing");
  const { group: groupWord, groups: groupsWord, searched } = document.querySelector("main").dataset;
  const counted = (number, singular, plural) => `${number.toLocaleString("en")} ${number === 1 ? singular : plural}`;

  const MOST_OPENED = 1000, PAUSE = 300;
  const index = [...document.querySelectorAll("nav li")]; // in the order of the groups; none where there is one

  // Read once: 34,000 rows are compared at every key.
  const groups = [...document.querySelectorAll("main > details, main > section")].map((box, number) => ({
    box,
    id: box.id.slice(box.id.indexOf("=") + 1),
    link: index[number],
    wasOpen: box.open,
    text: box.querySelector("h2")?.textContent.toLowerCase() ?? "",
    rows: [...box.querySelectorAll("tbody tr")].map((row) => ({
      row,
      isShown: true,
      more: row.querySelector("details"),
      text: (searched === "row" ? row : row.cells[0]).textContent.toLowerCase(),
    })),
  }));
  // The rows of the matrix, each of a group, or of the rows of several groups with the same first cell.
  const pictured = [...document.querySelectorAll(".matrix tbody tr")].map((row) => ({ row, of: row.dataset.of.toLowerCase() }));
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  let isOpened = false, waiting;

  // What matches is to be seen, so its group opens, unless too much does; when the search ends, it is again as the
  // reader had it.
  function open(group, opened) {
    if (opened && !isOpened) group.wasOpen = group.box.open;
    if (opened !== isOpened) group.box.open = opened || group.wasOpen;
  }

  // How many rows of a group match: all words are in its head or in the row's text.
  function narrow(group, words, marks) {
    const others = words.filter((word) => !group.text.includes(word));
    let shown = 0;
    for (const item of group.rows) {
      const fits =
        others.every((word) => item.text.includes(word)) && marks.every((mark) => item.row.classList.contains(mark));
      if (item.more) item.more.open = fits && others.some((word) => item.more.textContent.toLowerCase().includes(word));
      if (fits !== item.isShown) item.row.classList.toggle("off", !(item.isShown = fits));
      shown += fits;
    }
    group.box.style.setProperty("--rows", shown); // its height, as long as it is off the screen and not drawn
    return shown;
  }

  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const marks = toggles.filter((toggle) => toggle.checked).map((toggle) => toggle.id);
    const narrowed = words.length + marks.length > 0;
    const found = new Set();
    let rows = 0, boxes = 0;
    for (const group of groups) {
      const shown = narrow(group, words, marks);
      const isMatch = shown > 0 || !narrowed;
      group.box.classList.toggle("off", !isMatch);
      group.link?.classList.toggle("off", !isMatch);
      rows += shown;
      boxes += isMatch;
      if (narrowed && isMatch && pictured.length) {
        found.add(group.id.toLowerCase());
        for (const item of group.rows) if (item.isShown) found.add(item.text);
      }
    }
    for (const { row, of } of pictured) row.classList.toggle("off", narrowed && !found.has(of));
    for (const group of groups) open(group, narrowed && rows <= MOST_OPENED);
    isOpened = narrowed && rows <= MOST_OPENED;
    nameFold();
    document.querySelector("nav")?.classList.toggle("off", boxes === 0);
    nothing.hidden = boxes > 0 || groups.length === 0;
    const all = counted(total, "row", "rows");
    const where = groupsWord ? `, in ${counted(boxes, groupWord, groupsWord)}` : "";
    count.textContent = narrowed ? `${rows.toLocaleString("en")} of ${all}${where}` : all + where;
  }

  // The greatest first, by a number that each group has, or each row where there are no groups; else as in the file.
  const inFile = groupsWord ? groups.map((group) => group.box) : groups.flatMap((group) => group.rows.map(({ row }) => row));
  function order() {
    if (!sort || inFile.length === 0) return;
    const value = (item) => Number(item.dataset[sort.value] ?? -1);
    const sorted = sort.value ? [...inFile].sort((a, b) => value(b) - value(a)) : inFile;
    if (groupsWord) nothing.before(...sorted);
    else inFile[0].parentElement.append(...sorted);
  }

  const anyIsOpen = () => groups.some((group) => group.box.open && !group.box.classList.contains("off"));

  function nameFold() {
    if (fold) fold.textContent = anyIsOpen() ? "Close all" : "Open all";
  }

  function closeOrOpenAll() {
    const isClosing = anyIsOpen();
    for (const group of groups) group.box.open = group.wasOpen = !isClosing;
    nameFold();
  }

  // The address says what is searched for, so that it can be kept and sent. After a pause: browsers count the changes.
  function filters() {
    const address = new URLSearchParams();
    if (search.value) address.set("search", search.value);
    if (sort?.value) address.set("sort", sort.value);
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
    if (sort) sort.value = address.get("sort") ?? "";
    order();
    update();
    show(groups.find((group) => group.id === address.get(groupWord)));
  }

  function show(group) {
    if (!group) return;
    group.box.open = group.wasOpen = true;
    group.box.scrollIntoView();
    nameFold();
  }

  function onLink(event) {
    const group = groups.find((candidate) => candidate.link.contains(event.target));
    if (!group || !event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = filters();
    address.set(groupWord, group.id);
    keep(address);
    show(group);
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
  fold?.addEventListener("click", closeOrOpenAll);
  sort?.addEventListener("change", () => (order(), change()));
  document.addEventListener("keydown", onKey);
  document.querySelector(".tools").hidden = false;
  if (location.hash) follow();
  else order(), update(); // a browser that comes back to the page has kept what was typed
}
