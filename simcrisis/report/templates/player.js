"use strict";
for (const root of document.querySelectorAll(".player")) {
  const part = (name) => root.querySelector("." + name);
  const { ticks, entries } = JSON.parse(part("data").textContent);
  const [slider, play, back, next] = ["slider", "play", "back", "next"].map(part);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const things = [...root.querySelectorAll("[data-on]")].map((element) => ({
    element,
    spans: element.dataset.on.split(" ").map(Number),
    mark: element.querySelector("[data-way]"),
  }));
  let timer = 0;
  let fresh = true;
  let entry = -1;

  const holds = (spans, tick) => {
    for (let n = 0; n < spans.length; n += 2) if (spans[n] <= tick && tick < spans[n + 1]) return spans[n + 1] - spans[n];
    return 0;
  };
  const move = (mark, share) => {
    const [ax, ay, bx, by, cx, cy] = mark.dataset.way.split(" ").map(Number);
    const [p, q, r] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2];
    mark.setAttribute("transform", `translate(${(p * ax + q * bx + r * cx).toFixed(1)} ${(p * ay + q * by + r * cy).toFixed(1)})`);
  };
  const lastOf = (tick, told) => entries.findLastIndex((each) => each[0] <= tick && (!told || each[2]));
  const say = (n) => {
    const text = n < 0 ? "Nothing has happened yet." : entries[n][1];
    if (part("said").textContent !== text) part("said").textContent = text;
    entry = n;
  };
  const show = (tick) => {
    for (const { element, spans, mark } of things) {
      const length = holds(spans, tick);
      if (element.classList.contains("l")) element.classList.toggle("cut", length > 0);
      else element.toggleAttribute("hidden", !length);
      if (length && mark) move(mark, (tick - spans[0]) / length);
    }
    const [share, when, stands] = ticks.places[tick];
    part("when").textContent = ticks.whens[when];
    part("stands").textContent = ticks.stands[stands];
    slider.value = tick;
    slider.setAttribute("aria-valuetext", ticks.whens[when]);
    part("cursor").setAttribute("transform", `translate(${(share * slider.dataset.wide).toFixed(1)} 0)`);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const goTo = (tick, n) => {
    stop();
    fresh = false;
    show(tick);
    say(n);
  };
  const onwards = () => {
    const now = Number(slider.value);
    const told = entries.find((each) => each[2] && each[0] > now);
    const tick = calm.matches ? (told ? told[0] : Number(slider.max)) : now + 1;
    if (tick > Number(slider.max) || (calm.matches && now === Number(slider.max))) return stop();
    show(tick);
    say(lastOf(tick, true));
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (fresh || Number(slider.value) === Number(slider.max)) show(0), say(-1);
    fresh = false;
    play.textContent = "Pause";
    timer = setInterval(onwards, calm.matches ? 3000 : 100);
  });
  slider.addEventListener("input", () => goTo(Number(slider.value), lastOf(Number(slider.value), false)));
  const step = (n) => {
    if (n >= 0 && n < entries.length) goTo(entries[n][0], n);
  };
  back.addEventListener("click", () => step(entry - 1));
  next.addEventListener("click", () => step(entry + 1));
  entry = lastOf(Number(slider.value), true);
  show(Number(slider.value));
  part("bar").hidden = false;
}
