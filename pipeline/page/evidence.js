// What stands behind a figure: the list of what was found, its text with all that is marked in it, and its facts beside.
const dialog = document.getElementById("evidence");
const dialog_title = document.getElementById("evidence-title");
const dialog_body = document.getElementById("evidence-body");
const AT_ONCE = 40;

function open_evidence({ title, head, items, all }) {
  fill(dialog_title, document.createTextNode(visible(title)));
  const stage = el("div", { class: "stage" });
  const held = items.length ? [] : [el("p", { class: "notice" }, t("evidence_none"))];
  const note = all > items.length && items.length ? [el("p", { class: "note" }, t("evidence_shown", { shown: number(items.length), all: number(all) }))] : [];
  fill(dialog_body, head ?? [], note, held, items.length > 1 ? listed(items, stage) : [], stage);
  dialog_body.classList.toggle("many", items.length > 1);
  if (!dialog.open) dialog.showModal();
  dialog_body.scrollTop = 0;
  if (items.length) show_item(items[0], stage);
  dialog_title.focus({ preventScroll: true });
}

function listed(items, stage) {
  const list = el("ol", { class: "items" });
  const more = el("button", { type: "button", class: "quiet", onclick: () => grow() }, t("more"));
  const choose = (event, item) => {
    for (const each of list.querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
    event.currentTarget.setAttribute("aria-current", "true");
    show_item(item, stage);
  };
  const grow = () => {
    const from = list.children.length;
    items.slice(from, from + AT_ONCE).forEach((item, place) =>
      list.append(el("li", {}, el("button", { type: "button", "aria-current": from + place === 0 && "true", onclick: (event) => choose(event, item) }, ...item_words(item)))),
    );
    more.hidden = list.children.length >= items.length;
  };
  grow();
  return el("div", { class: "listed" }, list, more);
}

function item_words({ kind, found }) {
  const article = articles[found.article];
  const place = `${title_of(found.article)} · ${day(article?.published)}`;
  if (kind === "figure") return [el("strong", {}, found.text), " ", el("span", {}, found.measure ?? ""), el("small", {}, place)];
  if (kind === "brand") return [el("strong", {}, found.text), el("small", {}, place)];
  return [el("span", {}, wording(found)), el("small", {}, place)];
}

// The first words of a sentence that is marked.
function wording(found, most = 60) {
  const [start, text] = (data.texts[found.article] ?? []).find(([from, held]) => from <= found.start && found.start < from + held.length) ?? [found.start, ""];
  const words = [...text].slice(found.start - start, found.end - start);
  return words.slice(0, most).join("") + (words.length > most ? "…" : "") || code("activity", found.type);
}

function show_item(item, stage) {
  const beside = el("div", { class: "beside" });
  const text = el("div", { class: "text" });
  fill(stage, beside, text);
  show_facts(item, beside);
  show_text(item, beside, text);
}

function show_facts(item, beside) {
  fill(beside, item.kind === "figure" ? figure_facts(item.found) : item.kind === "brand" ? brand_facts(item.found) : item.kind === "activity" ? activity_facts(item.found) : [], article_facts(item.found.article));
}

function figure_facts(found) {
  const interval = found.low === null ? "" : found.low === found.high ? number(found.low) : `${number(found.low)} – ${number(found.high)}`;
  const period = [found.period_text, [found.period_start, found.period_end].filter(Boolean).join(" – ")].filter(Boolean);
  const whole = figures_at.get(`${found.article}:${(found.part_of ?? "").split("-")[0]}`);
  const other = found.other === null ? null : figures_at.get(`${found.other}:${found.other_start}`);
  const behind = other ? el("button", { type: "button", class: "link", onclick: () => open_figure(other) }, t("see_instead")) : found.other !== null && title_of(found.other);
  return [
    el("p", { class: `verdict ${found.verdict}` }, el("strong", {}, found.verdict === "counted" ? code("verdict", "counted") : code("reason", found.reason)), found.reason && el("span", {}, meaning("reason", found.reason))),
    facts([
      [t("amount"), figure_words(found)],
      [t("interval"), interval && `${interval} ${found.unit ?? ""}`],
      [t("dimension"), code("dimension", found.dimension)],
      [t("per"), found.per],
      [t("measure"), found.measure],
      [t("activity"), found.activity && code("activity", found.activity)],
      [t("brand"), found.brand],
      [t("region"), found.region ? region_name(found.region) : t("unknown_region")],
      [t("period"), period.length > 0 && period.map((words) => el("span", { class: "line" }, words))],
      [t("done"), code("indicator status", found.status)],
      [t("part_of"), whole && whole.text],
      [t("instead"), behind],
      [t("rule"), el("code", {}, found.rule)],
      [t("confidence"), gauge(found.confidence)],
      [t("confidence_meaning"), gauge(found.confidence_meaning)],
      [t("confidence_time"), gauge(found.confidence_time)],
    ]),
  ];
}

const gauge = (share) => (share === null ? null : el("span", { class: "gauge", share }, percent(share)));
const brand_facts = (found) => facts([[t("brand"), found.name], [t("kind"), code("brand kind", found.kind)], [t("rule"), el("code", {}, found.rule)], [t("confidence"), gauge(found.confidence)]]);
const activity_facts = (found) => facts([[t("activity"), code("activity", found.type)], [t("rule"), el("code", {}, found.rule)], [t("confidence"), gauge(found.confidence)]]);

function article_facts(place) {
  const article = articles[place];
  return el("div", { class: "of-article" }, el("h3", {}, title_of(place)), facts([
    [t("published"), day(article.published)],
    [t("region"), article.region && region_name(article.region)],
    [t("source"), article.source],
    [t("contributor"), article.contributor],
    [t("article"), el("code", {}, article.article)],
    [t("address"), article.url && el("code", {}, article.url)],
    [t("message"), article.message],
  ]));
}

// The text, cut where a mark begins or ends; a piece bears all the marks over it.
function show_text(item, beside, place) {
  const marks = marks_of(item.found.article);
  const pieces = data.texts[item.found.article] ?? [];
  const whole = articles[item.found.article].whole;
  const legend = ["indicator", "brand", "activity"].map((kind) => el("span", { class: `sample ${kind}` }, t(`mark_${kind}`)));
  fill(place,
    el("p", { class: "legend" }, ...legend, el("span", { class: "note" }, pieces.length ? t(whole ? "whole_text" : "sentence_only") : t("text_missing"))),
    pieces.map(([start, text], number_of_piece) => {
      const cut = !whole && number_of_piece > 0 ? [el("p", { class: "gap", "aria-hidden": "true" }, "⋯")] : [];
      return [...cut, passage(start, text, marks, item, beside)];
    }));
  const here = place.querySelector(".here");
  if (here) place.scrollTop = here.getBoundingClientRect().top - place.getBoundingClientRect().top - place.clientHeight / 3;
}

function marks_of(article) {
  return [
    ...(sentences_in.get(article) ?? []).map((found) => ({ kind: "activity", found })),
    ...(brands_in.get(article) ?? []).map((found) => ({ kind: "brand", found })),
    ...(figures_in.get(article) ?? []).map((found) => ({ kind: "figure", found })),
  ];
}

function passage(start, text, marks, item, beside) {
  const signs = text.length === [...text].length ? null : [...text];
  const length = signs ? signs.length : text.length;
  const slice = (from, to) => (signs ? signs.slice(from, to).join("") : text.slice(from, to));
  const over = marks
    .map((mark) => ({ ...mark, from: Math.max(0, mark.found.start - start), to: Math.min(length, mark.found.end - start) }))
    .filter((mark) => mark.from < mark.to);
  const cuts = [...new Set([0, length, ...over.flatMap((mark) => [mark.from, mark.to])])].sort((one, other) => one - other);
  const opening = grouped(over, "from");
  let open = [];
  const made = el("p", { class: "passage", lang: "zh-CN" });
  cuts.slice(0, -1).forEach((from, place) => {
    open = [...open.filter((mark) => mark.to > from), ...(opening.get(from) ?? [])];
    made.append(piece(slice(from, cuts[place + 1]), open, from, cuts[place + 1], item, beside));
  });
  return made;
}

function piece(text, open, from, to, item, beside) {
  const inner = open.findLast?.((mark) => mark.kind !== "activity") ?? open.filter((mark) => mark.kind !== "activity").pop();
  const said = open.filter((mark) => mark.kind === "activity");
  let made = inner ? marked(text, inner, item, beside) : document.createTextNode(visible(text));
  if (said.length) {
    const ends = said.filter((mark) => mark.to === to).map((mark) => code("activity", mark.found.type));
    const here = said.some((mark) => mark.found === item.found);
    made = el("span", { class: `activity${here && from === said[0].from ? " here" : ""}${here ? " current" : ""}` }, made, ends.length > 0 && el("span", { class: "type" }, ends.join(" · ")));
  }
  return made;
}

function marked(text, mark, item, beside) {
  const here = mark.found === item.found;
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    for (const each of dialog.querySelectorAll(".mark.current")) each.classList.remove("current");
    event.currentTarget.classList.add("current");
    show_facts(mark, beside);
  };
  const kind = mark.kind === "figure" ? "indicator" : "brand";
  return el("span", { class: `mark ${kind}${here ? " here current" : ""}`, role: "button", tabindex: 0, onclick: show, onkeydown: show }, text);
}

// What may be opened.
const as_items = (kind, found) => found.map((each) => ({ kind, found: each }));
const open_figure = (found) => open_evidence({ title: found.text, items: as_items("figure", [found]), all: 1 });

function open_sum(row, source = source_of(row)) {
  const held = [...figures_behind(row, source)].sort((one, other) => (other.high ?? 0) - (one.high ?? 0));
  const all = row[`${source}_count`];
  const head = el("p", { class: "opened" }, el("strong", { class: "big" }, amount(row, source)), " ", el("span", {}, `${t(source)} · ${counted(all, "figures")}`));
  open_evidence({ title: `${region_name(row.region)} · ${column_name(row.column)}`, head: [head], items: as_items("figure", held), all });
}

// The figures that count of a division and of all inside it.
function open_counted(place, all) {
  const within = (code) => code === place || (data.regions[code] && within(data.regions[code][3]));
  const held = figures.filter((found) => found.verdict === "counted" && within(found.region));
  open_evidence({ title: `${region_name(place)} · ${t("count_indicator")}`, items: as_items("figure", held), all });
}

const open_article = (article) => open_evidence({ title: title_of(article.number), items: as_items("article", [{ article: article.number }]), all: 1 });

function open_type(type, year, all) {
  const held = sentences.filter((found) => found.type === type && found.year === year && !found.repeat);
  open_evidence({ title: `${code("activity", type)} · ${year ?? t("unknown_year")}`, items: as_items("activity", held), all });
}

function open_brand(brand) {
  const told = facts([
    [t("kind"), code("brand kind", brand.kind)],
    [t("first_seen"), brand.first_seen],
    [t("last_seen"), brand.last_seen],
    [t("variants"), brand.variants],
    [t("brand_figures"), brand.figures],
  ]);
  const held = mentions.filter((found) => found.name === brand.name);
  open_evidence({ title: brand.name, head: [told, spread_table(brand)], items: as_items("brand", held), all: brand.mentions });
}

function spread_table(brand) {
  const told = spread.filter((row) => row.name === brand.name);
  if (!told.length) return [];
  const when = [...new Set(told.map((row) => row.year))];
  const where = [...new Set(told.map((row) => row.region))];
  const cell = (region, year) => {
    const row = told.find((each) => each.region === region && each.year === year);
    return el("td", { class: "dot" }, row && el("span", { title: counted(row.articles, "articles") }, `${row.first_year ? "●" : "○"} ${row.articles}`));
  };
  const head = el("tr", {}, el("th", { scope: "col" }, t("region")), when.map((year) => el("th", { scope: "col" }, year ?? t("unknown_year"))));
  const body = where.map((region) => el("tr", {}, el("th", { scope: "row" }, region ? region_name(region) : t("unknown_region")), when.map((year) => cell(region, year))));
  return [el("h3", {}, t("spread")), el("p", { class: "note" }, t("spread_note")), scroller(t("spread"), el("table", { class: "spread" }, el("thead", {}, head), el("tbody", {}, body)))];
}

document.getElementById("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
