// The tools on offer: what each is to the request, and its schemas as trees.

function toolCard(tool, labels) {
  const title = [words(tool.name, "fct-code fct-tool-name")];
  if (tool.needed) title.push(chip(labels.needed, "fct-chip-good"));
  if (tool.called) title.push(chip(labels.called(tool.called.map((at) => `#${at}`).join(", "))));
  if (tool.decides) title.push(chip(labels.alike, "fct-chip-alike"));
  title.push(words(tool.description, "fct-tool-about"));
  return fold("fct-tool", title, false, () => {
    const body = make("div", "fct-tool-body", block(tool.description, labels));
    if (tool.decides) {
      body.append(labelled(labels.decides, block(tool.decides, labels)));
    }
    body.append(labelled(labels.parameters, schema(tool.parameters, labels)));
    if (tool.result) body.append(labelled(labels.result, schema(tool.result, labels)));
    return body;
  });
}

function labelled(title, element) {
  return make("div", "fct-labelled", make("div", "fct-label", title), element);
}

function schema(root, labels) {
  if (!root.items) {
    const other = root.type && root.type !== "object";
    return other ? words(root.type, "fct-type") : make("div", "fct-note", labels.noParameters);
  }
  const body = make("tbody");
  addParameters(body, root.items, labels, 0);
  return titled("fct-values fct-schema", [labels.argument, labels.type, labels.meaning], body);
}

function addParameters(body, items, labels, depth) {
  for (const item of items) {
    body.append(parameter(item, labels, depth));
    if (item.items) addParameters(body, item.items, labels, depth + 1);
  }
}

function parameter(item, labels, depth) {
  const key = make("th", "fct-key");
  key.scope = "row";
  key.style.setProperty("--fct-depth", Math.min(depth, 8));
  const within = item.name === "[]" ? labels.each : item.name === "{}" ? labels.others : "";
  key.append(within ? make("span", "fct-index", within) : words(item.name, "fct-code"));
  if (item.required) key.append(chip(labels.required, "fct-chip-quiet"));
  const about = make("td", "fct-value");
  if (item.description) about.append(block(item.description, labels));
  if (item.allowed) about.append(allowed(item, labels));
  if (item.limits) {
    const bounds = item.limits.map(([limit, value]) => bound(limit, value, labels));
    about.append(make("div", "fct-bounds", ...bounds));
  }
  if (item.more) about.append(make("div", "fct-note", labels.again));
  return make("tr", "fct-row", key, make("td", "fct-type", words(item.type || "")), about);
}

function allowed(item, labels) {
  const line = make("div", "fct-allowed", make("span", "fct-label", labels.allowed));
  for (const value of item.allowed) line.append(words(value, "fct-option"));
  if (item.allowed_more) line.append(make("span", "fct-note", labels.more(item.allowed_more)));
  return line;
}

function bound(limit, value, labels) {
  const name = make("span", "fct-label", label(labels.limits, limit));
  return make("span", "fct-bound", name, value.text === "true" ? "" : words(value, "fct-code"));
}
