"use strict";

// Filters the environments and finds what holds an address. Everything is written as text, never as HTML.

const MOST_SHOWN = 100;
const plan = JSON.parse(document.getElementById("plan").textContent);
const field = (id) => document.getElementById(id);
const number = (count) => count.toLocaleString("en");
const many = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

// Returns the first and last address of "10.3.4.5" or "10.3.0.0/16" as numbers, or null.
function parseBlock(text) {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  const octets = match ? match.slice(1, 5).map(Number) : [];
  const length = match && match[5] !== undefined ? Number(match[5]) : 32;
  if (!match || length > 32 || octets.some((octet) => octet > 255)) return null;
  const size = 2 ** (32 - length);
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = address - (address % size);
  return { first, last: first + size - 1, text: length === 32 ? text.split("/")[0] : `${dotted(first)}/${length}` };
}

function dotted(address) {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

function overlaps(one, other) {
  return one.first <= other.last && other.first <= one.last;
}

// Says how what is asked for lies to a range: a block holds another, or lies in it, and never crosses its edge.
function relation(asked, range) {
  if (asked.first !== asked.last) {
    if (asked.first === range.first && asked.last === range.last) return "the same block";
    return asked.first <= range.first && asked.last >= range.last ? "inside this block" : "contains this block";
  }
  if (range.holds) return "contains it";
  const before = asked.first - range.first;
  const after = range.last - asked.first;
  if (range.last - range.first > 2 && (before === 0 || after === 0)) {
    return `reserved: the ${before === 0 ? "first" : "last"} address of the range`;
  }
  if (range.kept > 0 && (before < range.kept - range.keptAtEnd || after < range.keptAtEnd)) {
    return "reserved by the cloud";
  }
  return "usable";
}

// Everything that has addresses, the smallest first, so that the closest answer comes first.
const places = [];
for (const environment of plan.environments) {
  for (const range of environment.ranges) {
    const label = `${environment.name}, ${range.name} ${range.cidr}`;
    places.push({ ...range, ...parseBlock(range.cidr), environment, label, keptAtEnd: environment.keptAtEnd });
    if (range.room) {
      const room = `${environment.name}, ${range.name} with room to grow ${range.room}`;
      places.push({ id: range.id, holds: true, ...parseBlock(range.room), environment, label: room });
    }
  }
}
for (const block of plan.kept) {
  places.push({ ...block, ...parseBlock(block.cidr), label: `${block.name} ${block.cidr}`, kept: 0 });
}
places.sort((one, other) => one.last - one.first - (other.last - other.first));

// Returns the environments whose peering routes to the address although nothing of theirs uses it.
function freeIn(asked, hits) {
  const used = new Set(hits.filter((hit) => !hit.holds).map((hit) => hit.environment));
  const routed = (environment) => environment.remote.some((cidr) => overlaps(asked, parseBlock(cidr)));
  return plan.environments.filter((environment) => !used.has(environment) && routed(environment));
}

function answer(asked, hits, free) {
  const what = asked.text;
  if (hits.length === 0 && free.length === 0) return `No range of this plan contains ${what}.`;
  const told = [`${what}: ${many(hits.length, "range")}.`];
  if (free.length > 0) told.push(`Free inside the peering routes of ${many(free.length, "environment")}.`);
  return told.join(" ");
}

function entry(id, label, said) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.textContent = label;
  item.append(link, `: ${said}`);
  return item;
}

function find() {
  for (const row of document.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
  field("found").replaceChildren();
  const text = field("address").value.trim();
  const asked = parseBlock(text);
  field("address").setAttribute("aria-invalid", String(text !== "" && !asked));
  if (!asked) {
    field("answer").textContent = text === "" ? "" : "Write an address or a block, such as 10.3.4.5 or 10.3.0.0/16.";
    return;
  }
  const hits = places.filter((place) => overlaps(asked, place));
  const free = freeIn(asked, hits);
  for (const hit of hits) field(hit.id).setAttribute("aria-current", "true");
  const items = hits.map((hit) => {
    const said = hit.environment ? [relation(asked, hit), hit.standing].filter(Boolean).join("; ") : "reserved";
    return entry(hit.id, hit.label, said);
  });
  const said = "free, inside the peering routes";
  items.push(...free.map((environment) => entry(environment.id, environment.name, said)));
  field("found").append(...items.slice(0, MOST_SHOWN));
  if (items.length > MOST_SHOWN) field("found").append(`and ${number(items.length - MOST_SHOWN)} more`);
  field("answer").textContent = answer(asked, hits, free);
}

function filter() {
  const name = field("name").value.trim().toLowerCase();
  const wanted = (environment) =>
    environment.name.toLowerCase().includes(name) &&
    ["cloud", "mode"].every((key) => field(key).value === "" || field(key).value === environment[key]);
  let shown = 0;
  for (const environment of plan.environments) {
    const matches = wanted(environment);
    field(environment.id).hidden = !matches;
    shown += Number(matches);
  }
  const all = plan.environments.length;
  field("shown").textContent = shown === all ? "" : `Shown: ${number(shown)} of ${many(all, "environment")}.`;
}

function offer(key) {
  const choices = [...new Set(plan.environments.map((environment) => environment[key]))].sort();
  field(key).append(...choices.map((choice) => new Option(choice, choice)));
}

// What was found may be filtered away: then the filters give way.
function reveal(event) {
  const link = event.target.closest("a");
  const target = link && field(link.hash.slice(1));
  if (!target || !target.closest("[hidden]")) return;
  for (const key of ["name", "cloud", "mode"]) field(key).value = "";
  filter();
}

offer("cloud");
offer("mode");
field("address").addEventListener("input", find);
for (const key of ["name", "cloud", "mode"]) field(key).addEventListener("input", filter);
field("found").addEventListener("click", reveal);
field("tools").addEventListener("submit", (event) => event.preventDefault());
field("tools").hidden = false;
