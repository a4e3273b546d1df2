// The whole conversation: head, tools on offer, messages, and two candidates where they stand.

function headCard(data, labels, count) {
  const { goal, facts, persona, wording, evidence, judge } = data.head;
  const head = make("header", "fct-head", make("div", "fct-goal", words(goal)));
  const line = make("div", "fct-facts");
  for (const [name, part] of Object.entries(facts)) {
    const kind = name === "kind" ? label(labels.kinds, part.text) : part.text;
    line.append(fact(labels.facts[name], kind === part.text ? kind : `${kind} (${part.text})`));
  }
  head.append(line, people(persona, wording, labels));
  if (judge) head.append(judgeLine(judge, labels));
  if (evidence.length) head.append(documentQuotes(evidence, labels));
  if (count) head.append(make("div", "fct-found", make("b", "", labels.flaws), ...flaws(data.flaws, labels)));
  return head;
}

function fact(title, part) {
  return make("span", "fct-fact", make("span", "fct-label", title), words(part));
}

function people(persona, wording, labels) {
  const line = make("div", "fct-facts");
  const said = Object.values(persona)
    .map((part) => label(labels.person, part.text))
    .filter(Boolean);
  if (said.length) line.append(fact(labels.persona, said.join(" · ")));
  for (const [who, author] of Object.entries(wording)) {
    const told = labels.worded(label(labels.wording, who), label(labels.wording, author));
    line.append(make("span", "fct-fact", words(told)));
  }
  return line;
}

function judgeLine(judge, labels) {
  const line = make("div", "fct-facts", fact(labels.judge, judge.name));
  line.append(chip(judge.approved ? labels.approved : labels.refused, judge.approved ? "" : "fct-chip-low"));
  if (judge.disagreement) line.append(chip(labels.disagreement(judge.disagreement)));
  return line;
}

function documentQuotes(evidence, labels) {
  const quotes = make("div", "fct-evidence", make("div", "fct-label", labels.document));
  for (const one of evidence) quotes.append(make("blockquote", "fct-quote", block(one, labels)));
  return quotes;
}

function messageCard(message, labels, go) {
  const card = make("section", `fct-message fct-role-${message.role}`);
  card.append(messageTitle(message, labels), ...flaws(message.flaws, labels));
  if (message.content) card.append(...contents(message, labels));
  for (const call of message.calls || []) card.append(callCard(call, labels, go));
  if (message.result) card.append(result(message, labels));
  if (message.reason) card.append(make("div", "fct-reason", chip(labels.judge), words(message.reason)));
  if (!message.content && !message.calls && !message.result) {
    card.append(make("div", "fct-note", labels.silence));
  }
  return card;
}

function messageTitle(message, labels) {
  const title = make("div", "fct-title");
  title.append(make("span", "fct-at", `#${message.at}`));
  title.append(make("span", "fct-role", label(labels.roles, message.role)));
  if (message.name) title.append(words(message.name, "fct-code"));
  if (message.calls) title.append(make("span", "fct-note", labels.call));
  if (message.failed) title.append(chip(labels.failed, "fct-chip-bad"));
  for (const [criterion, score] of Object.entries(message.scores || {})) {
    const level = score <= 2 ? "fct-chip-bad" : score === 3 ? "fct-chip-low" : "";
    title.append(chip(`${label(labels.criteria, criterion)} ${score}/5`, `fct-score ${level}`));
  }
  return title;
}

function contents(message, labels) {
  const text = message.content.text;
  if (message.role !== "system" || text.length <= 220) {
    return [block(message.content, labels, "", message.said)];
  }
  const first = words(`${text.slice(0, 120)}…`, "fct-first");
  const less = make("span", "fct-less fct-note", labels.showLess);
  return [fold("fct-fold", [first, less], false, () => block(message.content, labels, "", message.said))];
}

function result(message, labels) {
  const draw = () => table(message.result, labels, null);
  if (message.failed || size(message.result) <= 14) return make("div", "fct-result", draw());
  const shape = make("span", "fct-size", message.result.items ? brackets(message.result) : "…");
  return fold("fct-fold fct-result", [shape], false, draw);
}

function size(node) {
  return (node.items || []).reduce((sum, item) => sum + size(item), 1) + (node.text || "").length / 200;
}

function compareCard(compare, labels) {
  const card = make("section", "fct-compare", make("div", "fct-compare-title", labels.compare));
  const sides = make("div", "fct-sides");
  for (const [side, turn] of [["A", compare.a], ["B", compare.b]]) {
    const candidate = make("div", "fct-side", make("div", "fct-side-title", labels.candidate(side)));
    candidate.setAttribute("role", "group");
    candidate.setAttribute("aria-label", labels.candidate(side));
    if (turn.content) candidate.append(block(turn.content, labels));
    for (const call of turn.calls) candidate.append(callCard(call, labels, null));
    if (!turn.calls.length) candidate.append(make("div", "fct-note", labels.noCalls));
    sides.append(candidate);
  }
  card.append(sides);
  return card;
}

function talk(data, labels) {
  const cards = new Map();
  const go = (at) => {
    const card = cards.get(at);
    if (!card) return;
    for (let up = card.parentElement; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    card.scrollIntoView({ block: "center", behavior: "instant" });
    card.classList.remove("fct-shown");
    void card.offsetWidth; // so that the flash starts anew
    card.classList.add("fct-shown");
  };
  const draw = (message) => {
    const card = messageCard(message, labels, go);
    cards.set(message.at, card);
    return card;
  };
  const at = data.compare ? data.compare.at : data.messages.length;
  const shown = data.messages.slice(0, at).map(draw);
  if (!data.compare) return shown;
  const rest = () => make("div", "fct-talk", ...data.messages.slice(at).map(draw));
  return [...shown, compareCard(data.compare, labels), fold("fct-rest", [labels.rest], false, rest)];
}

// Draws `view` (what `review_view` made of a row) into `element`; `language` is the reader's.
window.fcTrajectory = (element, view, language = "") => {
  const data = typeof view.view === "string" ? JSON.parse(view.view) : view;
  const chinese = language === "zh" || data.language === "zh";
  const labels = LABELS[chinese ? "zh" : "en"];
  const root = make("div", "fct");
  root.lang = chinese ? "zh-Hans" : "en";
  root.dir = "ltr";
  root.append(headCard(data, labels, data.flaws.length));
  if (data.tools.length) {
    const tools = make("div", "fct-tools", make("div", "fct-label", labels.tools(data.tools.length)));
    tools.append(...data.tools.map((tool) => toolCard(tool, labels)));
    root.append(tools);
  }
  root.append(make("div", "fct-talk", ...talk(data, labels)));
  element.replaceChildren(root);
};
