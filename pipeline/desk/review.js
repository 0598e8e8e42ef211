// The review: one record at a time with its article; what is said goes to the server, which answers with what holds then.
const $ = (id) => document.getElementById(id);
const LETTERS = { i: "indicator", b: "brand", t: "activity" };
const LISTS = ["bound", "dimension", "activity", "status", "kind", "type"];
let told = null; // words, codes, fields
let item = null; // what is on the table
let form = null; // what is being written
const trail = []; // the places of what was said, for taking it back
let sort = "";
let busy = false;
let lang = document.documentElement.lang === "en" ? "en" : "zh";

function t(key, values = {}) {
  const words = told.phrases[key]?.[lang] ?? key;
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, () => value), words);
}
const name_of = (field) => t({ activity: "field_activity", brand: "field_brand", region: "field_region" }[field] ?? field);
const words_of = (field, code) => {
  const found = told.codes[field]?.find(([each]) => each === code);
  return found ? found[lang === "zh" ? 1 : 2] : code;
};
const percent = (share) => `${Math.round(share * 100)}%`;

// What is asked and said.
async function ask(path, query) {
  return answer(await fetch(`${path}?${new URLSearchParams(query)}`, { credentials: "same-origin" }));
}

async function say(path, said) {
  const body = JSON.stringify({ place: item.place, ...said });
  return answer(await fetch(path, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body }));
}

async function answer(response) {
  const data = await response.json();
  if (!response.ok) throw Object.assign(new Error(data.error), { field: data.field });
  return data;
}

// One thing at a time: a key that is held down says nothing twice.
async function during(work) {
  if (busy) return;
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    complain(error);
  } finally {
    busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

function complain(error) {
  const words = error instanceof TypeError ? t("ended") : error.message;
  if (!form) return tell(words);
  const line = $("record").querySelector(".wrong");
  fill(line, document.createTextNode(visible(words)));
  for (const field of $("record").querySelectorAll("[name]")) field.toggleAttribute("aria-invalid", false);
  const field = error.field && $("record").querySelector(`[name="${error.field}"]`);
  if (field) field.setAttribute("aria-invalid", "true");
  field?.focus();
}

function tell(words) {
  $("told").hidden = !words;
  fill($("told"), document.createTextNode(visible(words ?? "")));
}

// Where to go.
async function go(query) {
  const found = await ask("/record", { sort, ...query });
  if (found.place === null) {
    told.progress = found.progress;
    show_progress();
    tell(t(told.progress[sort].count ? "finished" : "nothing"));
    return;
  }
  put(found);
}

function put(found) {
  item = found;
  told.progress = found.progress;
  form = null;
  tell("");
  show();
}

const open_next = () => during(() => go({ place: item ? item.place : -1, step: "open" }));
const step = (way) => during(() => go({ place: item ? item.place : -1, step: way }));

// What is said of the record.
const found_now = () => item.records.find((each) => same(each, item.found)) ?? null;
const held_now = () => found_now() ?? item.records.find((each) => each.sort === item.found.sort && each.start < item.found.end && item.found.start < each.end && (each.sort !== "activity" || each.fields.type === item.found.fields.type)) ?? null;
const same = (one, other) => one.sort === other.sort && one.start === other.start && one.end === other.end && (one.sort !== "activity" || one.fields.type === other.fields.type);
const at = (record) => ({ article: item.article.article, sort: record.sort, start: record.start, end: record.end, kind: record.sort === "activity" ? record.fields.type : "" });

function judge(path) {
  const record = held_now();
  if (!record) return;
  during(async () => {
    const { place } = item;
    put(await say(path, at(record)));
    trail.push(place);
    await go({ place: item.place, step: "open" });
  });
}

// What is taken back is shown again.
const undo = () =>
  during(async () => {
    const after = await say("/undo", { place: trail.pop() ?? item.place });
    put(after);
    tell(t(after.undone ? "undone" : "nothing_undone"));
  });

function edit(record = held_now()) {
  if (!record) return;
  form = { record, sort: record.sort, start: record.start, end: record.end, fields: record.fields };
  show_record();
  $("record").querySelector("[name]")?.focus();
}

function add(kind) {
  const span = selected();
  if (!span) return tell(t("select_first"));
  during(async () => {
    const { fields } = await ask("/guess", { article: item.article.article, sort: kind, ...span });
    form = { record: null, sort: kind, ...span, fields };
    show_record();
    $("record").querySelector("[name]")?.focus();
  });
}

function save(event) {
  event.preventDefault();
  const written = Object.fromEntries(new FormData(event.currentTarget));
  during(async () => {
    const place = { new_start: form.start, new_end: form.end, fields: written };
    const said = form.record ? { ...at(form.record), ...place } : { article: item.article.article, sort: form.sort, ...place };
    put(await say(form.record ? "/correct" : "/add", said));
    trail.push(item.place);
    $("record").focus();
  });
}

function cancel() {
  form = null;
  show_record();
  $("record").focus();
}

// The selected text as a place in the article, counted in code points as the tables do.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offset_of(range.startContainer, range.startOffset);
  const end = offset_of(range.endContainer, range.endOffset);
  if (start === null || end === null || start >= end) return null;
  return { start, end };
}

// Marks that turn the writing are shown as ⟨U+202E⟩ and stand for one character.
function offset_of(node, offset) {
  const passage = $("text").querySelector(".passage");
  if (!passage?.contains(node)) return null;
  const before = document.createRange();
  before.selectNodeContents(passage);
  before.setEnd(node, offset);
  let left = before.toString().length;
  let count = 0;
  for (const sign of signs()) {
    if (left <= 0) break;
    left -= visible(sign).length;
    count += 1;
  }
  return item.text.start + count;
}

// What is shown.
function show() {
  show_progress();
  show_record();
  show_text();
}

function show_progress() {
  const held = told.progress[sort];
  const done = held.accept + held.reject + held.correct;
  fill($("progress"), el("div", { class: "progress" },
    el("strong", {}, t("done_of", { done, count: held.count })),
    el("progress", { max: Math.max(1, held.count), value: done, "aria-label": t("done_of", { done, count: held.count }) }),
    el("span", {}, t("accepted", { count: held.accept })),
    el("span", {}, t("corrected", { count: held.correct })),
    el("span", {}, t("rejected", { count: held.reject }))));
}

function show_record() {
  const place = $("record");
  if (!item) return fill(place);
  fill(place, form ? written() : [heading(), deeds(), record_facts(), adding()]);
}

function heading() {
  const gone = item.said === "reject" && !held_now();
  const words = item.found.sort === "activity" ? words_of("type", item.found.fields.type) : item.found.text;
  return [
    el("p", { class: "note" }, t(`one_${item.found.sort}`), " ", el("span", { class: `said ${item.said}` }, t(`said_${item.said || "none"}`))),
    el("h2", { id: "record-title", class: gone && "gone", lang: "zh-CN" }, words),
    gone && el("p", { class: "note" }, t("is_gone")),
  ];
}

const deed = (key, word, work, strong) => el("button", { type: "button", class: strong && "strong", "data-deed": word, "aria-keyshortcuts": key.toUpperCase(), onclick: work }, t(word), el("kbd", { "aria-hidden": "true" }, key));
const deeds = () => el("div", { class: "deeds" },
  deed("a", "accept", () => judge("/accept"), true), deed("r", "reject", () => judge("/reject")), deed("e", "edit", () => edit()),
  deed("n", "next", open_next), deed("p", "back", () => step("back")), deed("u", "undo", undo));

function record_facts() {
  const record = held_now() ?? item.found;
  const fields = told.fields[record.sort].map((field) => [name_of(field), LISTS.includes(field) && record.fields[field] ? words_of(field, record.fields[field]) : field === "part_of" ? part_words(record.fields.part_of) : field === "region" && record.fields.region ? `${record.fields.region} ${record.region_name}` : record.fields[field]]);
  const sure = ["confidence", "confidence_meaning", "confidence_time"].filter((name) => name in record).map((name) => [t(name), el("span", { class: "gauge", share: record[name] }, percent(record[name]))]);
  const { article } = item;
  return [
    facts([...(record === item.found || record.text === item.found.text ? [] : [[t("held_now"), record.text]]), ...fields, [t("rule"), el("code", {}, record.rule)], ...sure]),
    el("div", { class: "of-article" }, el("h3", { lang: "zh-CN" }, article.title || article.article), facts([[t("published"), article.published], [t("region"), article.region_name], [t("source"), article.source], [t("article"), el("code", {}, article.article)]])),
  ];
}

const part_words = (place) => {
  const whole = item.records.find((each) => each.sort === "indicator" && `${each.start}-${each.end}` === place);
  return whole ? `${whole.text} (${place})` : place;
};

const adding = () => el("div", {}, el("p", { class: "note" }, t("add_as")), el("div", { class: "deeds" }, Object.entries(LETTERS).map(([key, kind]) => el("button", { type: "button", "data-add": kind, "aria-keyshortcuts": key.toUpperCase(), onclick: () => add(kind) }, t(`one_${kind}`), el("kbd", { "aria-hidden": "true" }, key)))));

// What is being written.
function written() {
  const text = slice_of(form.start, form.end);
  const wide = new Set(["measure", "part_of", "period_text", "kind", "type"]);
  const fields = told.fields[form.sort].map((field) => el("label", { class: `field${wide.has(field) ? " wide" : ""}` }, el("span", {}, name_of(field)), input_of(field, form.fields[field] ?? "")));
  return [
    el("p", { class: "note" }, t(form.record ? "edit" : "add"), " · ", t(`one_${form.sort}`)),
    el("h2", { id: "record-title", lang: "zh-CN" }, text),
    el("form", { onsubmit: save, autocomplete: "off" },
      el("p", { class: "wrong", role: "alert" }),
      el("div", { class: "wide marks" }, el("span", { class: "note" }, `${t("span")} ${form.start}-${form.end}`), el("button", { type: "button", "data-deed": "use_selection", onclick: take_selection, onmousedown: (event) => event.preventDefault() }, t("use_selection"))),
      fields,
      el("div", { class: "wide deeds" }, el("button", { type: "submit", class: "strong" }, t("save"), el("kbd", { "aria-hidden": "true" }, "⏎")), el("button", { type: "button", onclick: cancel }, t("cancel"), el("kbd", { "aria-hidden": "true" }, "Esc")))),
  ];
}

function input_of(field, value) {
  if (field === "part_of") return part_chooser(value);
  const list = told.codes[field];
  if (!list || !LISTS.includes(field)) return el("input", { name: field, value, maxlength: 400, inputmode: field === "low" || field === "high" ? "decimal" : null, lang: "zh-CN" });
  return el("select", { name: field }, list.map(([code, zh, en]) => el("option", { value: code, selected: code === value }, lang === "zh" ? zh : en)));
}

function part_chooser(value) {
  const places = item.records.filter((each) => each.sort === "indicator" && each.start !== form.start).map((each) => [`${each.start}-${each.end}`, each.text]);
  const known = !value || places.some(([place]) => place === value) ? places : [[value, value], ...places];
  return el("select", { name: "part_of" }, el("option", { value: "" }, "—"), known.map(([place, text]) => el("option", { value: place, selected: place === value }, `${text} (${place})`)));
}

function take_selection() {
  const span = selected();
  if (!span) return complain(new Error(t("select_first")));
  const now = Object.fromEntries(new FormData($("record").querySelector("form")));
  form = { ...form, ...span, fields: { ...form.fields, ...now } };
  show_record();
}

// The article, cut where a mark begins or ends.
const signs = () => (item.signs ??= [...item.text.text]);
const slice_of = (from, to) => signs().slice(from - item.text.start, to - item.text.start).join("");

function show_text() {
  const length = signs().length;
  const base = item.text.start;
  const marks = [...item.records, ...(held_now() ? [] : [{ ...item.found, gone: true }])];
  const near = marks.map((mark) => ({ mark, from: Math.max(0, mark.start - base), to: Math.min(length, mark.end - base) })).filter((each) => each.from < each.to);
  const cuts = [...new Set([0, length, ...near.flatMap((each) => [each.from, each.to])])].sort((one, other) => one - other);
  const passage = el("p", { class: "passage", lang: "zh-CN" });
  cuts.slice(0, -1).forEach((from, place) => {
    const to = cuts[place + 1];
    const over = near.filter((each) => each.from <= from && to <= each.to).map((each) => each.mark);
    passage.append(piece(signs().slice(from, to).join(""), over, base + from));
  });
  fill($("text"), el("h2", { id: "text-title", class: "of" }, t(item.text.whole ? "whole_text" : "part_text")), passage);
  const target = $("text").querySelector(".target, .current");
  if (target) $("text").scrollTop = target.offsetTop - $("text").clientHeight / 3;
  else $("text").scrollTop = 0;
}

function piece(text, over, from) {
  const shown = held_now() ?? item.found;
  const inner = over.filter((mark) => mark.sort !== "activity").pop();
  const here = over.some((mark) => mark.gone || same(mark, shown));
  const said = over.some((mark) => mark.sort === "activity");
  const classes = [inner && !inner.gone && `mark ${inner.sort}`, inner && inner.rule === "review" && "sure", here && (shown.sort === "activity" ? "activity current" : "target"), said && "activity"].filter(Boolean).join(" ");
  const made = el("span", { class: classes || null, "data-from": from, title: over.map(mark_words).join("\n") || null }, text);
  if (inner && !inner.gone) {
    set(made, "role", "button");
    set(made, "tabindex", "0");
    set(made, "onclick", () => getSelection().isCollapsed && edit(inner));
    set(made, "onkeydown", (event) => event.key === "Enter" && edit(inner));
  }
  return made;
}

const mark_words = (mark) => (mark.sort === "activity" ? words_of("type", mark.fields.type) : mark.sort === "brand" ? words_of("kind", mark.fields.kind) : `${mark.fields.low}${mark.fields.high === mark.fields.low ? "" : `–${mark.fields.high}`} ${mark.fields.unit} · ${words_of("dimension", mark.fields.dimension)} · ${mark.fields.measure}`);

// Keys.
const KEYS = { a: () => judge("/accept"), r: () => judge("/reject"), e: () => edit(), n: open_next, N: () => step("on"), p: () => step("back"), u: undo, "?": () => help(), i: () => add("indicator"), b: () => add("brand"), t: () => add("activity") };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open || !item) return;
  if (event.key === "Escape" && form) return cancel();
  if (form || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const work = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (!work) return;
  event.preventDefault();
  work();
});

function help() {
  const rows = ["a", "r", "e", "n", "p", "u", "i", "help", "esc"].map((key) => [el("dt", {}, el("kbd", {}, { help: "?", esc: "Esc" }[key] ?? key)), el("dd", {}, t(`key_${key}`))]);
  fill($("help-body"), el("dl", { class: "keys" }, rows), el("p", { class: "note" }, t("help_note")));
  $("help").showModal();
  $("help-title").focus();
}

// The beginning.
function choose_sorts() {
  fill($("sort"), ["", "indicator", "brand", "activity"].map((kind) => el("option", { value: kind, selected: kind === sort }, t(kind || "all"))));
}

function speak(language) {
  lang = language;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const place of document.querySelectorAll("[data-t]")) fill(place, document.createTextNode(t(place.dataset.t)));
  fill($("language"), document.createTextNode(t("language")));
  $("language").lang = lang === "zh" ? "en" : "zh-CN";
  choose_sorts();
  if (item) show();
  else show_progress();
}

$("language").addEventListener("click", () => speak(lang === "zh" ? "en" : "zh"));
$("help-open").addEventListener("click", help);
$("help-close").addEventListener("click", () => $("help").close());
$("sort").addEventListener("change", (event) => {
  sort = event.target.value;
  event.target.blur();
  during(() => go({ place: -1, step: "open" }));
});

told = await ask("/start", {});
speak(lang);
await during(() => go({ place: -1, step: "open" }));
if (told.lost) tell(t("lost_note", { count: told.lost }));
