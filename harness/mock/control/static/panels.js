// The panels beside the journal: state, clock, faults, actions, reports. Each shows itself anew when something changed.

import { AT, ask, attempt, byId, element, fill, fillIfNew } from "./dom.js";

const MOST_KEYS = 200;
let path = ""; // of the session, below AT
let clock = null;
let clockRead = 0;
let table = {};
let edited = null; // the key that is in the editor, "" for a new one
let opener = null;

export function panelsOf(session) {
  path = `/sessions/${encodeURIComponent(session)}`;
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => setClock({ advance: button.dataset.advance }));
  }
  onSubmit("go", () => setClock({ now: byId("moment").value.trim() }));
  onSubmit("run", () => setClock({ rate: Number(byId("rate").value) }));
  onSubmit("add-fault", addFault);
  onSubmit("edit-object", saveObject);
  for (const id of ["filter", "browse", "choose"]) onSubmit(id, () => {});
  byId("table").addEventListener("change", showTable);
  byId("key-words").addEventListener("input", showKeys);
  byId("add-object").addEventListener("click", () => edit(""));
  byId("delete-object").addEventListener("click", deleteObject);
  byId("close-editor").addEventListener("click", () => byId("editor").close());
  byId("editor").addEventListener("close", () => {
    const again = [...byId("keys").querySelectorAll("button")].find((one) => one.dataset.key === edited);
    (again || (opener && opener.isConnected ? opener : byId("table"))).focus();
  });
  byId("edit").addEventListener("input", showEdit);
  setInterval(showClock, 1000);
  showReports();
}

function onSubmit(id, work) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    work();
  });
}

export async function refresh() {
  const [tables, now, faults, actions] = await Promise.all(
    ["state", "clock", "faults", "actions"].map((part) => ask("GET", `${path}/${part}`)),
  );
  clock = now;
  clockRead = performance.now();
  showClock();
  fillIfNew("timers", now.timers, () =>
    now.timers.length
      ? now.timers.slice(0, 20).map((one) => element("li", {}, `${one.at} ${one.name}`))
      : [element("li", { class: "quiet" }, "Nothing.")],
  );
  fillIfNew("fault-list", faults, () => faults.map(fault));
  fillIfNew("action-list", actions, () =>
    actions.length ? actions.map(action) : [element("p", { class: "quiet" }, "There are none.")],
  );
  const chosen = byId("table").value;
  fillIfNew("table", tables, () =>
    Object.entries(tables).map(([name, count]) => element("option", { value: name }, `${name} (${count})`)),
  );
  if (chosen in tables) byId("table").value = chosen;
  await showTable();
}

// -- state ----------------------------------------------------------------------------------------------------------

function objectPath(key) {
  return `${path}/state/${encodeURIComponent(byId("table").value)}/${key.split("/").map(encodeURIComponent).join("/")}`;
}

async function showTable() {
  const name = byId("table").value;
  if (!name) return;
  const found = await ask("GET", `${path}/state/${encodeURIComponent(name)}`);
  if (byId("table").value !== name) return;
  table = found;
  showKeys();
}

function showKeys() {
  const words = byId("key-words").value.toLowerCase();
  const keys = Object.keys(table).filter((key) => key.toLowerCase().includes(words));
  const more = keys.length > MOST_KEYS ? `, of which the first ${MOST_KEYS} are shown` : "";
  byId("state-count").textContent = `${keys.length} of ${Object.keys(table).length} objects${more}`;
  fillIfNew("keys", [byId("table").value, keys], () =>
    keys.slice(0, MOST_KEYS).map((key) =>
      element("li", {}, element("button", { type: "button", class: "code", "data-key": key, click: () => edit(key) }, key)),
    ),
  );
}

async function edit(key) {
  opener = document.activeElement;
  const found = key ? await attempt(() => ask("GET", objectPath(key))) : {};
  if (found === undefined) return;
  edited = key;
  byId("editor-title").textContent = key ? `${byId("table").value} ${key}` : `New object of ${byId("table").value}`;
  byId("key-line").hidden = Boolean(key);
  byId("delete-object").hidden = !key;
  byId("object-key").value = "";
  byId("object").value = JSON.stringify(found, null, 2);
  byId("editor-said").textContent = "";
  byId("editor").showModal();
  byId(key ? "object" : "object-key").focus();
}

async function change(method, body, done) {
  const key = edited || byId("object-key").value.trim();
  try {
    if (!key) throw new Error("An object needs a key.");
    await ask(method, objectPath(key), body);
    byId("editor").close();
    await attempt(showTable, `${key} ${done}`);
  } catch (error) {
    byId("editor-said").textContent = error.message;
  }
}

const saveObject = () => change("PUT", byId("object").value, "saved");
const deleteObject = () => change("DELETE", undefined, "deleted");

// -- clock ----------------------------------------------------------------------------------------------------------

function showClock() {
  if (!clock) return;
  const passed = (performance.now() - clockRead) * clock.rate;
  byId("now").textContent = `${new Date(Date.parse(clock.now) + passed).toISOString().slice(0, 19)}Z`;
  byId("pace").textContent = clock.rate === 1 ? "" : clock.rate === 0 ? "(stopped)" : `(${clock.rate} times as fast)`;
}

async function setClock(wanted) {
  await attempt(
    () => ask("PUT", `${path}/clock`, wanted),
    (now) => `The story is at ${now.now}. ${now.fired.length ? `Fired: ${now.fired.join(", ")}.` : "No timer fired."}`,
  );
}

// -- faults ---------------------------------------------------------------------------------------------------------

let usages = new Map();

export async function offerFaults(operations) {
  fill("operation", element("option", { value: "*" }, "* (all)"), ...operations.map((name) => element("option", { value: name }, name)));
  const edits = await ask("GET", "/edits");
  usages = new Map(edits.map((one) => [one.name, one]));
  fill("edits", ...edits.map((one) => element("option", { value: one.usage }, one.title)));
}

function showEdit() {
  const known = usages.get(byId("edit").value.split("(")[0].trim());
  byId("edit-told").textContent = known ? `${known.usage}: ${known.title}` : "";
}

async function addFault() {
  const wanted = { operation: byId("operation").value, edit: byId("edit").value.trim(), after: Number(byId("after").value || 0) };
  if (byId("times").value) wanted.times = Number(byId("times").value);
  const made = await attempt(() => ask("POST", `${path}/faults`, wanted), (one) => `Fault ${one.id} added: ${one.spelling}`);
  if (made) byId("edit").value = "";
}

function fault(one) {
  const remove = async () => {
    const gone = await attempt(() => ask("DELETE", `${path}/faults/${one.id}`).then(() => true), `Fault ${one.id} removed`);
    if (gone) byId("edit").focus();
  };
  const told = one.times === null ? `hit ${one.hit}` : `hit ${one.hit} of ${one.times}`;
  return element(
    "li",
    {},
    element("span", {}, element("code", {}, one.spelling), " ", element("span", { class: "quiet" }, `${one.id}, ${told}`)),
    element("button", { type: "button", "aria-label": `Remove fault ${one.id}`, click: remove }, "Remove"),
  );
}

// -- actions --------------------------------------------------------------------------------------------------------

function action(one) {
  const fields = Object.entries(one.arguments.properties || {}).map(([name, schema]) => field(one, name, schema));
  const answer = element("pre", { hidden: true, tabindex: "0", role: "group", "aria-label": `Answer of ${one.name}` });
  const run = async (event) => {
    event.preventDefault();
    const done = await attempt(async () => {
      const given = Object.fromEntries(fields.map((each) => each.read()).filter((pair) => pair[1] !== undefined));
      return { value: await ask("POST", `${path}/actions/${encodeURIComponent(one.name)}`, given) };
    }, `${one.name}: done`);
    answer.hidden = !done || done.value === null;
    if (done) answer.textContent = JSON.stringify(done.value, null, 2);
  };
  const heading = element("h3", {}, one.name);
  return element(
    "div",
    { class: "action" },
    heading,
    element("p", {}, one.title),
    element("form", { submit: run }, ...fields.flatMap((each) => each.shown), element("button", { "aria-label": `Do ${one.name}` }, "Do it")),
    answer,
  );
}

function field(one, name, schema) {
  const id = `${one.name}.${name}`;
  const needed = (one.arguments.required || []).includes(name);
  const label = `${schema.title || name}${needed ? "" : " (may be empty)"}`;
  const kind = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (schema.enum || kind === "boolean") {
    const values = schema.enum || [true, false];
    const options = values.map((value, at) => element("option", { value: at }, String(value)));
    const select = element("select", { id }, needed ? null : element("option", { value: "" }, "(not given)"), ...options);
    return { shown: [element("label", { for: id }, label), select], read: () => [name, select.value === "" ? undefined : values[select.value]] };
  }
  const isNumber = kind === "integer" || kind === "number";
  const hint = schema.description || (kind === "array" || kind === "object" ? "JSON" : "");
  const attributes = { id, autocomplete: "off", required: needed, placeholder: hint, title: schema.description };
  const input = element("input", isNumber ? { ...attributes, type: "number", step: kind === "integer" ? 1 : "any" } : attributes);
  const read = () => {
    if (input.value === "") return [name, undefined];
    if (isNumber) return [name, Number(input.value)];
    if (kind === "string") return [name, input.value];
    return [name, parsed(name, input.value, kind)];
  };
  return { shown: [element("label", { for: id }, label), input], read };
}

// A list may be written with commas, or as JSON like any other value.
function parsed(name, text, kind) {
  try {
    return JSON.parse(text);
  } catch {
    if (kind === "array" && !text.trim().startsWith("[")) return text.split(",").map((part) => part.trim());
    if (kind === undefined) return text;
    throw new Error(`${name}: this is no JSON`);
  }
}

// -- reports --------------------------------------------------------------------------------------------------------

export function showReports(systems = []) {
  const kinds = ["report.html", "report.json", "report.md", "junit.xml", "run.jsonl"];
  const several = systems.length > 1;
  const links = (system) =>
    kinds.map((kind) => {
      const query = system ? `?system=${encodeURIComponent(system)}` : "";
      return element("li", {}, element("a", { href: `${AT}${path}/${kind}${query}` }, several ? `${system}: ${kind}` : kind));
    });
  fill("report-list", ...(systems.length ? systems : [""]).flatMap(links));
}
