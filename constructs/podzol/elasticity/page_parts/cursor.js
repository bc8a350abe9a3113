// One time for the whole page: the cursor stands at it in every picture, and the legends say the values.
const fields = [...document.querySelectorAll(".field")];
const legends = [...document.querySelectorAll(".legend li[data-points]")].map((entry) => ({
  value: entry.querySelector("b"),
  points: JSON.parse(entry.dataset.points),
  last: entry.querySelector("b").textContent,
}));
const story = [...document.querySelectorAll(".story button")];
const now = document.getElementById("now");
const short = (value) =>
  value === null ? "–" : Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : String(+value.toPrecision(3));
const said = (seconds) =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

function show(seconds) {
  for (const field of fields) {
    const cursor = field.querySelector(".cursor");
    cursor.hidden = seconds === null;
    if (seconds !== null) cursor.style.left = `${(100 * seconds) / field.dataset.seconds}%`;
  }
  for (const { value, points, last } of legends) {
    const before = seconds === null ? null : points.findLast(([at]) => at <= seconds);
    value.textContent = seconds === null ? last : short(before ? before[1] : 0);
  }
  now.hidden = seconds === null;
  if (seconds !== null) now.textContent = said(seconds);
}

function moment() {
  const chosen = story.find((each) => each.getAttribute("aria-pressed") === "true");
  return chosen ? Number(chosen.dataset.at) : null;
}

function choose(line) {
  const again = line.getAttribute("aria-pressed") === "true";
  story.forEach((each) => each.setAttribute("aria-pressed", String(each === line && !again)));
  show(moment());
}

for (const field of fields) {
  field.addEventListener("pointermove", (event) => {
    const box = field.getBoundingClientRect();
    show(Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * field.dataset.seconds);
  });
  field.addEventListener("pointerleave", () => show(moment()));
}
for (const line of story) line.addEventListener("click", () => choose(line));
