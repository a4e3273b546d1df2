// Argilla's frame: draws the record's field, and gives the frame the height of what is in it.

(() => {
  const place = document.getElementById("fct-place");
  try {
    window.fcTrajectory(place, record.fields.trajectory, place.dataset.language);
  } catch (error) {
    const told = { en: "This conversation cannot be shown", zh: "无法显示这段对话" };
    place.textContent = `${told[place.dataset.language]}: ${error.message}`;
    throw error;
  }
  const fit = () => {
    const frame = window.frameElement;
    if (frame) frame.style.height = `${Math.ceil(place.getBoundingClientRect().height) + 2}px`;
  };
  new ResizeObserver(fit).observe(place);
  // Argilla sets a height of its own when the frame has loaded.
  window.addEventListener("load", () => setTimeout(fit, 0));
})();
