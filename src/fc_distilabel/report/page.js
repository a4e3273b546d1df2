// Draws the sample rows when they are opened; a row's text only ever becomes text.
const { language, rows } = JSON.parse(document.getElementById("data").textContent);
const place = document.getElementById("rows");
for (const row of rows) {
  const details = document.createElement("details");
  details.className = "row";
  const summary = document.createElement("summary");
  const kind = document.createElement("b");
  const request = document.createElement("span");
  const body = document.createElement("div");
  kind.textContent = row.kind;
  request.textContent = row.request;
  request.dir = "auto";
  summary.append(kind, request);
  details.append(summary, body);
  details.addEventListener("toggle", () => window.fcTrajectory(body, row.view, language), { once: true });
  place.append(details);
}
if (place && place.firstChild) place.firstChild.open = true;
