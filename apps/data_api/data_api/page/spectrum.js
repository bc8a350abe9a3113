// A spectrum as a line: axis along the bottom, reflectance upwards, and the value under the pointer or the arrow keys.
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 44, right: 20, top: 22, bottom: 44 };
const TICK_PIXELS = 70;

function make(parent, name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

// Round steps: at most `count` of them between `low` and `high`.
function ticks(low, high, count) {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

// What turns points of the axis and reflectances into pixels of a picture of this size.
function scales({ axis, reflectance }, width, height) {
  const frame = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const [low, high] = [Math.min(...axis.values), Math.max(...axis.values)];
  const [bottom, top] = [Math.min(0, ...reflectance), Math.max(...reflectance) * 1.05];
  const x = (value) => frame.left + ((value - low) / (high - low || 1)) * (frame.right - frame.left);
  const y = (value) => frame.bottom - ((value - bottom) / (top - bottom || 1)) * (frame.bottom - frame.top);
  return { frame, low, high, bottom, top, x, y };
}

function drawFrame(svg, axis, { frame, low, high, bottom, top, x, y }) {
  for (const at of ticks(low, high, (frame.right - frame.left) / TICK_PIXELS)) {
    make(svg, "line", { class: "grid", x1: x(at), x2: x(at), y1: frame.top, y2: frame.bottom });
    make(svg, "text", { x: x(at), y: frame.bottom + 17, "text-anchor": "middle" }, at);
  }
  for (const at of ticks(bottom, top, (frame.bottom - frame.top) / (TICK_PIXELS / 2))) {
    make(svg, "line", { class: "grid", x1: frame.left, x2: frame.right, y1: y(at), y2: y(at) });
    make(svg, "text", { x: frame.left - 7, y: y(at) + 4, "text-anchor": "end" }, at);
  }
  const middle = (frame.left + frame.right) / 2;
  const quantity = axis.unit === "nm" ? "Wavelength" : "Wavenumber";
  make(svg, "text", { x: middle, y: frame.bottom + 37, "text-anchor": "middle" }, `${quantity}, ${axis.unit}`);
  make(svg, "text", { x: 2, y: 12 }, "Reflectance");
}

function drawLine(svg, { axis, reflectance }, { x, y, bottom }) {
  const points = axis.values.map((value, i) => `${x(value).toFixed(1)},${y(reflectance[i]).toFixed(1)}`).join("L");
  const [first, last] = [axis.values[0], axis.values.at(-1)].map((value) => x(value).toFixed(1));
  make(svg, "path", { class: "under", d: `M${first},${y(bottom)}L${points}L${last},${y(bottom)}Z` });
  make(svg, "path", { class: "spectrum", d: `M${points}` });
}

// Follows the pointer and the arrow keys, and tells the value there.
function follow(svg, { axis, reflectance }, { frame, x, y }, tell) {
  const line = make(svg, "line", { class: "cursor", y1: frame.top, y2: frame.bottom, visibility: "hidden" });
  const point = make(svg, "circle", { class: "point", r: 5, visibility: "hidden" });
  let at = 0;
  const show = (i) => {
    at = Math.min(axis.values.length - 1, Math.max(0, i));
    const [left, up] = [x(axis.values[at]), y(reflectance[at])];
    for (const end of ["x1", "x2"]) line.setAttribute(end, left);
    point.setAttribute("cx", left);
    point.setAttribute("cy", up);
    for (const mark of [line, point]) mark.setAttribute("visibility", "visible");
    tell(`${axis.values[at]} ${axis.unit}: ${reflectance[at].toFixed(4)}`);
  };
  svg.onpointermove = (event) => {
    const away = axis.values.map((value) => Math.abs(x(value) - (event.clientX - svg.getBoundingClientRect().left)));
    show(away.indexOf(Math.min(...away)));
  };
  svg.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) show(at + step);
  };
}

// Draws a spectrum in the size that the picture has on this screen, and anew when that changes.
export function draw(svg, spectrum, tell) {
  new ResizeObserver(() => {
    const { width, height } = svg.getBoundingClientRect();
    const to = scales(spectrum, width, height);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawFrame(svg, spectrum.axis, to);
    drawLine(svg, spectrum, to);
    follow(svg, spectrum, to, tell);
  }).observe(svg);
}
