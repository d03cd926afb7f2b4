// What the pages gain where there is JavaScript: the slider of days, sorting and filtering of tables, copying a note.
// Without it every page still works.

function slider(form) {
  const days = (form.dataset.days || "").split(" ").filter(Boolean);
  const select = form.querySelector("select");
  if (!days.length || !select) return;
  const range = document.createElement("input");
  const output = document.createElement("output");
  const steps = [...days, ""]; // the last is today: all sources
  const label = form.querySelector("label");
  const values = Object.fromEntries([...select.options].map((option) => [option.value, option.textContent]));
  const at = steps.indexOf(select.value);
  Object.assign(range, { type: "range", min: 0, max: steps.length - 1, step: 1, id: "as-of-slider" });
  range.value = at < 0 ? steps.length - 1 : at;
  label.htmlFor = range.id;
  const told = () => {
    const day = steps[range.value];
    output.textContent = values[day];
    range.setAttribute("aria-valuetext", values[day]);
    select.value = day;
  };
  let typed = false; // by keys one goes day by day, and then to the button or presses Enter
  range.addEventListener("keydown", () => (typed = true));
  range.addEventListener("pointerdown", () => (typed = false));
  range.addEventListener("input", told);
  range.addEventListener("change", () => {
    told();
    if (!typed) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    if (!select.value) select.disabled = true; // no empty as_of in the address
  });
  window.addEventListener("pageshow", () => {
    select.disabled = false; // the page may come back from the browser's memory
  });
  output.htmlFor = range.id;
  select.hidden = true;
  select.setAttribute("aria-hidden", "true");
  label.after(range, output);
  if (at < 0) output.textContent = select.value;
  else told();
}

function text(cell) {
  const found = cell.querySelector("details > summary") || cell;
  return (cell.dataset.order || found.textContent).trim();
}

function sortable(box) {
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (!box.dataset.sort || head.classList.contains("unsorted")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.title = box.dataset.sort;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [text(row.cells[column]), row]);
      rows.sort(([a], [b]) => !a - !b || collator.compare(a, b) * (down ? -1 : 1)); // what is empty stays last
      body.append(...rows.map(([, row]) => row));
    });
  });
}

function filterable(box, number) {
  if (!box.dataset.filter) return;
  const rows = [...box.querySelector("tbody").rows];
  const line = document.createElement("p");
  line.className = "filter";
  const label = document.createElement("label");
  const input = document.createElement("input");
  const shown = document.createElement("span");
  input.type = "search";
  input.id = `filter-${number}`;
  label.htmlFor = input.id;
  label.textContent = box.dataset.filter;
  shown.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const content = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => content.includes(word));
      if (!row.hidden) count += 1;
    }
    shown.textContent = words.length ? box.dataset.shown.replace("{number}", count) : "";
  });
  line.append(label, input, shown);
  box.prepend(line);
}

function copying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const status = button.nextElementSibling;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    status.textContent = button.dataset.done;
    button.addEventListener("blur", () => (status.textContent = ""), { once: true });
  });
}

document.querySelectorAll("form.asof").forEach(slider);
document.querySelectorAll(".table").forEach((box, number) => {
  sortable(box);
  filterable(box, number);
});
document.querySelectorAll("button.copy").forEach(copying);
