// Small things that all parts of the page use. Text only ever becomes text: nothing here reads HTML.

export const AT = "/_harness/v1";

export const byId = (id) => document.getElementById(id);

// element("p", {class: "quiet"}, "text", another) -- a function as value listens to that event.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

export function fill(id, ...children) {
  byId(id).replaceChildren(...children);
}

export function say(text, isBad = false) {
  const said = byId("said");
  said.textContent = text;
  said.className = isBad ? "said bad" : "said good";
}

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// Ask the control path; gives the JSON of the answer, and throws what it says where it refuses.
export async function ask(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  const response = await fetch(AT + path, options);
  const text = await response.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    value = { detail: text };
  }
  if (!response.ok) throw new Refused(response.status, (value && value.detail) || `HTTP ${response.status}`);
  return value;
}

// Does something that may be refused, and says how it went.
export async function attempt(work, done) {
  try {
    const value = await work();
    if (done) say(typeof done === "function" ? done(value) : done);
    return value;
  } catch (error) {
    say(error.message, true);
    return undefined;
  }
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element("textarea", { "aria-hidden": "true" }); // without a secure address there is no clipboard
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`${what} copied`);
}

export function copyButton(text, what) {
  return element("button", { type: "button", "aria-label": `Copy ${what}`, click: () => copy(text, what) }, "Copy");
}

export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// Puts new children in only where something has changed: who reads or has the focus there is not disturbed.
const shown = new Map();
export function fillIfNew(id, value, make) {
  const picture = JSON.stringify(value);
  if (shown.get(id) === picture) return;
  shown.set(id, picture);
  byId(id).replaceChildren(...make());
}
