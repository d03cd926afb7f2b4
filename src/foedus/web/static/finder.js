// Searching in a copy of the site, which has no server: an index of names that is read here.

const MOST = 200; // that are shown
const root = document.getElementById("finder");
const language = document.documentElement.lang;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Of the texts in which all words stand, the one that ranks first: one that begins with the first word, then the short.
function best(texts, words) {
  const ranked = texts
    .filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)))
    .map((told) => ({ ...told, later: told.text.toLowerCase().startsWith(words[0]) ? 0 : 1 }));
  return ranked.sort(compared)[0];
}

function compared(a, b) {
  return a.later - b.later || a.text.length - b.text.length;
}

function hit([english, ukrainian, aliases, page], words, base) {
  const texts = [
    { text: english, lang: "en" },
    { text: ukrainian, lang: "uk" },
    ...aliases.map((text) => ({ text })),
  ].filter(({ text }) => text);
  const found = best(texts, words);
  if (!found) return [];
  const name = language === "uk" && ukrainian ? texts[1] : texts[0];
  const href = new URL((language === "en" ? "" : `${language}/`) + page, base).href;
  return [{ ...found, name, href }];
}

function line({ text, lang, name, href }) {
  const link = element("a", { href, lang: name.lang }, name.text);
  const more = text === name.text ? [] : [" ", element("span", { className: "hint", lang: lang ?? "" }, text)];
  return element("li", {}, link, ...more);
}

async function find(asked) {
  const index = new URL(root.dataset.index, location.href);
  const response = await fetch(index);
  if (!response.ok) throw new Error(`${index}: ${response.status}`);
  const words = asked.toLowerCase().split(" ");
  const found = (await response.json()).flatMap((row) => hit(row, words, index));
  found.sort((a, b) => compared(a, b) || a.name.text.localeCompare(b.name.text, language));
  const told = root.dataset.found.replace("{number}", found.length).replace("{asked}", () => asked);
  root.querySelector("[role=status]").textContent = told;
  root.append(element("ul", { className: "hits" }, ...found.slice(0, MOST).map(line)));
  if (found.length > MOST) root.append(element("p", {}, root.dataset.cut.replace("{number}", MOST)));
}

const asked = (new URLSearchParams(location.search).get("q") ?? "").trim().split(/\s+/).join(" ").slice(0, 200);
if (root && asked) {
  document.getElementById("search").value = asked;
  find(asked).catch((problem) => console.warn("Nothing could be searched:", problem));
}
