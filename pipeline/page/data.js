// The data of the page, with what is asked of it: words in the chosen language, regions, sums, figures.
const data = JSON.parse(document.getElementById("data").textContent);

function rows_of(table) {
  return table.rows.map((row, number) => {
    const told = { number };
    table.columns.forEach((name, place) => (told[name] = row[place]));
    return told;
  });
}

const totals = rows_of(data.totals);
const figures = rows_of(data.figures);
const brands = rows_of(data.brands);
const spread = rows_of(data.spread);
const mentions = rows_of(data.mentions);
const sentences = rows_of(data.sentences);
const years = rows_of(data.years);
const articles = rows_of(data.articles);

let lang = document.documentElement.lang === "en" ? "en" : "zh";
const side = () => (lang === "zh" ? 0 : 1);

function t(key, values = {}) {
  const words = data.phrases[key][lang];
  return Object.entries(values).reduce((told, [name, value]) => told.replace(`{${name}}`, () => value), words);
}

const code = (list, name) => data.codes[list]?.[name]?.[side()] ?? name ?? "";
const meaning = (list, name) => data.codes[list]?.[name]?.[side() + 2] ?? "";
const number = (value) => value.toLocaleString(lang === "zh" ? "zh-CN" : "en");
const short = (value) =>
  new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
const counted = (count, words) => (lang === "en" && count === 1 && data.phrases[`${words}_one`] ? `1 ${t(`${words}_one`)}` : `${number(count)} ${t(words === "articles" ? "articles_n" : words)}`);
const day = (text) => text || t("undated");
const percent = (share) => (share === null ? "" : `${Math.round(share * 100)}%`);

// Regions.
const SOFT_HYPHEN = "\u00ad"; // where a name may break on its tile
const english = new Map(data.tiles.map(([place, , , , name]) => [place, name.replaceAll(SOFT_HYPHEN, "")]));
const levels = ["nation", "province", "prefecture", "county"];
const inside = new Map();
for (const [place, [, , , parent]] of Object.entries(data.regions)) {
  if (!inside.has(parent)) inside.set(parent, []);
  inside.get(parent).push(place);
}
for (const held of inside.values()) held.sort();

function region_name(place) {
  if (place === "100000") return t("nation");
  if (lang === "en" && english.has(place)) return english.get(place);
  return data.regions[place]?.[1] ?? data.tiles.find(([tile]) => tile === place)?.[3] ?? place ?? "";
}

const near_name = (place) => (place === "100000" ? t("nation") : lang === "en" && english.has(place) ? english.get(place) : data.regions[place]?.[0] ?? place);
const level_of = (place) => data.regions[place]?.[2] ?? "";

// Sums: of a region and column one row; what is shown of it is its own, else what lies below.
const by_place = new Map(totals.map((row) => [`${row.region}|${row.column}`, row]));
const sum_at = (place, column) => by_place.get(`${place}|${column}`);
const column_name = (column) => data.columns[column][3 + side()];
const source_of = (row) => (row.own_count > 0 ? "own" : "below");
const amount = (row, source = source_of(row)) => row[`${source}_${lang}`];
const amount_marked = (row) => amount(row) + (source_of(row) === "below" ? t("below_mark") : "");
const high = (row) => row[`${source_of(row)}_high`];

const figures_of_sum = grouped(figures, "total");
const figures_at = new Map(figures.map((found) => [`${found.article}:${found.start}`, found]));
const figures_in = grouped(figures, "article");
const brands_in = grouped(mentions, "article");
const sentences_in = grouped(sentences, "article");

function grouped(rows, key) {
  const held = new Map();
  for (const row of rows) {
    if (row[key] === null) continue;
    if (!held.has(row[key])) held.set(row[key], []);
    held.get(row[key]).push(row);
  }
  return held;
}

// The figures of a sum below: of each division inside its own, else of those below it.
function figures_below(row) {
  return (inside.get(row.region) ?? []).flatMap((place) => {
    const held = sum_at(place, row.column);
    if (!held) return [];
    return held.own_count > 0 ? figures_of_sum.get(held.number) ?? [] : figures_below(held);
  });
}

const figures_behind = (row, source) => (source === "own" ? figures_of_sum.get(row.number) ?? [] : figures_below(row));
const figure_words = (found) => found[lang] === null ? "" : `${found[lang]}${lang === "en" ? " " : ""}${found.unit ?? ""}`;
const title_of = (article) => articles[article]?.title || t("untitled");
