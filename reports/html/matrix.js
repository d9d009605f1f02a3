// Search and filters of the matrix. The page is complete without them.
const form = document.querySelector(".filters");
const fields = ["q", "run", "outcome", "level", "spec", "ext", "differ"];
const sections = [...document.querySelectorAll(".reason")];
const counts = new Map([...document.querySelectorAll("h2 .count")].map((each) => [each, each.textContent]));
const rules = [...document.querySelectorAll(".rule")].map((element) => ({ element, data: element.dataset, outcomes: element.dataset.o.split("|") }));
const ruleOf = new Map(rules.map((rule) => [rule.data.i, rule]));
const talks = [...document.querySelectorAll(".talks")].map((element) => ({
  element,
  data: element.dataset,
  rules: element.dataset.r.split(" ").map((id) => ruleOf.get(id)).filter((rule) => rule !== undefined),
}));

function textOf(row) {
  row.text ??= [row.data.r, ...[...row.element.querySelectorAll("summary .what, .scenario .what")].map((each) => each.textContent)].join(" ").toLowerCase();
  return row.text;
}

// In the run that was chosen, or in any.
function ruleFits(rule, want) {
  const outcomes = want.run === "" ? rule.outcomes : [rule.outcomes[Number(want.run) - 1]];
  const judged = want.run === "" || outcomes[0] !== "not in this run";
  return judged && (want.outcome === "" || outcomes.includes(want.outcome)) && (want.level === "" || rule.data.l === want.level) &&
    (want.spec === "" || rule.data.d === want.spec) && (want.ext === "" || rule.data.e === want.ext);
}

function apply(want) {
  const words = wordsOf(want.q);
  const asksForRule = want.run + want.outcome + want.level + want.spec + want.ext !== "";
  const filters = words.length > 0 || asksForRule || want.differ !== "";
  const isWanted = (row) => (want.differ === "" || row.data.x !== undefined) && words.every((word) => textOf(row).includes(word));
  let found = 0;
  for (const row of rules) {
    row.element.hidden = !(ruleFits(row, want) && isWanted(row));
    if (!row.element.hidden) found += 1;
  }
  for (const row of talks) row.element.hidden = !((!asksForRule || row.rules.some((rule) => ruleFits(rule, want))) && isWanted(row));
  for (const section of sections) section.hidden = section.querySelector(":scope > .row:not([hidden])") === null;
  for (const [count, all] of counts) {
    const shown = count.closest(".chapter").querySelectorAll(".row:not([hidden])").length.toLocaleString("en");
    count.textContent = shown === all ? all : `${shown} of ${all}`;
  }
  form.elements.found.value = filters ? `${found.toLocaleString("en")} of ${rules.length.toLocaleString("en")} rules` : `${rules.length.toLocaleString("en")} rules`;
}

startFilters(form, fields, apply);
