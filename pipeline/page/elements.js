// Names, attributes and children in, elements out. Text goes in as text alone; marks that turn the writing are shown.
const TURNING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const code_point = (sign) => `⟨U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
const visible = (text) => String(text).replace(TURNING, code_point);

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) set(made, key, value);
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    made.append(child instanceof Node ? child : visible(child));
  }
  return made;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "share") element.style.setProperty("--share", String(value));
  else if (key === "place") [element.style.gridColumn, element.style.gridRow] = value.map(String);
  else if (["value", "checked", "open", "selected"].includes(key)) element[key] = value;
  else element.setAttribute(key, value === true ? "" : visible(value));
}

const fill = (place, ...children) => place.replaceChildren(...children.flat(3).filter((child) => child instanceof Node));

function chooser(label, options, chosen, change) {
  const option = ([value, words]) => el("option", { value, selected: value === chosen }, words);
  const list = options.map((each) =>
    Array.isArray(each[1]) ? el("optgroup", { label: each[0] }, each[1].map(option)) : option(each),
  );
  return el("label", { class: "field" }, el("span", {}, label), el("select", { onchange: (event) => change(event.target.value) }, list));
}

function finder(label, words, change) {
  const input = el("input", { type: "search", value: words, oninput: (event) => change(event.target.value) });
  return el("label", { class: "field" }, el("span", {}, label), input);
}

const facts = (pairs) =>
  el("dl", { class: "facts" }, pairs.filter(([, told]) => told || told === 0).map(([name, told]) => el("div", {}, el("dt", {}, name), el("dd", {}, told))));
