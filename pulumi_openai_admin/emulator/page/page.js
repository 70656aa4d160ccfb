"use strict";
// What the organization holds is written by anybody: it becomes text nodes, never HTML.

const PAGE_SIZE = 100;
const MAX_REQUESTS = 300;
const REFRESH_MS = 1000;
const find = (id) => document.getElementById(id);

// --- text ---

/** Show characters that would hide or turn around a text as their code. */
function printable(text) {
  const code = (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
  return String(text).replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, code);
}
function make(name, classes, ...children) {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  element.append(...children.map((child) => (child instanceof Node ? child : printable(child))));
  return element;
}
const counted = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const dollars = (amount) => amount.toLocaleString("en", { style: "currency", currency: "USD" });
const limitName = (field) =>
  field.replace(/^max_/, "").replace(/_per_(\d+)_(\w+)$/, (_, count, unit) => `/${count === "1" ? "" : `${count} `}${unit}`).replaceAll("_", " ");

/** Put items into a list; what has not changed stays as it is, with its focus and whatever is open. */
function fill(list, items, build, nothing) {
  const kept = new Map([...list.children].map((element) => [element.dataset.key, element]));
  const wanted = items.map(([key, data]) => {
    const text = JSON.stringify(data), old = kept.get(key);
    if (old?.dataset.text === text) return old;
    const element = build(key, data);
    Object.assign(element.dataset, { key, text });
    if (old?.open) element.open = true;
    return element;
  });
  if (wanted.length === 0) wanted.push(make("p", "quiet", nothing));
  const same = wanted.length === list.children.length && wanted.every((element, index) => element === list.children[index]);
  if (!same) list.replaceChildren(...wanted);
}

// --- the control API ---

async function call(method, path, body) {
  const sent = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const reply = await fetch(`/_emulator/${path}`, { method, ...sent });
  const content = await reply.json();
  if (!reply.ok) throw new Error(content.error?.message ?? `The emulator answered ${reply.status}.`);
  return content;
}
function report(error) {
  const problem = find("problem");
  problem.hidden = error === null;
  problem.textContent = error === null ? "" : printable(error.message);
}
/** Do what a button says, and show what came of it. */
async function act(action) {
  try {
    await action();
    report(null);
    await refresh();
  } catch (error) {
    report(error);
  }
}

// --- the organization ---

class Listed {
  constructor(kind, name, build, nothing) {
    Object.assign(this, { kind, build, nothing, pages: 1 });
    this.list = find(name);
    this.more = find(`more-${name}`);
    this.more.addEventListener("click", () => { this.pages += 1; act(() => this.refresh()); });
  }
  async refresh() {
    const items = [];
    let after = 0;
    for (let page = 0; page < this.pages && after !== null; page += 1) {
      const read = await call("GET", `state?live=true&kind=${this.kind}&limit=${PAGE_SIZE}&after=${after}`);
      items.push(...Object.entries(read.objects[this.kind] ?? {}));
      after = read.next;
    }
    this.more.hidden = after === null;
    fill(this.list, items.map(([id, data]) => [id, this.add ? this.add(id, data) : data]), this.build, this.nothing);
    for (const element of this.list.querySelectorAll(":scope > details[open]")) element.load();
  }
}

/** A line that opens, and reads what is in it when it does. */
function opening(summary, read) {
  const inside = make("div", "inside"), element = make("details", "", summary, inside);
  summary.className = "line";
  element.load = () => read(inside).catch(report);
  element.addEventListener("toggle", () => element.open && element.load());
  return element;
}
async function below(parent, kinds) {
  const objects = {};
  const chosen = kinds.map((kind) => `&kind=${kind}`).join("");
  for (let after = 0; after !== null; ) {
    const page = await call("GET", `state?live=true&limit=1000&after=${after}&parent=${encodeURIComponent(parent)}${chosen}`);
    for (const [kind, found] of Object.entries(page.objects)) Object.assign((objects[kind] ??= {}), found);
    after = page.next;
  }
  return objects;
}
const PROJECT_KINDS = [
  ["rate_limit", "Changed rate limits", (row) => Object.entries(row.limits).map(([field, value]) => `${value.toLocaleString("en")} ${limitName(field)}`).join(", ")],
  ["service_account", "Service accounts", (account) => `${account.name}, ${account.role}`],
  ["api_key", "API keys", (key) => `${key.name}, ${key.redacted_value}`],
  ["project_user", "People", (user) => user.role ?? ""],
  ["project_group", "Groups", (group) => group.role ?? ""],
  ["project_spend_alert", "Spend alerts", (alert) => `at ${dollars(alert.threshold_amount / 100)}`],
];
async function showInside(inside, parent, kinds, nothing) {
  const objects = await below(parent, kinds.map(([kind]) => kind));
  const text = JSON.stringify(objects);
  if (inside.dataset.text === text) return;
  inside.dataset.text = text;
  const parts = kinds.filter(([kind]) => objects[kind]).flatMap(([kind, title, say]) => [
    make("h3", "", title),
    ...Object.entries(objects[kind]).map(([id, data]) =>
      make("div", "line", make("code", "", id.slice(parent.length + 1)), make("span", "name", say(data)))),
  ]);
  inside.replaceChildren(...(parts.length ? parts : [make("p", "", nothing)]));
}
function buildProject(id, project) {
  const summary = make("summary", "", make("span", "name", project.name), make("code", "", id));
  if (project.is_default) summary.append(make("em", "", "default"));
  if (project.archived_at !== null) summary.append(make("em", "", "archived"));
  if (project.limit === null) {
    summary.append(make("span", "end", dollars(project.spent)));
  } else {
    const isReached = project.spent >= project.limit;
    summary.append(make("span", `end${isReached ? " stop" : ""}`, `${dollars(project.spent)} of ${dollars(project.limit)}`));
    summary.append(bar(project.spent, project.limit, `Spent of the limit of ${project.name}`));
  }
  return opening(summary, (inside) => showInside(inside, id, PROJECT_KINDS, "Nothing has been changed or created in this project."));
}
function bar(value, greatest, label) {
  const progress = make("progress", value >= greatest ? "full" : "");
  progress.max = greatest;
  progress.value = Math.min(value, greatest);
  progress.setAttribute("aria-label", printable(label));
  return progress;
}
function buildPerson(id, person) {
  return make("div", "line", make("span", "name", person.name), make("span", "quiet mono", person.email), make("em", "", person.role), make("code", "end", id));
}
function buildGroup(id, group) {
  const summary = make("summary", "", make("span", "name", group.name), make("code", "end", id));
  return opening(summary, (inside) => showInside(inside, id, [["group_user", "Members", () => ""]], "Nobody is in this group."));
}
const projects = new Listed("project", "projects", buildProject, "There are no projects.");
const people = new Listed("user", "people", buildPerson, "There are no people.");
const groups = new Listed("group", "groups", buildGroup, "There are no groups.");

function showFigures({ counts, month }) {
  const count = (kind, one, many) => [kind, { number: (counts[kind] ?? 0).toLocaleString("en"), title: counts[kind] === 1 ? one : many }];
  const spent = month.limit === null ? "this month" : `of ${dollars(month.limit)} this month`;
  fill(find("figures"), [
    count("project", "project", "projects"),
    count("user", "person", "people"),
    count("group", "group", "groups"),
    count("invite", "invite", "invites"),
    count("service_account", "service account", "service accounts"),
    count("api_key", "API key", "API keys"),
    count("rate_limit", "changed limit", "changed limits"),
    ["month", { number: dollars(month.spent), title: spent, limit: month.limit, spent: month.spent }],
  ], (key, figure) => {
    const item = make("li", "", make("b", "", figure.number), figure.title);
    if (figure.limit) item.append(bar(figure.spent, figure.limit, "Spent of the limit of the organization"));
    return item;
  }, "");
}

let clockOffset = 0;
function showTime() {
  find("now").textContent = new Date(Date.now() + clockOffset * 1000).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}
function showClock(clock) {
  clockOffset = clock.offset_seconds;
  const hours = Math.abs(clockOffset) / 3600;
  const amount = hours >= 48 ? `${+(hours / 24).toFixed(1)} days` : `${+hours.toFixed(2)} hours`;
  find("offset").textContent = clockOffset === 0 ? "" : `, ${amount} ${clockOffset > 0 ? "ahead" : "behind"}`;
  showTime();
}

// --- faults ---

let faultCommon = []; // the settings that each kind of fault has
function buildFault(id, fault) {
  const remove = make("button", "small", "Remove");
  remove.type = "button";
  remove.setAttribute("aria-label", printable(`Remove ${id}`));
  remove.addEventListener("click", () => act(() => call("DELETE", `faults/${encodeURIComponent(id)}`)));
  const left = fault.times === null ? "all calls" : counted(fault.times, "call left", "calls left");
  const more = Object.entries(fault).filter(([name, value]) => !faultCommon.includes(name) && !["null", "{}", "[]"].includes(JSON.stringify(value))).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return make("div", "line",
    make("em", fault.times === 0 ? "" : "stop", fault.kind),
    make("span", "mono", `${fault.method} ${fault.path_regex ?? fault.path}`),
    make("span", "quiet", `${left}, hit ${counted(fault.hits, "time", "times")}`),
    make("code", "", more.join(", ")),
    remove);
}
function showFaults(faults) {
  find("clear-faults").hidden = faults.length === 0;
  fill(find("faults"), faults.map((fault) => [fault.id, fault]), buildFault, "No fault is set.");
}
async function offerFaults() {
  const { kinds, common } = await call("GET", "faults/kinds");
  faultCommon = common;
  const suggest = () => {
    const { what, suggested } = kinds.find(({ kind }) => kind === find("fault-kind").value);
    find("fault-kind").title = printable(what);
    find("fault-more").value = JSON.stringify(suggested);
  };
  find("fault-kind").replaceChildren(...kinds.map(({ kind }) => make("option", "", kind)));
  find("fault-kind").addEventListener("change", suggest);
  suggest();
}
find("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => {
    let more;
    try {
      more = JSON.parse(find("fault-more").value || "{}");
    } catch (error) {
      throw new Error(`The further settings are not JSON: ${error.message}`);
    }
    const times = find("fault-times").value;
    return call("POST", "faults", {
      kind: find("fault-kind").value,
      method: find("fault-method").value,
      path: find("fault-path").value,
      times: times === "" ? null : Number(times),
      ...more,
    });
  });
});
find("clear-faults").addEventListener("click", () => act(() => call("DELETE", "faults")));

// --- the clock, reset ---

find("clock").addEventListener("submit", (event) => {
  event.preventDefault();
  const seconds = Number(find("clock-amount").value) * Number(find("clock-unit").value);
  act(() => call("POST", "clock", { advance_seconds: seconds }));
});
find("reset").addEventListener("click", () => {
  if (confirm("Reset the organization? What was made since the start is lost.")) act(() => call("POST", "reset"));
});
find("clear-log").addEventListener("click", () => act(() => call("DELETE", "requests")));

// --- requests ---

const requests = new Map();
let leftOff = 0;

const endOf = (request) => (request.ended === "replied" ? String(request.status) : request.ended);
function matches(request) {
  const path = find("path-filter").value.trim().toLowerCase(), status = find("status-filter").value.trim().toLowerCase();
  const ends = [endOf(request), String(request.status ?? "")];
  const hasStatus = ends.some((end) => end.startsWith(status.replace(/xx?$/, "")));
  return request.path.toLowerCase().includes(path) && hasStatus;
}
function buildRequest(request) {
  const group = request.status >= 400 || request.ended === "reset" || request.ended === "truncated" ? "stop" : request.ended === "open" ? "note" : "good";
  const summary = make("summary", "line",
    make("span", "quiet mono", new Date(request.time * 1000).toTimeString().slice(0, 8)),
    make("span", "mono name", request.method),
    make("span", "mono", request.path + (request.query ? `?${request.query}` : "")));
  if (request.fault) summary.append(make("em", "stop", `fault: ${request.fault_kind}`));
  const took = request.seconds === null ? "" : `${(request.seconds * 1000).toFixed(1)} ms`;
  summary.append(make("span", "end", took), make("span", `mono name ${group}`, endOf(request)));
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const inside = make("div", "inside", make("pre", "", [`x-request-id: ${request.request_id}`, ...headers].join("\n")));
  if (request.body !== null) inside.append(make("pre", "", typeof request.body === "string" ? request.body : JSON.stringify(request.body, null, 2)));
  return make("details", "", summary, inside);
}
function enter(request) {
  const old = requests.get(request.number), element = buildRequest(request);
  requests.set(request.number, { request, element });
  element.hidden = !matches(request);
  if (old) {
    element.open = old.element.open;
    const hasFocus = old.element.contains(document.activeElement);
    old.element.replaceWith(element);
    if (hasFocus) element.querySelector("summary").focus();
    return;
  }
  find("requests").prepend(element);
  if (requests.size > MAX_REQUESTS) {
    const [oldest, { element: gone }] = requests.entries().next().value;
    gone.remove();
    requests.delete(oldest);
    leftOff += 1;
  }
}
function countRequests() {
  const all = [...requests.values()], shown = all.filter(({ element }) => !element.hidden).length;
  const older = leftOff ? ` ${counted(leftOff, "older one is", "older ones are")} not shown here.` : "";
  find("count").textContent = (shown === all.length ? counted(shown, "request", "requests") : `${shown} of ${counted(all.length, "request", "requests")}`) + "." + older;
}
function filter() {
  for (const { request, element } of requests.values()) element.hidden = !matches(request);
  countRequests();
}
for (const name of ["path-filter", "status-filter"]) find(name).addEventListener("input", filter);
function forget() {
  requests.clear();
  leftOff = 0;
  find("requests").replaceChildren();
  countRequests();
}

// --- what keeps it up to date ---

async function refresh() {
  const [overview, clock, { faults }] = await Promise.all([call("GET", "overview"), call("GET", "clock"), call("GET", "faults")]);
  const { spent_by_project: spent, limit_by_project: limits } = overview.month;
  projects.add = (id, project) => ({ ...project, spent: spent[id] ?? 0, limit: limits[id] ?? null });
  showFigures(overview);
  showClock(clock);
  showFaults(faults);
  await Promise.all([projects, people, groups].map((list) => list.refresh()));
}
let isRefreshing = false, isStale = false;
/** Read again, soon; never twice at a time, and at most once a second. */
async function refreshSoon() {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (isStale) {
    isStale = false;
    await refresh().catch(report);
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
  isRefreshing = false;
}
function follow() {
  const events = new EventSource("/_emulator/requests/events");
  events.addEventListener("open", () => {
    find("connection").textContent = "Connected.";
    find("connection").className = "good";
    report(null);
    forget();
    const isOffered = find("fault-kind").options.length > 0;
    (isOffered ? Promise.resolve() : offerFaults().catch(report)).then(refreshSoon);
  });
  events.addEventListener("error", () => {
    find("connection").textContent = "The emulator does not respond. Trying again.";
    find("connection").className = "stop";
    // After an HTTP error or a refused connection, browsers may give up for good.
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, REFRESH_MS);
  });
  events.addEventListener("cleared", forget);
  events.addEventListener("control", refreshSoon);
  events.addEventListener("requests", (event) => {
    const { requests: changed, left_off: more } = JSON.parse(event.data);
    changed.forEach(enter);
    leftOff += more;
    countRequests();
    if (changed.some((request) => request.method !== "GET" || request.fault)) refreshSoon();
  });
}
find("operations").addEventListener("toggle", async () => {
  const list = find("operations").querySelector("ul");
  if (!find("operations").open || list.children.length) return;
  const { paths } = await (await fetch("/openapi.json")).json();
  for (const [path, verbs] of Object.entries(paths)) {
    for (const verb of Object.keys(verbs)) list.append(make("li", "mono", `${verb.toUpperCase()} ${path}`));
  }
});
find("address").textContent = `${location.origin}/v1`;
setInterval(showTime, 1000);
follow();
