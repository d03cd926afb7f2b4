// In a copy of the site the parameters of a page stand in the name of its file. Where an address has them after a
// question mark, as permanent links do, this leads to that file. `places.py` gives the names.

const OTHERS = ["q", "query", "run", "source"]; // that no file has

function safe(value) {
  const bytes = (character) => [...new TextEncoder().encode(character)].map((b) => `~${b.toString(16).padStart(2, "0")}`);
  return value.replace(/[^A-Za-z0-9.-]/gu, (c) => (c === " " ? "_" : bytes(c).join("").toUpperCase()));
}

async function lead(given) {
  const address = new URL(location.href);
  const names = given.map(([name, value]) => `.${name}=${safe(value)}`).join("");
  address.pathname = address.pathname.replace(/\/$/, "/index").replace(/(\.html)?$/, `${names}.html`);
  address.search = "";
  const response = await fetch(address, { method: "HEAD" });
  await response.text(); // so that nothing is broken off
  const found = response.ok;
  if (found) location.replace(address);
  return found;
}

const given = [...new URLSearchParams(location.search)]
  .filter(([name, value]) => value && /^\w+$/.test(name) && !OTHERS.includes(name))
  .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
if (given.length && !(await lead(given))) {
  const rest = given.filter(([name]) => name !== "as_of");
  if (rest.length && rest.length < given.length) await lead(rest);
}
