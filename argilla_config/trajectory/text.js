// Elements and texts. A row's text comes in only as text nodes: nothing of it is ever read as HTML.

const SHOWN = 600; // characters of a long text that stand there at once
const LONG = 1200;

// Characters that turn text around, that have no width, or that control: shown by their number.
// Joiners count where no script needs them.
const UNSEEN = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b\\u200e" +
    "\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}" +
    "\\ud800-\\udfff]|(?<=[\\u0000-\\u024f\\u3000-\\u9fff])[\\u200c\\u200d]",
  "gu",
);

function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function fill(element, text) {
  let end = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (found.index > end) breakable(element, text.slice(end, found.index));
    const number = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    element.append(make("span", "fct-unseen", `U+${number}`));
    end = found.index + found[0].length;
  }
  if (end < text.length) breakable(element, text.slice(end));
  return element;
}

// Browsers need seconds to break a word of 100 kB into lines, unless it is told where it may break.
function breakable(element, text) {
  let end = 0;
  for (const run of text.matchAll(/\S{200,}/gu)) {
    element.append(text.slice(end, run.index));
    for (const part of run[0].match(/.{1,100}/gsu)) element.append(part, make("wbr"));
    end = run.index + run[0].length;
  }
  element.append(text.slice(end));
}

// A short text of the row in a line, kept apart from what stands beside it.
function words(part, name) {
  const element = make("bdi", name);
  element.dir = "auto";
  return fill(element, typeof part === "string" ? part : part.text);
}

// A text of the row as a block, the end of a long one on demand; `said` is marked where it stands.
function block(part, labels, name = "", said = []) {
  const text = part.text;
  const body = make("div", `fct-text ${name}`);
  body.dir = "auto";
  const holder = make("div", "fct-block", body);
  if (text.length <= LONG) {
    mark(body, text, said);
  } else {
    mark(body, `${head(text)}…`, said);
    holder.append(switching(labels, text, body, said));
  }
  if (part.cut) holder.append(make("div", "fct-note", labels.cut(part.cut.toLocaleString())));
  return holder;
}

function switching(labels, text, body, said) {
  const all = labels.showAll(text.length.toLocaleString());
  const button = make("button", "fct-button", all);
  button.type = "button";
  button.addEventListener("click", () => {
    const open = body.classList.toggle("fct-whole");
    body.replaceChildren();
    mark(body, open ? text : `${head(text)}…`, said);
    button.textContent = open ? labels.showLess : all;
  });
  return button;
}

// The beginning, never ending within a pair of surrogates.
function head(text) {
  const code = text.charCodeAt(SHOWN - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? SHOWN - 1 : SHOWN);
}

function mark(element, text, said) {
  const places = said
    .map((one) => ({ start: text.indexOf(one.text), one }))
    .filter((place) => place.start >= 0)
    .sort((a, b) => a.start - b.start || b.one.text.length - a.one.text.length);
  let end = 0;
  for (const { start, one } of places) {
    if (start < end) continue;
    fill(element, text.slice(end, start));
    const marked = fill(make("mark", "fct-said"), one.text);
    marked.title = one.of;
    element.append(marked);
    end = start + one.text.length;
  }
  fill(element, text.slice(end));
}

function fold(name, summary, open, body) {
  const details = make("details", name, make("summary", "", ...summary));
  details.open = open;
  if (open) {
    details.append(body());
  } else {
    // Drawn when it is opened: a row may have a hundred schemas that nobody opens.
    details.addEventListener("toggle", () => details.append(body()), { once: true });
  }
  return details;
}

function chip(text, name = "") {
  return make("span", `fct-chip ${name}`, text);
}
