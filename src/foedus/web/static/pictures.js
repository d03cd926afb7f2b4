// The pictures of a page: a timeline, a map or a network, drawn as SVG into each <figure class="picture">.
//
// The figure gives its kind in data-picture, its name in data-label, and its data as JSON in a script of class "data".
// It stays hidden where a library in vendor/ is missing: a table on the page tells the same. Every word that is shown
// comes from the data or from an attribute of the figure: data-all, data-zoom-in and so on, as below. Nothing moves by
// itself.

/* global d3, topojson */

const WORDS = {
  all: "All",
  asof: "As of {day}",
  down: "Move down",
  download: "Download:",
  from: "from",
  keys: "Point at a mark, or use the arrow keys to go from one to the next: its details stand here.",
  left: "Move left",
  none: "None",
  png: "PNG",
  range: "Time shown",
  receives: "{label}, to which they are owed",
  reset: "Show everything",
  right: "Move right",
  svg: "SVG",
  tools: "Zoom and move",
  until: "not after",
  up: "Move up",
  value: "instruments",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
};
const KINDS = {
  timeline: { draw: timeline, libraries: ["d3.min.js"], some: ({ items }) => items.length },
  map: { draw: map, libraries: ["d3.min.js", "topojson-client.min.js"], some: ({ places }) => places.length },
  network: { draw: network, libraries: ["d3.min.js"], some: ({ nodes }) => nodes.length },
};
const SIZE = 12; // of letters, in pixels
const LINE = 14; // from one line of letters to the next
const FEW = 24; // marks, each of which is a stop of the tab key
const DAY = 24 * 60 * 60 * 1000;

// ---------------------------------------------------------------------------------------------------------------------
// What the three have in common

const loading = new Map();

function library(name) {
  if (!loading.has(name)) {
    const load = (resolve, reject) => {
      const src = new URL(`vendor/${name}`, import.meta.url).href;
      document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
    };
    loading.set(name, new Promise(load));
  }
  return loading.get(name);
}

async function json(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// A picture: its figure and data, where it is drawn, and what the reader has chosen.
class Picture {
  constructor(figure, data) {
    this.figure = figure;
    this.data = data;
    this.canvas = figure.querySelector(".canvas");
    this.tools = element("div", { className: "tools", role: "group", hidden: true });
    this.told = element("p", { className: "told", ariaLive: "polite" }, this.say("keys"));
    this.canvas.before(this.tools);
    this.canvas.after(this.told);
    this.language = document.documentElement.lang || "en";
    if (this.language === "en") this.language = "en-GB";
    this.collator = new Intl.Collator(this.language, { numeric: true });
    this.pen = document.createElement("canvas").getContext("2d");
    this.canvas.addEventListener("keydown", (event) => this.go(event));
    this.canvas.addEventListener("pointerdown", (event) => {
      this.touched = event.pointerType === "touch";
      this.before = this.current;
    });
  }

  say(name, values = {}) {
    return (this.figure.dataset[name] ?? WORDS[name]).replace(/{(\w+)}/g, (_, key) => values[key]);
  }

  measure(words, weight = 400, size = SIZE) {
    this.pen.font = `${weight} ${size}px ${this.family}`;
    return this.pen.measureText(words).width;
  }

  // Words in lines of at most a width, except where one word is longer.
  wrap(words, most, weight) {
    const lines = [];
    for (const word of words.split(" ")) {
      const line = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && this.measure(line, weight) <= most) lines[lines.length - 1] = line;
      else lines.push(word);
    }
    return { lines, width: Math.max(...lines.map((line) => this.measure(line, weight))), height: lines.length * LINE };
  }

  draw() {
    this.drawn = undefined;
    this.width = Math.floor(this.canvas.clientWidth);
    this.narrow = this.width < 640;
    this.touch = this.narrow || matchMedia("(pointer: coarse)").matches;
    this.family = getComputedStyle(this.figure).fontFamily;
    const tool = [...this.tools.children].indexOf(document.activeElement);
    const held = this.canvas.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const name = `${this.figure.dataset.label}. ${this.say("keys")}`;
    this.svg = d3.create("svg").attr("role", "group").attr("aria-label", name);
    this.marks = [];
    const height = Math.ceil(KINDS[this.figure.dataset.picture].draw(this));
    const wide = this.drawn ?? this.width;
    this.svg.attr("viewBox", [0, 0, wide, height]).attr("width", wide).attr("height", height);
    this.canvas.replaceChildren(this.svg.node());
    const all = this.marks.flat();
    this.stop(all.find(({ key }) => key === this.current) ?? all[0]);
    this.tools.children[tool]?.focus();
    if (held !== undefined) all.find(({ key }) => `${key}` === held)?.node.focus({ preventScroll: true });
  }

  // A list of marks, each of which is a link.
  list(parent, label, style) {
    this.marks.push([]);
    return add(parent, "g", style, { role: "list", "aria-label": label });
  }

  // A mark: `key` finds it again once it is drawn anew, `name` is what it is called aloud, `rest` what else is told of
  // it, `shown` and `left` what happens when it is pointed at or has the focus, and no longer.
  mark(list, { key, label, href, name = label, rest = "", x, y, shown = () => {}, left = () => {} }) {
    const item = add(list, "g", "", { role: "listitem" });
    const link = add(item, "a", "", { href, "data-key": key, "aria-label": name });
    const one = { key, label, href, rest, x, y, node: link.node() };
    this.marks.at(-1).push(one);
    const show = () => {
      this.tell(one);
      shown();
    };
    link.on("pointerenter", (event) => event.pointerType !== "touch" && show()).on("pointerleave", left);
    link.on("blur", left).on("focus", () => {
      show();
      this.stop(one);
      const under = this.told.getBoundingClientRect();
      const box = one.node.getBoundingClientRect();
      if (box.bottom > under.top && box.top < under.bottom) scrollBy(0, box.bottom - under.top + 8);
    });
    link.on("click", (event) => {
      // A finger cannot point: what it touches first is told, and followed when it is touched again.
      if (!this.touched || this.before === key) return;
      event.preventDefault();
      show();
    });
    return link;
  }

  tell({ key, label, href, rest }) {
    this.current = key;
    this.told.replaceChildren(href ? element("a", { href }, label) : label, " ", element("span", {}, rest));
  }

  // The tab key stops at each mark where there are few, and otherwise at one for all.
  stop(mark) {
    const all = this.marks.flat();
    for (const { key, node } of all) node.setAttribute("tabindex", all.length <= FEW || key === mark.key ? 0 : -1);
  }

  // The arrow keys among the marks: left and right in order, up and down between the lists, to the nearest.
  go(event) {
    this.touched = false;
    const all = this.marks.flat();
    const mark = all.find(({ node }) => node === event.target);
    if (!mark || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const lists = this.marks.filter((list) => list.length);
    const at = lists.findIndex((list) => list.includes(mark));
    const near = (list = []) => d3.least(list, (one) => Math.hypot(one.x - mark.x, one.y - mark.y));
    const next = {
      ArrowLeft: () => all[all.indexOf(mark) - 1],
      ArrowRight: () => all[all.indexOf(mark) + 1],
      ArrowUp: () => near(lists[at - 1]),
      ArrowDown: () => near(lists[at + 1]),
      Home: () => all[0],
      End: () => all.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next()?.node.focus();
  }

  // The signs and what they mean, in lines from the upper left; returns the height. The first may be a heading.
  legend(entries) {
    const place = silent(this.svg, "signs");
    let [x, y] = [0, 11];
    for (const { label, heading, draw, wide = 20 } of entries) {
      const all = (draw ? wide + 6 : 0) + this.measure(label, heading ? 650 : 400);
      if (x && x + all > this.width) [x, y] = [0, y + 22];
      const group = add(place, "g", "", { transform: `translate(${x},${y})` });
      if (draw) draw(group, wide);
      write(group, draw ? wide + 6 : 0, 4, label, heading ? "strong" : "");
      x += all + (heading ? 10 : 18);
    }
    return y + 16;
  }

  // Buttons above the picture.
  toolbar(label, buttons) {
    this.tools.hidden = !buttons.length;
    this.tools.ariaLabel = label;
    this.tools.replaceChildren(
      ...buttons.map(({ text, name, pressed, act }) => {
        const button = element("button", { type: "button", onclick: act }, text);
        if (name) button.ariaLabel = button.title = name;
        if (pressed !== undefined) button.ariaPressed = String(pressed);
        return button;
      }),
    );
  }

  // Starts: draws, and draws again whenever the width changes.
  start() {
    this.figure.hidden = false;
    try {
      this.draw();
    } catch (problem) {
      this.figure.hidden = true;
      throw problem;
    }
    const buttons = ["svg", "png"].map((format) => {
      const button = element("button", { type: "button", onclick: () => save(this, format) }, this.say(format));
      return Object.assign(button, { ariaLabel: `${this.say("download")} ${this.say(format)}` });
    });
    this.told.after(element("p", { className: "downloads" }, this.say("download"), ...buttons));
    let waiting;
    new ResizeObserver(() => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        if (this.canvas.clientWidth && Math.floor(this.canvas.clientWidth) !== this.width) this.draw();
      });
    }).observe(this.canvas);
  }
}

// An element of SVG; `style` is its class.
function add(parent, tag, style, attributes = {}) {
  const made = parent.append(tag).attr("class", style || null);
  for (const [name, value] of Object.entries(attributes)) made.attr(name, value);
  return made;
}

const write = (parent, x, y, words, style) => add(parent, "text", style, { x, y }).text(words);

// Several lines, the first at y.
function lines(parent, x, y, all, style, step = LINE) {
  const made = add(parent, "text", style, { y });
  all.forEach((line, at) => add(made, "tspan", "", { x, dy: at ? step : 0 }).text(line));
  return made;
}

// What nobody needs to hear: a list tells it.
const silent = (parent, style) => add(parent, "g", style, { "aria-hidden": "true" });

const tone = (key) => `tone ${key.replace(/s$/, "")}`;
const clear = ([a, b], [c, d], gap = 0) => b + gap <= c || d + gap <= a;
const separate = (one, other) => clear(one.x, other.x, 4) || clear(one.y, other.y);

// ---------------------------------------------------------------------------------------------------------------------
// The timeline

const stamp = (day) => (day ? Date.parse(day) : null);
const year = (time) => new Date(time).getUTCFullYear();
const month = (time) => new Date(time).getUTCMonth();

// From when until when an item may have been; null is not known.
function span({ from, to, precision }) {
  const start = stamp(from);
  if (start !== null && precision === "year") return [start, Date.UTC(year(start) + 1, 0)];
  if (start !== null && precision === "month") return [start, Date.UTC(year(start), month(start) + 1)];
  if (precision === "derived") return [start, to ? stamp(to) + DAY : null];
  return [start ?? stamp(to), (start ?? stamp(to)) + DAY];
}

function timeline(picture) {
  const { data, width, narrow } = picture;
  const format = (options) => new Intl.DateTimeFormat(picture.language, { timeZone: "UTC", ...options });
  const dates = {
    day: format({ day: "numeric", month: "long", year: "numeric" }),
    month: format({ month: "long", year: "numeric" }),
    year: format({ year: "numeric" }),
    short: format({ month: "short" }),
    letter: format({ month: "narrow" }),
  };
  const items = data.items.map((item, key) => {
    const [start, end] = span(item);
    return { ...item, key, start, end, at: start ?? end - DAY };
  });
  const ranges = rangesOf(items, dates, picture.say("all"));
  const chosen = ranges.find(({ label }) => label === picture.chosen) ?? ranges[0];
  const choose = ({ label }) => {
    picture.chosen = label;
    picture.draw();
  };
  const offered = ranges.map((range) => ({ text: range.label, pressed: range === chosen, act: () => choose(range) }));
  picture.toolbar(picture.say("range"), offered.length > 1 ? offered : []);

  const shown = items.filter(({ start, end, at }) => {
    return (start ?? at) < chosen.end && (start !== null && end !== null ? end : at + DAY) > chosen.start;
  });
  const asof = data.asOf ? stamp(data.asOf) + DAY : null;
  const [left, right] = [4, width - 4];
  const { x, pieces } = scaleOf(chosen, shown, asof, left, right, narrow ? 17 : 34);
  const row = narrow ? 28 : picture.touch ? 24 : 19;
  const bar = 17;

  const { svg } = picture;
  const wides = { day: 12, month: 20, year: 34, derived: 46 };
  const kinds = Object.keys(wides).filter((precision) => shown.some((item) => item.precision === precision));
  const signs = kinds.map((precision) => ({
    label: shown.find((item) => item.precision === precision).certainty,
    wide: wides[precision],
    draw: (group, wide) => {
      const sign = (x0, x1, more) => shape(group, { precision, x0, x1, open: "", ...more }, 0, 12);
      if (precision !== "derived") return sign(0, wide);
      sign(0, 10, { dot: true });
      return sign(16, wide);
    },
  }));
  const top = picture.legend(signs) + 8;
  const back = silent(svg);
  const heads = [];
  let y = top + 38;
  for (const { key, label } of data.lanes) {
    const lane = shown.filter((item) => item.lane === key);
    if (!lane.length) continue;
    heads.push({ y, label });
    y += 26;
    const { placed, rows } = pack(picture, lane.map((item) => placeOf(item, x, left, right)), left, right);
    const list = picture.list(svg, label, tone(key));
    for (const item of placed) {
      const middle = y + item.row * row + row / 2;
      const when = dated(item, dates, picture);
      const rest = [when, item.kind].filter(Boolean).join(" · ");
      const name = [item.label, when, item.kind].join(", ");
      const link = picture.mark(list, { ...item, rest, name, x: item.x0, y: middle });
      const [from, to] = item.taken;
      const box = { x: from - 1, y: middle - row / 2, width: to - from + 2, height: row, rx: 3 };
      for (const style of ["hit", "ring"]) add(link, "rect", style, box);
      shape(link, item, middle, bar);
      caption(link, item, middle);
    }
    y += rows * row + 12;
  }
  axis(picture, back, { pieces, x, chosen, dates, top, bottom: y, asof, heads });
  return y + (asof === null ? 26 : 46);
}

// What the reader may choose to see: everything, each year that is full, those between together, and each full month.
function rangesOf(items, dates, all) {
  const inYear = d3.rollup(items, (some) => some.length, ({ at }) => year(at));
  const years = [...inYear.keys()].sort(d3.ascending);
  const last = d3.max(items, ({ at, end }) => year(Math.max(at, end - DAY)));
  const ranges = [{ label: all, start: Date.UTC(years[0], 0), end: Date.UTC(last + 1, 0) }];
  let few = [];
  const close = () => {
    if (few.length) {
      const label = few.length > 1 ? `${few[0]}–${few.at(-1)}` : `${few[0]}`;
      ranges.push({ label, start: Date.UTC(few[0], 0), end: Date.UTC(few.at(-1) + 1, 0) });
    }
    few = [];
  };
  for (const one of years) {
    if (inYear.get(one) < 12) {
      few.push(one);
      continue;
    }
    close();
    ranges.push({ label: `${one}`, start: Date.UTC(one, 0), end: Date.UTC(one + 1, 0) });
    const dayed = items.filter(({ at, precision }) => year(at) === one && precision !== "year");
    for (const [number, some] of [...d3.group(dayed, ({ at }) => month(at))].sort(([a], [b]) => a - b)) {
      const [start, end] = [Date.UTC(one, number), Date.UTC(one, number + 1)];
      if (some.length >= 20) ranges.push({ label: dates.month.format(start), start, end });
    }
  }
  close();
  return ranges.length > 2 ? ranges : ranges.slice(0, 1);
}

// A scale that gives each year the room that its items need and closes the years without any to a gap.
function scaleOf({ start, end }, items, asof, left, right, least) {
  const gap = 14;
  let pieces = [];
  if (year(start) === year(end - DAY)) {
    pieces = [{ start, end, weight: 1 }];
  } else {
    const full = d3.rollup(items, (some) => some.length, ({ at }) => year(Math.max(at, start)));
    for (const time of [...items.map((item) => item.end), asof]) {
      if (time !== null && time > start && time <= end) full.set(year(time - DAY), full.get(year(time - DAY)) ?? 0);
    }
    for (const one of [...full.keys()].sort(d3.ascending)) {
      const from = pieces.at(-1)?.end ?? start;
      if (Date.UTC(one, 0) > from) pieces.push({ start: from, end: Date.UTC(one, 0), gap: true });
      const weight = Math.max(0.01, full.get(one) ** 0.75 - 0.9);
      pieces.push({ start: Date.UTC(one, 0), end: Date.UTC(one + 1, 0), weight });
    }
  }
  const years = pieces.filter((piece) => !piece.gap);
  const room = right - left - (pieces.length - years.length) * gap - years.length * least;
  const weight = d3.sum(years, (piece) => piece.weight);
  let at = left;
  for (const piece of pieces) {
    piece.x0 = at;
    piece.x1 = at += piece.gap ? gap : least + (piece.weight / weight) * room;
  }
  const scale = d3.scaleLinear([start, ...pieces.map((piece) => piece.end)], [left, ...pieces.map(({ x1 }) => x1)]);
  return { pieces, x: scale.clamp(true) };
}

// Where an item is drawn: from x0 to x1, with the sides that are open.
function placeOf(item, x, left, right) {
  const { start, end, at } = item;
  const arrow = 26;
  if (start === null || end === null) {
    const known = start ?? end;
    const open = start === null ? "left" : "right";
    const [x0, x1] = start === null ? [x(known) - arrow, x(known)] : [x(known), x(known) + arrow];
    return { ...item, open, x0: Math.max(left, x0), x1: Math.min(right, x1) };
  }
  const [first, last] = d3.extent(x.domain());
  if (end - start <= DAY) {
    const middle = (x(at) + x(at + DAY)) / 2;
    return { ...item, dot: true, open: "", x0: middle - 5, x1: middle + 5 };
  }
  const open = (start < first ? "left" : "") + (end > last ? "right" : "");
  const [x0, x1] = [x(start), x(end)];
  const more = Math.max(0, 7 - (x1 - x0)) / 2;
  return { ...item, open, x0: x0 - more, x1: x1 + more };
}

// The mark of an item.
function shape(parent, { precision, dot, open, x0, x1, start, end }, y, height) {
  const derived = precision === "derived";
  if (dot || precision === "day") {
    add(parent, "circle", derived ? "shape derived" : "shape exact", { cx: (x0 + x1) / 2, cy: y, r: 5 });
    return;
  }
  const half = height / 2 - 1;
  const [top, bottom] = [y - half, y + half];
  if (start === null || end === null) {
    const [known, tip, back] = open === "left" ? [x1, x0, x0 + 5] : [x0, x1, x1 - 5];
    add(parent, "path", "shape derived", { d: `M${known},${y}H${tip}` });
    const ends = `M${known},${top}V${bottom}M${back},${y - 4}L${tip},${y}L${back},${y + 4}`;
    add(parent, "path", "shape", { d: ends });
    return;
  }
  const sides = [...(open.includes("left") ? [] : [x0]), ...(open.includes("right") ? [] : [x1])];
  const edges = `M${x0},${top}H${x1}M${x0},${bottom}H${x1}${sides.map((x) => `M${x},${top}V${bottom}`).join("")}`;
  const box = { x: x0, y: top, width: x1 - x0, height: 2 * half };
  add(parent, "rect", derived ? "inside empty" : "inside", box);
  add(parent, "path", derived ? "shape derived" : "shape", { d: edges });
}

// The rows of a lane: no two marks touch, and what an item is called stands in it, after it or before it where that
// takes few more rows. The source that stands in brackets at the end of a name gives way first.
function pack(picture, items, left, right) {
  const order = items.sort((a, b) => a.x0 - b.x0 || b.x1 - a.x1 || picture.collator.compare(a.label, b.label));
  const least = picture.touch ? 24 : 12;
  const bare = (item) => {
    const more = Math.max(0, least - (item.x1 - item.x0)) / 2;
    return { ...item, taken: [item.x0 - more, item.x1 + more] };
  };
  const roomy = ({ dot, start, end, x0, x1 }, wide) => !dot && start !== null && end !== null && x1 - x0 >= wide + 12;
  const called = (item) => {
    const [, short, aside = ""] = item.label.match(/^(.*?)(\s*\([^()]*\))?$/);
    const whole = picture.measure(short);
    let told = { lines: [short], width: whole };
    for (const share of picture.narrow && whole > 90 ? [0.5, 0.55, 0.6, 0.7] : []) {
      told = picture.wrap(short, whole * share);
      if (told.lines.length < 3) break;
    }
    if (told.lines.length > 2) return [];
    const mark = bare(item);
    const [from, to] = mark.taken;
    const beside = (side, taken) => ({ ...mark, side, aside, lines: told.lines, taken });
    const choices = [];
    if (roomy(item, whole)) choices.push({ ...mark, side: "inside", aside, lines: [short] });
    if (item.x1 + 6 + told.width <= right + 4) choices.push(beside("right", [from, item.x1 + 6 + told.width]));
    if (item.x0 - 6 - told.width >= left - 4) choices.push(beside("left", [item.x0 - 6 - told.width, to]));
    return choices;
  };
  const among = (row, item, taken) => row.every((other) => other === item || clear(taken, other.taken, 6));
  const settle = (rows, choices, most = Infinity) => {
    for (let row = 0; choices.length && row < most; row += 1) {
      rows[row] ??= [];
      const choice = choices.find(({ taken }) => among(rows[row], null, taken));
      if (choice) return rows[row].push({ ...choice, row });
    }
    return 0;
  };
  const few = [];
  order.forEach((item) => settle(few, [bare(item)]));
  const most = picture.narrow ? few.length : Math.max(Math.round(few.length * 1.25), 14);
  const rows = [];
  const rest = order.filter((item) => !settle(rows, called(item), most));
  rest.forEach((item) => settle(rows, [bare(item)]));
  for (const row of rows) {
    for (const item of row.filter(({ side }) => !side)) {
      Object.assign(item, called(item).find(({ taken }) => among(row, item, taken)));
    }
    for (const item of row.filter(({ aside, lines: { length } = [] }) => aside && length === 1)) {
      const more = picture.measure(item.aside);
      const [from, to] = item.taken;
      if (item.side === "inside") {
        item.whole = roomy(item, picture.measure(item.lines[0]) + more);
        continue;
      }
      const taken = item.side === "left" ? [from - more, to] : [from, to + more];
      if (taken[0] < left - 4 || taken[1] > right + 4 || !among(row, item, taken)) continue;
      Object.assign(item, { whole: true, taken });
    }
  }
  return { placed: d3.sort(rows.flat(), (a, b) => a.at - b.at || a.x0 - b.x0 || a.row - b.row), rows: rows.length };
}

// What an item is called, beside its mark or in it.
function caption(parent, { side, lines: all, aside, whole, x0, x1 }, middle) {
  if (!side) return;
  const x = { inside: x0 + 6, right: x1 + 6, left: x0 - 6 }[side];
  const style = { inside: "", right: "halo", left: "halo before" }[side];
  const made = lines(parent, x, middle + 4 - (all.length - 1) * 6.5, all, style, 13);
  if (whole) add(made, "tspan", "soft").text(aside);
}

// When an item was, in words.
function dated({ from, to, precision, certainty, start, end }, dates, picture) {
  if (precision !== "derived") return (dates[precision] ?? dates.day).format(stamp(from ?? to));
  const open = start === null ? "until" : end === null ? "from" : "";
  const day = dates.day.format(start ?? end - DAY);
  return `${open ? `${picture.say(open)} ${day}` : dates.day.formatRange(start, end - DAY)} (${certainty})`;
}

// What stands behind the marks: years and months above and below, the lines between, the names of the lanes, and the
// day as of which the sources are asked.
function axis(picture, back, { pieces, x, chosen: { start, end }, dates, top, bottom, asof, heads }) {
  const [above, below] = [top + 38, bottom + 2];
  const line = (x1, y1, x2, y2, style) => add(back, "line", style, { x1, y1, x2, y2 });
  const label = (at, y, words, style) => write(back, at, y, words, `middle ${style}`);
  const days = (end - start) / DAY;
  let free = -Infinity;
  for (const { start: from, gap, x0, x1 } of pieces) {
    if (gap) {
      add(back, "rect", "gap", { x: x0, y: above, width: x1 - x0, height: below - above });
      const slashes = (y) => `M${x0 + 1},${y + 5}l5,-10M${x0 + 8},${y + 5}l5,-10`;
      add(back, "path", "edge", { d: slashes(above) + slashes(below) });
      continue;
    }
    line(x0, above, x1, above, "edge");
    line(x0, below, x1, below, "edge");
    if (days < 32) {
      label((x0 + x1) / 2, top + 12, dates.month.format(from), "strong");
      const step = (x1 - x0) / days;
      for (let day = 0; day < days; day += 1) {
        const at = x(from + day * DAY);
        if (day) line(at, above, at, below, "rule");
        if (step >= 18 || !((day + 1) % 5)) label(at + step / 2, top + 31, day + 1, "");
      }
      continue;
    }
    for (const at of [x0, x1]) {
      line(at, above, at, below, "rule quarter");
      for (const y of [above, below]) line(at, y - 6, at, y + 6, "edge");
    }
    const half = picture.measure(`${year(from)}`, 650) / 2;
    const middle = Math.max(half, (x0 + x1) / 2);
    if (middle - half > free) {
      label(middle, top + 12, year(from), "strong");
      label(middle, bottom + 20, year(from), "strong");
      for (const head of heads.slice(1)) {
        const beside = !picture.narrow && pieces.length > 1 && middle - half > picture.measure(head.label, 650, 14) + 8;
        if (beside) label(middle, head.y + 16, year(from), "soft halo");
      }
      free = middle + half + 4;
    }
    const step = (x1 - x0) / 12;
    for (let number = 0; step >= 13 && number < 12; number += 1) {
      const [at, next] = [x(Date.UTC(year(from), number)), x(Date.UTC(year(from), number + 1))];
      if (number) line(at, number % 3 ? above - 3 : above - 6, at, below, number % 3 ? "rule" : "rule quarter");
      const name = dates[step >= 40 ? "short" : "letter"].format(from + (number * 30.5 + 15) * DAY);
      label((at + next) / 2, top + 31, name, "");
    }
  }
  for (const { y, label: words } of heads) {
    line(0, y, picture.width, y, "edge");
    write(back, 0, y + 17, words, "strong lane halo");
  }
  if (asof === null || asof <= start || asof > end) return;
  const at = x(asof);
  const day = picture.say("asof", { day: dates.day.format(asof - DAY) });
  const half = picture.measure(day, 650) / 2;
  const after = { x: at, y: above, width: x.range().at(-1) - at, height: below - above };
  add(back, "rect", "after", after).lower();
  line(at, above - 5, at, below + 24, "asof");
  label(Math.max(half, Math.min(picture.width - half, at)), bottom + 40, day, "strong");
}

// ---------------------------------------------------------------------------------------------------------------------
// The map

const EUROPE = { lon: [-25, 45], lat: [34, 72] };
const FRAME = [[-10.5, 36], [-10, 59], [5, 61], [30, 61], [41, 53], [41, 45], [27, 35.5]]; // what the larger map shows

function map(picture) {
  const { data, narrow, atlas } = picture;
  const width = (picture.drawn = Math.min(picture.width, 1000));
  const countries = topojson.feature(atlas, atlas.objects.countries).features;
  // Some islands have the number of their country: what is larger counts.
  const known = new Map(d3.sort(countries, d3.geoArea).map((country) => [country.id, country]));
  const places = data.places.filter(({ id }) => known.has(id)).map((place) => {
    const { coordinates, type } = known.get(place.id).geometry;
    const parts = type === "Polygon" ? [coordinates] : coordinates;
    const main = d3.greatest(parts.map((part) => ({ type: "Polygon", coordinates: part })), d3.geoArea);
    const [lon, lat] = d3.geoCentroid(main);
    const near = lon > EUROPE.lon[0] && lon < EUROPE.lon[1] && lat > EUROPE.lat[0] && lat < EUROPE.lat[1];
    return { ...place, shape: known.get(place.id), main, near, middle: [lon, lat], south: d3.geoBounds(main)[0][1] };
  });
  const given = new Set(places.map(({ id }) => id));
  const others = { type: "FeatureCollection", features: countries.filter(({ id }) => !given.has(id) && id !== "010") };
  const steps = stepsOf(places.filter(({ receives }) => !receives).map(({ value }) => value));

  const swatch = (label, style) => ({
    label,
    wide: 26,
    draw: (group, width) => add(group, "rect", style, { y: -7, width, height: 14 }),
  });
  const receivers = places.filter(({ receives }) => receives);
  const top = 6 + picture.legend([
    { label: picture.say("value").replace(/^./, (first) => first.toUpperCase()), heading: true },
    ...steps.map(({ label, style }) => swatch(label, `place ${style}`)),
    swatch(picture.say("none"), "land"),
    ...receivers.map(({ label }) => swatch(picture.say("receives", { label }), "place receives")),
  ]);

  // The north of the world, from its far north to some way south of the southernmost place.
  const world = d3.geoEqualEarth().rotate([-11, 0]).fitWidth(width, { type: "Sphere" });
  const south = Math.max(-57, Math.min(8, d3.min(places, (place) => place.south) - 6));
  const [, north] = world([11, 83.8]);
  const high = world([11, south])[1] - north;
  world.translate([world.translate()[0], world.translate()[1] - north]).clipExtent([[0, 0], [width, high]]);

  const deep = width * (narrow ? 0.86 : 0.54);
  const coordinates = [...FRAME, ...places.filter(({ near }) => near).map(({ middle }) => middle)];
  const europe = d3.geoAzimuthalEqualArea().rotate([-16, -50]).clipAngle(60);
  europe.fitExtent([[4, 4], [width - 4, deep - 4]], { type: "MultiPoint", coordinates });
  europe.clipExtent([[0, 0], [width, deep]]);
  const gap = narrow ? 16 : 28;

  const shown = { others, places, steps };
  const first = panel(picture, world, { ...shown, near: false, top, width, height: high });
  panel(picture, europe, { ...shown, near: true, top: top + high + gap, width, height: deep });
  const leads = [0, width].map((x) => `M${world(europe.invert([x, deep]))}L${x},${high + gap}`);
  add(first, "path", "frame", { d: outline(europe, world, width, deep) });
  add(first, "path", "frame fine", { d: leads.join("") });
  return top + high + gap + deep + 2;
}

// The classes of values: one for each number where there are few, otherwise five at most.
function stepsOf(values) {
  const most = d3.max(values) ?? 0;
  const starts = most <= 5 ? d3.range(1, most + 1) : d3.range(5).map((at) => 1 + Math.ceil((at * most) / 5));
  return starts.map((start, at) => {
    const end = (starts[at + 1] ?? most + 1) - 1;
    const style = `step-${starts.length < 2 ? 4 : Math.round((at * 4) / (starts.length - 1))}`;
    return { start, end, label: start === end ? `${start}` : `${start}–${end}`, style };
  });
}

// The path of a shape, without what is too small to be seen: points nearer than half a pixel to the one before.
function pathOf(projection) {
  const thin = (stream) => {
    let last;
    return {
      point(x, y) {
        if (last && Math.hypot(x - last[0], y - last[1]) < 0.5) return;
        last = [x, y];
        stream.point(x, y);
      },
      lineStart() {
        last = undefined;
        stream.lineStart();
      },
      lineEnd: () => stream.lineEnd(),
      polygonStart: () => stream.polygonStart(),
      polygonEnd: () => stream.polygonEnd(),
    };
  };
  return d3.geoPath({ stream: (stream) => projection.stream(thin(stream)) }).digits(1);
}

// One of the two maps: `near` is the larger one of Europe. Each place is a link in one of them, where it is best seen;
// in the other a pointer finds it.
function panel(picture, projection, { others, places, steps, near, top, width, height }) {
  const path = pathOf(projection);
  const group = add(picture.svg, "g", "", { transform: `translate(0,${top})` });
  const land = silent(group);
  add(land, "path", "land", { d: path(others) });
  if (near) add(land, "rect", "frame", { width, height });
  const drawn = places.map((place) => ({ ...place, key: place.id, rest: restOf(picture, place), d: path(place.shape) }))
    .filter(({ d }) => d);
  const styleOf = ({ receives, value }) =>
    receives ? "receives" : (steps.find(({ start, end }) => value >= start && value <= end)?.style ?? "step-0");
  for (const place of drawn.filter((one) => one.near !== near)) {
    const link = add(land, "a", "", { href: place.href, tabindex: -1 });
    add(link, "path", `place ${styleOf(place)}`, { d: place.d });
    link.on("pointerenter", () => picture.tell(place));
  }

  const list = picture.list(group, null);
  const labels = silent(group, "labels");
  const rings = ["ring wide", "ring"].map((style) => add(group, "path", style, { "aria-hidden": "true" }));
  const enring = (d) => rings.forEach((ring) => ring.attr("d", d));
  const size = picture.touch ? 28 : 24;
  const here = drawn.filter((one) => one.near === near).map((place) => ({ ...place, at: path.centroid(place.main) }));
  here.sort((a, b) => Boolean(a.receives) - Boolean(b.receives) || picture.collator.compare(a.label, b.label));
  for (const place of here) {
    const [x, y] = place.at;
    const link = picture.mark(list, {
      ...place,
      name: place.rest ? `${place.label}, ${place.rest}` : picture.say("receives", place),
      x,
      y: top + y,
      shown: () => enring(place.d),
      left: () => enring(null),
    });
    add(link, "path", `place ${styleOf(place)}`, { d: place.d });
    add(link, "rect", "hit", { x: x - size / 2, y: y - size / 2, width: size, height: size });
  }

  // The names: on the place, or else at sea beside it, or else only the number.
  const at = placeAt([path(others), ...drawn.map(({ d }) => d)], width, height);
  const taken = [];
  for (const place of d3.sort(here, (a, b) => b.value - a.value || d3.geoArea(b.main) - d3.geoArea(a.main))) {
    const own = (point) => at(point) === 1 + drawn.findIndex(({ id }) => id === place.id);
    const value = place.receives ? [] : [`${place.value}`];
    const full = [110, 70].map((most) => [...picture.wrap(place.label, most, 600).lines, ...value]);
    const within = ({ points }) => points(0, 0).every(own);
    const atSea = ({ points }) => points(9, 6).some(own) && points(0, 0).every((point) => at(point) === undefined);
    const choices = [...full, ...(value.length ? [value] : [])].map((told) =>
      boxesOf(picture, told, place.at, [width, height]).filter((box) => taken.every((other) => separate(box, other))),
    );
    const best = (some) => some.find(within) ?? some.find((box) => box.told !== value && atSea(box));
    const box = choices.map(best).find(Boolean) ?? choices.at(-1).find(({ far }) => !far);
    if (!box) continue;
    taken.push(box);
    const style = within(box) ? `on ${styleOf(place)}` : "halo";
    const told = lines(labels, (box.x[0] + box.x[1]) / 2, box.y[0] + 11, box.told, `middle semi ${style}`);
    if (value.length) told.select("tspan:last-child").attr("class", "strong");
  }
  return group;
}

// Which of several shapes is at a point.
function placeAt(shapes, width, height) {
  const canvas = element("canvas", { width: Math.ceil(width), height: Math.ceil(height) });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  shapes.forEach((shape, at) => {
    pen.fillStyle = `rgb(${at}, 0, 0)`;
    pen.fill(new Path2D(shape ?? ""));
  });
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return ([x, y]) => {
    const place = 4 * (Math.floor(y) * canvas.width + Math.floor(x));
    return data[place + 3] ? data[place] : undefined;
  };
}

// Where the name of a place may stand: at its middle, or else further and further from it.
function boxesOf(picture, told, [x, y], [width, height]) {
  const half = Math.max(...told.map((line) => picture.measure(line, 600))) / 2 + 1;
  const tall = (told.length * LINE) / 2;
  const grid = (middle, reach, parts) => d3.range(parts + 1).map((at) => middle + reach * ((2 * at) / parts - 1));
  const boxes = d3.cross(d3.range(0, half + 80, 4), d3.range(0, 2 * Math.PI, Math.PI / 8), (far, turn) => {
    const [cx, cy] = [x + far * Math.cos(turn), y + far * Math.sin(turn)];
    const points = (more, above) => d3.cross(grid(cx, half + more, 8), grid(cy, tall + above, 4));
    return { told, far, points, x: [cx - half, cx + half], y: [cy - tall, cy + tall] };
  });
  return boxes.filter((box) => box.x[0] >= 0 && box.y[0] >= 0 && box.x[1] <= width && box.y[1] <= height);
}

const restOf = (picture, { receives, value }) => (receives ? "" : `${picture.say("value")}: ${value}`);

// Where on the small map the large one is.
function outline(large, small, width, height) {
  const edge = d3.range(0, 1, 0.02);
  const points = [
    ...edge.map((t) => [t * width, 0]),
    ...edge.map((t) => [width, t * height]),
    ...edge.map((t) => [(1 - t) * width, height]),
    ...edge.map((t) => [0, (1 - t) * height]),
  ];
  const drawn = points.map((point) => small(large.invert(point))).filter((point) => point?.every(Number.isFinite));
  return `M${drawn.map((point) => point.map((n) => n.toFixed(1))).join("L")}Z`;
}

// ---------------------------------------------------------------------------------------------------------------------
// The network

const SHAPES = { actor: "symbolCircle", instrument: "symbolSquare", group: "symbolDiamond", event: "symbolTriangle" };
const SPARE = ["symbolStar", "symbolCross", "symbolWye"];

function network(picture) {
  const { data, svg, width, narrow, touch } = picture;
  const nodes = d3.sort(data.nodes, ({ id }) => id).map((node) => ({ ...node, near: new Set([node.id]) }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kinds = data.kinds.filter(({ key }) => nodes.some(({ kind }) => kind === key));
  const spare = kinds.filter(({ key }) => !SHAPES[key]);
  const symbolOf = (kind) => d3[SHAPES[kind.key] ?? SPARE[spare.indexOf(kind) % SPARE.length]];
  const symbol = (kind, size) => d3.symbol(symbolOf(kind), size)();
  const links = linksOf(data.links, byId);
  for (const { source, target } of links) {
    source.near.add(target.id);
    target.near.add(source.id);
  }

  // How large a node is with its name beneath it: where there is little room, only the nodes that have most links.
  const named = new Set(d3.sort(nodes, (a, b) => b.near.size - a.near.size).slice(0, narrow ? 8 : Infinity));
  const half = touch ? 15 : 13;
  for (const node of nodes) {
    Object.assign(node, picture.wrap(node.label, narrow ? 104 : 124));
    const [wide, tall] = named.has(node) ? [node.width / 2 + 4, node.height] : [0, 0];
    Object.assign(node, { a: Math.max(half, wide), up: half - 2, down: half + tall + 2 });
  }
  const room = d3.sum(nodes, ({ a, up, down }) => 2 * a * (up + down)) * (narrow ? 2.6 : 2.5);
  const height = Math.max(narrow ? width * 1.5 : Math.min(width * 0.62, 760), room / width);
  layOut(nodes, links, width, height);

  const sign = (kind) => (group) => {
    add(group, "path", tone(kind.key), { transform: "translate(7,0)", d: symbol(kind, 110) });
  };
  const top = picture.legend(kinds.map((kind) => ({ label: kind.label, wide: 14, draw: sign(kind) }))) + 4;
  const clip = `clip-${picture.figure.id}`;
  add(add(svg, "clipPath", "", { id: clip }), "rect", "", { width, height });
  const view = add(svg, "g", "", { transform: `translate(0,${top})`, "clip-path": `url(#${clip})` });
  add(view, "rect", "ground", { width, height, "aria-hidden": "true" });
  const arrows = silent(view).selectAll().data(links).join("path").attr("class", "arrow");
  const marks = view.append("g");
  const labels = silent(view, "labels");
  let focus = null;

  // The names, the most linked first, each where nothing else stands: beneath its node, or else beside or above it.
  const name = () => {
    const lit = nodes.filter(({ id }) => !focus || focus.near.has(id));
    const drawn = links.filter(({ source, target }) => source === focus || target === focus);
    svg.classed("chosen", Boolean(focus));
    marks.selectAll("a").classed("dim", (node) => !lit.includes(node));
    arrows.classed("lit", (link) => drawn.includes(link));
    labels.selectAll("*").remove();
    const taken = lit.map(({ px, py }) => ({ x: [px - 8, px + 8], y: [py - 8, py + 8] }));
    const take = (boxes) => {
      const inside = ({ x, y }) => x[0] >= 0 && y[0] >= 0 && x[1] <= width && y[1] <= height;
      const box = boxes.find((one) => inside(one) && taken.every((other) => separate(one, other)));
      if (box) taken.push(box);
      return box;
    };
    const rank = (a, b) => (b === focus) - (a === focus) || b.near.size - a.near.size;
    for (const { px, py, width: wide, height: tall, lines: all } of d3.sort(lit, rank)) {
      const across = [px - wide / 2, px + wide / 2];
      const level = [py - tall / 2, py + tall / 2];
      const box = take([
        { x: across, y: [py + 12, py + 12 + tall], at: px, style: "middle" },
        { x: [px + 12, px + 12 + wide], y: level, at: px + 12, style: "" },
        { x: [px - 12 - wide, px - 12], y: level, at: px - 12, style: "before" },
        { x: across, y: [py - 10 - tall, py - 10], at: px, style: "middle" },
      ]);
      if (box) lines(labels, box.at, box.y[0] + 11, all, `halo ${box.style}`);
    }
    for (const { source, target, label } of drawn) {
      const wide = picture.measure(label) / 2 + 2;
      const box = take([0.5, 0.4, 0.6, 0.3, 0.7].map((part) => {
        const [x, y] = [source.px + part * (target.px - source.px), source.py + part * (target.py - source.py)];
        return { x: [x - wide, x + wide], y: [y - 7, y + 7], at: x };
      }));
      if (box) write(labels, box.at, box.y[0] + 11, label, "halo middle relation");
    }
  };
  const choose = (node) => {
    focus = node;
    name();
  };

  for (const kind of kinds) {
    const list = picture.list(marks, kind.label, tone(kind.key));
    const some = nodes.filter((node) => node.kind === kind.key);
    for (const node of some.sort((a, b) => picture.collator.compare(a.label, b.label))) {
      const rest = [kind.label, ...toldOf(node, links)].join(". ");
      const link = picture.mark(list, {
        ...node,
        key: node.id,
        rest,
        name: `${node.label}. ${rest}`,
        shown: () => {
          choose(node);
          if (link.node() === document.activeElement) reveal(node);
        },
        left: () => choose(null),
      });
      link.datum(node);
      add(link, "circle", "hit", { r: touch ? 15 : 12 });
      add(link, "circle", "ring", { r: 10.5 });
      add(link, "path", "node", { d: symbol(kind, 30 * Math.min(6, 2.6 + Math.sqrt(node.near.size - 1))) });
    }
  }

  // By the buttons, by dragging, by two fingers, and by the wheel with Ctrl, so that the page itself can be scrolled.
  let { k } = d3.zoomIdentity;
  const place = (transform) => {
    ({ k } = transform);
    for (const node of nodes) [node.px, node.py] = transform.apply([node.x, node.y]);
    for (const mark of picture.marks.flat()) ({ px: mark.x, py: mark.y } = byId.get(mark.key));
    marks.selectAll("a").attr("transform", ({ px, py }) => `translate(${px},${py})`);
    arrows.attr("d", arrowOf);
    name();
    [...picture.tools.children].forEach((button, at) => (button.ariaDisabled = String(at > 0 && k === 1)));
  };
  const whole = [[0, 0], [width, height]];
  const zoom = d3.zoom().scaleExtent([1, 6]).extent(whole).translateExtent(whole)
    .wheelDelta(({ deltaY }) => Math.max(-0.4, Math.min(0.4, -deltaY * 0.01)))
    .filter(({ type, ctrlKey, touches, button }) => {
      if (type === "wheel") return ctrlKey;
      return touches ? touches.length > 1 : !button;
    })
    .on("zoom", ({ transform }) => place(transform));
  view.call(zoom).on("dblclick.zoom", null);
  const move = (x, y) => zoom.translateBy(view, x / k, y / k);
  const step = (x, y) => () => move(x * width * 0.25, y * height * 0.25);
  const reveal = ({ px, py }) => {
    const back = (at, most) => (at < 20 ? most / 4 - at : at > most - 20 ? (most * 3) / 4 - at : 0);
    const [x, y] = [back(px, width), back(py, height)];
    if (k > 1 && (x || y)) move(x, y);
  };
  const button = (text, key, act) => ({ text, name: picture.say(key), act });
  picture.toolbar(picture.say("tools"), [
    button("+", "zoomIn", () => zoom.scaleBy(view, 1.6)),
    button("−", "zoomOut", () => zoom.scaleBy(view, 1 / 1.6)),
    button("←", "left", step(1, 0)),
    button("↑", "up", step(0, 1)),
    button("↓", "down", step(0, -1)),
    button("→", "right", step(-1, 0)),
    { text: picture.say("reset"), act: () => zoom.transform(view, d3.zoomIdentity) },
  ]);
  place(d3.zoomIdentity);
  return top + height;
}

// The links between two nodes are one arrow with all their names.
function linksOf(links, byId) {
  const known = links.filter(({ source, target }) => source !== target && byId.has(source) && byId.has(target));
  const order = d3.sort(known, (a, b) => d3.ascending(a.source, b.source) || d3.ascending(a.target, b.target));
  return d3.groups(order, ({ source }) => source, ({ target }) => target).flatMap(([source, some]) =>
    some.map(([target, same]) => ({
      source: byId.get(source),
      target: byId.get(target),
      label: [...new Set(same.map(({ label }) => label))].join(", "),
    })),
  );
}

// Lays the nodes out in the room: drawn together by links, kept apart so that names do not meet. Always the same.
function layOut(nodes, links, width, height) {
  const bounded = () => {
    for (const node of nodes) {
      node.x = Math.max(node.a, Math.min(width - node.a, node.x));
      node.y = Math.max(node.up, Math.min(height - node.down, node.y));
    }
  };
  const parted = () => {
    let met = false;
    nodes.forEach((one, at) => {
      for (const other of nodes.slice(at + 1)) {
        const [dx, dy] = [other.x - one.x || 0.01, other.y - one.y || 0.01];
        const over = one.a + other.a + 6 - Math.abs(dx);
        const under = (dy > 0 ? one.down + other.up : one.up + other.down) + 6 - Math.abs(dy);
        if (over <= 0 || under <= 0) continue;
        const [axis, push] = over < under ? ["x", Math.sign(dx) * over] : ["y", Math.sign(dy) * under];
        one[axis] -= push / 2;
        other[axis] += push / 2;
        met = true;
      }
    });
    return met;
  };
  nodes.forEach((node, at) => {
    const turn = at * Math.PI * (3 - Math.sqrt(5));
    const far = Math.sqrt((at + 0.5) / nodes.length) / 2;
    Object.assign(node, { x: width * (0.5 + far * Math.cos(turn)), y: height * (0.5 + far * Math.sin(turn)) });
  });
  const away = Math.sqrt((width * height) / nodes.length);
  const simulation = d3.forceSimulation(nodes).stop()
    .force("links", d3.forceLink(links).distance(away * 0.9))
    .force("nodes", d3.forceManyBody().strength(-away * 3))
    .force("x", d3.forceX(width / 2).strength(0.09 * Math.sqrt(height / width)))
    .force("y", d3.forceY(height / 2).strength(0.09 * Math.sqrt(width / height)))
    .force("bounds", bounded);
  simulation.tick(150);
  simulation.force("apart", parted).force("bounds", bounded).tick(150);
  for (let at = 0; at < 500 && parted(); at += 1) bounded();
}

// A line from node to node with an open head, short of both.
function arrowOf({ source, target }) {
  const [dx, dy] = [target.px - source.px, target.py - source.py];
  const long = Math.hypot(dx, dy);
  if (long < 24) return null;
  const [x, y] = [dx / long, dy / long];
  const [from, to] = [[source.px + 9 * x, source.py + 9 * y], [target.px - 11 * x, target.py - 11 * y]];
  const side = (turn) => [to[0] - 7 * x - turn * 3.5 * y, to[1] - 7 * y + turn * 3.5 * x];
  return `M${from}L${to}M${side(1)}L${to}L${side(-1)}`;
}

// What is linked to a node, by the name of the link and by its direction.
function toldOf(node, links) {
  const out = d3.groups(links.filter(({ source }) => source === node), ({ label }) => label);
  const back = d3.groups(links.filter(({ target }) => target === node), ({ label }) => label);
  return [
    ...out.map(([label, some]) => `${label} → ${some.map(({ target }) => target.label).join(", ")}`),
    ...back.map(([label, some]) => `${label} ← ${some.map(({ source }) => source.label).join(", ")}`),
  ];
}

// ---------------------------------------------------------------------------------------------------------------------
// Saving

const STYLES = {
  fill: "rgb(0, 0, 0)",
  "fill-opacity": "1",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-opacity": "1",
  "stroke-dasharray": "none",
  "stroke-linejoin": "miter",
  "stroke-linecap": "butt",
  opacity: "1",
  "font-size": "",
  "font-weight": "400",
  "font-style": "normal",
  "text-anchor": "start",
  "paint-order": "normal",
};

// The picture as it stands, on its own: in the colours of the light scheme, with its name and where it is from.
function alone(picture) {
  const { figure, svg } = picture;
  figure.classList.add("saved"); // the light colours, while they are read
  const own = svg.node();
  const copy = own.cloneNode(true);
  const plain = (value) =>
    value.replace(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)/g, (_, r, g, b, a) => {
      const [red, green, blue] = [r, g, b].map((part) => Math.round(part * 255));
      return a ? `rgba(${red}, ${green}, ${blue}, ${a})` : `rgb(${red}, ${green}, ${blue})`;
    });
  const from = own.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((made, at) => {
    const style = getComputedStyle(from[at]);
    const written = made.matches("text, tspan");
    for (const [name, usual] of Object.entries(made.matches("g, a, clipPath *") ? { opacity: "1" } : STYLES)) {
      const value = plain(style.getPropertyValue(name));
      if (value !== usual && (written || !/^(font|text)/.test(name))) made.setAttribute(name, value);
    }
    const href = from[at].getAttribute("href");
    if (href) made.setAttribute("href", new URL(href, location.href).href);
    if (made.matches(".hit, .ring, .ground")) made.remove();
    for (const name of ["class", "tabindex", "role", "data-key"]) made.removeAttribute(name);
  });
  figure.classList.remove("saved");

  const { width, height } = own.viewBox.baseVal;
  const title = picture.wrap(figure.dataset.label, (width - 24) * 0.8, 650).lines;
  const source = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  const head = 16 + title.length * 20;
  const [wide, high] = [width + 24, head + height + 40];
  const whole = d3.create("svg").attr("xmlns", "http://www.w3.org/2000/svg").attr("font-family", picture.family);
  whole.attr("viewBox", `0 0 ${wide} ${high}`).attr("width", wide).attr("height", high);
  whole.append("title").text(figure.dataset.label);
  add(whole, "rect", "", { width: wide, height: high, fill: "#ffffff" });
  const heading = add(whole, "text", "", { "font-size": 16, "font-weight": 650, fill: "#1d2126" });
  title.forEach((line, at) => add(heading, "tspan", "", { x: 12, y: 24 + 20 * at }).text(line));
  add(whole, "g", "", { transform: `translate(12,${head})` }).node().append(...copy.childNodes);
  write(whole, 12, high - 12, source).attr("font-size", 11).attr("fill", "#545b63");
  return { text: new XMLSerializer().serializeToString(whole.node()), wide, high };
}

async function save(picture, format) {
  const { text, wide, high } = alone(picture);
  let blob = new Blob([text], { type: "image/svg+xml" });
  if (format === "png") {
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    const canvas = element("canvas", { width: 2 * wide, height: 2 * high });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }
  const href = URL.createObjectURL(blob);
  element("a", { href, download: `foedus-${picture.figure.dataset.picture}.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

// ---------------------------------------------------------------------------------------------------------------------

async function start(figure) {
  const kind = KINDS[figure.dataset.picture];
  const data = JSON.parse(figure.querySelector("script.data").textContent);
  if (!kind.some(data)) return;
  const [atlas] = await Promise.all([data.atlas && json(data.atlas), ...kind.libraries.map(library)]);
  Object.assign(new Picture(figure, data), { atlas }).start();
}

for (const figure of document.querySelectorAll("figure.picture")) {
  start(figure).catch((problem) => console.warn("A picture was not drawn:", problem));
}
