// The map: a tile for each provincial division, shaded by a chosen indicator, that opens its prefectures and counties.
const COUNT = -1;
const STEPS = 5;
const provinces_with = new Map();
for (const row of totals) if (level_of(row.region) === "province") provinces_with.set(row.column, (provinces_with.get(row.column) ?? 0) + 1);
const figures_counted = new Map();
for (const row of totals) figures_counted.set(row.region, (figures_counted.get(row.region) ?? 0) + row.own_count);
const counted_within = (place) => (figures_counted.get(place) ?? 0) + (inside.get(place) ?? []).reduce((sum, held) => sum + counted_within(held), 0);

const map_state = { column: most_told(), tile: null };

function most_told() {
  const named = (column) => Number(data.columns[column][0] !== "");
  const many = ([, held]) => Number(held > 1);
  const [best] = [...provinces_with].sort((one, other) => many(other) - many(one) || named(other[0]) - named(one[0]) || other[1] - one[1] || one[0] - other[0]);
  return best && best[1] > 1 ? best[0] : COUNT;
}

function value_at(place, column) {
  if (column === COUNT) {
    const held = counted_within(place);
    return held ? { high: held, words: number(held), label: counted(held, "figures") } : null;
  }
  const row = sum_at(place, column);
  if (!row) return null;
  return { high: high(row), low: row[`${source_of(row)}_low`], words: amount(row), label: amount_marked(row), row };
}

const step_of = (value, bounds) => bounds.filter((bound) => value > bound).length + 1;

// Upper ends of the steps below the last: fifths of the different values.
function steps(values) {
  const told = [...new Set(values)].sort((one, other) => one - other);
  if (told.length <= STEPS) return told.slice(0, -1);
  return Array.from({ length: STEPS - 1 }, (_, place) => told[Math.floor(((place + 1) * told.length) / STEPS) - 1]);
}

function render_map(place) {
  const values = new Map(data.tiles.map(([tile]) => [tile, value_at(tile, map_state.column)]));
  const told = [...values.values()].filter(Boolean).map((value) => value.high);
  const bounds = steps(told);
  const chosen = map_state.tile ?? best_tile(values);
  const grid = el("div", { class: "tiles" }, legend_of(bounds, told), data.tiles.map((tile) => tile_of(tile, values.get(tile[0]), bounds, chosen)));
  const nation = value_at("100000", map_state.column);
  const whole = nation?.row?.own_count ? el("p", { class: "nation" }, `${t("nation_value")} `, opener(nation.row[`own_${lang}`], () => open_sum(nation.row, "own"))) : [];
  const names = values_chooser();
  fill(place, el("div", { class: "controls" }, names), el("div", { class: "mapped" }, el("div", {}, grid, whole, el("p", { class: "note" }, t("map_note"))), el("div", { class: "inside", "aria-live": "polite" }, inside_of(chosen))));
}

function best_tile(values) {
  const told = [...values].filter(([, value]) => value).sort(([, one], [, other]) => other.high - one.high);
  return told.length ? told[0][0] : null;
}

function values_chooser() {
  const options = grouped(data.columns.map(([activity], column) => ({ activity, column })), "activity");
  const groups = [...options].map(([activity, held]) => [activity ? code("activity", activity) : t("activity"), held.map(({ column }) => [String(column), column_name(column)])]);
  return chooser(t("indicator"), [[String(COUNT), t("count_indicator")], ...groups], String(map_state.column), (value) => {
    map_state.column = Number(value);
    redraw("map", "select");
  });
}

function tile_of([place, column, row, zh, en], value, bounds, chosen) {
  const step = value ? step_of(value.high, bounds) : 0;
  const below = value?.row && source_of(value.row) === "below";
  const name = lang === "zh" ? zh : en;
  const words = value ? tile_words(value) + (below ? "↓" : "") : "";
  return el("button", {
    type: "button", class: `tile step-${value ? Math.max(1, step + STEPS - 1 - bounds.length) : 0}`, place: [column + 1, row + 1], "data-tile": place, "data-key": `tile ${place}`,
    "aria-pressed": chosen === place ? "true" : "false", "aria-label": `${region_name(place)}: ${value ? value.label : t("no_value")}`, title: value ? `${region_name(place)}: ${value.label}` : region_name(place),
    onclick: () => { map_state.tile = place; redraw("map", `[data-key="tile ${place}"]`); },
  }, el("span", { class: "short" }, name), el("span", { class: "worth" }, words));
}

// What fits on a tile: the value as it is, else rounded; of an interval its upper end.
const TILE_WORDS = 6;
function tile_words(value) {
  if (value.words.length <= TILE_WORDS) return value.words;
  return (value.low !== undefined && value.low !== value.high ? "≤" : "") + short(value.high);
}

function legend_of(bounds, told) {
  if (!told.length) return el("p", { class: "scale" }, t("no_value"));
  const ends = [...bounds, Math.max(...told)];
  const swatch = (end, place) => el("li", {}, el("span", { class: `swatch step-${place + 1 + STEPS - ends.length}` }), `≤ ${short(end)}`);
  return el("div", { class: "scale" }, el("p", {}, map_state.column === COUNT ? t("count_indicator") : column_name(map_state.column)), el("ol", {}, ends.map(swatch)));
}

// Bars of a province, its prefectures and their counties, on one scale.
function inside_of(place) {
  if (!place) return el("p", { class: "note" }, t("choose_tile"));
  const lines = branch(place, 0);
  const held = lines.filter((line) => line.depth > 0);
  const greatest = Math.max(...lines.map((line) => line.value?.high ?? 0), 0);
  return [el("h3", {}, region_name(place)), held.length ? [] : el("p", { class: "note" }, t("inside_none")), lines.length ? el("ul", { class: "bars" }, lines.map((line) => bar(line, greatest))) : []];
}

function branch(place, depth) {
  const value = value_at(place, map_state.column);
  const held = (inside.get(place) ?? []).flatMap((each) => branch(each, depth + 1));
  return value || held.length ? [{ place, depth, value }, ...held] : [];
}

function bar({ place, depth, value }, greatest) {
  const share = (part) => (greatest > 0 && part > 0 ? part / greatest : 0);
  const fact = !value ? "–" : value.row ? opener(value.label, () => open_sum(value.row)) : opener(value.words, () => open_counted(place, value.high));
  const made = el("li", { class: `depth-${Math.min(depth, 2)}` }, el("span", { class: "name" }, depth ? near_name(place) : region_name(place)), el("span", { class: "bar", "aria-hidden": "true" }, value && [el("span", { class: "to-high", share: share(value.high) }), el("span", { class: "to-low", share: share(value.low ?? value.high) })]), el("span", { class: "fact" }, fact));
  return made;
}
