// The page's whole state is its address: ?sample=S-000001&horizon=A. A link, the back button and a reload all work.
import { draw } from "./spectrum.js";

const $ = (id) => document.getElementById(id);
const state = new URLSearchParams(location.search);
const FILTERS = ["site", "horizon", "depth_from_cm", "depth_to_cm"];

async function get(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function address(changes) {
  const to = new URLSearchParams(state);
  for (const [key, value] of Object.entries(changes)) value === null ? to.delete(key) : to.set(key, value);
  return `?${to}`;
}

const linkTo = (id) => element("a", id, { href: address({ sample: id }) });
const depth = (sample) => sample.depth_top_cm === null ? "" : `${sample.depth_top_cm} – ${sample.depth_bottom_cm}`;

function fillForm(dataset) {
  const form = $("filter");
  for (const [name, values] of [["site", dataset.sites], ["horizon", dataset.horizons]])
    form[name].append(...values.map((value) => element("option", value)));
  for (const name of FILTERS) form[name].value = state.get(name) ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = Object.fromEntries(FILTERS.map((name) => [name, form[name].value || null]));
    location.search = address({ ...asked, after: null, sample: null });
  });
}

async function findSamples() {
  const asked = new URLSearchParams({ limit: 20 });
  for (const name of [...FILTERS, "after"]) if (state.has(name)) asked.set(name, state.get(name));
  return await get(`v1/samples?${asked}`);
}

function showList({ samples, next }, shown) {
  $("samples").replaceChildren(...samples.map((sample) => {
    const cells = [linkTo(sample.sample_id), sample.site ?? "", sample.horizon ?? ""].map((it) => element("td", it));
    const current = sample.sample_id === shown ? { "aria-current": "true" } : {};
    return element("tr", [...cells, element("td", depth(sample), { class: "number" })], current);
  }));
  $("none").hidden = samples.length > 0;
  $("first").hidden = !state.has("after");
  $("first").href = address({ after: null });
  $("next").hidden = next === null;
  if (next !== null) $("next").href = address({ after: next });
}

function labelOf(property) {
  if (property === "ph") return "pH";
  const words = property.replace(/_(percent|g_per_l)$/, "").replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

function whereabouts({ site, horizon, latitude, longitude, ...sample }) {
  const degrees = (value, letters) => `${Math.abs(value).toFixed(2)}° ${letters[value < 0 ? 1 : 0]}`;
  const place = latitude === null ? null : `${degrees(latitude, "NS")}, ${degrees(longitude, "EW")}`;
  const layer = sample.depth_top_cm === null ? null : `${depth(sample)} cm`;
  return [site, horizon && `horizon ${horizon}`, layer, place].filter(Boolean).join(" · ");
}

async function showSample(id, units) {
  const path = `v1/samples/${encodeURIComponent(id)}`;
  const [sample, spectrum, near] = await Promise.all([get(path), get(`${path}/spectrum`), get(`${path}/nearest?count=6`)]);
  $("sample").textContent = `Sample ${id}`;
  $("where").textContent = whereabouts(sample);
  $("one").hidden = false;
  draw($("spectrum"), spectrum, (text) => { $("reading").textContent = text; });
  $("properties").replaceChildren(...Object.entries(units).map(([name, unit]) => {
    const value = sample[name] === null ? "not measured" : `${sample[name]} ${unit}`;
    return element("div", [element("dt", labelOf(name)), element("dd", value)]);
  }));
  const others = near.nearest.filter((other) => other.sample_id !== id).slice(0, 5);
  $("nearest").replaceChildren(...others.map((other) =>
    element("li", [linkTo(other.sample_id), element("span", `${other.angle_degrees.toFixed(2)}°`)])));
}

try {
  const [dataset, found] = await Promise.all([get("v1/dataset"), findSamples()]);
  $("about").textContent = `${dataset.name}: ${dataset.samples} samples, ${dataset.source}, ${dataset.licence}`;
  fillForm(dataset);
  const shown = state.get("sample") ?? found.samples[0]?.sample_id;
  showList(found, shown);
  if (state.has("sample")) document.body.dataset.chosen = "";
  if (shown) await showSample(shown, dataset.units);
} catch (error) {
  $("problem").textContent = error.message;
  $("problem").hidden = false;
}
document.body.dataset.state = "shown";
