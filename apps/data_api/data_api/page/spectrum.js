// A spectrum as a line: axis along the bottom, reflectance upwards, and the value under the pointer.
const SVG = "http://www.w3.org/2000/svg";
const FRAME = { left: 46, right: 616, top: 10, bottom: 278 };

function make(parent, name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

// Round steps: about `count` of them between `low` and `high`.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

export function draw(svg, { axis, reflectance }, tell) {
  svg.replaceChildren();
  const [low, high] = [Math.min(...axis.values), Math.max(...axis.values)];
  const [bottom, top] = [Math.min(0, ...reflectance), Math.max(...reflectance) * 1.05];
  const x = (value) => FRAME.left + ((value - low) / (high - low || 1)) * (FRAME.right - FRAME.left);
  const y = (value) => FRAME.bottom - ((value - bottom) / (top - bottom || 1)) * (FRAME.bottom - FRAME.top);
  for (const at of ticks(low, high, 8)) {
    make(svg, "line", { class: "grid", x1: x(at), x2: x(at), y1: FRAME.top, y2: FRAME.bottom });
    make(svg, "text", { x: x(at), y: FRAME.bottom + 16, "text-anchor": "middle" }, at);
  }
  for (const at of ticks(bottom, top, 5)) {
    make(svg, "line", { class: "grid", x1: FRAME.left, x2: FRAME.right, y1: y(at), y2: y(at) });
    make(svg, "text", { x: FRAME.left - 6, y: y(at) + 4, "text-anchor": "end" }, at);
  }
  const middle = (FRAME.left + FRAME.right) / 2;
  const quantity = axis.unit === "nm" ? "Wavelength" : "Wavenumber";
  make(svg, "text", { x: middle, y: FRAME.bottom + 36, "text-anchor": "middle" }, `${quantity}, ${axis.unit}`);
  make(svg, "text", { x: FRAME.left + 6, y: FRAME.top + 12 }, "Reflectance");
  const line = axis.values.map((value, i) => `${x(value).toFixed(1)},${y(reflectance[i]).toFixed(1)}`).join("L");
  make(svg, "path", { class: "spectrum", d: `M${line}` });

  const cursor = make(svg, "line", { class: "cursor", y1: FRAME.top, y2: FRAME.bottom, visibility: "hidden" });
  svg.onpointermove = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const away = axis.values.map((value) => Math.abs(x(value) - point.x));
    const i = away.indexOf(Math.min(...away));
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(axis.values[i]));
    cursor.setAttribute("visibility", "visible");
    tell(`${axis.values[i]} ${axis.unit}: ${reflectance[i]}`);
  };
}
