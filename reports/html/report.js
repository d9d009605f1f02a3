// Search and filters of a run's report. The page is complete without them.
const form = document.querySelector(".filters");
const fields = ["q", "wire", "verdict", "outcome", "level", "spec", "ext"];
const groups = [...document.querySelectorAll(".group")].map((element) => ({ element, open: element.open }));
const sections = [...document.querySelectorAll(".reason")];
const counts = new Map([...document.querySelectorAll("h2 .count, h3 .count")].map((each) => [each, each.textContent]));

const rules = [...document.querySelectorAll(".rule")].map((element) => ({ element, data: element.dataset, verdicts: new Set() }));
const ruleOf = new Map(rules.map((rule) => [rule.data.i, rule]));
const scenarios = [...document.querySelectorAll("[data-v]")].map((element) => {
  const { v, w, f, r, k } = element.dataset;
  const verdicts = [v, w, f].filter((each) => each !== undefined);
  const bound = (r ?? "").split(" ").map((id) => ruleOf.get(id)).filter((rule) => rule !== undefined);
  for (const rule of bound) for (const verdict of verdicts) rule.verdicts.add(verdict);
  return { element, verdicts, rules: bound, isScenario: k === undefined };
});

// The text of a row, gathered when somebody searches for the first time: what is to be seen of it while it is folded, the
// rules and tags of its scenario; and all that is in it, for those who ask for that.
function textOf(row, deep) {
  const { r, t } = row.element.dataset;
  row.text ??= [(row.element.querySelector("summary") ?? row.element).textContent, r, t].join(" ").toLowerCase();
  if (deep) row.deep ??= [row.element.textContent, r, t].join(" ").toLowerCase();
  return deep ? row.deep : row.text;
}

function ruleFits(rule, want) {
  return (want.outcome === "" || rule.data.o === want.outcome) && (want.level === "" || rule.data.l === want.level) &&
    (want.spec === "" || rule.data.d === want.spec) && (want.ext === "" || rule.data.e === want.ext);
}

function apply(want) {
  const words = wordsOf(want.q);
  const asksForRule = want.outcome + want.level + want.spec + want.ext !== "";
  const filters = words.length > 0 || asksForRule || want.verdict !== "";
  const shown = { scenarios: 0, rules: 0 };
  for (const row of scenarios) {
    const fits = (want.verdict === "" || row.verdicts.includes(want.verdict)) &&
      (!asksForRule || row.rules.some((rule) => ruleFits(rule, want))) && words.every((word) => textOf(row, want.wire !== "").includes(word));
    row.element.hidden = !fits;
    if (fits && row.isScenario) shown.scenarios += 1;
  }
  for (const row of rules) {
    const fits = ruleFits(row, want) && (want.verdict === "" || row.verdicts.has(want.verdict)) && words.every((word) => textOf(row, want.wire !== "").includes(word));
    row.element.hidden = !fits;
    if (fits) shown.rules += 1;
  }
  for (const section of sections) section.hidden = section.querySelector(":scope > .row:not([hidden])") === null;
  for (const { element, open } of groups) {
    const found = element.querySelectorAll(".row:not([hidden])").length;
    element.hidden = found === 0;
    element.open = filters ? found > 0 : open;
  }
  for (const [count, all] of counts) {
    const found = count.closest(".group, .reason, .chapter").querySelectorAll(".row:not([hidden])").length;
    count.textContent = filters && found.toLocaleString("en") !== all ? `${found.toLocaleString("en")} of ${all}` : all;
  }
  const ofAll = (found, all) => (filters ? `${found.toLocaleString("en")} of ` : "") + all.toLocaleString("en");
  const played = scenarios.filter((row) => row.isScenario).length;
  form.elements.found.value = `${ofAll(shown.scenarios, played)} scenarios, ${ofAll(shown.rules, rules.length)} rules`;
}

// On paper nothing can be opened.
let opened = [];
addEventListener("beforeprint", () => {
  opened = scenarios.filter((row) => !row.verdicts.includes("pass") && !row.element.hidden && row.element.open === false).map((row) => row.element).slice(0, 300);
  for (const element of opened) element.open = true;
});
addEventListener("afterprint", () => { for (const element of opened) element.open = false; });

addCopyButtons(document.querySelector("#environment"));
startFilters(form, fields, apply);
