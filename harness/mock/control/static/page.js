// The page for people: which session, how to reach it, and what comes in while it is open.

import { AT, ask, attempt, byId, copy, copyButton, element, fillIfNew, say } from "./dom.js";
import { addEntries, addEvents, clearJournal, forgetBefore, siftAll } from "./journal.js";
import { offerFaults, panelsOf, refresh, showReports } from "./panels.js";

const session = new URLSearchParams(location.search).get("session") || "default";
const path = `/sessions/${encodeURIComponent(session)}`;
const FIRST_SHOWN = 200;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let env = {};
let last = 0;
let changes = 0;

function status(text, kind) {
  if (byId("status").textContent !== text) byId("status").textContent = text;
  document.querySelector("header").className = kind;
}

// -- addresses ------------------------------------------------------------------------------------------------------

function row(name, text) {
  return element("div", {}, element("dt", {}, name), element("dd", { class: "code" }, text), element("dd", {}, copyButton(text, name)));
}

function showSystems(overview) {
  fillIfNew("systems", overview.systems, () =>
    Object.entries(overview.systems).flatMap(([name, system]) => [
      element("h3", {}, `${name}: ${system.title}`),
      element("dl", { class: "rows" }, ...Object.entries(system.services).map(([service, one]) => row(`${service} API`, inSession(one.url, system.url)))),
      element("p", { class: "quiet" }, ...Object.entries(system.services).flatMap(([service, one]) => documents(service, one))),
    ]),
  );
}

function documents(service, one) {
  const shown = `${AT}/docs?document=${encodeURIComponent(one.document)}`;
  return [element("a", { href: one.document }, `OpenAPI document of ${service}`), " (", element("a", { href: shown, "aria-label": `${service} to read` }, "to read"), ") "];
}

function inSession(url, origin) {
  return session === "default" ? url : `${origin}/~${session}${url.slice(origin.length)}`;
}

function showEnv(own) {
  env = own.env;
  fillIfNew("env", own.env, () => [element("dl", { class: "rows" }, ...Object.entries(own.env).map(([name, value]) => row(name, value)))]);
  fillIfNew("known", own.known, () => own.known.map((line) => element("li", {}, line)));
}

const forSh = () => Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`).join("");
const forPowerShell = () => Object.entries(env).map(([name, value]) => `$env:${name} = '${value.replaceAll("'", "''")}'\n`).join("");

// -- sessions -------------------------------------------------------------------------------------------------------

const show = (id) => location.assign(id === "default" ? "/" : `/?session=${encodeURIComponent(id)}`);

function showSessions(overview) {
  const ids = overview.sessions.includes(session) ? overview.sessions : [...overview.sessions, session];
  fillIfNew("session", ids, () => ids.map((id) => element("option", { value: id, selected: id === session }, id)));
  byId("end").hidden = session === "default";
}

async function begin() {
  const made = await attempt(() => ask("POST", "/sessions", { systems: [] }));
  if (made) show(made.id);
}

async function reset() {
  if (confirm(`Begin session ${session} anew? Its state, faults and journal are lost.`)) {
    await attempt(() => ask("POST", `${path}/reset`), "The session has begun anew");
  }
}

async function end() {
  if (!confirm(`End session ${session}? All that is in it is lost.`)) return;
  const done = await attempt(() => ask("DELETE", path).then(() => true));
  if (done) show("default");
}

// -- what comes in --------------------------------------------------------------------------------------------------

async function look() {
  const [overview, own] = await Promise.all([ask("GET", ""), ask("GET", path)]);
  byId("version").textContent = overview.version;
  showSystems(overview);
  showSessions(overview);
  showEnv(own);
  changes = own.changes; // read before the parts below: what is done meanwhile is noticed later
  if (own.last < last) location.reload(); // the mocks were started anew
  addEvents(own.events.filter((event) => event.after + 1 >= own.oldest));
  await refresh();
  return own;
}

async function news() {
  const response = await fetch(`${AT}${path}/exchanges?after=${last}&wait=25&changes=${changes}`);
  if (response.status === 404) throw Object.assign(new Error("ended"), { status: 404 });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const lines = (await response.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  forgetBefore(Number(response.headers.get("Harness-Oldest")));
  addEntries(lines);
  if (lines.length) last = lines[lines.length - 1].n;
}

async function follow() {
  for (;;) {
    try {
      await news();
      await look();
      status("live", "live");
      await pause(250);
    } catch (error) {
      if (error.status === 404) {
        status("this session has ended", "lost");
        byId("session").value = "";
        return;
      }
      status("the mocks do not answer; trying again", "lost");
      await pause(2000);
    }
  }
}

async function start() {
  panelsOf(session);
  byId("session").addEventListener("change", () => show(byId("session").value));
  byId("begin").addEventListener("click", begin);
  byId("reset").addEventListener("click", reset);
  byId("end").addEventListener("click", end);
  byId("copy-sh").addEventListener("click", () => copy(forSh(), "Settings for sh"));
  byId("copy-powershell").addEventListener("click", () => copy(forPowerShell(), "Settings for PowerShell"));
  byId("words").addEventListener("input", siftAll);
  byId("only-wrong").addEventListener("change", siftAll);
  document.title = session === "default" ? "Mock servers" : `Mock servers: session ${session}`;
  clearJournal();
  try {
    const own = await look();
    last = Math.max(0, own.last - FIRST_SHOWN);
    showReports(own.systems);
    await offerFaults(own.operations);
    status("live", "live");
  } catch (error) {
    status(error.status === 404 ? "there is no such session" : "the mocks do not answer", "lost");
    say(error.message, true);
    if (error.status === 404) {
      showSessions(await ask("GET", ""));
      return;
    }
  }
  await follow();
}

start();
