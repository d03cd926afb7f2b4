// The pictures of a page: a timeline, a map or a network, drawn as SVG into each <figure class="picture">.
//
// The figure gives its kind in data-picture, its name in data-label, and its data as JSON in a script of class "data".
// It stays hidden where a library in vendor/ is missing: a table on the page tells the same. Every word that is shown
// comes from the data or from an attribute data-NAME of the figure, for each NAME below. Nothing moves by itself.

/* global d3, topojson */

const WORDS = {
  all: "All",
  asof: "As of {day}",
  download: "Download:",
  down: "Move down",
  from: "{day} or later",
  in: "Zoom in",
  keys: "Point at a mark, or move among the marks with the arrow keys: the details stand here.",
  left: "Move left",
  none: "No instrument",
  out: "Zoom out",
  png: "PNG",
  range: "Time shown",
  receives: "Receives",
  reset: "Reset",
  right: "Move right",
  svg: "SVG",
  tools: "Zoom and move",
  until: "{day} or earlier",
  up: "Move up",
  value: "Instruments",
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
    this.svg = d3.create("svg").attr("role", "group").attr("aria-label", `${this.figure.dataset.label}. ${this.say("keys")}`);
    this.marks = [];
    const height = Math.ceil(KINDS[this.figure.dataset.picture].draw(this));
    const wide = this.drawn ?? this.width;
    this.svg.attr("viewBox", [0, 0, wide, height]).attr("width", wide).attr("height", height);
    this.canvas.replaceChildren(this.svg.node());
    const all = this.marks.flat();
    this.stop(all.find(({ key }) => key === this.current) ?? all[0]);
    this.tools.children[tool]?.focus();
    if (held !== undefined) this.canvas.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }

  // A list of marks, each of which is a link.
  list(parent, label) {
    this.marks.push([]);
    return parent.append("g").attr("role", "list").attr("aria-label", label);
  }

  // A mark: `key` finds it again once it is drawn anew, `name` is what it is called aloud, `rest` what else is told of it.
  mark(list, { key, label, href, name = label, rest = "", x, y, shown = () => {}, left = () => {} }) {
    const link = list.append("g").attr("role", "listitem").append("a");
    link.attr("href", href).attr("data-key", key).attr("aria-label", name);
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
    const place = this.svg.append("g").attr("aria-hidden", "true").attr("class", "signs");
    let [x, y] = [0, 11];
    for (const { label, heading, draw, wide = 20 } of entries) {
      const all = (draw ? wide + 6 : 0) + this.measure(label, heading ? 650 : 400);
      if (x && x + all > this.width) [x, y] = [0, y + 22];
      const group = place.append("g").attr("transform", `translate(${x},${y})`);
      if (draw) draw(group.append("g"), wide);
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

function write(parent, x, y, words, style = "") {
  return parent.append("text").attr("x", x).attr("y", y).attr("class", style || null).text(words);
}

// Several lines, the first at y.
function lines(parent, x, y, all, style = "", step = LINE) {
  const made = parent.append("text").attr("class", style || null).attr("y", y);
  all.forEach((line, at) => made.append("tspan").attr("x", x).attr("dy", at ? step : 0).text(line));
  return made;
}

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
  picture.toolbar(
    picture.say("range"),
    ranges.length < 2
      ? []
      : ranges.map((range) => ({ text: range.label, pressed: range === chosen, act: () => choose(range) })),
  );

  const shown = items.filter(({ start, end, at }) => {
    return (start ?? at) < chosen.end && (start !== null && end !== null ? end : at + DAY) > chosen.start;
  });
  const asof = data.asOf ? stamp(data.asOf) + DAY : null;
  const [left, right] = [4, width - 4];
  const { x, pieces } = scaleOf(chosen, shown, asof, left, right, narrow ? 17 : 34);
  const row = narrow ? 28 : picture.touch ? 24 : 19;
  const bar = 17;

  const { svg } = picture;
  const kinds = [...d3.group(shown, ({ precision }) => precision)].sort(
    ([a], [b]) => ["day", "month", "year", "derived"].indexOf(a) - ["day", "month", "year", "derived"].indexOf(b),
  );
  const signs = kinds.map(([precision, [{ certainty }]]) => ({
    label: certainty,
    wide: { day: 12, month: 20, year: 34 }[precision] ?? 46,
    draw: (group, wide) => {
      const sign = (x0, x1, more) => shape(group, { precision, x0, x1, open: "", ...more }, 0, 12);
      if (precision !== "derived") return sign(0, wide);
      sign(0, 10, { dot: true });
      return sign(16, wide);
    },
  }));
  const top = picture.legend(signs) + 8;
  const back = svg.append("g").attr("aria-hidden", "true");
  const heads = [];
  let y = top + 38;
  for (const { key, label } of data.lanes) {
    const lane = shown.filter((item) => item.lane === key);
    if (!lane.length) continue;
    heads.push({ y, label });
    y += 26;
    const { placed, rows } = pack(picture, lane.map((item) => placeOf(item, x, left, right)), left, right);
    const list = picture.list(svg, label).attr("class", tone(key));
    for (const item of placed) {
      const middle = y + item.row * row + row / 2;
      const when = dated(item, dates, picture);
      const rest = [when, item.kind].filter(Boolean).join(" · ");
      const link = picture.mark(list, {
        ...item,
        rest,
        name: [item.label, when, item.kind].join(", "),
        x: item.x0,
        y: middle,
      });
      const [from, to] = item.taken;
      for (const [style, more] of [["hit", 0], ["ring", 2]]) {
        link
          .append("rect")
          .attr("class", style)
          .attr("x", from - more)
          .attr("y", middle - row / 2)
          .attr("width", to - from + 2 * more)
          .attr("height", row)
          .attr("rx", 3);
      }
      shape(link, item, middle, bar);
      caption(link, item, middle);
    }
    y += rows * row + 12;
  }
  axis(picture, back, pieces, x, chosen, dates, top, y, asof, heads);
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
    const also = [...items.map((item) => item.end), asof].filter((time) => time !== null && time > start && time <= end);
    for (const time of also) full.set(year(time - DAY), full.get(year(time - DAY)) ?? 0);
    for (const one of [...full.keys()].sort(d3.ascending)) {
      const from = pieces.at(-1)?.end ?? start;
      if (Date.UTC(one, 0) > from) pieces.push({ start: from, end: Date.UTC(one, 0), gap: true });
      pieces.push({ start: Date.UTC(one, 0), end: Date.UTC(one + 1, 0), weight: Math.max(0.01, full.get(one) ** 0.75 - 0.9) });
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
  const [first, last] = x.domain().filter((_, place, all) => !place || place === all.length - 1);
  if (end - start <= DAY) {
    const middle = (x(at) + x(at + DAY)) / 2;
    return { ...item, dot: true, open: "", x0: middle - 5, x1: middle + 5 };
  }
  const open = (start < first ? "left" : "") + (end > last ? "right" : "");
  const [x0, x1] = [x(start), x(end)];
  const more = Math.max(0, 7 - (x1 - x0)) / 2;
  return { ...item, open, x0: x0 - more, x1: x1 + more };
}

function shape(parent, { precision, dot, open, x0, x1, start, end }, y, height) {
  const derived = precision === "derived";
  if (dot || precision === "day") {
    const circle = parent.append("circle").attr("cx", (x0 + x1) / 2).attr("cy", y).attr("r", 5);
    return circle.attr("class", derived ? "shape derived" : "shape exact");
  }
  const half = height / 2 - 1;
  if (start === null || end === null) {
    const [known, tip] = open === "left" ? [x1, x0] : [x0, x1];
    const back = tip + (open === "left" ? 5 : -5);
    parent.append("path").attr("class", "shape derived").attr("d", `M${known},${y}H${tip}`);
    const rest = `M${known},${y - half}v${2 * half}M${back},${y - 4}L${tip},${y}L${back},${y + 4}`;
    return parent.append("path").attr("class", "shape ends").attr("d", rest);
  }
  const [top, bottom] = [y - half, y + half];
  const sides = (open.includes("left") ? "" : `M${x0},${top}V${bottom}`) + (open.includes("right") ? "" : `M${x1},${top}V${bottom}`);
  parent.append("rect").attr("class", derived ? "shape inside none" : "shape inside")
    .attr("x", x0).attr("y", top).attr("width", x1 - x0).attr("height", 2 * half);
  const edges = open ? `M${x0},${top}H${x1}M${x0},${bottom}H${x1}${sides}` : `M${x0},${top}H${x1}V${bottom}H${x0}Z`;
  return parent.append("path").attr("class", derived ? "shape derived" : "shape edges").attr("d", edges);
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
    const fits = !item.dot && item.start !== null && item.end !== null && item.x1 - item.x0 >= whole + 12;
    return [
      ...(fits ? [{ ...mark, side: "inside", aside, lines: [short] }] : []),
      ...(item.x1 + 6 + told.width <= right + 4 ? [beside("right", [from, item.x1 + 6 + told.width])] : []),
      ...(item.x0 - 6 - told.width >= left - 4 ? [beside("left", [item.x0 - 6 - told.width, to])] : []),
    ];
  };
  const settle = (rows, choices, most = Infinity) => {
    for (let row = 0; choices.length && row < most; row += 1) {
      rows[row] ??= [];
      const choice = choices.find(({ taken }) => rows[row].every((other) => clear(taken, other.taken, 6)));
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
      const others = row.filter((other) => other !== item);
      const choice = called(item).find(({ taken }) => others.every((other) => clear(taken, other.taken, 6)));
      Object.assign(item, choice);
    }
    for (const item of row.filter(({ aside, lines: { length } = [] }) => aside && length === 1)) {
      const more = picture.measure(item.aside);
      const [from, to] = item.taken;
      const taken = item.side === "left" ? [from - more, to] : [from, to + more];
      const fits = item.side === "inside"
        ? item.x1 - item.x0 >= picture.measure(item.lines[0] + item.aside) + 12
        : taken[0] >= left - 4 && taken[1] <= right + 4 && row.every((other) => other === item || clear(taken, other.taken, 6));
      if (fits) Object.assign(item, { whole: true, taken: item.side === "inside" ? item.taken : taken });
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
  if (whole) made.append("tspan").attr("class", "soft").text(aside);
}

function dated({ from, to, precision, certainty, start, end }, dates, picture) {
  if (precision !== "derived") return (dates[precision] ?? dates.day).format(stamp(from ?? to));
  const day = dates.day.format(start ?? end - DAY);
  if (start === null || end === null) return `${picture.say(start === null ? "until" : "from", { day })} (${certainty})`;
  return `${dates.day.formatRange(start, end - DAY)} (${certainty})`;
}

function axis(picture, back, pieces, x, { start, end }, dates, top, bottom, asof, heads) {
  const [above, below] = [top + 38, bottom + 2];
  const line = (x0, y0, x1, y1, style) =>
    back.append("line").attr("class", style).attr("x1", x0).attr("y1", y0).attr("x2", x1).attr("y2", y1);
  const label = (at, y, words, style) => write(back, at, y, words, `middle ${style}`);
  const days = (end - start) / DAY;
  let free = -Infinity;
  for (const { start: from, end: to, gap, x0, x1 } of pieces) {
    if (gap) {
      back.append("rect").attr("class", "gap").attr("x", x0).attr("y", above).attr("width", x1 - x0).attr("height", below - above);
      for (const y of [above, below]) {
        back.append("path").attr("class", "edge").attr("d", `M${x0 + 1},${y + 5}l5,-10M${x0 + 8},${y + 5}l5,-10`);
      }
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
  back.insert("rect", "*").attr("class", "after").attr("x", at).attr("y", above).attr("width", x.range().at(-1) - at).attr("height", below - above);
  line(at, above - 5, at, below + 24, "asof");
  label(Math.max(half, Math.min(picture.width - half, at)), bottom + 40, day, "strong");
}

// ---------------------------------------------------------------------------------------------------------------------
// The map

const EUROPE = { lon: [-25, 45], lat: [34, 72] };
const FRAME = [[-10.5, 36], [-10, 59], [5, 61], [30, 61], [41, 53], [41, 45], [27, 35.5]]; // what the larger map must show

function map(picture) {
  const { data, narrow, atlas } = picture;
  const width = (picture.drawn = Math.min(picture.width, 1000));
  const countries = topojson.feature(atlas, atlas.objects.countries).features;
  const known = new Map(d3.sort(countries, d3.geoArea).map((country) => [country.id, country])); // some islands share a number
  const places = data.places.filter(({ id }) => known.has(id)).map((place) => {
    const { coordinates, type } = known.get(place.id).geometry;
    const parts = (type === "Polygon" ? [coordinates] : coordinates).map((part) => ({ type: "Polygon", coordinates: part }));
    const main = d3.greatest(parts, d3.geoArea);
    const [lon, lat] = d3.geoCentroid(main);
    const near = lon > EUROPE.lon[0] && lon < EUROPE.lon[1] && lat > EUROPE.lat[0] && lat < EUROPE.lat[1];
    return { ...place, shape: known.get(place.id), main, near, middle: [lon, lat], south: d3.geoBounds(main)[0][1] };
  });
  const given = new Set(places.map(({ id }) => id));
  const others = { type: "FeatureCollection", features: countries.filter(({ id }) => !given.has(id) && id !== "010") };
  const steps = stepsOf(places.filter(({ receives }) => !receives).map(({ value }) => value));

  const swatch = (style) => (group, wide) => group.append("rect").attr("class", style).attr("y", -7).attr("width", wide).attr("height", 14);
  const receiver = places.find(({ receives }) => receives);
  const entries = [
    { label: picture.say("value"), heading: true },
    ...steps.map(({ label, style }) => ({ label, draw: swatch(`place ${style}`), wide: 26 })),
    { label: picture.say("none"), draw: swatch("land"), wide: 26 },
    ...(receiver ? [{ label: `${receiver.label}: ${picture.say("receives")}`, draw: swatch("place receives"), wide: 26 }] : []),
  ];
  const top = picture.legend(entries) + 6;

  // The north of the world, from its far north to some way south of the southernmost place.
  const world = d3.geoEqualEarth().rotate([-11, 0]).fitWidth(width, { type: "Sphere" });
  const south = Math.max(-57, Math.min(8, d3.min(places, (place) => place.south) - 6));
  const [, north] = world([11, 83.8]);
  const high = world([11, south])[1] - north;
  world.translate([world.translate()[0], world.translate()[1] - north]).clipExtent([[0, 0], [width, high]]);

  const deep = width * (narrow ? 0.86 : 0.54);
  const europe = d3.geoAzimuthalEqualArea().rotate([-16, -50]).clipAngle(60)
    .fitExtent([[4, 4], [width - 4, deep - 4]], { type: "MultiPoint", coordinates: [...FRAME, ...places.filter(({ near }) => near).map(({ middle }) => middle)] })
    .clipExtent([[0, 0], [width, deep]]);
  const gap = narrow ? 16 : 28;

  const first = panel(picture, world, [0, top], [width, high], others, places, steps, false);
  const second = panel(picture, europe, [0, top + high + gap], [width, deep], others, places, steps, true);
  const corners = [0, width].map((x) => [world(europe.invert([x, deep])), [x, high + gap]]);
  first.append("path").attr("class", "frame").attr("d", outline(europe, world, width, deep));
  first.append("path").attr("class", "frame fine").attr("d", corners.map(([from, to]) => `M${from}L${to}`).join(""));
  return top + high + gap + deep + 2;
}

// The classes of values: one for each number where there are few, otherwise five at most.
function stepsOf(values) {
  const numbers = [...new Set(values)].sort(d3.ascending);
  const most = numbers.at(-1) ?? 0;
  const starts = most <= 5 ? d3.range(1, most + 1) : [...new Set(d3.range(5).map((at) => 1 + Math.ceil((at * most) / 5)))];
  return starts.map((start, at) => {
    const end = (starts[at + 1] ?? most + 1) - 1;
    const style = `step-${starts.length < 2 ? 4 : Math.round((at * 4) / (starts.length - 1))}`;
    return { start, end, label: start === end ? `${start}` : `${start}–${end}`, style };
  });
}

// The path of a shape, without what is too small to be seen: points nearer than half a pixel to the one before.
function pathOf(projection, least = 0.5) {
  const thin = (stream) => {
    let last;
    return {
      point(x, y) {
        if (last && Math.hypot(x - last[0], y - last[1]) < least) return;
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

// One of the two maps: `near` is the larger one of Europe. Each place is a link in one of them, where it is best seen.
function panel(picture, projection, [left, top], [width, height], others, places, steps, near) {
  const path = pathOf(projection);
  const group = picture.svg.append("g").attr("transform", `translate(${left},${top})`);
  const land = group.append("g").attr("aria-hidden", "true");
  land.append("path").attr("class", "land").attr("d", path(others));
  if (near) land.append("rect").attr("class", "frame").attr("width", width).attr("height", height);
  const styleOf = ({ receives, value }) =>
    receives ? "receives" : (steps.find(({ start, end }) => value >= start && value <= end)?.style ?? "step-0");
  const drawn = (place) => path(place.shape);
  const elsewhere = places.filter((place) => place.near !== near && drawn(place));
  for (const place of elsewhere) {
    const link = land.append("a").attr("href", place.href).attr("tabindex", -1);
    link.append("path").attr("class", `place ${styleOf(place)}`).attr("d", drawn(place));
    link.on("pointerenter", () => picture.tell({ ...place, key: place.id, rest: restOf(picture, place) }));
  }

  const here = places.filter((place) => place.near === near && drawn(place));
  const list = picture.list(group, null);
  const labels = group.append("g").attr("aria-hidden", "true").attr("class", "labels");
  const rings = ["ring wide", "ring"].map((style) => group.append("path").attr("class", style).attr("aria-hidden", "true"));
  const enring = (place) => rings.forEach((ring) => ring.attr("d", place && drawn(place)));
  const shapes = new Map(places.map((place) => [place, new Path2D(drawn(place) ?? "")]));
  const ground = new Path2D(path(others));
  const taken = [];
  const size = picture.touch ? 28 : 24;
  const order = d3.sort(here, (a, b) => Boolean(a.receives) - Boolean(b.receives) || picture.collator.compare(a.label, b.label));
  for (const place of order) {
    const [x, y] = path.centroid(place.main);
    const rest = restOf(picture, place);
    const link = picture.mark(list, {
      ...place,
      key: place.id,
      rest,
      name: `${place.label}, ${rest}`,
      x: left + x,
      y: top + y,
      shown: () => enring(place),
      left: () => enring(null),
    });
    link.append("path").attr("class", `place ${styleOf(place)}`).attr("d", drawn(place));
    link.append("rect").attr("class", "hit").attr("x", x - size / 2).attr("y", y - size / 2).attr("width", size).attr("height", size);
  }
  for (const place of d3.sort(here, (a, b) => b.value - a.value || d3.geoArea(b.main) - d3.geoArea(a.main))) {
    const [x, y] = path.centroid(place.main);
    const value = place.receives ? [] : [`${place.value}`];
    const full = [110, 70].map((most) => [...picture.wrap(place.label, most, 600).lines, ...value]);
    const on = (shape) => (point) => picture.pen.isPointInPath(shape, ...point);
    const within = ({ points }) => points.every(on(shapes.get(place)));
    const atSea = ({ points }) => !points.some((point) => [...shapes.values(), ground].some((shape) => on(shape)(point)));
    const choices = [...full, value].filter((told) => told.length).map((told) =>
      boxesOf(picture, told, [x, y], [width, height]).filter((box) => taken.every((other) => separate(box, other))));
    const beside = ({ told, near }) => told !== value && near.some(on(shapes.get(place)));
    const best = (some) => some.find(within) ?? some.find((one) => beside(one) && atSea(one));
    const box = choices.map(best).find(Boolean) ?? choices.at(-1)?.find(({ far }) => !far);
    if (!box) continue;
    taken.push(box);
    const style = within(box) ? `on ${styleOf(place)}` : "halo";
    const told = lines(labels, (box.x[0] + box.x[1]) / 2, box.y[0] + 11, box.told, `middle semi ${style}`);
    if (value.length) told.select("tspan:last-child").attr("class", "strong");
  }
  return group;
}

// Where the name of a place may stand: at its middle, or else further and further from it.
function boxesOf(picture, told, [x, y], [width, height]) {
  const half = Math.max(...told.map((line) => picture.measure(line, 600))) / 2 + 1;
  const tall = (told.length * LINE) / 2;
  const ways = d3.cross(d3.range(0, half + 80, 4), d3.range(0, 2 * Math.PI, Math.PI / 8));
  const grid = (x0, x1, y0, y1) => d3.cross(d3.range(x0, x1 + 1, (x1 - x0) / 8), d3.range(y0, y1 + 1, (y1 - y0) / 4));
  return ways.map(([far, turn]) => {
    const [cx, cy] = [x + far * Math.cos(turn), y + far * Math.sin(turn)];
    const box = { told, far, x: [cx - half, cx + half], y: [cy - tall, cy + tall] };
    const near = grid(cx - half - 9, cx + half + 9, cy - tall - 6, cy + tall + 6);
    return { ...box, near, points: grid(...box.x, ...box.y) };
  }).filter((box) => box.x[0] >= 0 && box.y[0] >= 0 && box.x[1] <= width && box.y[1] <= height);
}

const restOf = (picture, { receives, value }) => (receives ? picture.say("receives") : `${picture.say("value")}: ${value}`);

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
  const kinds = data.kinds.filter(({ key }) => data.nodes.some(({ kind }) => kind === key));
  const spare = kinds.filter(({ key }) => !SHAPES[key]);
  const symbol = ({ key }, size) => d3.symbol(d3[SHAPES[key] ?? SPARE[spare.findIndex((kind) => kind.key === key) % 3]], size)();
  const nodes = d3.sort(data.nodes, ({ id }) => id).map((node) => ({ ...node, near: new Map([[node.id, new Set()]]) }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const links = d3.groups(
    data.links.filter(({ source, target }) => source !== target && byId.has(source) && byId.has(target)),
    ({ source, target }) => JSON.stringify([source, target]),
  ).map(([, some]) => ({ source: byId.get(some[0].source), target: byId.get(some[0].target), label: [...new Set(some.map(({ label }) => label))].join(", ") }));
  for (const { source, target } of links) {
    source.near.set(target.id);
    target.near.set(source.id);
  }

  // How large a node is with its name beneath it: where there is little room, only the nodes that have most links.
  const named = new Set(d3.sort(nodes, (a, b) => b.near.size - a.near.size).slice(0, narrow ? 8 : Infinity));
  const half = touch ? 15 : 13;
  for (const node of nodes) {
    const { lines: all, width: wide, height } = picture.wrap(node.label, narrow ? 104 : 124);
    Object.assign(node, { all, wide, tall: height });
    const beneath = named.has(node) ? height : 0;
    Object.assign(node, { a: Math.max(half, named.has(node) ? wide / 2 + 4 : 0), up: half - 2, down: half + beneath + 2 });
  }
  const room = d3.sum(nodes, ({ a, up, down }) => 2 * a * (up + down)) * (narrow ? 2.6 : 2.3);
  const height = Math.max(narrow ? width * 1.5 : Math.min(width * 0.6, 700), room / width);
  settle(nodes, links, width, height);

  const top = picture.legend(kinds.map((kind) => ({
    label: kind.label,
    wide: 14,
    draw: (group) => group.append("path").attr("class", tone(kind.key)).attr("transform", "translate(7,0)").attr("d", symbol(kind, 110)),
  }))) + 4;
  const clip = `clip-${picture.figure.id}`;
  svg.append("clipPath").attr("id", clip).append("rect").attr("width", width).attr("height", height);
  const view = svg.append("g").attr("transform", `translate(0,${top})`).attr("clip-path", `url(#${clip})`);
  view.append("rect").attr("class", "ground").attr("width", width).attr("height", height).attr("aria-hidden", "true");
  const arrows = view.append("g").attr("aria-hidden", "true").selectAll().data(links).join("path").attr("class", "arrow");
  const marks = view.append("g");
  const labels = view.append("g").attr("aria-hidden", "true").attr("class", "labels");

  let focus = null;
  const at = (node) => [picture.zoom.applyX(node.x), picture.zoom.applyY(node.y)];
  const place = () => {
    for (const node of nodes) [node.px, node.py] = at(node);
    for (const list of picture.marks) for (const mark of list) [mark.x, mark.y] = at(byId.get(mark.key));
    marks.selectAll("a").attr("transform", ({ px, py }) => `translate(${px},${py})`);
    arrows.attr("d", arrowOf);
    name();
  };
  // The names, the most linked first, each where nothing else stands: beneath its node, or else beside or above it.
  const name = () => {
    labels.selectAll("*").remove();
    const near = focus && new Set(focus.near.keys());
    const lit = (node) => !focus || near.has(node.id);
    svg.classed("chosen", Boolean(focus));
    marks.selectAll("a").classed("dim", (node) => !lit(node));
    arrows.classed("lit", ({ source, target }) => source === focus || target === focus);
    const taken = nodes.filter(lit).map(({ px, py }) => ({ x: [px - 8, px + 8], y: [py - 8, py + 8] }));
    const inside = ({ x, y }) => x[0] >= 0 && y[0] >= 0 && x[1] <= width && y[1] <= height;
    const order = d3.sort(nodes.filter(lit), (a, b) => (b === focus) - (a === focus) || b.near.size - a.near.size || d3.ascending(a.id, b.id));
    for (const { px, py, wide, tall, all } of order) {
      const boxes = [
        { x: [px - wide / 2, px + wide / 2], y: [py + 12, py + 12 + tall] },
        { x: [px + 12, px + 12 + wide], y: [py - tall / 2, py + tall / 2], style: "" },
        { x: [px - 12 - wide, px - 12], y: [py - tall / 2, py + tall / 2], style: "before" },
        { x: [px - wide / 2, px + wide / 2], y: [py - 10 - tall, py - 10] },
      ];
      const box = boxes.find((one) => inside(one) && taken.every((other) => separate(one, other)));
      if (!box) continue;
      taken.push(box);
      const { style = "middle" } = box;
      lines(labels, { middle: px, "": box.x[0], before: box.x[1] }[style], box.y[0] + 11, all, `halo ${style}`);
    }
    for (const { source, target, label } of focus ? links.filter((link) => link.source === focus || link.target === focus) : []) {
      const wide = picture.measure(label) / 2 + 2;
      const boxes = [0.5, 0.4, 0.6, 0.3, 0.7].map((t) => {
        const [x, y] = [source.px + t * (target.px - source.px), source.py + t * (target.py - source.py)];
        return { x: [x - wide, x + wide], y: [y - 7, y + 7] };
      });
      const box = boxes.find((one) => inside(one) && taken.every((other) => separate(one, other)));
      if (!box) continue;
      taken.push(box);
      write(labels, (box.x[0] + box.x[1]) / 2, box.y[0] + 11, label, "halo middle relation");
    }
  };
  const choose = (node) => {
    focus = node;
    name();
  };

  for (const kind of kinds) {
    const list = picture.list(marks, kind.label).attr("class", tone(kind.key));
    const some = nodes.filter((node) => node.kind === kind.key).sort((a, b) => picture.collator.compare(a.label, b.label));
    for (const node of some) {
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
      link.append("circle").attr("class", "hit").attr("r", touch ? 15 : 12);
      link.append("circle").attr("class", "ring").attr("r", 10.5);
      link.append("path").attr("class", "node").attr("d", symbol(kind, 30 * Math.min(6, 2.6 + Math.sqrt(node.near.size))));
    }
  }

  // By the buttons, by dragging, by two fingers, and by the wheel with Ctrl, so that the page itself can be scrolled.
  picture.zoom = d3.zoomIdentity;
  const zoom = d3.zoom().scaleExtent([1, 6]).extent([[0, 0], [width, height]]).translateExtent([[0, 0], [width, height]])
    .wheelDelta(({ deltaY }) => Math.max(-0.4, Math.min(0.4, -deltaY * 0.01)))
    .filter((event) => (event.type === "wheel" ? event.ctrlKey : event.touches ? event.touches.length > 1 : !event.button))
    .on("zoom", ({ transform }) => {
      picture.zoom = transform;
      place();
      able();
    });
  view.call(zoom).on("dblclick.zoom", null);
  const reveal = ({ px, py }) => {
    const [dx, dy] = [Math.max(20 - px, Math.min(width - 20 - px, 0)), Math.max(20 - py, Math.min(height - 20 - py, 0))];
    if (dx || dy) zoom.translateBy(view, (dx + Math.sign(dx) * width * 0.2) / picture.zoom.k, (dy + Math.sign(dy) * height * 0.2) / picture.zoom.k);
  };
  const move = (x, y) => () => zoom.translateBy(view, (x * width * 0.25) / picture.zoom.k, (y * height * 0.25) / picture.zoom.k);
  const button = (text, key, act) => ({ text, name: picture.say(key), act });
  picture.toolbar(picture.say("tools"), [
    button("+", "in", () => zoom.scaleBy(view, 1.6)),
    button("−", "out", () => zoom.scaleBy(view, 1 / 1.6)),
    button("←", "left", move(1, 0)),
    button("↑", "up", move(0, 1)),
    button("↓", "down", move(0, -1)),
    button("→", "right", move(-1, 0)),
    { text: picture.say("reset"), act: () => zoom.transform(view, d3.zoomIdentity) },
  ]);
  const able = () => [...picture.tools.children].forEach((one, at) => (one.ariaDisabled = String(at > 0 && picture.zoom.k === 1)));
  able();
  place();
  return top + height;
}

// Lays the nodes out in the room: drawn together by links, kept apart so that names do not meet. Always the same.
function settle(nodes, links, width, height) {
  const bounded = () => {
    for (const node of nodes) {
      node.x = Math.max(node.a, Math.min(width - node.a, node.x));
      node.y = Math.max(node.up, Math.min(height - node.down, node.y));
    }
  };
  const parted = () => {
    nodes.forEach((one, at) => {
      for (const other of nodes.slice(at + 1)) {
        const [dx, dy] = [other.x - one.x || 0.01, other.y - one.y || 0.01];
        const over = one.a + other.a + 6 - Math.abs(dx);
        const under = (dy > 0 ? one.down + other.up : one.up + other.down) + 6 - Math.abs(dy);
        if (over <= 0 || under <= 0) continue;
        const [axis, push] = over < under ? ["x", Math.sign(dx) * over] : ["y", Math.sign(dy) * under];
        one[axis] -= push / 2;
        other[axis] += push / 2;
      }
    });
  };
  nodes.forEach((node, at) => {
    const turn = at * Math.PI * (3 - Math.sqrt(5));
    const far = Math.sqrt((at + 0.5) / nodes.length) / 2;
    Object.assign(node, { x: width * (0.5 + far * Math.cos(turn)), y: height * (0.5 + far * Math.sin(turn)) });
  });
  const away = Math.sqrt((width * height) / nodes.length);
  const pull = d3.forceLink(links).distance(away * 0.9);
  const simulation = d3.forceSimulation(nodes).stop()
    .force("links", pull)
    .force("nodes", d3.forceManyBody().strength(-away * 3))
    .force("x", d3.forceX(width / 2).strength(0.09 * Math.sqrt(height / width)))
    .force("y", d3.forceY(height / 2).strength(0.09 * Math.sqrt(width / height)))
    .force("bounds", bounded);
  simulation.tick(150);
  simulation.force("apart", parted).force("bounds", bounded).tick(150);
  for (let at = 0; at < 100; at += 1) {
    parted();
    bounded();
  }
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
  const { figure, width, svg } = picture;
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
    if (!made.matches("g, a, title, clipPath, clipPath *")) {
      for (const [name, usual] of Object.entries(STYLES)) {
        const value = plain(style.getPropertyValue(name));
        if (value === usual || (name.startsWith("font") || name === "text-anchor") && !made.matches("text, tspan")) continue;
        made.setAttribute(name, value);
      }
    } else if (style.opacity !== "1") made.setAttribute("opacity", style.opacity);
    if (made.href) made.setAttribute("href", from[at].href.baseVal && new URL(from[at].href.baseVal, location.href).href);
    for (const name of ["class", "tabindex", "role", "data-key"]) made.removeAttribute(name);
  });
  figure.classList.remove("saved");
  const hidden = [...from].map((one, at) => (one.matches(".hit, .ring, .ground") ? at : -1)).filter((at) => at >= 0);
  const all = [...copy.querySelectorAll("*")];
  for (const at of hidden) all[at].remove();

  const height = own.viewBox.baseVal.height;
  const title = picture.wrap(figure.dataset.label, (width - 24) * 0.8, 650).lines;
  const source = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  const head = 16 + title.length * 20;
  const [wide, high] = [width + 24, head + height + 40];
  const whole = d3.create("svg:svg").attr("xmlns", "http://www.w3.org/2000/svg");
  whole.attr("viewBox", `0 0 ${wide} ${high}`).attr("width", wide).attr("height", high).attr("font-family", picture.family);
  whole.append("title").text(figure.dataset.label);
  whole.append("rect").attr("width", wide).attr("height", high).attr("fill", "#ffffff");
  const heading = whole.append("text").attr("font-size", 16).attr("font-weight", 650).attr("fill", "#1d2126");
  title.forEach((line, at) => heading.append("tspan").attr("x", 12).attr("y", 24 + 20 * at).text(line));
  const inner = whole.append("g").attr("transform", `translate(12,${head})`).attr("font-size", SIZE).node();
  inner.append(...copy.childNodes);
  whole.append("text").attr("x", 12).attr("y", high - 12).attr("font-size", 11).attr("fill", "#545b63").text(source);
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
