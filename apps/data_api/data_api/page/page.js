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

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function address(changes) {
  const to = new URLSearchParams(state);
  for (const [key, value] of Object.entries(changes)) value === null ? to.delete(key) : to.set(key, value);
  return `?${to}`;
}

function fillForm(dataset) {
  const form = $("filter");
  for (const [name, values] of [["site", dataset.sites], ["horizon", dataset.horizons]])
    form[name].append(...values.map((value) => element("option", value)));
  for (const name of FILTERS) form[name].value = state.get(name) ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = Object.fromEntries(FILTERS.map((name) => [name, form[name].value || null]));
    location.search = address({ ...asked, after: null });
  });
}

async function showSamples() {
  const asked = new URLSearchParams({ limit: 20 });
  for (const name of [...FILTERS, "after"]) if (state.has(name)) asked.set(name, state.get(name));
  const { samples, next } = await get(`v1/samples?${asked}`);
  $("samples").replaceChildren(...samples.map((sample) => {
    const row = element("tr", "");
    if (sample.sample_id === state.get("sample")) row.setAttribute("aria-current", "true");
    const link = element("a", sample.sample_id, { href: address({ sample: sample.sample_id }) });
    const first = element("td", "");
    first.append(link);
    row.append(first, element("td", sample.site ?? ""), element("td", sample.horizon ?? ""), element("td", depth(sample)));
    return row;
  }));
  if (!samples.length) $("samples").append(element("tr", "No sample fits."));
  $("next").hidden = next === null;
  if (next !== null) $("next").href = address({ after: next });
}

const depth = (sample) => sample.depth_top_cm === null ? "" : `${sample.depth_top_cm} – ${sample.depth_bottom_cm}`;

async function showSample(id, units) {
  const path = `v1/samples/${encodeURIComponent(id)}`;
  const [sample, spectrum, near] = await Promise.all([get(path), get(`${path}/spectrum`), get(`${path}/nearest?count=6`)]);
  $("sample").textContent = `Sample ${id}`;
  $("one").hidden = false;
  draw($("spectrum"), spectrum, (text) => { $("reading").textContent = text; });
  $("properties").replaceChildren(...Object.entries(units).flatMap(([name, unit]) => {
    const label = name.replace(/_(percent|g_per_l)$/, "").replaceAll("_", " ");
    return [element("dt", label), element("dd", sample[name] === null ? "not measured" : `${sample[name]} ${unit}`)];
  }));
  $("nearest").replaceChildren(...near.nearest.filter((other) => other.sample_id !== id).map((other) => {
    const item = element("li", "");
    item.append(element("a", other.sample_id, { href: address({ sample: other.sample_id }) }), ` ${other.angle_degrees}°`);
    return item;
  }));
}

try {
  const dataset = await get("v1/dataset");
  $("about").textContent = `${dataset.name}: ${dataset.samples} samples, ${dataset.source}, ${dataset.licence}`;
  fillForm(dataset);
  await showSamples();
  if (state.has("sample")) await showSample(state.get("sample"), dataset.units);
} catch (error) {
  $("problem").textContent = error.message;
  $("problem").hidden = false;
}
document.body.dataset.state = "shown";
