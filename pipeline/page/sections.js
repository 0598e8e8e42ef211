// The sections of the page, each drawn from its state; all are drawn anew in another language.
const WIDE_AT_FIRST = 6;
const all_columns = data.columns.map((_, column) => column);
const told_counts = new Map();
for (const row of totals) told_counts.set(row.column, (told_counts.get(row.column) ?? 0) + 1);
const state = {
  regions: { words: "", level: data.request.level ?? "", activity: "", columns: null, sort: null, down: false, shown: PAGE_OF_ROWS, choosing: false },
  years: { measure: "sentences" },
  brands: { words: "", kind: "", sort: null, down: true, shown: PAGE_OF_ROWS / 2 },
  ledger: { words: "", verdict: "", activity: "", sort: null, down: false, shown: PAGE_OF_ROWS / 2 },
  articles: { words: "", status: "", sort: null, down: false, shown: PAGE_OF_ROWS / 2 },
};

function changed(section, focus) {
  return (news) => {
    Object.assign(state[section], news);
    redraw(section, news.sort ? `[data-key="sort ${news.sort}"]` : focus);
  };
}

// A search box keeps its place while its table is drawn anew.
function searched(section, label) {
  return finder(t(label), state[section].words, (words) => {
    Object.assign(state[section], { words, shown: PAGE_OF_ROWS });
    redraw(section, "input[type=search]");
  });
}

// Overview.
function render_overview(place) {
  const { counts, run } = data;
  const kept = Object.fromEntries(data.reasons).counted ?? 0;
  const [first, last] = counts.published;
  const told = [
    [number(counts.articles[1]), t("fact_articles")], [number(counts.figures[1]), t("fact_figures")], [number(kept), t("fact_counted")],
    [number(counts.brands[1]), t("fact_brands")], [number(counts.regions), t("fact_regions")],
    ...(first ? [[first === last ? first : `${first} – ${last}`, t("fact_published")]] : []),
  ];
  const notes = [run.failed && `${number(run.failed)} ${t("failed_note")}`, run.repeated && `${number(run.repeated)} ${t("repeat_note")}`].filter(Boolean);
  const mark = lang === "zh" ? ["；", "。"] : ["; ", "."];
  const { year, divisions } = data.request;
  const asked = [year && t("asked_year", { year }), divisions && t("asked_divisions", { year: divisions })].filter(Boolean);
  fill(place,
    el("dl", { class: "told" }, told.map(([value, words]) => el("div", {}, el("dt", {}, words), el("dd", {}, value)))),
    notes.length ? el("p", { class: "note" }, notes.join(mark[0]) + mark[1]) : [],
    asked.length ? el("p", { class: "notice" }, asked.join(lang === "zh" ? "" : " ")) : [],
    headline());
}

function headline() {
  if (!data.counts.articles[1]) return el("p", { class: "notice" }, t("nothing_read"));
  const rows = apart(data.headline.totals.map((place) => totals[place]));
  if (!rows.length) return el("p", { class: "notice" }, t("nothing_counted"));
  return [el("h2", { class: "of" }, `${t("headline_of")} · ${region_name(data.headline.region)}`), el("ul", { class: "cards" }, rows.map(card)), el("p", { class: "note" }, t("headline_note"))];
}

// Of each activity its sum of most figures, then further ones.
function apart(rows) {
  const seen = new Set();
  const kind = (row) => data.columns[row.column][0];
  const firsts = rows.filter((row) => kind(row) && !seen.has(kind(row)) && seen.add(kind(row)));
  return [...firsts, ...rows.filter((row) => !firsts.includes(row))].slice(0, 8);
}

// A sum in few words; the whole of it stands where it is opened.
const LONGEST_SUM = 22;
const rounded = (value, roundingMode) => new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en", { notation: "compact", maximumSignificantDigits: 4, roundingMode }).format(value);
function brief(row, source) {
  const words = amount(row, source);
  if (words.length <= LONGEST_SUM) return words;
  const [low, high] = [row[`${source}_low`], row[`${source}_high`]];
  return low === high ? t("about_sum", { sum: rounded(low) }) : `${rounded(low, "floor")}–${rounded(high, "ceil")}`;
}

function card(row) {
  const sides = ["own", "below"].filter((source) => row[`${source}_count`] > 0);
  const line = (source, place) => el("button", { type: "button", class: place ? "side" : "main", title: amount(row, source), onclick: () => open_sum(row, source) }, el("strong", { class: brief(row, source).length > 10 && "long" }, brief(row, source)), el("span", {}, `${t(source)} · ${counted(row[`${source}_count`], "figures")}`));
  return el("li", { class: "card" }, el("h3", {}, column_name(row.column)), sides.map(line));
}

// The wide table. Columns of a known activity come first.
const is_named = (column) => Number(data.columns[column][0] !== "");

function render_regions(place) {
  const now = state.regions;
  const mine = all_columns.filter((column) => !now.activity || data.columns[column][0] === now.activity);
  const chosen = now.columns ?? [...mine].sort((one, other) => is_named(other) - is_named(one) || told_counts.get(other) - told_counts.get(one) || one - other).slice(0, WIDE_AT_FIRST).sort((one, other) => one - other);
  const known = [...new Set(totals.map((row) => row.region))].filter((region) => (!now.level || level_of(region) === now.level) && holds(now.words, region_name(region), data.regions[region]?.[1], region));
  const rows = known.filter((region) => (now.words && !now.activity) || chosen.some((column) => sum_at(region, column)));
  const hidden = known.length - rows.length;
  const as_tree = !now.words && !now.level && (!now.sort || (now.sort === "region" && !now.down));
  const columns = [
    { key: "region", name: t("region"), show: (region) => el("span", { class: as_tree ? `region ${level_of(region)}` : null }, as_tree ? near_name(region) : region_name(region)), by: (region) => rank.get(region) },
    { key: "level", tight: true, name: t("level"), show: (region) => code("level", level_of(region)), by: (region) => levels.indexOf(level_of(region)) },
    ...chosen.map((column) => ({ key: `c${column}`, name: column_name(column), number: true, show: (region) => cell_of(region, column), by: (region) => { const row = sum_at(region, column); return row ? high(row) : null; } })),
  ];
  const set_columns = (column, on) => changed("regions")({ columns: on ? [...chosen, column].sort((one, other) => one - other) : chosen.filter((each) => each !== column), choosing: true });
  const kinds = [...new Set(data.columns.map(([activity]) => activity))].filter(Boolean);
  fill(place,
    el("div", { class: "controls" },
      searched("regions", "search_region"),
      chooser(t("level"), [["", t("all")], ...levels.map((level) => [level, code("level", level)])], now.level, (level) => changed("regions", "select")({ level, shown: PAGE_OF_ROWS })),
      chooser(t("activity"), [["", t("all")], ...kinds.map((kind) => [kind, code("activity", kind)])], now.activity, (activity) => changed("regions", "label:nth-of-type(3) select")({ activity, columns: null, shown: PAGE_OF_ROWS, sort: null }))),
    el("details", { class: "columns", open: now.choosing, ontoggle: (event) => (now.choosing = event.target.open) }, el("summary", {}, `${t("columns")} (${chosen.length} / ${mine.length})`),
      el("fieldset", {}, el("legend", {}, t("columns_note")), mine.map((column) => el("label", {}, el("input", { type: "checkbox", "data-key": `column ${column}`, checked: chosen.includes(column), onchange: (event) => { set_columns(column, event.target.checked); focus_on("regions", `[data-key="column ${column}"]`); } }), column_name(column))))),
    table_of(t("regions"), columns, rows, now, changed("regions")),
    hidden && !now.activity ? el("p", { class: "note" }, t("regions_hidden", { count: number(hidden) })) : []);
}

const rank = new Map([...new Set(totals.map((row) => row.region))].map((region, place) => [region, place]));

function cell_of(region, column) {
  const row = sum_at(region, column);
  return row ? opener([amount(row), source_of(row) === "below" && el("small", {}, t("below_mark"))], () => open_sum(row), { class: `open ${source_of(row)}` }) : null;
}

// Activities over the years.
function render_years(place) {
  const measure = state.years.measure;
  const when = [...new Set(years.map((row) => row.year))];
  const kinds = Object.keys(data.codes.activity).filter((type) => years.some((row) => row.type === type));
  const at = new Map(years.map((row) => [`${row.type}|${row.year}`, row]));
  const value = (type, year) => at.get(`${type}|${year}`)?.[measure] ?? 0;
  const greatest = Math.max(1, ...years.map((row) => row[measure]));
  const sum = (type) => when.reduce((told, year) => told + value(type, year), 0);
  const cell = (type, year) => {
    const told = value(type, year);
    const step = told ? Math.max(1, Math.ceil((Math.sqrt(told) / Math.sqrt(greatest)) * STEPS)) : 0;
    return el("td", { class: `heat step-${step}` }, told ? opener(number(told), () => open_year(type, year, told)) : "");
  };
  const line = (type) => el("tr", {}, el("th", { scope: "row" }, code("activity", type)), when.map((year) => cell(type, year)), el("td", { class: "number sum" }, number(sum(type))));
  const head = el("tr", {}, el("th", { scope: "col" }, t("activity")), when.map((year) => el("th", { scope: "col" }, year ?? t("unknown_year"))), el("th", { scope: "col", class: "number" }, t("sum")));
  const choose = chooser(t("measure_of"), [["sentences", t("sentences")], ["articles", t("years_articles")], ["figures", t("years_figures")]], measure, (told) => changed("years", "select")({ measure: told }));
  fill(place, el("div", { class: "controls" }, choose), el("p", { class: "note" }, t("years_note")), kinds.length ? scroller(t("years"), el("table", { class: "years" }, el("caption", { class: "hidden" }, t("years")), el("thead", {}, head), el("tbody", {}, kinds.map(line)))) : el("p", { class: "notice" }, t("no_rows")));
}

function open_year(type, year, all) {
  if (state.years.measure !== "figures") return open_type(type, year, years.find((row) => row.type === type && row.year === year).sentences);
  const held = figures.filter((found) => found.verdict === "counted" && found.activity === type && year_of(found.article) === year);
  return open_evidence({ title: `${code("activity", type)} · ${year ?? t("unknown_year")}`, items: as_items("figure", held), all });
}

const year_of = (article) => (articles[article]?.published ? Number(articles[article].published.slice(0, 4)) : null);

// Brands.
function render_brands(place) {
  const now = state.brands;
  const kinds = Object.keys(data.codes["brand kind"]).filter((kind) => brands.some((brand) => brand.kind === kind));
  const rows = brands.filter((brand) => (!now.kind || brand.kind === now.kind) && holds(now.words, brand.name, brand.variants, ...(regions_of.get(brand.name) ?? []).map(region_name)));
  const columns = [
    { key: "name", name: t("brand"), show: (brand) => opener(brand.name, () => open_brand(brand)), by: (brand) => brand.name },
    { key: "kind", tight: true, name: t("kind"), show: (brand) => code("brand kind", brand.kind), by: (brand) => code("brand kind", brand.kind) },
    { key: "where", name: t("region"), show: (brand) => where_words(brand), by: (brand) => regions_of.get(brand.name)?.[0] },
    { key: "first", tight: true, name: t("first_seen"), show: (brand) => brand.first_seen, by: (brand) => brand.first_seen },
    { key: "last", tight: true, name: t("last_seen"), show: (brand) => brand.last_seen, by: (brand) => brand.last_seen },
    { key: "articles", name: t("article_count"), number: true, show: (brand) => number(brand.articles), by: (brand) => brand.articles },
    { key: "mentions", name: t("mentions"), number: true, show: (brand) => number(brand.mentions), by: (brand) => brand.mentions },
    { key: "figures", name: t("brand_figures"), show: (brand) => el("span", { class: "clamp" }, brand.figures ?? ""), by: null },
  ];
  fill(place,
    el("div", { class: "controls" }, searched("brands", "search_brand"), chooser(t("kind"), [["", t("all")], ...kinds.map((kind) => [kind, code("brand kind", kind)])], now.kind, (kind) => changed("brands", "select")({ kind, shown: PAGE_OF_ROWS }))),
    held_note("brands"),
    table_of(t("brands"), columns, rows, now, changed("brands")));
}

const regions_of = new Map();
for (const row of spread) if (row.region) regions_of.set(row.name, [...new Set([...(regions_of.get(row.name) ?? []), row.region])]);
function where_words(brand) {
  const held = regions_of.get(brand.name) ?? [];
  if (!held.length) return t("unknown_region");
  return region_name(held[0]) + (held.length > 1 ? ` +${held.length - 1}` : "");
}

const held_note = (name) => {
  const [shown, all] = data.counts[name];
  return shown < all ? el("p", { class: "note" }, t("evidence_shown", { shown: number(shown), all: number(all) })) : [];
};

// The ledger.
function render_ledger(place) {
  const now = state.ledger;
  const rows = figures.filter((found) => (!now.verdict || (found.reason ?? found.verdict) === now.verdict || (now.verdict === "left_out" && found.reason)) && (!now.activity || found.activity === now.activity) && holds(now.words, found.text, found.measure, found.brand, articles[found.article]?.title, found.region && region_name(found.region)));
  const columns = [
    { key: "text", name: t("figure"), show: (found) => opener(found.text, () => open_figure(found)), by: (found) => found.text },
    { key: "measure", name: t("measure"), show: (found) => el("span", { class: "clamp" }, found.measure ?? ""), by: (found) => found.measure },
    { key: "amount", name: t("amount"), number: true, show: figure_words, by: (found) => found.high },
    { key: "activity", name: t("activity"), show: (found) => (found.activity ? code("activity", found.activity) : ""), by: (found) => found.activity },
    { key: "region", name: t("region"), show: (found) => (found.region ? region_name(found.region) : t("unknown_region")), by: (found) => found.region },
    { key: "verdict", name: t("verdict"), show: verdict_words, by: (found) => found.reason ?? "" },
    { key: "article", name: t("article"), show: (found) => el("span", { class: "clamp" }, title_of(found.article)), by: (found) => found.article },
    { key: "published", tight: true, name: t("published"), show: (found) => articles[found.article]?.published ?? "", by: (found) => articles[found.article]?.published },
  ];
  const kinds = Object.keys(data.codes.activity).filter((type) => figures.some((found) => found.activity === type));
  const reasons = data.reasons.filter(([name]) => name !== "counted");
  const options = [["", t("all")], ["counted", code("verdict", "counted")], ["left_out", code("verdict", "left_out")], ...(reasons.length ? [[t("reason"), reasons.map(([name, count]) => [name, `${code("reason", name)} (${number(count)})`])]] : [])];
  fill(place,
    el("p", {}, t("ledger_note")), verdict_bar(),
    el("div", { class: "controls" }, searched("ledger", "search_ledger"),
      chooser(t("verdict"), options, now.verdict, (verdict) => changed("ledger", "select")({ verdict, shown: PAGE_OF_ROWS })),
      chooser(t("activity"), [["", t("all")], ...kinds.map((kind) => [kind, code("activity", kind)])], now.activity, (activity) => changed("ledger", "label:nth-of-type(3) select")({ activity, shown: PAGE_OF_ROWS }))),
    held_note("figures"),
    table_of(t("ledger"), columns, rows, now, changed("ledger")));
}

const verdict_words = (found) => el("span", { class: `verdict-word ${found.verdict}`, title: found.reason && meaning("reason", found.reason) }, found.reason ? code("reason", found.reason) : code("verdict", found.verdict));

function verdict_bar() {
  const all = data.reasons.reduce((sum, [, count]) => sum + count, 0);
  if (!all) return [];
  const kept = Object.fromEntries(data.reasons).counted ?? 0;
  const rows = data.reasons.map(([name, count]) => el("li", {}, el("button", { type: "button", class: "chip", "data-key": `verdict ${name}`, "aria-pressed": state.ledger.verdict === name ? "true" : "false", onclick: () => changed("ledger", `[data-key="verdict ${name}"]`)({ verdict: state.ledger.verdict === name ? "" : name, shown: PAGE_OF_ROWS }) }, el("span", { class: "name" }, name === "counted" ? code("verdict", name) : code("reason", name)), el("span", { class: "bar", "aria-hidden": "true" }, el("span", { class: name === "counted" ? "to-low" : "to-high", share: count / all })), el("span", { class: "count" }, number(count)))));
  return [el("p", { class: "note" }, t("counted_of", { counted: number(kept), left: number(all - kept) })), el("ul", { class: "chips" }, rows)];
}

// Articles.
function render_articles(place) {
  const now = state.articles;
  const rows = articles.filter((article) => (!now.status || article.status === now.status) && holds(now.words, article.title, article.source, article.contributor, article.article, article.region && region_name(article.region)));
  const columns = [
    { key: "title", name: t("title_column"), show: (article) => opener(article.title || article.article, () => open_article(article)), by: (article) => article.title },
    { key: "published", tight: true, name: t("published"), show: (article) => article.published ?? "", by: (article) => article.published },
    { key: "region", name: t("region"), show: (article) => (article.region ? region_name(article.region) : t("unknown_region")), by: (article) => article.region },
    { key: "source", name: t("source"), show: (article) => el("span", { class: "clamp" }, article.source ?? ""), by: (article) => article.source },
    { key: "figures", name: t("brand_figures"), number: true, show: (article) => number(article.figures), by: (article) => article.figures },
    { key: "characters", name: t("characters"), number: true, show: (article) => number(article.characters), by: (article) => article.characters },
    { key: "status", name: t("status"), show: (article) => [code("article status", article.status), article.message && el("small", { class: "clamp" }, article.message)], by: (article) => article.status },
  ];
  const kinds = [...new Set(articles.map((article) => article.status))].filter(Boolean);
  fill(place, el("div", { class: "controls" }, searched("articles", "search_article"), chooser(t("status"), [["", t("all")], ...kinds.map((kind) => [kind, code("article status", kind)])], now.status, (status) => changed("articles", "select")({ status, shown: PAGE_OF_ROWS }))), held_note("articles"), table_of(t("articles"), columns, rows, now, changed("articles")));
}

// About.
function render_about(place) {
  const told = (list, names) => el("dl", { class: "meanings" }, names.map((name) => el("div", {}, el("dt", {}, code(list, name)), el("dd", {}, meaning(list, name)))));
  const { run, counts } = data;
  const held = ["totals", "figures", "brands", "mentions", "sentences", "texts", "articles"];
  const everything = held.every((name) => counts[name][0] >= counts[name][1]);
  fill(place,
    el("h3", {}, t("about_counting")), told("counting", Object.keys(data.codes.counting)),
    el("h3", {}, t("about_reasons")), told("reason", Object.keys(data.codes.reason)),
    el("h3", {}, t("about_held")), el("p", {}, everything ? t("held_all") : t("held_note")),
    facts(held.map((name) => [t(`held_${name}`), `${number(counts[name][0])} / ${number(counts[name][1])}`])),
    el("h3", {}, t("about_run")), facts([[t("version"), run.version], [t("fingerprint"), el("code", {}, run.fingerprint ?? "")], [t("inputs"), run.inputs.join("、")], [t("characters"), number(run.characters ?? 0)], [t("models"), t(run.models ? "yes" : "no")]]));
}

const SECTIONS = { overview: render_overview, map: render_map, regions: render_regions, years: render_years, brands: render_brands, ledger: render_ledger, articles: render_articles, about: render_about };

const SCROLLING = [".scroll", "fieldset"];

function redraw(section, focus) {
  const place = document.querySelector(`[data-fill="${section}"]`);
  const at = document.activeElement;
  const caret = at?.type === "search" && place.contains(at) ? at.selectionStart : null;
  const scrolled = SCROLLING.map((name) => [name, place.querySelector(name)?.scrollLeft, place.querySelector(name)?.scrollTop]);
  SECTIONS[section](place);
  for (const [name, left, top] of scrolled) Object.assign(place.querySelector(name) ?? {}, left === undefined ? {} : { scrollLeft: left, scrollTop: top });
  if (focus) focus_on(section, focus, caret);
}

function focus_on(section, focus, caret = null) {
  const found = document.querySelector(`[data-fill="${section}"]`).querySelector(focus);
  found?.focus({ preventScroll: true });
  if (caret !== null && found?.setSelectionRange) found.setSelectionRange(caret, caret);
}

function speak(language) {
  lang = language;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = t("title") + (data.request.year ? ` · ${data.request.year}` : "");
  for (const place of document.querySelectorAll("[data-t]")) place.textContent = t(place.dataset.t);
  for (const place of document.querySelectorAll("[data-t-label]")) place.setAttribute("aria-label", t(place.dataset.tLabel));
  const button = document.getElementById("language");
  button.textContent = t("language");
  button.lang = lang === "zh" ? "en" : "zh-CN";
  for (const section of Object.keys(SECTIONS)) redraw(section);
}

document.getElementById("language").addEventListener("click", () => speak(lang === "zh" ? "en" : "zh"));
speak(lang);
