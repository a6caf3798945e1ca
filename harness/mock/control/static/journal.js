// The journal: newest first, each entry folded; its details are made when it is opened.

import { ask, byId, element, pretty } from "./dom.js";

const MOST = 500;
const entries = []; // {order, line, words, wrong}, newest first

export function clearJournal() {
  entries.length = 0;
  byId("entries").replaceChildren();
  byId("nothing").hidden = false;
}

export function forgetBefore(oldest) {
  while (entries.length && entries[entries.length - 1].order < oldest - 0.5) entries.pop().line.remove();
  byId("nothing").hidden = entries.length > 0;
}

export function addEntries(found) {
  for (const entry of found) put(entry.n, shownEntry(entry), wordsOf(entry), verdictOf(entry).kind !== "good");
  if (found.length) announce(found);
}

const seen = new Set();
export function addEvents(events) {
  events.forEach((event, index) => {
    const name = `${event.at} ${event.text} ${event.after}`;
    if (seen.has(name)) return;
    seen.add(name);
    const line = element("li", { class: "event" }, `${clockOf(event.at)} ${event.text}`);
    put(event.after + 0.5 + index / 1000, line, event.text, false);
  });
}

export function startEventsAnew() {
  seen.clear();
}

function put(order, line, words, wrong) {
  const at = entries.findIndex((one) => one.order < order);
  const made = { order, line, words: words.toLowerCase(), wrong };
  if (at < 0) {
    byId("entries").append(line);
    entries.push(made);
  } else {
    entries[at].line.before(line);
    entries.splice(at, 0, made);
  }
  while (entries.length > MOST) entries.pop().line.remove();
  byId("nothing").hidden = true;
  sift(made);
}

function announce(found) {
  const last = found[found.length - 1];
  const more = found.length > 1 ? `${found.length} new entries, the last: ` : "";
  byId("announced").textContent = `${more}${last.request.method} ${pathOf(last)}: ${verdictOf(last).text}`;
}

export function siftAll() {
  entries.forEach(sift);
}

function sift(one) {
  const words = byId("words").value.toLowerCase();
  one.line.hidden = !one.words.includes(words) || (byId("only-wrong").checked && !one.wrong);
}

function clockOf(instant) {
  return (instant || "").slice(11, 19);
}

function pathOf(entry) {
  return entry.request.url.replace(/^https?:\/\/[^/]*/, "").replace(/^\/~[^/]*/, "") || "/";
}

function verdictOf(entry) {
  if (entry.refused) return { kind: "bad", text: `refused: ${entry.refused.why}` };
  const must = entry.problems.filter((one) => one.keyword === "MUST").length;
  if (must) return { kind: "bad", text: must === 1 ? "breaks a MUST" : `breaks ${must} MUSTs` };
  if (entry.problems.length) return { kind: "warn", text: entry.problems.length === 1 ? "1 warning" : `${entry.problems.length} warnings` };
  if (entry.faults.length) return { kind: "warn", text: "fault on purpose" };
  if (!entry.response) return { kind: "warn", text: "no answer" };
  if (entry.notes.length) return { kind: "warn", text: entry.notes[0] };
  return { kind: "good", text: "ok" };
}

function wordsOf(entry) {
  const verdict = verdictOf(entry).text;
  const problems = entry.problems.map((one) => one.requirement).join(" ");
  return `${entry.request.method} ${pathOf(entry)} ${entry.response ? entry.response.status : ""} ${entry.operation || ""} ${verdict} ${problems}`;
}

function shownEntry(entry) {
  const verdict = verdictOf(entry);
  const summary = element(
    "summary",
    {},
    element("span", { class: "quiet" }, clockOf(entry.received)),
    element("span", { class: "method" }, entry.request.method),
    element("span", { class: "code" }, pathOf(entry)),
    element("span", {}, entry.response ? entry.response.status : "no answer"),
    entry.operation ? element("span", { class: "quiet" }, entry.operation) : null,
    element("span", { class: `mark ${verdict.kind}` }, verdict.text),
    entry.faults.length && verdict.text !== "fault on purpose" ? element("span", { class: "mark warn" }, "fault on purpose") : null,
  );
  const folded = element("details", {}, summary);
  folded.addEventListener("toggle", () => {
    if (folded.open && folded.children.length === 1) folded.append(detailsOf(entry));
  });
  return element("li", { class: verdict.kind }, folded);
}

function detailsOf(entry) {
  const parts = [];
  if (entry.refused) {
    parts.push(pairs([["Refused", entry.refused.why], ["What to do", entry.refused.advice]]));
  }
  parts.push(...entry.problems.map(problem));
  if (entry.faults.length) parts.push(pairs([["Faults", entry.faults.join(", ")]]));
  if (entry.notes.length) parts.push(pairs([["Notes", entry.notes.join("; ")]]));
  parts.push(element("h3", {}, "Request"), message(`${entry.request.method} ${entry.request.url}`, entry.request));
  if (entry.response) {
    const { status, reason } = entry.response;
    parts.push(element("h3", {}, "Answer"), message(`${status} ${reason || ""}`.trim(), entry.response));
  }
  return element("div", { class: "details" }, ...parts);
}

function pairs(all) {
  const rows = all.filter(([, text]) => text).flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]);
  return element("dl", {}, ...rows);
}

function problem(one) {
  const object = Object.entries(one.object || {}).map(([name, value]) => `${name} ${value}`).join(", ");
  return element(
    "div",
    { class: "problem" },
    element("p", {}, element("strong", {}, one.keyword || "off"), ` ${one.title}`),
    element(
      "dl",
      {},
      element("dt", {}, "Where"), element("dd", { class: "code" }, one.where),
      element("dt", {}, "Expected"), element("dd", { class: "expected" }, one.expected),
      element("dt", {}, "Actual"), element("dd", { class: "actual" }, one.actual),
      ...(object ? [element("dt", {}, "Object"), element("dd", {}, object)] : []),
    ),
    clause(one.requirement),
  );
}

function clause(id) {
  const folded = element("details", {}, element("summary", {}, "Clause ", element("code", {}, id)));
  folded.addEventListener("toggle", async () => {
    if (!folded.open || folded.children.length > 1) return;
    try {
      const found = await ask("GET", `/clauses/${id.split("/").map(encodeURIComponent).join("/")}`);
      folded.append(
        pairs([
          ["Clause", found.title],
          ["Why", found.why],
          ["Fix", found.fix],
          ["Source", `${found.source.document}, ${found.source.section} (${found.basis})`],
        ]),
      );
    } catch (error) {
      folded.append(element("p", { class: "bad" }, error.message));
    }
  });
  return folded;
}

function message(line, part) {
  const headers = part.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return element("pre", { tabindex: "0", role: "group", "aria-label": line }, `${line}\n${headers}\n\n${bodyOf(part.body)}`.trimEnd());
}

function bodyOf(body) {
  if (body && "text" in body) return pretty(body.text);
  if (body && "base64" in body) return `(no text) ${body.base64}`;
  return body && body.bytes ? `(${body.bytes} bytes)` : "";
}
