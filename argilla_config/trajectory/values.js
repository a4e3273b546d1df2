// Values as tables: one row a value, inner values indented, with where it is from and what is wrong.

// A call: its name, its arguments. `go` leads to a message; without it no sources are shown.
function callCard(call, labels, go) {
  const card = make("div", `fct-call${call.differs ? " fct-differs" : ""}`);
  const title = make("div", "fct-call-name", words(call.name, "fct-code"));
  if (call.differs) title.append(chip(labels.differs, "fct-chip-differs"));
  card.append(title, ...flaws(call.flaws, labels));
  card.append(call.items && !call.items.length ? make("div", "fct-note", labels.noArguments) : table(call, labels, go));
  return card;
}

function table(node, labels, go) {
  const body = make("tbody");
  if (node.items) {
    addRows(body, node, labels, go, 0);
  } else {
    body.append(make("tr", "", valueCell(node, labels)));
  }
  const named = node.items ? [labels.argument, labels.value, ...(go ? [labels.source] : [])] : [];
  return titled(`fct-values${go ? " fct-sourced" : ""}`, named, body);
}

// A table whose columns are named for those who hear it.
function titled(name, columns, body) {
  const cells = columns.map((column) => {
    const cell = make("th", "", column);
    cell.scope = "col";
    return cell;
  });
  const widths = make("colgroup", "", ...columns.map((_, index) => make("col", `fct-column-${index}`)));
  return make("table", name, widths, make("thead", "fct-heard", make("tr", "", ...cells)), body);
}

function addRows(body, parent, labels, go, depth) {
  const numbered = parent.type === "array";
  for (const node of parent.items) {
    body.append(row(node, labels, go, depth, numbered));
    if (node.items) addRows(body, node, labels, go, depth + 1);
  }
  if (parent.more) {
    body.append(make("tr", "", make("td", "fct-note", labels.more(parent.more))));
  }
}

function row(node, labels, go, depth, numbered) {
  const key = make("th", "fct-key");
  key.scope = "row";
  key.style.setProperty("--fct-depth", Math.min(depth, 8));
  key.append(words(numbered ? String(Number(node.key) + 1) : node.key, numbered ? "fct-index" : "fct-code"));
  const marks = (node.flaws ? " fct-wrong" : "") + (node.differs ? " fct-differs" : "");
  const cells = make("tr", `fct-row${marks}`, key, valueCell(node, labels));
  if (go) cells.append(make("td", "fct-from", ...(node.from ? source(node.from, labels, go) : [])));
  return cells;
}

function valueCell(node, labels) {
  const cell = make("td", "fct-value");
  if (node.absent) {
    // What should stand there is missing; of two candidates, the other one has it.
    cell.append(node.flaws ? make("span", "fct-absent", labels.missing) : make("span", "fct-note", "—"));
  } else if (node.items) {
    cell.append(make("span", "fct-size", brackets(node)));
  } else {
    cell.append(block(node, labels, `fct-${node.type}`));
  }
  if (node.differs) cell.append(chip(labels.differs, "fct-chip-differs"));
  cell.append(...flaws(node.flaws, labels));
  return cell;
}

function brackets(node) {
  const there = node.items.filter((item) => !item.absent);
  const count = there.length + (node.more || 0) || "";
  return node.type === "array" ? `[${count}]` : `{${count}}`;
}

function source(from, labels, go) {
  const how = label(labels.how, from.how);
  if (!from.known) return [make("span", "fct-unknown", labels.nowhere)];
  if (from.at === null) return [make("span", "", labels.schema), " ", make("span", "fct-how", how)];
  const link = make("button", "fct-link", labels.message(from.at));
  link.type = "button";
  link.addEventListener("click", () => go(from.at));
  return [link, " ", make("span", "fct-how", how)];
}

function flaws(list, labels) {
  return (list || []).map((flaw) => {
    const line = make("div", flaw.warning ? "fct-flaw fct-warning" : "fct-flaw");
    line.append(make("span", "fct-sign", flaw.warning ? "!" : "✗"), words(flaw.message));
    if (flaw.warning) line.append(chip(labels.warning));
    return line;
  });
}
