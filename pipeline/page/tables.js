// Columns and rows in, a table out that is sorted by its headings and grows on demand.
const PAGE_OF_ROWS = 40;

const scroller = (name, ...children) => el("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": t("table_of", { name }) }, ...children);

// A column: key, name, show(row) -> content, by(row) -> what it is sorted by, number (aligned to the right), tight (on one line).
function table_of(name, columns, rows, state, change) {
  const sorted = state.sort ? in_order(rows, columns.find((column) => column.key === state.sort), state.down) : rows;
  const shown = sorted.slice(0, state.shown);
  const head = columns.map((column) => heading(column, state, change));
  const line = (row) => el("tr", {}, columns.map((column, place) => el(place ? "td" : "th", { class: column.number ? "number" : column.tight && "tight", scope: place ? null : "row" }, column.show(row))));
  const empty = el("tr", {}, el("td", { colspan: columns.length, class: "empty" }, t("no_rows")));
  const table = el("table", {}, el("caption", { class: "hidden" }, name), el("thead", {}, el("tr", {}, head)), el("tbody", {}, shown.length ? shown.map(line) : empty));
  const more = sorted.length > shown.length && el("button", { type: "button", class: "quiet", onclick: () => change({ shown: state.shown + PAGE_OF_ROWS * 3 }) }, t("more"));
  return [scroller(name, table), el("p", { class: "note rows" }, t("rows_shown", { shown: number(shown.length), all: number(rows.length) }), " ", more)];
}

function heading(column, state, change) {
  const sorted = state.sort === column.key ? (state.down ? "descending" : "ascending") : column.by ? "none" : null;
  const turn = () => change({ sort: column.key, down: state.sort === column.key ? !state.down : Boolean(column.number), shown: PAGE_OF_ROWS });
  const inner = column.by ? el("button", { type: "button", onclick: turn, title: t("sort_by", { name: column.name }), "data-key": `sort ${column.key}` }, column.name) : null;
  return el("th", { scope: "col", class: column.number && "number", "aria-sort": sorted }, inner, el("span", { class: inner && "printed" }, column.name));
}

// Rows without a value stand last, whichever way it is sorted.
function in_order(rows, column, down) {
  if (!column) return rows;
  const told = rows.map((row, place) => [column.by(row), place, row]);
  const none = (value) => value === null || value === undefined || value === "";
  const compared = (one, other) => (typeof one === "number" ? one - other : String(one).localeCompare(String(other), "zh-CN"));
  told.sort(([one, first], [other, second]) => none(one) - none(other) || (none(one) ? 0 : compared(one, other) * (down ? -1 : 1)) || first - second);
  return told.map(([, , row]) => row);
}

const opener = (words, open, attributes = {}) => el("button", { type: "button", class: "open", onclick: open, ...attributes }, words);
const holds = (words, ...cells) => !words || cells.some((cell) => String(cell ?? "").toLowerCase().includes(words.trim().toLowerCase()));
